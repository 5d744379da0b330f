"""What officers decide happens once, is chained, and reaches kiosks with the citizen's words."""

from pathlib import Path

import pytest
from django.db import connection

from sync.central.casework.audit import first_broken
from sync.central.casework.decisions import Action, Decision, act, possible
from sync.central.casework.events import NotPossibleNow, SomebodyElseActed
from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem
from sync.envelope import open_words
from sync.records import ChangeKind, Status, StatusEvent, office_audience
from tests import residence
from tests.officers import NOW, WORDS, new_officer
from tests.paper_kiosk import PaperKiosk


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def filed(kiosk: PaperKiosk) -> residence.Filed:
    return residence.files(kiosk)


@pytest.fixture
def officer(kiosk: PaperKiosk) -> Officer:
    return new_officer("khamphaeng", kiosk.enrolment.office)


def takes_up(case: Case, officer: Officer) -> CaseEvent:
    return act(case, officer, Decision(Action.TAKE_UP, case.last_number), NOW)


def status_events(office: str) -> list[StatusEvent]:
    items = FeedItem.objects.filter(
        audience=office_audience(office), kind=ChangeKind.STATUS.value
    ).order_by("position")
    return [StatusEvent.from_bytes(bytes(item.payload)) for item in items]


def test_an_application_that_arrives_is_a_case_and_news(filed: residence.Filed) -> None:
    case = filed.case
    assert (case.status, case.last_number, case.reference) == ("received", 1, filed.reference)
    (event,) = status_events(case.office_id)
    assert (event.application, event.number, event.status) == (case.application, 1, Status.RECEIVED)
    assert (event.reference, event.service) == (case.reference, residence.SERVICE)
    assert event.due == case.due_on


def test_the_same_batch_again_opens_no_second_case(
    kiosk: PaperKiosk, filed: residence.Filed
) -> None:
    kiosk.sends()
    assert Case.objects.count() == 1
    assert len(status_events(filed.case.office_id)) == 1


def test_a_decision_carries_words_that_only_the_receipt_opens(
    filed: residence.Filed, officer: Officer
) -> None:
    takes_up(filed.case, officer)
    decision = Decision(Action.APPROVE, filed.case.last_number, WORDS, legal_basis=residence.LAW)
    act(filed.case, officer, decision, NOW)
    event = status_events(filed.case.office_id)[-1]
    assert (event.number, event.status) == (3, Status.APPROVED)
    assert event.words is not None
    assert WORDS.encode() not in event.words
    assert open_words(filed.secret, event.words) == WORDS


def test_a_case_must_be_taken_up_before_it_is_decided(
    filed: residence.Filed, officer: Officer
) -> None:
    assert possible(filed.case, officer) == (Action.TAKE_UP,)
    with pytest.raises(NotPossibleNow):
        act(filed.case, officer, Decision(Action.APPROVE, 1), NOW)
    assert filed.case.events.count() == 1


def test_pressing_twice_decides_once(filed: residence.Filed, officer: Officer) -> None:
    takes_up(filed.case, officer)
    decision = Decision(Action.REJECT, 2, WORDS, "not-resident", residence.LAW)
    first = act(filed.case, officer, decision, NOW)
    again = act(Case.objects.get(pk=filed.case.pk), officer, decision, NOW)
    assert first == again
    assert filed.case.events.count() == 3


def test_of_two_officers_at_once_one_is_told(filed: residence.Filed, officer: Officer) -> None:
    colleague = new_officer("bounmy", officer.office_id)
    seen_by_both = Case.objects.get(pk=filed.case.pk)
    takes_up(filed.case, officer)
    with pytest.raises(SomebodyElseActed):
        act(seen_by_both, colleague, Decision(Action.TAKE_UP, 1), NOW)
    filed.case.refresh_from_db()
    assert filed.case.taken_up_by == officer


def test_a_colleague_may_take_over_but_not_decide_beside(
    filed: residence.Filed, officer: Officer
) -> None:
    colleague = new_officer("bounmy", officer.office_id)
    takes_up(filed.case, officer)
    assert possible(filed.case, colleague) == (Action.TAKE_UP,)
    takes_up(filed.case, colleague)
    assert possible(filed.case, officer) == (Action.TAKE_UP,)
    assert Action.APPROVE in possible(filed.case, colleague)


def test_an_officer_of_another_office_can_do_nothing(filed: residence.Filed) -> None:
    stranger = new_officer("stranger", "la-lpb-nambak")
    assert possible(filed.case, stranger) == ()


def test_what_is_decided_stays_decided(filed: residence.Filed, officer: Officer) -> None:
    takes_up(filed.case, officer)
    act(filed.case, officer, Decision(Action.APPROVE, 2, WORDS, legal_basis=residence.LAW), NOW)
    assert possible(filed.case, officer) == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE casework_caseevent SET reason = 'other' WHERE number = 2",
        "UPDATE casework_caseevent SET officer_id = NULL WHERE number = 2",
        "UPDATE casework_caseevent SET at = '2020-01-01 00:00:00' WHERE number = 2",
        "DELETE FROM casework_caseevent WHERE number = 2",
    ],
)
def test_a_changed_event_is_named(filed: residence.Filed, officer: Officer, change: str) -> None:
    takes_up(filed.case, officer)
    act(filed.case, officer, Decision(Action.APPROVE, 2, WORDS, legal_basis=residence.LAW), NOW)
    assert first_broken(filed.case) is None
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert first_broken(filed.case) == 2


def test_a_last_event_that_was_removed_is_missed(filed: residence.Filed, officer: Officer) -> None:
    takes_up(filed.case, officer)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM casework_caseevent WHERE number = 2")
    assert first_broken(filed.case) == 2
