"""The addresses of the figures that everybody may have."""

from django.urls import path

from sync.central.insight.open_page import data_csv, data_json, method, statistics

app_name = "insight_open"
urlpatterns = [
    path("statistics", statistics, name="statistics"),
    path("statistics/method", method, name="method"),
    path("statistics/<str:written>.csv", data_csv, name="csv"),
    path("statistics/<str:written>.json", data_json, name="json"),
]
