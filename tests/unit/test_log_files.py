"""What the kiosk writes down stays a month, has bounds, and is nobody's words."""

import ast
import json
import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.app import at_work, open_ledger
from kiosk.config import NO_CAMERA, NO_MICROPHONE, KioskConfig
from kiosk.log_files import ALL_BYTES_MAX, DAY_BYTES_MAX, FOLDER, FULL, LogFiles, days, keep_log
from kiosk.printing.errors import PrinterCode
from sync.identity import enrol
from sync.scrubbed import Allowed, Plain
from tests.papers import until
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import ANSWERS, submit
from tests.unit.test_layers import modules, name_of

CANARY = "ນາງ ຄຳປຸ້ຍ"
PHONE = "020 5551 2345"
NOON_S = datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400


class Kiosk:
    """Something that logs, and the clock it goes by."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now_s = NOON_S
        self.log = logging.getLogger("kiosk.tests_of_logs")
        self.library = logging.getLogger("urllib3.tests_of_logs")
        self.handler = LogFiles(folder, 30, lambda: self.now_s)
        for logger in (self.log, self.library):
            logger.addHandler(self.handler)
            logger.propagate = False
            logger.setLevel(logging.INFO)

    def close(self) -> None:
        for logger in (self.log, self.library):
            logger.removeHandler(self.handler)
            logger.propagate = True

    @property
    def names(self) -> list[str]:
        return [path.name for _day, path in days(self.folder)]

    @property
    def lines(self) -> list[dict[str, str]]:
        text = "".join(path.read_text("ascii") for _day, path in days(self.folder))
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path / "logs")
    yield kiosk
    kiosk.close()


def test_a_line_has_the_program_s_words_and_of_others_only_numbers_and_states(
    kiosk: Kiosk,
) -> None:
    kiosk.log.info(
        "%d papers, %s, %s, %s", 3, PrinterCode.PAPER_OUT, Plain("la.moha.birth"), CANARY
    )
    try:
        int(CANARY)
    except ValueError as problem:
        kiosk.log.warning("It failed: %s", problem)
        kiosk.log.exception("It failed.")
    kiosk.library.info("It is only mentioned.")
    kiosk.library.warning("Sent %s for %s", PHONE, CANARY)
    kiosk.library.warning(f"Sent for {PHONE}")
    first, failed, traced, spoke, again = kiosk.lines
    assert first["what"] == "3 papers, paper-out, la.moha.birth, ***"
    assert first["at"] == "2026-11-26T12:00:00Z"
    assert (first["level"], first["from"]) == ("INFO", "kiosk.tests_of_logs")
    assert failed["what"].startswith(f"It failed: ValueError in {__file__}:")
    assert traced["where"].endswith(" > ValueError")
    assert spoke["what"].startswith("a message of test_log_files:")
    assert "for" not in again["what"]
    (path,) = kiosk.folder.iterdir()
    assert path.read_bytes().isascii()
    assert PHONE not in path.read_text("ascii")
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_said_on_the_terminal_is_scrubbed_alike() -> None:
    record = logging.LogRecord("sync.x", logging.INFO, "", 1, "of %s: %s", (CANARY, 4), None)
    assert Allowed("%(levelname)s %(message)s").format(record) == "INFO of ***: 4"


def test_a_day_s_file_goes_after_a_month_and_so_does_what_a_lying_clock_wrote(
    kiosk: Kiosk,
) -> None:
    kiosk.folder.mkdir()
    other = kiosk.folder / "notes.txt"
    other.touch()
    (kiosk.folder / "2040-01-01.jsonl").touch()
    kiosk.log.info("one")
    for day in (1, 29, 30, 31):
        kiosk.now_s = NOON_S + day * DAY_S
        kiosk.log.info("another")
    assert kiosk.names == [
        "2026-12-25.jsonl",
        "2026-12-26.jsonl",
        "2026-12-27.jsonl",
    ]
    assert other.exists()


def test_neither_a_day_nor_all_days_grow_without_end(kiosk: Kiosk) -> None:
    kiosk.folder.mkdir()
    for day in range(1, 25):
        (kiosk.folder / f"2026-11-{day:02}.jsonl").write_bytes(b" " * (DAY_BYTES_MAX - 1))
    today = kiosk.folder / "2026-11-26.jsonl"
    today.write_bytes(b" " * (DAY_BYTES_MAX - 200))
    for _line in range(5):
        kiosk.log.info("%s", Plain("x" * 400))
    assert today.stat().st_size == DAY_BYTES_MAX
    assert json.loads(today.read_text("ascii").strip())["what"] == FULL
    assert sum(path.stat().st_size for _day, path in days(kiosk.folder)) <= ALL_BYTES_MAX
    assert kiosk.names[-2] == "2026-11-24.jsonl"


def test_a_disk_that_takes_nothing_stops_nobody(kiosk: Kiosk) -> None:
    kiosk.folder.write_text("no folder")
    kiosk.log.info("one")
    assert kiosk.folder.read_text() == "no folder"


def test_a_kiosk_at_work_in_trouble_writes_down_what_happened_and_nobody_s_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-12: her words are in the ledger, sealed, and everything around her goes wrong."""
    config = KioskConfig(
        data_dir=tmp_path / "data",
        central_url="http://127.0.0.1:9",  # nothing listens
        printer_port=str(tmp_path / "no-printer"),
        camera_device=NO_CAMERA,
        microphone_device=NO_MICROPHONE,
    )
    config.data_dir.mkdir(0o700)
    with closing(open_ledger(config)) as ledger:
        enrol(ledger, StandInCentral(), "CODE-1", "A kiosk")
        submit(ledger)
    for name in ("kiosk", "sync"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.INFO)
    handler = keep_log(config.data_dir, config.log_days)
    loggers = (logging.getLogger(), logging.getLogger("sync"))
    loggers[1].addHandler(handler)  # central's settings, in this same process, keep it apart
    try:
        with at_work(config) as kiosk:
            kiosk.begin()
            folder = config.data_dir / FOLDER
            assert until(lambda: {"sync.worker", "kiosk.printing.worker"} <= speakers(folder), 60)
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    ((_day, path),) = days(folder)
    assert "exchange failed: Unreachable" in path.read_text("ascii")
    said = path.read_bytes().decode("unicode-escape")
    assert CANARY in json.dumps(ANSWERS, ensure_ascii=False)
    for canary in (CANARY, "ດົງໂດກ"):
        assert canary not in said


def speakers(folder: Path) -> set[str]:
    lines = (line for _day, path in days(folder) for line in path.read_text("ascii").splitlines())
    return {json.loads(line)["from"] for line in lines}


def calls_of_loggers(path: Path) -> Iterator[ast.Call]:
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    passes_on = name_of(path) == "kiosk.devices.camera"  # by `_say`, which is held to the same
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
                is_call = name in {"log", "_log"} and attr in levels and not passes_on
                if is_call or (passes_on and attr == "_say"):
                    yield node


def test_every_sentence_that_is_logged_stands_in_the_source() -> None:
    count = 0
    for path in modules():
        if name_of(path).startswith("sync.central") or b"getLogger" not in path.read_bytes():
            continue
        for call in calls_of_loggers(path):
            first = call.args[0]
            assert isinstance(first, ast.Constant), f"{path}:{call.lineno}"
            count += 1
    assert count > 10
