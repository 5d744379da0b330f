"""`kiosk reset`: no promise is erased, and a power cut leaves a kiosk, or a half to finish."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.app import alone, open_ledger
from kiosk.config import KioskConfig, to_toml
from kiosk.field.provision import provision
from kiosk.field.reset import erasing
from kiosk.field.running import BEGUN
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.slip import Slip, Words
from kiosk.printing.vault import Vault
from sync import marker
from sync.exchange import sync_once
from sync.identity import enrol
from sync.ledger import Ledger
from sync.records import Kind
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import submit

Said = pytest.CaptureFixture[str]


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def config(tmp_path: Path) -> KioskConfig:
    made = KioskConfig(data_dir=tmp_path / "data", name="Front hall")
    (tmp_path / "kiosk.toml").write_text(to_toml(made), "utf-8")
    return made


@pytest.fixture
def ledger(config: KioskConfig, central: StandInCentral) -> Iterator[Ledger]:
    with closing(open_ledger(config)) as opened:
        enrol(opened, central, "CODE-1", "Front hall")
        yield opened


def reset(config: KioskConfig, name: str = "Front hall") -> int:
    return main(["--folder", str(config.data_dir.parent), "reset", "--yes", name])


def is_whole(config: KioskConfig) -> bool:
    return marker.find(config.data_dir) is not None and config.ledger_path.exists()


def test_nothing_is_erased_while_central_lacks_something(
    ledger: Ledger, config: KioskConfig, capsys: Said
) -> None:
    for kind in Kind:
        submit(ledger, kind=kind)
    submit(ledger, kind=Kind.COMPLAINT)
    before = {path.name for path in config.data_dir.iterdir()}
    assert reset(config) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[:5] == [
        "Applications that central does not have: 1.",
        "Complaints that central does not have: 2.",
        "Opinions that central does not have: 1.",
        "Counts of the last days that central does not have: 1.",
        "Answers to decided complaints that central does not have: 1.",
    ]
    assert "kiosk sync --stick DIR" in said.out
    assert said.err == "kiosk: Nothing is erased.\n"
    assert {*before, "running.lock"} == {path.name for path in config.data_dir.iterdir()}


def test_nothing_is_erased_while_a_document_or_a_paper_waits(
    ledger: Ledger, config: KioskConfig, central: StandInCentral, capsys: Said
) -> None:
    submit(ledger, evidence=(b"photo",))
    with ledger.transaction():
        PrintJobs(ledger, Vault()).add_slip(Slip((Words("A slip"),)), private=False)
    assert reset(config) == 1
    said = capsys.readouterr().out
    assert "Documents and photos that central does not have: 1." in said
    assert "Papers that wait to be printed: 1." in said
    sync_once(ledger, central)
    assert reset(config) == 1
    said = capsys.readouterr().out
    assert "central does not have" not in said
    assert "Papers that wait to be printed: 1." in said


def test_nothing_is_erased_while_something_is_set_aside(
    ledger: Ledger, config: KioskConfig, central: StandInCentral, capsys: Said
) -> None:
    central.unreadable = lambda _envelope: True
    submit(ledger)
    sync_once(ledger, central)
    assert reset(config) == 1
    assert "Set aside by central: 1." in capsys.readouterr().out


def test_nothing_is_erased_without_the_kiosk_s_name(
    ledger: Ledger, config: KioskConfig, capsys: Said
) -> None:
    assert ledger.waiting_count() == 0
    assert reset(config, "Back hall") == 1
    said = capsys.readouterr()
    assert "This erases kiosk number" in said.out
    assert said.err == "kiosk: The name is another one. Nothing is erased.\n"
    assert is_whole(config)


def test_nothing_is_erased_under_a_running_kiosk(
    ledger: Ledger, config: KioskConfig, capsys: Said
) -> None:
    assert ledger.waiting_count() == 0
    with alone(config):
        assert reset(config) == 1
    assert "already runs" in capsys.readouterr().err
    assert is_whole(config)


def test_a_bare_machine_has_nothing_to_erase(config: KioskConfig, capsys: Said) -> None:
    assert reset(config) == 1
    assert "not enrolled as a kiosk" in capsys.readouterr().err
    assert not config.data_dir.exists()


def used(ledger: Ledger, central: StandInCentral) -> None:
    """Somebody applied with a photo, and central has it all."""
    submit(ledger, evidence=(b"photo",))
    sync_once(ledger, central)
    (ledger.path.parent / "kivy").mkdir()
    (ledger.path.parent / "kivy" / "icon.png").write_bytes(b"x")
    ledger.close()


def test_a_machine_is_bare_afterwards_and_may_be_enrolled_anew(
    ledger: Ledger, config: KioskConfig, central: StandInCentral, capsys: Said
) -> None:
    device = ledger.enrolled_identity().device
    used(ledger, central)
    (config.data_dir / "notes.txt").write_text("of somebody", "utf-8")
    assert reset(config) == 0
    said = capsys.readouterr().out
    assert "its log of 1 entries; central has all" in said
    assert "left there: notes.txt" in said
    assert "kiosk block" in said
    assert [path.name for path in config.data_dir.iterdir()] == ["notes.txt"]
    with closing(open_ledger(config)) as anew:
        identity = provision(anew, central, "CODE-2", "Front hall", lambda _line: None)
        assert identity.device != device
        assert anew.books().accepted == 0


def test_a_power_cut_leaves_a_half_that_only_a_reset_touches_and_finishes(
    ledger: Ledger, config: KioskConfig, central: StandInCentral, capsys: Said
) -> None:
    used(ledger, central)
    steps, folder = 0, ["--folder", str(config.data_dir.parent)]
    while True:
        steps += 1
        list(islice(erasing(config.data_dir), 1))  # cut after the next file
        if not (config.data_dir / BEGUN).exists():
            break
        for command in (["sync", "status"], ["queue", "verify"], ["printer", "status"]):
            assert main([*folder, *command]) == 1
            assert "was cut off. Finish it: kiosk reset" in capsys.readouterr().err
        assert main([*folder, "provision", "--central", "https://c.example", "--code", "X"]) == 1
        assert "Finish it: kiosk reset" in capsys.readouterr().err
    assert steps > 4
    config.data_dir.joinpath(BEGUN).touch()  # cut before its last step
    assert reset(config, "whatever") == 0
    assert "It is finished now." in capsys.readouterr().out
    assert list(config.data_dir.iterdir()) == []


def test_keys_are_overwritten_and_links_are_not_followed(
    ledger: Ledger, config: KioskConfig, central: StandInCentral, tmp_path: Path
) -> None:
    used(ledger, central)
    secret, outside = config.data_dir / marker.NAME, tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_bytes(b"kept")
    (config.data_dir / "evidence" / "link").symlink_to(outside)
    kept = tmp_path / "still-there"
    kept.hardlink_to(secret)  # what a removed file's place on the disk holds
    assert reset(config) == 0
    assert set(kept.read_bytes()) == {0}
    assert (outside / "kept").read_bytes() == b"kept"
