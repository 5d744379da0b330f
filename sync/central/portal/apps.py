"""Names the app to Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app's label in the database."""

    name = "sync.central.portal"
    label = "portal"
