"""A case goes through its service's steps: office after office, each with its days and its news."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from sync.central.casework.audit import first_broken
from sync.central.casework.decisions import DECISIONS, Action, Decision, act, possible
from sync.central.casework.events import NotPossibleNow
from sync.central.casework.models import Case, CaseEvent, Office, Officer
from sync.central.casework.ready_words import ready_words
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem
from sync.records import ChangeKind, Status, StatusEvent, office_audience
from tests import birth, residence
from tests.officers import NOW, WORDS, browser, browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk
from tests.sample_answers import CONSTRUCTION

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    birth.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def case(kiosk: PaperKiosk) -> Case:
    return birth.files(kiosk)


@pytest.fixture
def chief(kiosk: PaperKiosk) -> Officer:
    assert kiosk.enrolment
    return new_officer("sida", birth.VILLAGE)


@pytest.fixture
def registrar(kiosk: PaperKiosk) -> Officer:
    assert kiosk.enrolment
    return new_officer("chanda", birth.HOME_AFFAIRS)


def takes_up(case: Case, officer: Officer) -> CaseEvent:
    return act(case, officer, Decision(Action.TAKE_UP, case.last_number), NOW)


def hands_over(case: Case, officer: Officer) -> CaseEvent:
    takes_up(case, officer)
    return act(case, officer, Decision(Action.HAND_OVER, case.last_number, WORDS), NOW)


def news(office: str) -> list[StatusEvent]:
    items = FeedItem.objects.filter(
        audience=office_audience(office), kind=ChangeKind.STATUS.value
    ).order_by("position")
    return [StatusEvent.from_bytes(bytes(item.payload)) for item in items]


def test_a_new_case_is_at_the_office_of_its_first_step(case: Case, kiosk: PaperKiosk) -> None:
    assert (case.office_id, case.step) == (birth.VILLAGE, "village")
    assert case.audience == kiosk.enrolment.office
    assert (case.step_due_on, case.due_on) == (date(2026, 11, 20), date(2026, 11, 25))


def test_a_step_that_does_not_decide_hands_over_or_returns(case: Case, chief: Officer) -> None:
    assert possible(case, chief) == (Action.TAKE_UP,)
    takes_up(case, chief)
    assert possible(case, chief) == (Action.HAND_OVER, Action.RETURN, Action.DELAY)
    with pytest.raises(NotPossibleNow):
        act(case, chief, Decision(Action.APPROVE, case.last_number, WORDS), NOW)


def test_handing_over_gives_the_case_to_the_next_office(
    case: Case, chief: Officer, registrar: Officer
) -> None:
    hands_over(case, chief)
    assert (case.office_id, case.step) == (birth.HOME_AFFAIRS, "decide")
    assert (case.status, case.taken_up_by) == (Status.RECEIVED.value, None)
    assert case.step_due_on == date(2026, 11, 25)  # three working days from the hand-over
    assert possible(case, chief) == ()
    assert possible(case, registrar) == (Action.TAKE_UP,)
    takes_up(case, registrar)
    assert possible(case, registrar) == DECISIONS


def test_every_step_is_news_to_the_kiosks_that_took_it_in(
    case: Case, chief: Officer, registrar: Officer, kiosk: PaperKiosk
) -> None:
    hands_over(case, chief)
    takes_up(case, registrar)
    decision = Decision(Action.APPROVE, case.last_number, WORDS, legal_basis=residence.LAW)
    act(case, registrar, decision, NOW)
    told = [(event.status, event.step, event.office) for event in news(kiosk.enrolment.office)]
    assert told == [
        (Status.RECEIVED, "village", birth.VILLAGE),
        (Status.TAKEN_UP, "village", birth.VILLAGE),
        (Status.RECEIVED, "decide", birth.HOME_AFFAIRS),
        (Status.TAKEN_UP, "decide", birth.HOME_AFFAIRS),
        (Status.APPROVED, "decide", birth.HOME_AFFAIRS),
    ]
    assert {event.due for event in news(kiosk.enrolment.office)} == {case.due_on}
    assert news(birth.VILLAGE) == news(birth.HOME_AFFAIRS) == []


def test_pressing_twice_hands_over_once(case: Case, chief: Officer) -> None:
    takes_up(case, chief)
    decision = Decision(Action.HAND_OVER, case.last_number, WORDS)
    first = act(case, chief, decision, NOW)
    again = act(Case.objects.get(pk=case.pk), chief, decision, NOW)
    assert first == again
    assert case.events.count() == 3


@pytest.mark.parametrize("column", ["step = 'other'", "to_office_id = 'la-vte-xaythany'"])
def test_a_changed_hand_over_is_named(case: Case, chief: Officer, column: str) -> None:
    hands_over(case, chief)
    assert first_broken(case) is None
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE casework_caseevent SET {column} WHERE number = 3")
    assert first_broken(case) == 3


def test_where_an_office_is_missing_the_one_that_took_it_in_does_the_step(
    kiosk: PaperKiosk,
) -> None:
    Office.objects.update(complaints_to=None)
    Office.objects.exclude(role="district").delete()
    case = birth.files(kiosk)
    officer = new_officer("khamphaeng", kiosk.enrolment.office)
    assert (case.office_id, case.step) == (kiosk.enrolment.office, "village")
    hands_over(case, officer)
    assert (case.office_id, case.step) == (kiosk.enrolment.office, "decide")
    takes_up(case, officer)
    assert Action.APPROVE in possible(case, officer)


def test_an_office_of_another_district_is_passed_over(kiosk: PaperKiosk) -> None:
    Office.objects.filter(pk=birth.VILLAGE).update(district="LA0605")
    assert birth.files(kiosk).office_id == kiosk.enrolment.office


def test_a_case_may_come_back_to_where_it_was_handed_in(kiosk: PaperKiosk) -> None:
    Office.objects.filter(role="district-public-works").delete()
    birth.put_on_shelf(CONSTRUCTION)
    case = birth.files(kiosk, CONSTRUCTION)
    hands_over(case, new_officer("sida", birth.VILLAGE))
    centre = new_officer("khamphaeng", kiosk.enrolment.office)
    hands_over(case, centre)  # there is no public works office: the centre visits the site
    assert (case.office_id, case.heard_at, case.step) == (kiosk.enrolment.office, "", "decide")
    takes_up(case, centre)
    assert Action.APPROVE in possible(case, centre)


def test_a_service_of_one_step_is_decided_as_ever(kiosk: PaperKiosk) -> None:
    residence.put_on_shelf()
    case = residence.files(kiosk).case
    assert (case.step, case.step_due_on) == ("decide", case.due_on)
    officer = new_officer("khamphaeng", kiosk.enrolment.office)
    takes_up(case, officer)
    assert Action.HAND_OVER not in possible(case, officer)


# --- pages ------------------------------------------------------------------------------------


def page_of(officer: Officer, case: Case, language: str = "en") -> str:
    return text_of(browser_of(officer, language).get(f"/office/cases/{case.application}/"))


def listed(officer: Officer, show: str) -> str:
    return text_of(browser_of(officer).get(f"/office/?show={show}"))


def test_the_case_stands_in_the_list_of_the_office_whose_step_it_is(
    case: Case, chief: Officer, registrar: Officer, kiosk: PaperKiosk
) -> None:
    centre = new_officer("khamphaeng", kiosk.enrolment.office)
    assert case.reference in listed(chief, "waiting")
    assert "Step 1 of 2: The village chief confirms the birth" in listed(chief, "waiting")
    assert case.reference not in listed(registrar, "waiting")
    assert case.reference not in listed(centre, "waiting")
    assert case.reference in listed(centre, "elsewhere")
    assert "Village chiefs of Xaythany" in listed(centre, "elsewhere")
    hands_over(case, chief)
    assert case.reference not in listed(chief, "waiting")
    assert case.reference in listed(registrar, "waiting")


def test_the_office_that_took_it_in_may_look_and_do_nothing(case: Case, kiosk: PaperKiosk) -> None:
    centre = new_officer("khamphaeng", kiosk.enrolment.office)
    page = page_of(centre, case)
    assert "Step 1 of 2" in page
    assert "Take up" not in page


def test_an_office_that_has_nothing_to_do_with_it_does_not_see_it(
    case: Case, registrar: Officer
) -> None:
    address = f"/office/cases/{case.application}/"
    assert browser_of(registrar).get(address).status_code == 404


@pytest.mark.parametrize(
    ("language", "button", "done"),
    [
        ("en", "Confirm and hand over", "Handed over to Xaythany District Home Affairs Office"),
        ("lo", "ຢືນຢັນ ແລະ ມອບຕໍ່", "ມອບໃຫ້ ຫ້ອງການພາຍໃນ ເມືອງໄຊທານີ"),
    ],
)
def test_a_chief_confirms_in_the_browser(
    case: Case, chief: Officer, language: str, button: str, done: str
) -> None:
    hers: Client = browser_of(chief, language)
    address = f"/office/cases/{case.application}"
    posts(hers, f"{address}/take-up", {"seen": "1"}, f"{address}/")
    assert button in page_of(chief, case, language)
    fields = {"seen": "2", "reason": "", "legal_basis": "", "words": "", "step": "check"}
    confirming = text_of(posts(hers, f"{address}/hand-over", fields))
    assert done in confirming
    ready = "ນາຍບ້ານຢືນຢັນການເກີດ: ແລ້ວ."
    assert ready in confirming
    after = posts(hers, f"{address}/hand-over", fields | {"step": "confirm", "words": ready})
    assert after.headers["Location"] == "/office/"
    assert hers.get("/office/").status_code == 200
    case.refresh_from_db()
    assert (case.office_id, case.step) == (birth.HOME_AFFAIRS, "decide")
    page = page_of(chief, case)  # what she worked on she may go on reading, and do no more to
    assert "Take up" not in page
    assert hers.get(f"{address}/approve").status_code == 302


def test_what_an_officer_has_done_stands_in_a_list_of_her_own(case: Case, chief: Officer) -> None:
    takes_up(case, chief)
    assert case.reference not in listed(chief, "done")  # she still has it
    act(case, chief, Decision(Action.HAND_OVER, case.last_number, WORDS), NOW)
    page = listed(chief, "done")
    assert case.reference in page
    assert "You: 20 November 2026: Handed over to Xaythany District Home Affairs" in page
    colleague = new_officer("bounthan", birth.VILLAGE)
    assert case.reference not in listed(colleague, "done")
    assert browser_of(colleague).get(f"/office/cases/{case.application}/").status_code == 404


def test_a_correction_goes_on_at_the_step_that_asked_for_it(
    case: Case, chief: Officer, registrar: Officer, kiosk: PaperKiosk
) -> None:
    hands_over(case, chief)
    takes_up(case, registrar)
    act(case, registrar, Decision(Action.RETURN, case.last_number, WORDS, "name-differs"), NOW)
    new = birth.files(kiosk, corrects=case)
    assert (new.office_id, new.step) == (birth.HOME_AFFAIRS, "decide")
    assert new.taken_up_by == registrar
    assert (new.audience, new.step_due_on) == (kiosk.enrolment.office, date(2026, 11, 23))
    assert first_broken(new) is None
    assert news(new.audience)[-1].step == "decide"
    told = "it goes on at the step that asked for it: The home affairs office checks and decides"
    assert told in page_of(registrar, new)
    CaseEvent.objects.filter(case=new, number=1).update(step="")
    assert first_broken(new) == 1


def test_a_correction_that_the_first_step_asked_for_begins_there(
    case: Case, chief: Officer, kiosk: PaperKiosk
) -> None:
    takes_up(case, chief)
    act(case, chief, Decision(Action.RETURN, case.last_number, WORDS, "name-differs"), NOW)
    new = birth.files(kiosk, corrects=case)
    assert (new.office_id, new.step, new.taken_up_by) == (birth.VILLAGE, "village", chief)
    assert new.events.get().step == ""


def test_the_timeline_says_to_whom_it_went(case: Case, chief: Officer, kiosk: PaperKiosk) -> None:
    hands_over(case, chief)
    centre = new_officer("khamphaeng", kiosk.enrolment.office)
    assert "Handed over to Xaythany District Home Affairs Office" in page_of(centre, case)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Step 1 of 2: The village chief confirms the birth"),
        ("lo", "ຂັ້ນທີ 1 ໃນ 2: ນາຍບ້ານຢືນຢັນການເກີດ"),
    ],
)
def test_the_portal_tells_which_step_it_is_at(case: Case, language: str, words: str) -> None:
    page = text_of(posts(browser(language), "/status", {"reference": case.reference}))
    assert words in page


def test_people_are_sent_to_where_they_handed_it_in(
    case: Case, chief: Officer, registrar: Officer, kiosk: PaperKiosk
) -> None:
    hands_over(case, chief)
    takes_up(case, registrar)
    centre = Office.objects.get(pk=kiosk.enrolment.office).name_lo
    assert centre in ready_words(case, Action.APPROVE, "", "lo")
    page = text_of(posts(browser("lo"), "/status", {"reference": case.reference}))
    assert centre in page
    assert registrar.office.name_lo not in page
