"""How a kiosk is, in numbers and words, is told the same way wherever it is asked for."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.condition import Condition, Papers, Road
from kiosk.condition_words import NOTHING_TO_DO, PROBLEMS, REASONS, TO_DO, parts_of
from kiosk.config import KioskConfig
from kiosk.devices.stick import find_sticks
from kiosk.health import LINE_SENTENCES, Health, Line
from kiosk.language import set_language
from kiosk.printing.errors import PrinterCode, PrinterState
from kiosk.printing.paper import PaperState
from kiosk.printing.profile import load_profile
from kiosk.room import NoRoom
from sync.facts import ExchangeState, Problem, ProblemNote
from sync.pace import Limits
from sync.queue import SET_ASIDE, Books, Numbers
from sync.records import Stamp, TimeQuality

NOW = Stamp(1_800_000_000_000, TimeQuality.TRUSTED)
CONFIG = KioskConfig(data_dir=Path("/data"), central_url="https://central.la", printer_port="/p")
ROAD = Road(
    state=ExchangeState(NOW, None, 0),
    numbers=Numbers(0, 0, 0, 0),
    spent_bytes=1_250_000,
    day_bytes=None,
    is_limited=False,
    is_spent=False,
    unread_count=0,
    lives_twice=False,
    books=Books(7, 7, 0),
)
ROLL = PaperState(used_mm=4_000, length_mm=30_000, is_learned=True, per_day_mm=900)
WELL = Condition(
    now=NOW,
    road=ROAD,
    set_aside=(),
    papers=Papers(0, ROLL, date(2027, 2, 13)),
    printer=PrinterState(PrinterCode.READY, NOW.at_ms),
    free_bytes=30_000_000_000,
    kiosk_number=1,
    device="0123456789abcdef",
    services=("a-service 2026.11.1",),
    reserve_bytes=6_400_000_000,
)
PROBLEM = ProblemNote(Problem.TOO_SLOW, "TooSlow", NOW)
TROUBLES = {
    "missing": replace(WELL, road=replace(ROAD, books=Books(7, 5, 1))),
    "twice": replace(WELL, road=replace(ROAD, lives_twice=True)),
    "line": replace(WELL, road=replace(ROAD, state=ExchangeState(NOW, PROBLEM, 0))),
    "unread": replace(WELL, road=replace(ROAD, unread_count=1)),
    "disk": replace(WELL, free_bytes=999_000_000),
    "reserve": replace(WELL, no_room=NoRoom.RESERVE, free_bytes=999_000_000),
    "outdated": replace(WELL, outdated=("A service",)),
    "day": replace(WELL, no_room=NoRoom.DAY),
    "printer": replace(WELL, printer=PrinterState(PrinterCode.SILENT, NOW.at_ms)),
    "no printer": replace(WELL, printer=PrinterState(PrinterCode.NONE, NOW.at_ms)),
    "paper says": replace(WELL, printer=PrinterState(PrinterCode.PAPER_LOW, NOW.at_ms)),
    "paper counted": replace(WELL, papers=Papers(0, replace(ROLL, used_mm=29_000), None)),
    "clock": replace(WELL, now=Stamp(0, TimeQuality.UNKNOWN)),
}


@pytest.fixture(params=["lo", "en"])
def _language(request: pytest.FixtureRequest) -> object:
    set_language(request.param)
    yield
    set_language("lo")


def told(condition: Condition) -> dict[str, tuple[str, ...]]:
    parts = parts_of(condition, CONFIG, load_profile("generic-58"), Limits(), "Office")
    return {part.name: part.lines for part in parts}


def to_do(condition: Condition) -> tuple[str, ...]:
    return next(iter(told(condition).values()))


@pytest.mark.usefixtures("_language")
@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_is_one_thing_to_do_and_only_that(trouble: str) -> None:
    nothing = to_do(WELL)
    assert len(nothing) == 1
    (sentence,) = to_do(TROUBLES[trouble])
    assert sentence != nothing[0]


def test_every_kind_of_problem_has_its_words() -> None:
    assert set(PROBLEMS) == set(Problem)
    assert set(REASONS) == set(SET_ASIDE)
    assert set(LINE_SENTENCES) == set(Line) - {Line.GOOD}


def test_numbers_are_as_people_write_them() -> None:
    set_language("en")
    said = told(WELL)
    set_language("lo")
    assert said[TO_DO] == (NOTHING_TO_DO,)
    assert said["Data"] == (
        "Documents sent today: 1.2 MB, no limit by day",
        "One request carries up to 98 kB, a document goes in pieces of 65 kB.",
    )
    assert said["Paper"] == (
        "Used of this roll: 4 m. Left: about 26 m.",
        "It should end on about February 13, 2027, at 0.9 m a day.",
    )
    assert said["Disk"] == ("Free: 30 GB. For applications only: 6.4 GB",)


@pytest.mark.parametrize("line", Line)
def test_the_clerk_is_told_how_far_it_is_and_why_no_further(line: Line) -> None:
    set_language("en")
    health = Health(PrinterCode.READY, line, 3, 2, can_keep=True, clock_doubtful=False)
    said = health.road()
    set_language("lo")
    assert said.startswith("Not yet sent: applications 3, documents 2.")
    assert said.endswith(LINE_SENTENCES.get(line, "as there is a line."))


MOUNTS = """\
22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
30 22 0:24 / /run rw shared:5 - tmpfs tmpfs rw
41 22 8:1 / /media/technician/BLUE\\040STICK rw,nosuid shared:30 - vfat /dev/sda1 rw
42 22 8:17 / /run/media/technician/RED rw,nosuid shared:31 - exfat /dev/sdb1 rw
43 22 8:33 / /mediatheque rw shared:32 - ext4 /dev/sdc1 rw
"""


def test_sticks_are_what_is_mounted_where_sticks_are(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS, "utf-8")
    assert find_sticks(mounts) == (
        Path("/run/media/technician/RED"),
        Path("/media/technician/BLUE STICK"),
    )
    assert find_sticks(tmp_path / "none") == ()
    assert isinstance(find_sticks(), tuple)  # of this machine
