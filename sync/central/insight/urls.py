"""The addresses of the pages with figures, for who works here."""

from django.urls import path

from sync.central.insight.balance_page import balance
from sync.central.insight.ranking_page import rank

app_name = "insight"
urlpatterns = [
    path("", balance, name="balance"),
    path("ranking", rank, name="ranking"),
]
