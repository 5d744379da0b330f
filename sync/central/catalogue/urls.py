"""The addresses of the publishers' pages."""

from django.urls import path

from sync.central.catalogue.acts_page import acts
from sync.central.catalogue.draft_page import draft, example, look, media, new, remove, sign
from sync.central.catalogue.kiosks_page import kiosks
from sync.central.catalogue.release_page import release, roll_back
from sync.central.catalogue.services_page import media as version_media
from sync.central.catalogue.services_page import service, services, version, workbook

_VERSION = "services/<str:service_id>/<str:version_id>"

app_name = "catalogue"
urlpatterns = [
    path("", services, name="services"),
    path("new", new, name="new"),
    path("example.zip", example, name="example"),
    path("drafts/<int:number>/", draft, name="draft"),
    path("drafts/<int:number>/look", look, name="look"),
    path("drafts/<int:number>/media/<str:name>", media, name="draft_media"),
    path("drafts/<int:number>/sign", sign, name="sign"),
    path("drafts/<int:number>/remove", remove, name="remove"),
    path("services/<str:service_id>/", service, name="service"),
    path(f"{_VERSION}/", version, name="version"),
    path(f"{_VERSION}/media/<str:name>", version_media, name="version_media"),
    path(f"{_VERSION}/workbook", workbook, name="workbook"),
    path(f"{_VERSION}/release", release, name="release"),
    path(f"{_VERSION}/roll-back", roll_back, name="roll_back"),
    path("kiosks", kiosks, name="kiosks"),
    path("acts", acts, name="acts"),
]
