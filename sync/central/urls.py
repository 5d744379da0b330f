"""Which part answers which address: devices at /v1/, officers at /office/, everybody else at /."""

from django.urls import include, path

urlpatterns = [
    path("v1/", include("sync.central.intake.urls")),
    path("office/complaints/", include("sync.central.voice.urls")),
    path("office/", include("sync.central.casework.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("sync.central.portal.urls")),
]
