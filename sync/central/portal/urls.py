"""The addresses of the public pages."""

from django.urls import path

from sync.central.portal.receipt_page import key, names, receipt
from sync.central.portal.sheet_page import home, icon, sheet
from sync.central.portal.status_page import status, status_of_receipt

app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("services/<str:service>", sheet, name="service"),
    path("services/<str:service>/icon", icon, name="icon"),
    path("status", status, name="status"),
    path("r", receipt, name="receipt"),
    path("r/status", status_of_receipt, name="receipt_status"),
    path("r/names", names, name="names"),
    path("r/keys/<slug:device>", key, name="key"),
]
