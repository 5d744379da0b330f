"""What is late climbs by itself: to the supervisor, to the office above, to the nation."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sync.central import commands
from sync.central.arguments import parser
from sync.central.casework.decisions import Action, Decision, act
from sync.central.casework.escalations import escalate
from sync.central.casework.models import Case, Escalation, Officer
from sync.central.casework.overdue import Level, days_late, levels, office_at
from sync.central.intake.exchange import CentralServer
from tests import birth, residence
from tests.officers import NOW, WORDS, browser_of, new_officer, text_of
from tests.paper_kiosk import PaperKiosk

PROVINCE, NATION = "la-vt-complaints", "la-complaints"
ABOVE = {"village": None, "front": "province", "province": "nation", "nation": None}


def at(day: int) -> datetime:
    """Ten in the morning in Vientiane, a day of that November."""
    return datetime(2026, 11, day, 3, 0, tzinfo=UTC)


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def case(kiosk: PaperKiosk) -> Case:
    case = residence.files(kiosk).case
    assert case.due_on == date(2026, 11, 23)
    return case


@pytest.fixture
def supervisor(kiosk: PaperKiosk) -> Officer:
    return supervises("somsy", kiosk.enrolment.office)


def supervises(name: str, office: str) -> Officer:
    officer = new_officer(name, office)
    officer.is_supervisor = True
    officer.save()
    return officer


@pytest.mark.parametrize(
    ("today", "late", "reached"),
    [
        (23, 0, ()),
        (24, 1, (Level.OFFICE,)),
        (25, 2, (Level.OFFICE,)),
        (26, 3, (Level.OFFICE, Level.ABOVE)),
        (29, 4, (Level.OFFICE, Level.ABOVE)),  # a Sunday
    ],
)
def test_the_ladder_counts_working_days(today: int, late: int, reached: tuple[Level, ...]) -> None:
    due = date(2026, 11, 23)
    assert days_late(due, date(2026, 11, today)) == late
    assert levels(late) == reached
    assert levels(7) == tuple(Level)


@pytest.mark.parametrize(
    ("office", "way"),
    [
        ("front", ["front", "province", "nation"]),
        ("village", ["village", "front", "nation"]),  # it reports to where it was handed in
        ("nation", ["nation", "nation", "nation"]),
    ],
)
def test_the_way_up_is_that_of_complaints(office: str, way: list[str]) -> None:
    assert [office_at(level, office, "front", ABOVE) for level in Level] == way


def test_offices_that_report_in_a_circle_have_an_end() -> None:
    circle: dict[str, str | None] = {"a": "b", "b": "a"}
    assert office_at(Level.NATION, "a", "a", circle) == "b"


def test_a_late_case_is_brought_before_each_once(case: Case) -> None:
    assert escalate(at(23)) == []
    for _twice in range(2):
        escalate(at(24))
    escalate(at(26))
    written = Escalation.objects.order_by("level").values_list("level", "office", "days_late")
    assert list(written) == [(1, case.office_id, 1), (2, PROVINCE, 3)]
    escalate(datetime(2026, 12, 4, 3, 0, tzinfo=UTC))
    assert Escalation.objects.get(level=3).office_id == NATION
    again = Escalation.objects.get(level=1)
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_a_step_that_is_late_climbs_before_the_whole_is(kiosk: PaperKiosk) -> None:
    birth.put_on_shelf()
    case = birth.files(kiosk)
    assert (case.step_due_on, case.due_on) == (date(2026, 11, 20), date(2026, 11, 25))
    (one,) = escalate(at(23))
    assert (one.case, one.office_id) == (case, birth.VILLAGE)


def test_what_is_decided_corrected_or_given_a_new_day_climbs_no_more(
    kiosk: PaperKiosk, case: Case
) -> None:
    officer = new_officer("khamphaeng", kiosk.enrolment.office)
    act(case, officer, Decision(Action.TAKE_UP, 1), NOW)
    moved = Decision(Action.DELAY, 2, WORDS, "officer-away", due_on=date(2026, 11, 27))
    act(case, officer, moved, at(23))
    assert escalate(at(27)) == []
    (one,) = escalate(at(30))
    assert one.due_on == date(2026, 11, 27)
    first = residence.files(kiosk)
    residence.files(kiosk, corrects=first)
    assert first.case.pk not in {each.case_id for each in escalate(at(24))}


def test_the_command_says_what_it_brought_before_whom(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(24))
    assert commands.run(parser().parse_args(["escalate"])) == 0
    said = capsys.readouterr().out
    assert f"{case.reference}: working days late: 1." in said
    assert "Brought before somebody new: 1." in said


@pytest.mark.parametrize(
    ("language", "marks"),
    [
        ("en", ("Brought before: Supervisor", "Late by 1 working day")),
        ("lo", ("ໄດ້ແຈ້ງຕໍ່: ຫົວໜ້າ", "ກາຍກຳນົດ 1 ວັນລັດຖະການ")),
    ],
)
def test_opening_the_list_escalates_where_no_timer_runs(
    case: Case, monkeypatch: pytest.MonkeyPatch, language: str, marks: tuple[str, str]
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(24))
    officer = new_officer("khamphaeng", case.office_id)
    page = text_of(browser_of(officer, language).get("/office/"))
    for words in marks:
        assert words in page
    assert Escalation.objects.get().office_id == case.office_id
    shown = text_of(browser_of(officer).get(f"/office/cases/{case.application}/"))
    assert "Late: brought before" in shown
    assert browser_of(officer).get("/office/overdue").status_code == 403


def test_the_page_tells_supervisors_who_has_it_and_why_it_is_late(
    case: Case, supervisor: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at(26))
    page = text_of(browser_of(supervisor).get("/office/overdue"))
    for words in (case.reference, "Late by 3 working days", "Nobody has taken it up", "None given"):
        assert words in page
    officer = new_officer("khamphaeng", case.office_id)
    act(case, officer, Decision(Action.TAKE_UP, 1), at(26))
    moved = Decision(Action.DELAY, 2, WORDS, "officer-away", due_on=date(2026, 11, 30))
    act(case, officer, moved, at(26))
    assert "Nothing is late." in text_of(browser_of(supervisor).get("/office/overdue"))
    page = text_of(browser_of(supervisor).get("/office/overdue?show=moved"))
    for words in ("The officer is ill or on leave", "First promised by 23 November", str(officer)):
        assert words in page


def test_the_office_above_sees_what_came_up_and_opens_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = new_officer("vanna", PROVINCE, handles_complaints=True)
    monkeypatch.setattr(timezone, "now", lambda: at(24))
    assert case.reference not in text_of(browser_of(above).get("/office/overdue"))
    monkeypatch.setattr(timezone, "now", lambda: at(26))
    page = text_of(browser_of(above).get("/office/overdue"))
    assert case.reference in page
    assert f"/office/cases/{case.application}/" not in page
    assert browser_of(above).get(f"/office/cases/{case.application}/").status_code == 404
