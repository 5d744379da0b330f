"""A supervisor sees how her office's kiosks are; what is lost or doubled cannot be overlooked."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sync.central.intake import feed
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device
from sync.central.security import POLICY
from sync.protocol import Report
from sync.records import ChangeKind, office_audience
from tests.officers import browser, browser_of, new_officer, text_of
from tests.paper_kiosk import PaperKiosk
from tests.publishers import publisher_s_browser
from tests.sample_service import OFFICE

PAGE = "/office/kiosks"


@pytest.fixture
def server(central: Path) -> CentralServer:
    assert central.is_dir()
    return CentralServer()


def supervisor_s_page(query: str = "", language: str = "en") -> str:
    officer = new_officer(f"supervisor-{timezone.now().timestamp()}")
    officer.is_supervisor = True
    officer.save()
    answer = browser_of(officer, language).get(PAGE + query)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == POLICY
    page = text_of(answer)
    assert "<style" not in page
    assert " style=" not in page
    return page


def calls(kiosk: PaperKiosk, recorded: int, waiting: int, files: int = 0, unread: int = 0) -> None:
    known = list(kiosk.answer_keys)[-1]
    kiosk.sends(kiosk.batch(report=Report(known, recorded, waiting, files, unread)))


def test_a_kiosk_that_is_well_is_said_to_be(server: CentralServer) -> None:
    kiosk = PaperKiosk(server)
    kiosk.files()
    calls(kiosk, recorded=1, waiting=1)
    page = supervisor_s_page()
    assert "1 · Test kiosk" in page
    assert '<span class="tag good">Well</span>' in page
    assert 'role="alert"' not in page
    assert 'Need somebody (<span class="number">0</span>)' in page


def test_what_waits_at_a_kiosk_and_what_it_lacks_is_shown(server: CentralServer) -> None:
    kiosk = PaperKiosk(server)
    kiosk.files()
    calls(kiosk, recorded=8, waiting=8, files=2, unread=1)
    for _ in range(3):
        feed.append(office_audience(OFFICE), ChangeKind.STATUS, b"news")
    page = supervisor_s_page()
    assert "7 envelopes, 2 documents" in page
    assert "Needs a newer program" in page
    assert '<td data-label="News it lacks">3</td>' in page


def test_a_loss_is_alarmed(server: CentralServer, caplog: pytest.LogCaptureFixture) -> None:
    kiosk, other = PaperKiosk(server), PaperKiosk(server)
    kiosk.files()
    other.files()
    calls(other, recorded=1, waiting=1)
    calls(kiosk, recorded=5, waiting=2)  # 5 promised, 1 here, 1 waits: where are 3?
    assert "differ by 3" in caplog.text
    page = supervisor_s_page("?show=needy")
    assert 'role="alert"' in page
    assert "The books of 1 kiosk do not agree with this server&#x27;s: difference 3." in page
    assert "Books differ by 3" in page
    assert "2 · Test kiosk" not in page
    calls(kiosk, recorded=5, waiting=5)
    assert 'role="alert"' not in supervisor_s_page()


def test_a_kiosk_that_lives_twice_stands_first(server: CentralServer) -> None:
    kiosks = [PaperKiosk(server) for _ in range(3)]
    for kiosk in kiosks:
        calls(kiosk, 0, 0)
    Device.objects.filter(kiosk_number=3).update(forked_at=timezone.now())
    page = supervisor_s_page()
    assert page.index("3 · Test kiosk") < page.index("1 · Test kiosk")
    assert "Lives twice" in page


def test_silence_is_counted_in_days(server: CentralServer) -> None:
    PaperKiosk(server)
    quiet = PaperKiosk(server)
    calls(quiet, 0, 0)
    Device.objects.filter(kiosk_number=2).update(
        last_contact_at=timezone.now() - timedelta(days=9, hours=1)
    )
    feed.begin_epoch()
    page = supervisor_s_page()
    assert "Never heard" in page
    assert "Silent for 9 days" in page
    assert "Not heard since this server was restored" in page


def test_each_sees_her_own(server: CentralServer) -> None:
    PaperKiosk(server, "la-lpb-nambak")
    assert "There is no such kiosk." in supervisor_s_page()
    assert "1 · Test kiosk" in text_of(publisher_s_browser().get(PAGE))
    assert browser_of(new_officer("no-supervisor")).get(PAGE).status_code == 403
    assert browser().get(PAGE).status_code == 302
    assert "ຕູ້ບໍລິການ" in supervisor_s_page(language="lo")
