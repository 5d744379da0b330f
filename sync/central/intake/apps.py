"""Names the app to Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The app's label in the database."""

    name = "sync.central.intake"
    label = "intake"
