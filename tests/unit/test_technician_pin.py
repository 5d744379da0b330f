"""The technician's PIN is not guessed, not read off the disk, and never lost for ever."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.pwhash import argon2id

from kiosk import __main__ as program
from kiosk.config import FILE_NAME, KioskConfig, to_toml
from kiosk.pin_tries import FREE_TRIES, WAIT_S_MAX
from kiosk.printing.tables import MIGRATIONS
from kiosk.technician_pin import TechnicianPin
from sync.clock import Steady
from sync.ledger import FILE_NAME as LEDGER_NAME
from sync.ledger import Ledger
from sync.pin import WeakPin, check_strong

PIN, WRONG = "480271", "480272"


class Machine:
    """A kiosk's disk, and the clock that its starts begin anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.boot, self.up_ms = "first start", 60_000
        self.ledger = Ledger.open(path, MIGRATIONS)
        self.pin = TechnicianPin(self.ledger, lambda: Steady(self.up_ms, self.boot))

    def starts_again(self, boot: str = "second start") -> None:
        self.ledger.close()
        if boot != self.boot:  # not only the program
            self.boot, self.up_ms = boot, 0
        self.ledger = Ledger.open(self.path, MIGRATIONS)
        self.pin = TechnicianPin(self.ledger, lambda: Steady(self.up_ms, self.boot))

    def is_wrong(self, times: int) -> None:
        """That many wrong tries, each as soon as one may."""
        for _try in range(times):
            self.up_ms += 1000 * self.pin.wait_s()
            assert not self.pin.opens(WRONG)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.setattr("sync.pin.OPERATIONS", argon2id.OPSLIMIT_MIN)  # in no time
    monkeypatch.setattr("sync.pin.MEMORY_BYTES", argon2id.MEMLIMIT_MIN)
    machine = Machine(tmp_path / LEDGER_NAME)
    machine.pin.choose(PIN)
    yield machine
    machine.ledger.close()


def test_the_right_one_opens_and_forgives(machine: Machine) -> None:
    machine.is_wrong(2)
    assert machine.pin.wrong_count == 2
    assert machine.pin.opens(PIN)
    assert machine.pin.wrong_count == 0


def test_without_one_nothing_opens(machine: Machine) -> None:
    machine.pin.take_away()
    assert not machine.pin.is_set
    assert not machine.pin.opens("")


@pytest.mark.parametrize(
    "pin", ["12345", "1234567890123", "48o271", "໑໒໓໔໕໖", "222222", "345678", "987654", "121212"]
)
def test_what_is_guessed_first_is_refused(machine: Machine, pin: str) -> None:
    with pytest.raises(WeakPin):
        machine.pin.choose(pin)
    assert machine.pin.opens(PIN)


def test_a_pin_with_some_order_in_it_may_be_chosen() -> None:
    check_strong("123487")


def test_the_disk_does_not_tell_it(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    machine.pin.choose(PIN)
    (hash_,) = machine.ledger.database.execute("SELECT pin_hash FROM technician").fetchone()
    assert hash_.startswith("$argon2id$v=19$m=65536,t=2,p=1$")  # 64 MiB for each try
    assert PIN not in hash_


def test_each_further_try_waits_longer_and_at_most_an_hour(machine: Machine) -> None:
    machine.is_wrong(FREE_TRIES - 1)
    assert machine.pin.wait_s() == 0
    waits = []
    for _try in range(9):
        machine.is_wrong(1)
        waits.append(machine.pin.wait_s())
    assert waits == [30, 60, 120, 240, 480, 960, 1920, WAIT_S_MAX, WAIT_S_MAX]


def test_nothing_opens_while_one_must_wait(machine: Machine) -> None:
    machine.is_wrong(FREE_TRIES)
    assert not machine.pin.opens(PIN)
    assert machine.pin.wrong_count == FREE_TRIES  # and that was no try
    machine.up_ms += 30_000
    assert machine.pin.opens(PIN)


@pytest.mark.parametrize("boot", ["first start", "second start", ""])
def test_another_start_shortens_no_wait_and_ends_in_time(machine: Machine, boot: str) -> None:
    machine.is_wrong(10)
    machine.starts_again(boot)
    assert machine.pin.wait_s() == WAIT_S_MAX
    machine.up_ms += WAIT_S_MAX * 1000
    assert machine.pin.opens(PIN)


def test_a_try_counts_although_the_power_is_cut_while_it_is_judged(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_hash: bytes, _pin: bytes) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sync.pin.argon2id.verify", cut)
        for _try in range(FREE_TRIES):
            with pytest.raises(KeyboardInterrupt):
                machine.pin.opens(PIN)
    machine.starts_again()
    assert machine.pin.wrong_count == FREE_TRIES
    assert machine.pin.wait_s() == 30


def test_it_is_chosen_and_taken_away_by_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = KioskConfig(data_dir=tmp_path / "data")
    (tmp_path / FILE_NAME).write_text(to_toml(config), "utf-8")

    def types(*words: str, stdin: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        given = program._parser().parse_args(["--folder", str(tmp_path), "technician-pin", *words])
        return program._told(given)

    assert types(stdin="111111\n") == 1
    assert "Many people choose this PIN" in capsys.readouterr().err
    assert types(stdin=f"{PIN}\n") == 0
    assert "five seconds" in capsys.readouterr().out
    ledger = Ledger.open(config.ledger_path, MIGRATIONS)
    try:
        assert TechnicianPin(ledger).opens(PIN)
        assert types("--none") == 0
        assert not TechnicianPin(ledger).is_set
    finally:
        ledger.close()
