"""Names the app to Django."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """The app's label in the database."""

    name = "sync.central.journeys"
    label = "journeys"
