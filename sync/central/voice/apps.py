"""Names the app to Django."""

from django.apps import AppConfig


class VoiceConfig(AppConfig):
    """The app's label in the database."""

    name = "sync.central.voice"
    label = "voice"
