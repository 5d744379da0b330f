"""The addresses of the devices' side, version 1."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
