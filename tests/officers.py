"""Officers of the central in this process, and their browsers."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from sync.central.casework.models import Office, Officer
from tests.sample_service import OFFICE

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # two days after `paper_kiosk.RECORDED`
WORDS = "ກະລຸນາມາຮັບໃບຢັ້ງຢືນທີ່ຫ້ອງການ."


def new_officer(
    username: str = "khamphaeng", office: str = OFFICE, *, handles_complaints: bool = False
) -> Officer:
    """An officer whose password nobody knows."""
    user = User.objects.create(username=username, first_name=f"ນາງ {username}")
    return Officer.objects.create(
        user=user,
        office=Office.objects.get(pk=office),
        handles_complaints=handles_complaints,
    )


def browser(language: str = "en", *, checks_forms: bool = True) -> Client:
    """Anybody's browser; it must send the form tokens that real ones send."""
    somebody = Client(enforce_csrf_checks=checks_forms, SERVER_NAME="127.0.0.1")
    somebody.cookies["django_language"] = language
    return somebody


def browser_of(officer: Officer, language: str = "en") -> Client:
    """A browser in which that officer has signed in."""
    hers = browser(language)
    hers.force_login(officer.user)
    return hers


def text_of(answer: HttpResponseBase) -> str:
    """A page with its white space as a reader sees it."""
    assert isinstance(answer, HttpResponse)
    return re.sub(r"\s+", " ", answer.content.decode())


def posts(
    somebody: Client, address: str, fields: Mapping[str, str], page: str = ""
) -> HttpResponseBase:
    """Fill in a form as a browser does: with the token of the page it stands on."""
    form = text_of(somebody.get(page or address, follow=True))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    return somebody.post(address, {**fields, "csrfmiddlewaretoken": token[1]})
