"""A case leaves as an ODK submission: to its own office's officers only, and that is recorded."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from kiosk.forms.submission import instance_id
from sync.central.casework.models import Officer, Opening
from sync.central.intake.exchange import CentralServer
from tests import residence
from tests.officers import browser_of, new_officer, text_of
from tests.paper_kiosk import PaperKiosk


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def filed(kiosk: PaperKiosk) -> residence.Filed:
    return residence.files(kiosk, picture=residence.photo())


@pytest.fixture
def officer(kiosk: PaperKiosk) -> Officer:
    return new_officer("khamphaeng", kiosk.enrolment.office)


@pytest.fixture
def browser(officer: Officer) -> Client:
    return browser_of(officer)


def address(filed: residence.Filed) -> str:
    return f"/office/cases/{filed.application}/odk"


def unzipped(answer: HttpResponseBase) -> dict[str, bytes]:
    """The files of a downloaded zip."""
    assert answer.streaming
    data = b"".join(answer)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_holds_the_submission_and_its_documents(
    browser: Client, kiosk: PaperKiosk, filed: residence.Filed
) -> None:
    residence.sends_photo(kiosk, filed)
    page = text_of(browser.get(f"/office/cases/{filed.application}/"))
    assert f'href="{address(filed)}"' in page
    answer = browser.get(address(filed))
    assert filed.reference in answer.headers["Content-Disposition"]
    files = unzipped(answer)
    top = ET.fromstring(files["submission.xml"])
    assert top.findtext("applicant_name") == residence.ANSWERS["/data/applicant_name"]
    assert top.findtext("meta/instanceID") == instance_id(filed.application)
    named = top.findtext("family_book")
    assert named
    assert files[named] == residence.photo()
    assert set(files) == {"submission.xml", named}


def test_each_download_is_recorded_with_its_documents(
    browser: Client, kiosk: PaperKiosk, filed: residence.Filed, officer: Officer
) -> None:
    residence.sends_photo(kiosk, filed)
    unzipped(browser.get(address(filed)))
    openings = Opening.objects.filter(officer=officer, case=filed.case).order_by("pk")
    assert [opening.document for opening in openings] == [None, 0]


def test_a_document_on_its_way_is_said_to_be_missing_before_anything_is_opened(
    browser: Client, filed: residence.Filed
) -> None:
    answer = browser.get(address(filed))
    assert answer.status_code == 409
    assert "Documents that have not arrived yet: 1." in text_of(answer)
    assert not Opening.objects.exists()
    files = unzipped(browser.get(f"{address(filed)}?incomplete=yes"))
    assert list(files) == ["submission.xml"]


def test_another_office_s_officer_gets_nothing(filed: residence.Filed) -> None:
    stranger = browser_of(new_officer("bounmy", "la-lpb-nambak"))
    assert stranger.get(address(filed)).status_code == 404
    assert not Opening.objects.exists()


def test_nobody_gets_it_without_signing_in(filed: residence.Filed) -> None:
    answer = Client(SERVER_NAME="127.0.0.1").get(address(filed))
    assert answer.headers["Location"].startswith("/office/sign-in?next=")
