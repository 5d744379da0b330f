"""The queue from outside: what waits, what was set aside, and whether it is what was promised."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.field.road import export_queue, import_queue, list_queue, verify_queue
from sync.errors import Unreachable
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.records import Status
from sync.stick import read
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit
from tests.stand_ins.wire import FaultyWire


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def listed(ledger: Ledger, *, everything: bool = False) -> list[str]:
    said: list[str] = []
    list_queue(ledger, said.append, everything=everything)
    return said


def verified(ledger: Ledger) -> list[str]:
    said: list[str] = []
    is_whole = verify_queue(ledger, said.append)
    assert is_whole == (len(said) == 1)
    return said[:-1]


def test_what_waits_is_listed_with_its_documents(ledger: Ledger, central: StandInCentral) -> None:
    submit(ledger)
    sync_once(ledger, central)
    waiting = submit(ledger, evidence=(b"photo", b"map"))
    line, sums = listed(ledger)
    assert line.split()[:2] == ["2", waiting.parsed.reference]
    assert "waits" in line
    assert "2 documents of 88 bytes wait" in line
    assert sums == "Waiting: 1 applications, 2 documents. Set aside: 0."
    assert len(listed(ledger, everything=True)) == 3


def test_what_was_set_aside_is_listed_until_central_takes_it_up(
    ledger: Ledger, central: StandInCentral
) -> None:
    central.unreadable = lambda _envelope: True
    envelope = submit(ledger)
    sync_once(ledger, central)
    assert "SET ASIDE (central cannot read it)" in listed(ledger)[0]
    assert ledger.numbers().set_aside == 1
    central.decide(envelope.parsed.id, Status.RECEIVED)
    sync_once(ledger, central)
    assert "released" in listed(ledger)[0]
    assert ledger.numbers().set_aside == 0


def test_a_queue_as_it_was_promised_is_whole(ledger: Ledger, central: StandInCentral) -> None:
    for _ in range(3):
        submit(ledger, evidence=(b"photo",))
    sync_once(ledger, central)
    central.decide(submit(ledger).parsed.id, Status.APPROVED)
    assert verified(ledger) == []


def test_whatever_was_altered_is_named(ledger: Ledger) -> None:
    made = [submit(ledger, evidence=(b"photo",)) for _ in range(5)]
    (ledger.evidence_folder / made[0].parsed.evidence[0].sha256.hex()).unlink()
    with ledger.transaction():
        for statement in (
            "UPDATE log SET body = x'00' WHERE sequence = 2",
            "UPDATE log SET header = x'00' WHERE sequence = 3",
            "DELETE FROM evidence WHERE sequence = 4",
            "DELETE FROM log WHERE sequence = 4",
        ):
            ledger.database.execute(statement)
    said = verified(ledger)
    assert said[0] == "Envelope 2 is not what it was."
    assert said[1].startswith("Envelope 3 cannot be read")
    assert said[2:4] == [
        "Envelope 4 is missing.",
        "Envelope 5 does not follow the one before it.",
    ]
    assert "cannot be read" in said[4]


def test_a_dead_kiosks_disk_is_exported_and_handed_in_by_another_kiosk(
    ledger: Ledger, central: StandInCentral, tmp_path: Path
) -> None:
    made = [submit(ledger, evidence=(b"photo",)) for _ in range(2)]
    sync_once(ledger, central)
    made.append(submit(ledger, evidence=(b"map",)))
    said: list[str] = []
    (tmp_path / "stick").mkdir()
    export_queue(ledger, tmp_path / "stick", said.append, everything=True)
    assert said[0].startswith("On the stick: 3 applications, 1 documents")
    line = FaultyWire(central)
    line.next_faults = ["lose request"]
    with pytest.raises(Unreachable):
        import_queue(tmp_path / "stick", line, said.append)
    assert import_queue(tmp_path / "stick", line, said.append)
    assert list(central.memory.applications.values()) == made
    assert len(central.memory.files) == 3
    assert read(ledger, tmp_path / "stick").acknowledged == 1
    assert ledger.numbers().documents == 0


def test_a_folder_without_a_kiosks_messages_is_named(
    central: StandInCentral, tmp_path: Path
) -> None:
    said: list[str] = []
    assert not import_queue(tmp_path, central, said.append)
    assert "kiosk queue export" in said[0]
