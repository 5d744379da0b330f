"""Names the app to Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The app's label in the database."""

    name = "sync.central.catalogue"
    label = "catalogue"
