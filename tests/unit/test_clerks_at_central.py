"""A supervisor makes and ends clerks' accounts, all of it on record; officers see who helped."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from nacl.pwhash import argon2id

from sync import pin as pins
from sync.central.casework import clerks
from sync.central.casework.models import Case, Clerk, ClerkAct, Office, Officer
from sync.central.catalogue import shelf
from sync.central.intake.exchange import CentralServer
from sync.central.security import POLICY
from sync.records import ChangeKind, Channel, ClerkNote, office_audience
from tests import residence
from tests.officers import NOW, browser_of, new_officer, posts, text_of
from tests.paper_kiosk import RECORDED, PaperKiosk
from tests.sample_service import OFFICE
from tests.unit.test_central_commands import Operator

PAGE = "/office/clerks"
PIN, OTHER_PIN = "480271", "739146"
NAME = "ນາງ ບົວລີ ສີສຸວັນ"
NEW = {"name": f" {NAME}  ", "pin": PIN, "again": PIN}


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.pin.OPERATIONS", argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr("sync.pin.MEMORY_BYTES", argon2id.MEMLIMIT_MIN)


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def supervisor(kiosk: PaperKiosk) -> Officer:
    officer = new_officer("somsy", kiosk.enrolment.office)
    officer.is_supervisor = True
    officer.save()
    return officer


@pytest.fixture
def browser(supervisor: Officer) -> Client:
    return browser_of(supervisor)


@pytest.fixture
def operator(kiosk: PaperKiosk, capsys: pytest.CaptureFixture[str]) -> Operator:
    assert kiosk
    return Operator(capsys)


def told(kiosk: PaperKiosk) -> list[ClerkNote]:
    """What the kiosk hears of clerks."""
    changes = kiosk.sends().changes
    return [ClerkNote.from_bytes(one.payload) for one in changes if one.kind is ChangeKind.CLERK]


def new_clerk(office: str = OFFICE) -> Clerk:
    return clerks.add(Office.objects.get(pk=office), NAME, PIN, None, NOW)


def helps(kiosk: PaperKiosk, number: int) -> Case:
    """An application that came with that clerk's help."""
    bundle = shelf.find_current(residence.SERVICE)
    record = residence.entry(bundle).record() | {"confirmed": True}
    kiosk.files(
        record,
        dictionary=bundle.dictionary,
        service=residence.SERVICE,
        service_version=bundle.version,
        channel=Channel.DESK,
        assisted_by=number,
    )
    kiosk.sends()
    return Case.objects.latest("pk")


def test_a_supervisor_makes_an_account_and_the_office_s_kiosks_learn_of_it(
    kiosk: PaperKiosk, browser: Client, supervisor: Officer
) -> None:
    assert posts(browser, PAGE, NEW).status_code == 302
    page = text_of(browser.get(PAGE))
    assert f"{NAME} has the number 101." in page
    assert PIN not in page
    (note,) = told(kiosk)
    assert (note.number, note.office, note.name) == (101, OFFICE, NAME)
    assert pins.is_it(PIN, note.pin_hash)
    act = ClerkAct.objects.get()
    assert (act.kind, act.officer, act.name) == ("added", supervisor, "ນາງ somsy")
    assert told(PaperKiosk(CentralServer(), "la-lpb-nambak")) == []


def test_what_is_wrong_is_said_and_nothing_is_made(browser: Client) -> None:
    for changed, sentence in (
        ({"name": " "}, "Write her name"),
        ({"pin": "12345"}, "6 to 12 figures"),
        ({"pin": "123456", "again": "123456"}, "Many people choose this PIN"),
        ({"again": OTHER_PIN}, "The two PINs differ"),
    ):
        answer = posts(browser, PAGE, NEW | changed)
        assert answer.status_code == 200
        assert sentence in text_of(answer)
        assert PIN not in text_of(answer)
    assert not Clerk.objects.exists()


def test_another_pin_and_the_end_of_an_account(
    kiosk: PaperKiosk, browser: Client, supervisor: Officer
) -> None:
    posts(browser, PAGE, NEW)
    address = f"{PAGE}/101"
    assert "Say that her account" in text_of(posts(browser, address, {"step": "end"}))
    given = {"step": "pin", "pin": OTHER_PIN, "again": OTHER_PIN}
    assert posts(browser, address, given).status_code == 302
    assert posts(browser, address, {"step": "end", "sure": "yes"}).status_code == 302
    page = browser.get(address)
    assert page.headers["Content-Security-Policy"] == POLICY
    for words in ("Account ended", "New PIN", "Account made"):
        assert re.search(rf"<strong>{words}</strong>.*?{supervisor}", text_of(page))
    posts(browser, address, given, PAGE)
    assert "has ended already" in text_of(browser.get(address))
    first, second, third = told(kiosk)
    assert pins.is_it(OTHER_PIN, second.pin_hash)
    assert first.pin_hash != second.pin_hash
    assert third == ClerkNote(101, OFFICE, NAME)
    assert [act.kind for act in ClerkAct.objects.order_by("number")] == [
        "added",
        "new-pin",
        "ended",
    ]


def test_only_her_own_office_s_supervisor_sees_them(kiosk: PaperKiosk, browser: Client) -> None:
    new_clerk("la-lpb-nambak")
    assert NAME not in text_of(browser.get(PAGE))
    assert browser.get(f"{PAGE}/101").status_code == 404
    officer = browser_of(new_officer("no-supervisor", kiosk.enrolment.office))
    assert officer.get(PAGE).status_code == 403
    assert PAGE not in text_of(officer.get("/office/"))
    assert PAGE in text_of(browser.get("/office/"))


def test_a_number_is_never_given_again(kiosk: PaperKiosk) -> None:
    assert kiosk
    first = new_clerk()
    clerks.end(first, None, NOW)
    assert new_clerk().number == first.number + 1


def test_a_changed_row_shows(kiosk: PaperKiosk, browser: Client) -> None:
    assert kiosk
    new_clerk()
    clerks.give_pin(new_clerk(), OTHER_PIN, None, NOW)
    assert clerks.first_broken() is None
    Clerk.objects.filter(pk=102).update(name="ທ້າວ ອື່ນ")
    assert clerks.first_broken() == 2
    assert "entry 2 is not what was written" in text_of(browser.get(PAGE))
    ClerkAct.objects.filter(number=1).update(name="nobody")
    assert clerks.first_broken() == 1


def test_an_operator_makes_lists_and_ends_accounts(kiosk: PaperKiosk, operator: Operator) -> None:
    said = operator.types("clerk", "add", "--name", NAME, "--office", OFFICE)
    assert said.startswith(f"{NAME} has the number 101.")
    drawn = said.split("PIN: ")[1].strip()
    assert pins.is_it(drawn, told(kiosk)[-1].pin_hash)
    assert "PIN: " in operator.types("clerk", "pin", "101")
    assert f"101  {NAME}  {OFFICE}  since " in operator.types("clerk", "list")
    operator.types("clerk", "end", "101")
    assert "ended" in operator.types("clerk", "list")
    assert "This account has ended." in operator.fails("clerk", "end", "101")
    assert "There is no clerk 7." in operator.fails("clerk", "pin", "7")
    assert "There is no office x." in operator.fails("clerk", "add", "--name", "N", "--office", "x")
    assert "letters" in operator.fails("clerk", "add", "--name", " ", "--office", OFFICE)
    assert clerks.first_broken() is None


def test_case_and_worklist_name_who_helped(kiosk: PaperKiosk, browser: Client) -> None:
    case = helps(kiosk, new_clerk().number)
    page = text_of(browser.get(f"/office/cases/{case.application}/"))
    assert f"<dt>Helped by</dt><dd>{NAME} · 101" in page
    assert "The applicant confirmed what was entered." in page
    assert "Service desk · Test kiosk" in page
    assert f"Helped by: {NAME}" in text_of(browser.get("/office/"))


def test_a_number_that_is_none_of_the_office_s_names_nobody(
    kiosk: PaperKiosk, browser: Client
) -> None:
    stranger = new_clerk("la-lpb-nambak").number
    for number in (stranger, 2**63 - 1):
        case = helps(kiosk, number)
        page = text_of(browser.get(f"/office/cases/{case.application}/"))
        assert NAME not in page
        assert f"<dt>Helped by clerk number</dt><dd>{number}" in page
    assert f"Helped by: {stranger}" in text_of(browser.get("/office/"))


def test_help_after_the_account_ended_is_told(kiosk: PaperKiosk, browser: Client) -> None:
    clerk = new_clerk()
    case = helps(kiosk, clerk.number)
    recorded = datetime.fromtimestamp(RECORDED.at_ms / 1000, UTC)
    clerks.end(clerk, None, recorded - timedelta(hours=1))
    page = text_of(browser.get(f"/office/cases/{case.application}/"))
    assert "Her account had ended before" in page


def test_the_office_s_part_of_the_feed_holds_her_and_nothing_else_does(kiosk: PaperKiosk) -> None:
    new_clerk()
    changes = [one for one in kiosk.sends().changes if one.kind is ChangeKind.CLERK]
    assert [one.audience for one in changes] == [office_audience(OFFICE)]
