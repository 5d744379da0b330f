"""Each figure is what a person counts by hand from the same cases, on a real database."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from sync.central.casework.decisions import Action, Decision, act
from sync.central.casework.delays import delay_reasons
from sync.central.casework.due_dates import VIENTIANE
from sync.central.casework.models import Case, Office
from sync.central.insight import carriage, grievances, opinions, period, spread, work
from sync.central.insight.balance import Balance
from sync.central.insight.heard import hours_of
from sync.central.insight.models import HeardDay
from sync.central.insight.period import Period
from sync.central.insight.places import NATION, Country
from sync.central.insight.work import AGEING, FRESH, OLD, Work
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device
from sync.protocol import Report
from sync.records import Kind, Status
from tests.counted_cases import NAMBAK, PROVINCE, at, case, complaint, feedback
from tests.officers import new_officer
from tests.paper_kiosk import RECORDED, PaperKiosk
from tests.sample_service import OFFICE, SERVICE

JULY = date(2026, 7, 6)  # a Monday; what is handed in that day is due on the 9th here
NOW = at(date(2026, 11, 23))
HERE = (OFFICE, SERVICE)
pytestmark = pytest.mark.usefixtures("central")


def quarter(written: str = "2026-Q3") -> Period:
    found = period.find(written)
    assert found is not None
    return found


def july(day: int) -> date:
    return date(2026, 7, day)


def promises(now: datetime = NOW, written: str = "2026-Q3") -> tuple[int, int]:
    found = work.measure(quarter(written), now).get(HERE, Work())
    return found.kept, found.promised


def test_a_promise_is_kept_until_the_end_of_its_day() -> None:
    case(JULY, Status.APPROVED, july(9))
    case(JULY, Status.REJECTED, july(8))
    late = case(JULY, Status.APPROVED, july(10))
    assert promises() == (2, 3)
    Case.objects.filter(pk=late.pk).update(changed_at=at(july(9)) + timedelta(hours=11, minutes=59))
    assert promises() == (3, 3)
    Case.objects.filter(pk=late.pk).update(changed_at=at(july(9)) + timedelta(hours=12))
    assert promises() == (2, 3)


def test_what_nobody_decides_is_late_once_its_day_has_passed() -> None:
    case(JULY)
    assert promises(at(july(9))) == (0, 0)
    assert promises(at(july(10))) == (0, 1)


def test_the_clock_stops_for_a_reason_only() -> None:
    case(JULY, Status.RETURNED, july(8), reason="name-differs")
    assert promises() == (0, 0)
    case(JULY, Status.RETURNED, july(8))
    assert promises() == (0, 1)
    case(JULY, Status.RETURNED, july(10), reason="name-differs")
    assert promises() == (0, 2)


def test_a_correction_in_time_takes_its_place() -> None:
    first = case(JULY)
    second = case(JULY)
    case(july(8), Status.APPROVED, july(11), replaces=first.application)
    case(july(14), Status.APPROVED, july(15), replaces=second.application)
    assert promises() == (2, 3)  # both corrections; the second came too late for the first promise


def test_what_comes_after_its_promised_day_counts_when_it_comes() -> None:
    case(date(2026, 6, 1), received=july(20))
    assert promises(written="2026-Q2") == (0, 0)
    assert promises() == (0, 1)


def test_a_new_day_makes_nothing_less_late() -> None:
    case(JULY, Status.APPROVED, july(20), promised_on=july(9), due_on=july(24))
    assert promises() == (0, 1)


def test_an_application_without_a_promise_is_neither_kept_nor_late() -> None:
    case(JULY, Status.APPROVED, july(30), due_on=None)
    assert promises() == (0, 0)


def test_a_case_counts_for_the_centre_where_it_was_handed_in_and_waits_where_it_lies() -> None:
    case(JULY, office=NAMBAK, heard_at=OFFICE)
    found = work.measure(quarter(), NOW)
    assert found[HERE].received == 1
    assert found[HERE].waiting.total() == 0
    assert found[NAMBAK, SERVICE].received == 0
    assert found[NAMBAK, SERVICE].waiting == {OLD: 1}
    assert work.received(quarter(), {NAMBAK}) == {}
    assert set(work.backlog(NOW, {NAMBAK})) == {(NAMBAK, SERVICE)}


def test_days_are_counted_from_the_receipt_to_the_decision() -> None:
    for days in (0, 1, 1, 2, 3, 3, 4, 5, 9, 20):
        case(JULY, Status.APPROVED, JULY + timedelta(days=days))
    case(july(1), Status.APPROVED, july(8), received=july(7), recorded_quality="unknown")
    found = work.measure(quarter(), NOW)[HERE]
    assert found.days == Counter({0: 1, 1: 3, 2: 1, 3: 2, 4: 1, 5: 1, 9: 1, 20: 1})
    assert spread.percentile(found.days, spread.MEDIAN) == 3  # the 6th of 11
    assert spread.percentile(found.days, spread.MOST) == 9  # the 10th


def test_right_at_the_first_time_is_approved_without_a_return() -> None:
    for _ in range(3):
        case(JULY, Status.APPROVED, july(7))
    first = case(JULY, Status.RETURNED, july(7), reason="name-differs")
    case(july(8), Status.APPROVED, july(9), replaces=first.application)  # right the second time
    case(july(8), Status.APPROVED, july(9), claims=first.application)
    case(JULY, Status.REJECTED, july(7))
    found = work.measure(quarter(), NOW)[HERE]
    assert (found.first_right, found.first_answered, found.decided) == (3, 4, 6)
    assert (found.returned, found.reasons) == (1, {(SERVICE, "name-differs"): 1})


def test_what_waits_is_sorted_by_its_age() -> None:
    today = date(2026, 11, 23)
    for age in (0, 7, 8, 30, 31, 200):
        case(today - timedelta(days=age))
    replaced = case(today)
    case(today, Status.APPROVED, today, replaces=replaced.application)
    assert work.backlog(NOW)[HERE].waiting == {FRESH: 2, AGEING: 2, OLD: 2}


def test_channels_and_help_are_counted_of_what_came_in() -> None:
    case(JULY)
    case(JULY, channel="desk", assisted_by=7)
    case(JULY, channel="stick", assisted_by=7)
    case(date(2026, 10, 1))
    found = work.received(quarter())[HERE]
    assert (found.received, found.assisted) == (3, 2)
    assert found.channels == {"kiosk": 1, "desk": 1, "stick": 1}


def test_a_day_is_vientiane_s() -> None:
    made = case(JULY)
    Case.objects.filter(pk=made.pk).update(
        received_at=datetime.fromisoformat("2026-06-30T17:00:00+00:00")
    )
    assert work.received(quarter())[HERE].received == 1  # midnight there
    Case.objects.filter(pk=made.pk).update(
        received_at=datetime.fromisoformat("2026-06-30T16:59:59+00:00")
    )
    assert work.received(quarter()) == {}


def test_good_answers_are_marks_three_and_four() -> None:
    feedback(JULY, 4, 4, 3, 2, 1)
    feedback(JULY, 3, office=NAMBAK)
    feedback(date(2026, 10, 1), 1)
    found = opinions.marks(quarter())
    assert (found[HERE].good["overall"], found[HERE].given["overall"]) == (3, 5)
    assert found[HERE].given["fair"] == 0
    assert found[NAMBAK, SERVICE].given["overall"] == 1
    feedback(JULY, 1, channel="desk", language="en")
    by_channel, by_language = opinions.by_group(quarter(), {OFFICE})
    assert {code: one.given["overall"] for code, one in by_channel.items()} == {
        "desk": 1,
        "kiosk": 5,
    }
    assert {code: one.good["overall"] for code, one in by_language.items()} == {"en": 0, "lo": 3}


def test_complaints_are_counted_with_what_is_late_and_unanswered() -> None:
    complaint(JULY, july(9), verdict="satisfied")
    complaint(JULY, july(10), verdict="again", reopened=1)
    complaint(JULY)
    complaint(JULY, july(7), accused=None)
    found = grievances.grievances(quarter(), july(20))
    here = found[HERE]
    assert (here.lodged, here.on_time, here.due) == (3, 1, 3)
    assert (here.reopened, here.answered) == (1, 2)
    assert (here.satisfied, here.judged) == (1, 2)
    assert found["?", SERVICE].lodged == 1
    assert grievances.grievances(quarter(), july(9))[HERE].due == 2  # one may still be answered
    assert work.measure(quarter(), NOW) == {}  # a complaint is no application


def test_the_time_on_the_road_is_counted_where_the_clock_was_trusted() -> None:
    kiosk = PaperKiosk(CentralServer())
    for hours in (1, 2, 3, 4):
        case(JULY, kiosk=kiosk.id, received_at=at(JULY) + timedelta(hours=hours, seconds=59))
    case(JULY, kiosk=kiosk.id, received=july(30), recorded_quality="unknown")
    case(july(2), kiosk=kiosk.id, received=july(1))  # before it was recorded: no clock is right
    complaint(JULY).case.pk  # noqa: B018 - of another kiosk
    (road,) = carriage.roads(quarter(), {OFFICE}, NOW)
    assert road.minutes == {60: 1, 120: 1, 180: 1, 240: 1}
    assert (road.half_minutes, road.nearly_all_minutes) == (120, 240)
    assert carriage.roads(quarter(), {NAMBAK}, NOW) == []


def test_what_is_neither_here_nor_there_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    server = CentralServer()
    silent, sound, losing = (PaperKiosk(server) for _ in range(3))
    for kiosk in (sound, losing):
        kiosk.files()
    for kiosk, recorded, waiting in ((sound, 3, 3), (losing, 5, 2)):
        known = list(kiosk.answer_keys)[-1]
        kiosk.sends(kiosk.batch(report=Report(known, recorded, waiting, 0, 0)))
    roads = {road.kiosk.pk: road for road in carriage.roads(quarter(), {OFFICE}, NOW)}
    assert (roads[silent.id].loss, roads[silent.id].waiting) == (None, None)
    assert (roads[sound.id].loss, roads[sound.id].waiting) == (0, 2)
    assert roads[losing.id].loss == 3
    assert carriage.loss(list(roads.values())) == 3
    assert carriage.loss([roads[silent.id]]) is None
    assert roads[sound.id].waits_since.timestamp() * 1000 == RECORDED.at_ms
    assert roads[silent.id].waits_since == Device.objects.get(pk=silent.id).enrolled_at
    assert "differ by 3" in caplog.text


def test_a_kiosk_is_in_service_in_the_opening_hours_in_which_it_is_heard() -> None:
    """Eight to twelve and one to four: on Monday it calls in five of seven hours."""
    monday = datetime(2026, 7, 6, 8, 10, tzinfo=VIENTIANE)
    calls = [monday + timedelta(minutes=20 * number) for number in range(10)]  # until ten past 11
    calls += [monday.replace(hour=hour) for hour in (12, 15, 20)]  # at noon and at night too
    clock = iter([monday - timedelta(minutes=1), *calls])
    kiosk = PaperKiosk(CentralServer(now=lambda: next(clock)))
    Device.objects.update(enrolled_at=monday - timedelta(days=30))  # before hours were noted
    for _call in calls:
        kiosk.sends()
    (noted,) = HeardDay.objects.all()
    assert noted.hours == sum(1 << hour for hour in (8, 9, 10, 11, 12, 15, 20))

    def service(now: datetime) -> tuple[int, int]:
        (road,) = carriage.roads(quarter(), {OFFICE}, now)
        return road.service.heard, road.service.open

    assert service(monday.replace(hour=23)) == (5, 7)
    assert service(monday.replace(hour=9, minute=59)) == (1, 1)
    assert service(monday.replace(day=7, hour=23)) == (5, 14)
    assert service(monday.replace(day=12)) == (5, 35)  # Saturday and Sunday are no opening hours
    Office.objects.filter(pk=OFFICE).update(holidays=["2026-07-07"])
    assert service(monday.replace(day=7, hour=23)) == (5, 7)
    Device.objects.update(blocked_at=monday.replace(hour=10))
    assert service(monday.replace(hour=23)) == (2, 2)
    Office.objects.filter(pk=OFFICE).update(hours="by appointment")
    assert service(monday.replace(hour=23)) == (0, 0)


@pytest.mark.parametrize(
    ("words", "monday", "saturday"),
    [
        ("Mo-Fr 08:00-12:00,13:00-16:00", {8, 9, 10, 11, 13, 14, 15}, set()),
        ("Mo-Fr 08:30-10:30; Sa 08:00-09:00", {9}, {8}),
        ("Mo,Sa 08:00-09:00", {8}, {8}),
        ("24/7", set(), set()),
        ("", set(), set()),
    ],
)
def test_opening_hours_are_read(words: str, monday: set[int], saturday: set[int]) -> None:
    found = hours_of(words)
    assert (found.get(0, set()), found.get(5, set())) == (monday, saturday)


def test_a_real_application_that_an_officer_decides_is_counted() -> None:
    kiosk = PaperKiosk(CentralServer())
    kiosk.files()
    kiosk.sends()
    made = Case.objects.get()
    officer = new_officer()
    act(made, officer, Decision(Action.TAKE_UP, 1), made.received_at)
    made.refresh_from_db()
    late = delay_reasons(made)[0].id  # it was recorded long before it came
    decision = Decision(Action.APPROVE, 2, delay_reason=late)
    act(made, officer, decision, made.received_at)
    today = period.around(period.Span.YEAR, made.received_at.date())
    found = work.measure(today, made.received_at)[HERE]
    assert (found.received, found.decided, found.first_right) == (1, 1, 1)


def test_the_figures_of_a_place_are_those_of_its_offices_together() -> None:
    case(JULY, Status.APPROVED, july(8))
    case(JULY, Status.APPROVED, july(20), office=NAMBAK)
    country = Country(Office.objects.all())
    nation = Balance(country, NATION, quarter(), NOW)
    assert country.parts(NATION) == ("LA01", "LA06")
    assert country.parts("LA06") == ("LA0601", "LA0605")
    assert country.parts("LA0605") == (NAMBAK,)
    counted = {code: nation.of_part(code).work for code in (NATION, "LA01", "LA06")}
    assert [(one.kept, one.promised) for one in counted.values()] == [(1, 2), (1, 1), (0, 1)]
    assert nation.services == [SERVICE]
    below = Balance(country, "LA0605", quarter(), NOW)
    assert below.of_part(NAMBAK).work.promised == 1
    assert below.of_service(SERVICE).work.received == 1


def test_few_answers_of_one_office_cannot_be_taken_from_its_district_s() -> None:
    village = "la-vte-xaythany-village"
    feedback(JULY, *[4] * 20)
    feedback(JULY, *[1] * 5, office=village)
    feedback(JULY, *[4] * 30, office=NAMBAK)
    country = Country(Office.objects.all())
    district = Balance(country, "LA0106", quarter(), NOW)
    assert "overall" not in district.of_part("LA0106").hidden_questions
    for office in (OFFICE, village):  # 25 together, and 20 of them: 5 could be taken from that
        assert "overall" in district.of_part(office).hidden_questions


def test_what_a_district_keeps_back_for_another_its_only_office_does_not_tell() -> None:
    feedback(JULY, *[4] * 20)
    feedback(JULY, *[4] * 5, office=PROVINCE)  # in the next district: 25 are in the province
    feedback(JULY, *[4] * 30, office=NAMBAK)
    country = Country(Office.objects.all())
    assert (
        "overall" not in Balance(country, "LA01", quarter(), NOW).of_part("LA01").hidden_questions
    )
    district = Balance(country, "LA0106", quarter(), NOW)
    assert "overall" in district.of_part("LA0106").hidden_questions
    assert "overall" in district.of_part(OFFICE).hidden_questions
    assert (
        "overall" in Balance(country, OFFICE, quarter(), NOW).of_service(SERVICE).hidden_questions
    )


@pytest.mark.parametrize(
    ("written", "first", "after"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_has_its_days(written: str, first: date, after: date) -> None:
    found = quarter(written)
    assert (found.first, found.after, str(found)) == (first, after, written)
    assert found.previous().after == found.first
    assert found.next().previous() == found
    assert period.around(found.span, found.last) == found


@pytest.mark.parametrize(
    "written", ["", "2026-13", "2026-Q5", "26", "1999", "2026-Q", "９999", "x"]
)
def test_what_is_no_period_is_none(written: str) -> None:
    assert period.find(written) is None


def test_a_percentile_is_one_of_the_numbers() -> None:
    assert spread.percentile({}, 50) is None
    assert spread.percentile({7: 1}, 90) == 7
    assert spread.percentile({1: 9, 100: 1}, 90) == 1
    assert spread.percentile({1: 9, 100: 1}, 95) == 100


def test_a_complaint_is_not_among_the_kinds_that_are_counted_as_work() -> None:
    case(JULY, kind=Kind.COMPLAINT.value, heard_at=OFFICE)
    assert work.measure(quarter(), NOW) == {}
