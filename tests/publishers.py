"""A publisher of the central in this process, and the files she hands in."""

from io import BytesIO

from django.contrib.auth.models import User
from django.http.response import HttpResponseBase
from django.test import Client

from sync.central.accounts import save_publisher
from tests.officers import browser, posts, text_of
from tests.workbooks import SERVICES

SERVICE = "la.moic.household-business"
FOLDER = SERVICES / "household-business"
FIELDS = {"workbook": "form.xlsx", "descriptor": "descriptor.yaml", "icon": "icon.png"}
GOOD = {field: (name, (FOLDER / name).read_bytes()) for field, name in FIELDS.items()}
CATALOGUE = "/office/catalogue/"


def new_publisher(username: str = "vilay") -> User:
    """Somebody who may publish and belongs to no office."""
    save_publisher(username, "ທ້າວ ວິໄລ")
    return User.objects.get(username=username)


def publisher_s_browser(language: str = "en") -> Client:
    """A browser in which a publisher has signed in."""
    hers = browser(language)
    hers.force_login(new_publisher())
    return hers


def file_called(name: str, data: bytes) -> BytesIO:
    """A file as a browser sends it."""
    file = BytesIO(data)
    file.name = name
    return file


def hands_in(
    somebody: Client, page: str = f"{CATALOGUE}new", /, **files: tuple[str, bytes]
) -> HttpResponseBase:
    """Send files; those of the sample service where none are given."""
    sent = {field: file_called(name, data) for field, (name, data) in (files or GOOD).items()}
    return posts(somebody, page, sent, page)  # type: ignore[arg-type]  # files are fields as well


def report(answer: HttpResponseBase, somebody: Client) -> str:
    """The page that handing in leads to."""
    assert answer.status_code == 302
    return text_of(somebody.get(answer.headers["Location"]))
