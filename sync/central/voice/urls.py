"""The addresses of the pages about complaints and what people say."""

from django.urls import path

from sync.central.voice.complaint_list import complaints
from sync.central.voice.complaint_page import act, complaint, document
from sync.central.voice.opinions_page import opinions

app_name = "voice"
urlpatterns = [
    path("", complaints, name="complaints"),
    path("opinions", opinions, name="opinions"),
    path("<slug:application>/", complaint, name="complaint"),
    path("<slug:application>/documents/<int:index>", document, name="document"),
    path("<slug:application>/<slug:deed>", act, name="act"),
]
