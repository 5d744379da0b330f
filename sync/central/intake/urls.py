"""The addresses of the devices' side, version 1."""

from django.urls import path

from sync.central.intake import views

urlpatterns = [
    path("exchange", views.exchange),
    path("evidence/offset", views.evidence_offset),
    path("evidence", views.evidence),
    path("enrol", views.enrol),
]
