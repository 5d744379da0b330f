"""An officer marks what to correct; a correction replaces the old case only with proof."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from sync.central.casework.audit import first_broken
from sync.central.casework.comparing import Change, Comparison
from sync.central.casework.corrections import settle_late
from sync.central.casework.decisions import Action, Decision, act, find_correction, possible
from sync.central.casework.models import Case, Officer, Opening
from sync.central.catalogue import shelf
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem
from sync.envelope import application_id, open_asked, replacing_proof
from sync.records import ChangeKind, StatusEvent
from tests import residence
from tests.officers import NOW, WORDS, browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk

ASKED = ("/data/full_name", "/data/family_book")
CORRECTED = residence.ANSWERS | {"/data/full_name": "ທ້າວ ຄຳຫຼ້າ ສີສຸວັນ"}


pytestmark = pytest.mark.usefixtures("in_time")


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


@pytest.fixture
def returned(filed: residence.Filed, officer: Officer) -> residence.Filed:
    """An application that an officer returned with two questions marked."""
    act(filed.case, officer, Decision(Action.TAKE_UP, 1), NOW)
    decision = Decision(Action.RETURN, 2, WORDS, "name-differs", asked=ASKED)
    act(filed.case, officer, decision, NOW)
    return filed


def address_of(case: Case, action: str = "") -> str:
    return f"/office/cases/{case.application}/{action}"


def news_of(application: str) -> list[StatusEvent]:
    items = FeedItem.objects.filter(kind=ChangeKind.STATUS.value).order_by("position")
    events = [StatusEvent.from_bytes(bytes(item.payload)) for item in items]
    return [event for event in events if event.application == application]


def compared(browser: Client, case: Case) -> Comparison:
    answer = browser.get(address_of(case))
    comparison = answer.context["comparison"]
    assert isinstance(comparison, Comparison)
    return comparison


def test_what_to_correct_is_marked_and_only_the_receipt_opens_it(
    filed: residence.Filed, browser: Client
) -> None:
    posts(browser, address_of(filed.case, "take-up"), {"seen": "1"}, address_of(filed.case))
    address = address_of(filed.case, "return")
    form = text_of(browser.get(address))
    assert "What must be corrected" in form
    assert residence.ANSWERS["/data/full_name"] in form
    fields = {"seen": "2", "reason": "name-differs", "words": WORDS, "asked": ASKED}
    page = text_of(posts(browser, address, {**fields, "step": "check"}))  # type: ignore[dict-item]
    assert page.count('name="asked"') == len(ASKED)
    posts(browser, address, {**fields, "step": "confirm"})  # type: ignore[dict-item]
    event = news_of(filed.application)[-1]
    assert event.asked is not None
    assert b"full_name" not in event.to_bytes()
    assert open_asked(filed.secret, event.asked) == ASKED
    assert "To correct:" in text_of(browser.get(address_of(filed.case)))


def test_showing_the_answers_to_mark_is_recorded(filed: residence.Filed, browser: Client) -> None:
    posts(browser, address_of(filed.case, "take-up"), {"seen": "1"}, address_of(filed.case))
    before = Opening.objects.count()
    browser.get(address_of(filed.case, "return"))
    assert Opening.objects.count() == before + 1


def test_a_question_that_was_not_asked_cannot_be_marked(
    filed: residence.Filed, browser: Client
) -> None:
    posts(browser, address_of(filed.case, "take-up"), {"seen": "1"}, address_of(filed.case))
    fields = {"seen": "2", "reason": "name-differs", "words": "x", "step": "confirm"}
    address = address_of(filed.case, "return")
    answer = posts(browser, address, {**fields, "asked": "/data/nothing"})
    assert answer.status_code == 404
    assert filed.case.events.count() == 2


def test_an_approval_marks_nothing(filed: residence.Filed, browser: Client) -> None:
    posts(browser, address_of(filed.case, "take-up"), {"seen": "1"}, address_of(filed.case))
    address = address_of(filed.case, "approve")
    assert 'name="asked"' not in text_of(browser.get(address))
    fields = {"seen": "2", "words": "x", "step": "confirm", "asked": ASKED[0]}
    assert posts(browser, address, fields).status_code == 404


def test_a_return_without_marks_is_possible(filed: residence.Filed, officer: Officer) -> None:
    act(filed.case, officer, Decision(Action.TAKE_UP, 1), NOW)
    act(filed.case, officer, Decision(Action.RETURN, 2, WORDS, "village-not-confirmed"), NOW)
    assert news_of(filed.application)[-1].asked is None


def test_a_change_of_what_was_marked_is_named(returned: residence.Filed) -> None:
    assert first_broken(returned.case) is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_caseevent SET asked = NULL WHERE number = 3")
    assert first_broken(returned.case) == 3


def test_a_correction_replaces_the_old_case_and_goes_on_with_the_same_officer(
    kiosk: PaperKiosk, returned: residence.Filed, officer: Officer, browser: Client
) -> None:
    new = residence.files(kiosk, corrects=returned, answers=CORRECTED)
    assert new.case.replaces == returned.application
    assert new.case.office_id == returned.case.office_id
    assert new.case.taken_up_by == officer
    assert find_correction(returned.case) == new.case
    assert possible(returned.case, officer) == ()
    assert possible(new.case, officer) == (Action.TAKE_UP,)
    assert new.reference in text_of(browser.get("/office/?show=mine"))
    decided = text_of(browser.get("/office/?show=decided"))
    assert "Replaced by a correction" in decided
    assert "Returned before by" in text_of(browser.get(address_of(new.case)))


def test_kiosks_hear_what_the_correction_replaces(
    kiosk: PaperKiosk, returned: residence.Filed
) -> None:
    new = residence.files(kiosk, corrects=returned)
    (first,) = news_of(new.application)
    assert first.replaces == returned.application
    assert news_of(returned.application)[0].replaces is None


def test_nobody_s_case_is_taken_away_by_naming_it(
    kiosk: PaperKiosk, returned: residence.Filed, browser: Client
) -> None:
    forged = residence.files(kiosk, corrects=returned, is_proven=False)
    assert (forged.case.replaces, forged.case.claims) == ("", returned.application)
    assert find_correction(returned.case) is None
    assert news_of(forged.application)[0].replaces is None
    page = text_of(browser.get(address_of(forged.case)))
    assert "Not proven by its receipt" in page
    assert "Replaced by a correction" not in text_of(browser.get(address_of(returned.case)))


def test_a_proof_made_with_another_secret_or_for_another_application_proves_nothing(
    kiosk: PaperKiosk, returned: residence.Filed
) -> None:
    stranger = residence.files(kiosk)
    honest = residence.files(kiosk, corrects=returned)
    for place, (secret, application) in enumerate(
        (
            (stranger.secret, application_id(b"\0" * 16)),  # the forger's own old receipt
            (returned.secret, honest.application),  # a proof seen in another correction's header
        )
    ):
        forged = kiosk.files(
            {"language": "lo", "answers": {}},
            secret=bytes([place]) * 16,
            dictionary=_dictionary(),
            service=residence.SERVICE,
            service_version=residence.descriptor().version,
            replaces=returned.application,
            proof=replacing_proof(secret, application),
        )
        kiosk.sends()
        case = Case.objects.get(application=forged.parsed.id)
        assert (case.replaces, case.claims) == ("", returned.application)
    assert find_correction(returned.case) == honest.case


def _dictionary() -> bytes | None:
    return shelf.find_current(residence.SERVICE).dictionary


def test_a_correction_that_comes_before_what_it_corrects_replaces_it_later(
    kiosk: PaperKiosk, returned: residence.Filed
) -> None:
    other = PaperKiosk(kiosk.server)
    bundle = shelf.find_current(residence.SERVICE)
    late = residence.hands_in(other, bundle)  # central has not seen it yet
    early = residence.files(kiosk, corrects=late)
    assert early.case.claims == late.application
    other.sends()
    early.case.refresh_from_db()
    assert (early.case.replaces, early.case.claims) == (late.application, "")
    settle_late([early.case, returned.case])  # nothing more to settle
    assert Case.objects.filter(claims="").count() == 3


def test_both_in_one_batch_find_each_other(kiosk: PaperKiosk, officer: Officer) -> None:
    assert officer
    bundle = shelf.find_current(residence.SERVICE)
    first = residence.hands_in(kiosk, bundle)
    second = residence.files(kiosk, corrects=first)
    assert second.case.replaces == first.application


def test_a_correction_of_another_service_replaces_nothing(
    kiosk: PaperKiosk, returned: residence.Filed
) -> None:
    secret = bytes(16)
    proof = replacing_proof(returned.secret, application_id(secret))
    other = kiosk.files(secret=secret, replaces=returned.application, proof=proof)
    kiosk.sends()
    assert Case.objects.get(application=other.parsed.id).replaces == ""


def test_the_officer_reads_what_changed_and_what_did_not(
    kiosk: PaperKiosk, returned: residence.Filed, browser: Client, officer: Officer
) -> None:
    new = residence.files(kiosk, corrects=returned, answers=CORRECTED, picture=returned.photo)
    residence.sends_photo(kiosk, returned)
    lines = {line.line.path: line for line in compared(browser, new.case).lines}
    assert lines["/data/full_name"].change is Change.CHANGED
    assert lines["/data/full_name"].before == residence.ANSWERS["/data/full_name"]
    assert lines["/data/full_name"].was_asked
    assert lines["/data/village"].change is Change.SAME
    assert lines["/data/family_book"].change is Change.UNKNOWN
    residence.sends_photo(kiosk, new)
    assert compared(browser, new.case).lines[-1].line.path
    lines = {line.line.path: line for line in compared(browser, new.case).lines}
    assert lines["/data/family_book"].change is Change.SAME  # sealed anew, shows the same
    page = text_of(browser.get(address_of(new.case)))
    assert f"<s>{residence.ANSWERS['/data/full_name']}</s>" in page
    assert "1 answer was changed" in page
    assert "As before" in page
    assert Opening.objects.filter(officer=officer, case=returned.case).exists()


def test_what_is_no_longer_answered_is_said(
    kiosk: PaperKiosk, returned: residence.Filed, browser: Client
) -> None:
    for_herself = dict(CORRECTED) | {"/data/for_whom": "self"}
    del for_herself["/data/applicant_name"]
    new = residence.files(kiosk, corrects=returned, answers=for_herself)
    comparison = compared(browser, new.case)
    assert "/data/applicant_name" in {line.path for line in comparison.gone}
    assert "No longer answered" in text_of(browser.get(address_of(new.case)))


def test_an_application_that_corrects_nothing_is_compared_with_nothing(
    filed: residence.Filed, browser: Client
) -> None:
    assert compared(browser, filed.case).changed_count == 0
    assert "As before" not in text_of(browser.get(address_of(filed.case)))
