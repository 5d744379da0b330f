"""Which part answers which address.

Devices call /v1/, officers and publishers work at /office/, ODK's tools read /openrosa/, and
everybody else is at /.
"""

from django.urls import include, path

from sync.central.journeys.journeys_page import journeys

urlpatterns = [
    path("v1/", include("sync.central.intake.urls")),
    path("office/complaints/", include("sync.central.voice.urls")),
    path("office/journeys", journeys, name="journeys"),
    path("office/catalogue/", include("sync.central.catalogue.urls")),
    path("office/insight/", include("sync.central.insight.urls")),
    path("office/", include("sync.central.casework.urls")),
    path("openrosa/", include("sync.central.catalogue.openrosa")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("sync.central.insight.open_urls")),
    path("", include("sync.central.portal.urls")),
]
