"""Insight as Django sees it."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Measures over what the other apps keep, and the hours in which kiosks were heard."""

    name = "sync.central.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
