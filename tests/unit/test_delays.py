"""Late: an officer says why, the citizen learns it with the new day, the first promise is kept."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sync.central.casework.audit import first_broken
from sync.central.casework.decisions import Action, Decision, act
from sync.central.casework.events import Incomplete
from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem
from sync.records import ChangeKind, Status, StatusEvent
from tests import birth, residence
from tests.officers import NOW, WORDS, browser, browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk

LATE = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # four working days after the promised 23rd
NEW_DAY = date(2026, 12, 3)  # the 2nd is a holiday


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def officer(kiosk: PaperKiosk) -> Officer:
    return new_officer("khamphaeng", kiosk.enrolment.office)


@pytest.fixture
def case(kiosk: PaperKiosk, officer: Officer) -> Case:
    case = residence.files(kiosk).case
    act(case, officer, Decision(Action.TAKE_UP, 1), NOW)
    return case


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: LATE)


def delays(case: Case, officer: Officer, day: date = NEW_DAY) -> CaseEvent:
    decision = Decision(Action.DELAY, case.last_number, WORDS, "officer-away", due_on=day)
    return act(case, officer, decision, LATE)


def approves(case: Case, officer: Officer, now: datetime = LATE, reason: str = "") -> CaseEvent:
    decision = Decision(
        Action.APPROVE,
        case.last_number,
        WORDS,
        legal_basis=residence.LAW,
        delay_reason=reason,
    )
    return act(case, officer, decision, now)


def news() -> list[StatusEvent]:
    items = FeedItem.objects.filter(kind=ChangeKind.STATUS.value).order_by("position")
    return [StatusEvent.from_bytes(bytes(item.payload)) for item in items]


def test_a_delay_keeps_the_case_and_the_first_promise_and_is_news(
    case: Case, officer: Officer
) -> None:
    promised = case.due_on
    delays(case, officer)
    assert (case.status, case.taken_up_by) == (Status.TAKEN_UP.value, officer)
    assert (case.promised_on, case.due_on, case.step_due_on) == (promised, NEW_DAY, NEW_DAY)
    told = news()[-1]
    assert (told.status, told.reason, told.due) == (Status.TAKEN_UP, "officer-away", NEW_DAY)
    assert first_broken(case) is None
    case.events.filter(number=3).update(due_on=NEW_DAY + timedelta(days=1))
    assert first_broken(case) == 3


@pytest.mark.parametrize(
    ("reason", "day"),
    [
        ("", NEW_DAY),
        ("name-differs", NEW_DAY),
        ("officer-away", None),
        ("officer-away", date(2026, 11, 27)),  # today
        ("officer-away", date(2026, 11, 28)),  # a Saturday
        ("officer-away", date(2026, 12, 2)),  # a holiday
        ("officer-away", date(2027, 12, 1)),
    ],
)
def test_a_delay_needs_a_reason_of_the_service_and_a_working_day_to_come(
    case: Case, officer: Officer, reason: str, day: date | None
) -> None:
    with pytest.raises(Incomplete):
        act(case, officer, Decision(Action.DELAY, 2, WORDS, reason, due_on=day), LATE)
    assert case.events.count() == 2


def test_past_the_promised_day_nothing_is_decided_without_a_reason(
    case: Case, officer: Officer
) -> None:
    with pytest.raises(Incomplete):
        approves(case, officer)
    on_the_day = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # eleven at night in Vientiane
    assert approves(case, officer, on_the_day).number == 3


def test_the_reason_may_be_given_with_the_decision_and_twice_is_once(
    case: Case, officer: Officer
) -> None:
    seen = Case.objects.get(pk=case.pk)
    event = approves(case, officer, reason="officer-away")
    assert approves(seen, officer, reason="officer-away") == event
    told = [(each.number, each.status, each.reason) for each in news()][-2:]
    assert told == [(3, Status.TAKEN_UP, "officer-away"), (4, Status.APPROVED, None)]
    assert case.promised_on == case.due_on  # nobody promised another day


def test_a_reason_that_is_not_needed_is_not_written_down(case: Case, officer: Officer) -> None:
    assert approves(case, officer, NOW, reason="officer-away").number == 3


def test_once_it_was_said_it_is_not_asked_again_until_the_new_day_has_passed_too(
    case: Case, officer: Officer
) -> None:
    delays(case, officer)
    with pytest.raises(Incomplete):
        approves(case, officer, LATE + timedelta(days=7))
    assert approves(case, officer).status == Status.APPROVED.value


def test_who_hands_over_what_is_past_its_day_gives_the_citizen_a_new_one(
    kiosk: PaperKiosk,
) -> None:
    birth.put_on_shelf()
    case = birth.files(kiosk)
    chief = new_officer("sida", birth.VILLAGE)
    act(case, chief, Decision(Action.TAKE_UP, 1), LATE)
    decision = Decision(Action.HAND_OVER, 2, WORDS, delay_reason="village-asked")
    with pytest.raises(Incomplete):
        act(case, chief, decision, LATE)
    dated = Decision(
        Action.HAND_OVER, 2, WORDS, delay_reason="village-asked", due_on=date(2026, 12, 8)
    )
    act(case, chief, dated, LATE)
    assert (case.office_id, case.due_on) == (birth.HOME_AFFAIRS, date(2026, 12, 8))
    assert case.step_due_on == date(2026, 12, 3)  # three working days from the hand-over


def test_a_middle_step_is_moved_by_as_many_days_as_the_answer(kiosk: PaperKiosk) -> None:
    birth.put_on_shelf()
    case = birth.files(kiosk)
    chief = new_officer("sida", birth.VILLAGE)
    act(case, chief, Decision(Action.TAKE_UP, 1), NOW)
    assert (case.step_due_on, case.due_on) == (date(2026, 11, 20), date(2026, 11, 25))
    decision = Decision(Action.DELAY, 2, WORDS, "village-asked", due_on=date(2026, 11, 27))
    act(case, chief, decision, NOW)
    assert (case.step_due_on, case.due_on) == (date(2026, 11, 24), date(2026, 11, 27))


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It is late: choose the reason for the delay."),
        ("lo", "ຊ້າແລ້ວ: ກະລຸນາເລືອກເຫດຜົນທີ່ຊ້າ."),
    ],
)
def test_the_form_of_a_late_case_asks_why_and_refuses_without(
    case: Case, officer: Officer, language: str, sentence: str
) -> None:
    hers = browser_of(officer, language)
    address = f"/office/cases/{case.application}/approve"
    fields = {"seen": "2", "words": WORDS, "legal_basis": residence.LAW, "step": "confirm"}
    assert sentence in text_of(posts(hers, address, fields))
    case.refresh_from_db()
    assert case.status == Status.TAKEN_UP.value
    said = posts(hers, address, fields | {"delay_reason": "officer-away"})
    assert said.status_code == 302
    case.refresh_from_db()
    assert case.status == Status.APPROVED.value


@pytest.mark.usefixtures("late")
def test_a_new_day_is_given_in_the_browser_and_read_on_the_public_page(
    case: Case, officer: Officer
) -> None:
    hers = browser_of(officer)
    address = f"/office/cases/{case.application}/delay"
    fields = {"seen": "2", "reason": "officer-away", "due_on": "2026-12-03", "step": "check"}
    page = text_of(posts(hers, address, fields))
    assert "We are sorry" in page or "ຂໍອະໄພ" in page
    assert "3 December 2026" in page
    posts(hers, address, fields | {"words": WORDS, "step": "confirm"})
    shown = text_of(hers.get(f"/office/cases/{case.application}/"))
    assert "Takes longer: until 3 December 2026" in shown
    assert "First promised by 23 November 2026" in shown
    receipt = {"application": case.application}
    told = text_of(browser(checks_forms=False).post("/r/status", receipt))
    for words in ("3 December 2026", "23 November 2026", "The officer is ill or on leave"):
        assert words in told
    typed = text_of(posts(browser(), "/status", {"reference": case.reference}))
    assert "3 December 2026" in typed
    assert "The officer is ill or on leave" not in typed


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize("law", ["", "law-of-the-jungle"])
def test_a_decision_names_one_of_the_service_s_laws(case: Case, officer: Officer, law: str) -> None:
    decision = Decision(Action.APPROVE, 2, WORDS, legal_basis=law, delay_reason="officer-away")
    with pytest.raises(Incomplete):
        act(case, officer, decision, LATE)
    assert case.events.count() == 2  # nor was the delay written down alone
