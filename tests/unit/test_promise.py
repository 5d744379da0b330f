"""A promised day that is past is said to be past: what she reads, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.desk import Desk, Submitted
from kiosk.finding import Found
from kiosk.language import local_date, set_language
from kiosk.promise import Lateness, lateness
from kiosk.screens.finding import facts
from sync.clock import wall_now_ms
from sync.records import Stamp, Status, StatusEvent, TimeQuality, office_audience
from tests.desk_kiosk import DeskKiosk, central_with_services
from tests.sample_answers import COMPLAINT, RESIDENCE
from tests.stand_ins.central import OFFICE, StandInCentral

TODAY = local_date(Stamp(wall_now_ms(), TimeQuality.TRUSTED))
DAY = timedelta(days=1)


class FixedClock:
    """A clock that stands."""

    def __init__(self, day: date, quality: TimeQuality = TimeQuality.TRUSTED) -> None:
        noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        self._now = Stamp(int(noon.timestamp() * 1000), quality)

    def now(self) -> Stamp:
        return self._now


@pytest.fixture(autouse=True)
def _lao_again() -> Iterator[None]:
    yield
    set_language("lo")


@pytest.fixture
def central() -> StandInCentral:
    return central_with_services(RESIDENCE, COMPLAINT)


@pytest.fixture
def kiosk(tmp_path: Path, central: StandInCentral) -> DeskKiosk:
    return DeskKiosk(tmp_path, central)


def says(
    central: StandInCentral,
    submitted: Submitted,
    due: date,
    status: Status = Status.TAKEN_UP,
    **other: str,
) -> StatusEvent:
    """An officer's act, with the promise that stands then."""
    event = replace(central.decide(submitted.application, status), due=due, **other)  # type: ignore[arg-type]  # texts
    feed = central.memory.feeds[office_audience(OFFICE)]
    feed[-1] = replace(feed[-1], payload=event.to_bytes())
    return event


def found(kiosk: DeskKiosk, submitted: Submitted) -> Found:
    finding = kiosk.desk.find_scanned(submitted.receipt.url)
    assert isinstance(finding, Found)
    return finding


def told(finding: Found, code: str) -> list[str]:
    """The heading and every line about the promise, as the screen shows them."""
    set_language(code)
    wanted = {"forward", "info", "clock"}
    lines = [line for icon, _name, lines in facts(finding) if icon in wanted for line in lines]
    return [finding.title, *lines]


def with_clock(kiosk: DeskKiosk, clock: FixedClock) -> None:
    kiosk.desk = Desk(kiosk.ledger, kiosk.jobs, clock)


GOLDEN_LATE = {
    "en": [
        "The answer is late",
        "The promised day has passed. You have the right to ask why. Call 021.",
        "November 20, 2020",
        "An officer is working on it",
    ],
    "lo": [
        "ຄຳຕອບຊ້າ",
        "ກາຍວັນທີ່ສັນຍາໄວ້ແລ້ວ. ທ່ານມີສິດຖາມເຫດຜົນ. ໂທ 021.",
        "20 ພະຈິກ 2020",
        "ພະນັກງານກຳລັງພິຈາລະນາ",
    ],
}
GOLDEN_MOVED = {
    "en": [
        "An officer is working on it",
        "It takes longer than promised. You will get an answer by the new day.",
        "January 4, 2099",
        "The officer is ill or on leave",
    ],
    "lo": [
        "ພະນັກງານກຳລັງພິຈາລະນາ",
        "ໃຊ້ເວລາດົນກວ່າທີ່ສັນຍາໄວ້. ທ່ານຈະໄດ້ຮັບຄຳຕອບພາຍໃນວັນທີໃໝ່.",
        "4 ມັງກອນ 2099",
        "ເຈົ້າໜ້າທີ່ເຈັບປ່ວຍ ຫຼື ລາພັກ",
    ],
}


@pytest.mark.parametrize("code", ["en", "lo"])
def test_past_the_promised_day_she_reads_that_it_is_late_and_whom_to_call(
    kiosk: DeskKiosk, central: StandInCentral, code: str
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    says(central, submitted, date(2020, 11, 20))
    kiosk.exchanges()
    with_clock(kiosk, FixedClock(TODAY))
    assert told(found(kiosk, submitted), code) == GOLDEN_LATE[code]


@pytest.mark.parametrize("code", ["en", "lo"])
def test_a_delay_tells_its_reason_the_new_day_and_the_first(
    kiosk: DeskKiosk, central: StandInCentral, code: str
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    says(central, submitted, date(2020, 11, 20), Status.RECEIVED)
    says(central, submitted, date(2099, 1, 4), reason="officer-away")
    kiosk.exchanges()
    finding = found(kiosk, submitted)
    assert told(finding, code) == GOLDEN_MOVED[code]
    assert finding.promise is not None
    assert finding.promise.first == date(2020, 11, 20)
    assert finding.reason is None  # it stands beside the day, once


def test_a_typed_reference_learns_the_day_and_the_telephone_but_no_reason(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    says(central, submitted, TODAY - 5 * DAY, Status.RECEIVED)
    says(central, submitted, TODAY - DAY, reason="officer-away")
    kiosk.exchanges()
    finding = kiosk.desk.find(submitted.receipt.reference)
    assert isinstance(finding, Found)
    assert finding.promise is not None
    assert finding.promise.reason is None
    assert (finding.promise.first, finding.due) == (TODAY - 5 * DAY, TODAY - DAY)
    assert finding.promise.telephone == "021"


def test_a_kiosk_that_was_cut_off_does_not_say_that_there_is_no_answer(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    says(central, submitted, TODAY + DAY)
    kiosk.exchanges()
    with_clock(kiosk, FixedClock(TODAY + 5 * DAY))
    finding = found(kiosk, submitted)
    set_language("en")
    assert finding.is_late
    assert finding.title == "An officer is working on it"
    assert "there may be an answer already. Call 021." in finding.next_step
    with_clock(kiosk, FixedClock(TODAY + 5 * DAY, TimeQuality.UNKNOWN))
    assert not found(kiosk, submitted).is_late


def test_what_could_never_be_sent_is_late_by_its_paper(kiosk: DeskKiosk) -> None:
    submitted = kiosk.submits()
    assert found(kiosk, submitted).due == submitted.receipt.due
    with_clock(kiosk, FixedClock(TODAY + 30 * DAY))
    set_language("en")
    assert "could not be sent yet" in found(kiosk, submitted).next_step


@pytest.mark.parametrize("status", [Status.RETURNED, Status.APPROVED])
def test_what_came_back_or_is_decided_is_late_no_more(
    kiosk: DeskKiosk, central: StandInCentral, status: Status
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    says(central, submitted, TODAY - DAY, status)
    kiosk.exchanges()
    assert (found(kiosk, submitted).due, found(kiosk, submitted).is_late) == (None, False)


def test_about_a_late_complaint_the_office_complained_about_is_not_called(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    submitted = kiosk.submits(COMPLAINT)
    kiosk.exchanges()
    says(central, submitted, TODAY - DAY, Status.ASSIGNED)
    kiosk.exchanges()
    finding = found(kiosk, submitted)
    assert finding.is_late
    assert "1516" in finding.next_step


def test_the_promised_day_itself_is_not_late() -> None:
    assert lateness(TODAY, TODAY, TODAY, is_sent=True) is Lateness.IN_TIME
    assert lateness(TODAY, None, TODAY + DAY, is_sent=True) is Lateness.LATE
