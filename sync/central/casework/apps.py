"""Casework as Django sees it."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Offices, officers, cases and their audit."""

    name = "sync.central.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
