"""A damaged ledger: all that is whole in it reaches central once, and the rest is named."""

import shutil
from pathlib import Path
from random import Random

import pytest

from kiosk.__main__ import NO_KIOSK, TORN, main
from kiosk.config import KioskConfig, to_toml
from kiosk.field.provision import provision
from sync.central.casework import releases
from sync.central.casework.models import Case
from sync.central.intake.exchange import CentralServer
from sync.central.intake.log_audit import first_flaw
from sync.central.intake.models import Device, EvidenceFile, SetAside, StoredEnvelope
from sync.courier import hand_in
from sync.errors import BadRecord, LedgerGone
from sync.exchange import sync_once
from sync.ledger import FILE_NAME, Ledger
from sync.marker import NAME
from sync.records import Envelope, LostNote
from sync.salvage import salvaged
from tests.paper_kiosk import new_code
from tests.sample_service import SERVICE, VERSION
from tests.stand_ins import kiosk

PAGE = 4096
FRAME = PAGE + 24
LOST = SetAside.Reason.LOST
SMALLEST = {"service": SERVICE, "service_version": VERSION}


class Disk:
    """A kiosk's disk as it is when the power fails: the ledger's file and its log of writes."""

    def __init__(self, folder: Path, count: int, *, sent: int = 0, in_wal: int = 0) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "kiosk.toml").write_text(
            to_toml(KioskConfig(data_dir=folder / "data", central_url="http://127.0.0.1:9"))
        )
        with_ledger = kiosk.enrolled(folder / "data", CentralServer(), new_code())
        with_ledger.database.execute("PRAGMA wal_autocheckpoint = 0")
        self.made: list[Envelope] = []
        for number in range(1, count + 1):
            photo = (b"photo %d" % number,) if number % 20 == 0 else ()
            self.made.append(kiosk.submit(with_ledger, evidence=photo, **SMALLEST))
            if number == sent:
                sync_once(with_ledger, CentralServer())
            if number == count - in_wal:
                with_ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.path = folder / "data" / FILE_NAME
        self.wal = self.path.with_name(f"{FILE_NAME}-wal")
        files = {path: path.read_bytes() for path in (self.path, self.wal)}
        with_ledger.close()
        for path, data in files.items():
            path.write_bytes(data)

    def copy(self, name: str) -> "Disk":
        other = Disk.__new__(Disk)
        other.folder = Path(shutil.copytree(self.folder, self.folder.parent / name))
        toml = to_toml(
            KioskConfig(data_dir=other.folder / "data", central_url="http://127.0.0.1:9")
        )
        (other.folder / "kiosk.toml").write_text(toml)
        other.path = other.folder / "data" / FILE_NAME
        other.wal = other.path.with_name(f"{FILE_NAME}-wal")
        other.made = self.made
        return other

    def overwrite(self, path: Path, at: int, data: bytes) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(data)

    def page_of(self, envelope: Envelope) -> int:
        """The page, counted from 0, on which an application lies."""
        return self.path.read_bytes().index(envelope.body) // PAGE

    def whole(self) -> list[Envelope]:
        """What of the applications is on the disk byte for byte: in the file or a commit."""
        wal, committed = self.wal.read_bytes(), 0
        for start in range(32, len(wal) - FRAME + 1, FRAME):
            if any(wal[start + 4 : start + 8]):
                committed = start + FRAME
        held = self.path.read_bytes() + wal[:committed]
        return [made for made in self.made if made.header + made.body + made.sealed_secret in held]

    def exported(self, stick: Path) -> int:
        stick.mkdir(exist_ok=True)
        return main(["--folder", str(self.folder), "queue", "export", str(stick)])


@pytest.fixture
def disk(central: Path, tmp_path: Path) -> Disk:
    assert central.is_dir()
    return Disk(tmp_path / "kiosk", 60)


def ids(made: list[Envelope]) -> set[str]:
    return {envelope.parsed.id for envelope in made}


def filed() -> list[str]:
    return list(StoredEnvelope.objects.values_list("application", flat=True))


def handed_in(stick: Path) -> None:
    (kiosk_,) = hand_in(stick, CentralServer())
    assert kiosk_.refused == 0


def test_one_broken_page_costs_what_lies_on_it_and_nothing_else(
    disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk.overwrite(disk.path, disk.page_of(disk.made[24]) * PAGE, Random(1).randbytes(PAGE))
    before = disk.path.read_bytes()
    lost = [made for made in disk.made if made not in disk.whole()]
    first, last = lost[0].parsed.sequence, lost[-1].parsed.sequence
    assert main(["--folder", str(disk.folder), "queue", "verify"]) == 1
    said = capsys.readouterr().out
    assert f"Whole: {60 - len(lost)} of 60; missing: {first}-{last}." in said
    assert disk.exported(tmp_path / "stick") == 1
    said = capsys.readouterr().out
    assert f"{60 - len(lost)} exported; missing: {first}-{last}." in said
    assert all(made.parsed.reference in said for made in lost)
    assert disk.path.read_bytes() == before
    handed_in(tmp_path / "stick")
    assert sorted(filed()) == sorted(ids(disk.whole()))
    assert Case.objects.count() == len(filed())
    notes = list(SetAside.objects.order_by("sequence"))
    assert {note.reason for note in notes} == {LOST}
    assert [note.detail for note in notes] == [made.parsed.reference for made in lost]
    assert EvidenceFile.objects.count() == 3 - sum(bool(made.parsed.evidence) for made in lost)
    assert first_flaw(Device.objects.get()) is None


def test_what_another_reader_finds_later_goes_to_its_place(disk: Disk, tmp_path: Path) -> None:
    worse, better = disk.copy("worse"), disk.copy("better")
    for broken in (worse, better):
        broken.overwrite(broken.path, broken.page_of(disk.made[10]) * PAGE, bytes(PAGE))
    worse.overwrite(worse.path, worse.page_of(disk.made[40]) * PAGE, bytes(PAGE))
    for number, copy in enumerate((worse, better, worse, disk, worse)):
        copy.exported(tmp_path / f"stick {number}")
        handed_in(tmp_path / f"stick {number}")
        if number == 1:
            assert set(filed()) == ids(better.whole())
            assert first_flaw(Device.objects.get()) is None
    assert sorted(filed()) == sorted(ids(disk.made))
    assert not SetAside.objects.exists()
    assert Device.objects.get().forked_at is None
    assert first_flaw(Device.objects.get()) is None


def test_what_two_people_closed_is_not_filed_by_itself(disk: Disk, tmp_path: Path) -> None:
    broken = disk.copy("broken")
    broken.overwrite(broken.path, broken.page_of(disk.made[10]) * PAGE, bytes(PAGE))
    broken.exported(tmp_path / "first")
    handed_in(tmp_path / "first")
    SetAside.objects.update(closed_at="2026-11-20T08:00:00Z")
    for name in ("second", "third"):
        disk.exported(tmp_path / name)
        handed_in(tmp_path / name)
    kept = SetAside.objects.order_by("sequence")
    assert set(filed()) | {row.application for row in kept} == ids(disk.made)
    assert Device.objects.get().forked_at is None
    assert releases.hindrance(kept[0]) == ""


@pytest.mark.parametrize("table", ["log_waiting", "_sqlite_migrations", "sqlite_schema", "device"])
def test_damage_beside_the_applications_costs_none(disk: Disk, tmp_path: Path, table: str) -> None:
    with salvaged(disk.path) as whole:
        query = f"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"
        root = whole._rows(query)[0][0] if table != "sqlite_schema" else 1
    disk.overwrite(disk.path, (root - 1) * PAGE, Random(2).randbytes(PAGE))
    assert disk.exported(tmp_path / "stick") == 0
    handed_in(tmp_path / "stick")
    assert sorted(filed()) == sorted(ids(disk.made))


def test_500_applications_a_torn_log_and_broken_pages(
    central: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert central.is_dir()
    random = Random(1)
    disk = Disk(tmp_path / "kiosk", 500, sent=50, in_wal=60)
    sound = disk.copy("sound")
    pages, frames = disk.path.stat().st_size // PAGE, disk.wal.stat().st_size // FRAME
    for page in random.sample(range(pages), 8):
        disk.overwrite(disk.path, page * PAGE, random.randbytes(PAGE))
    for frame in random.sample(range(frames), 8):
        disk.overwrite(disk.wal, 32 + frame * FRAME + 24, random.randbytes(PAGE))
    with disk.wal.open("r+b") as file:
        file.truncate(disk.wal.stat().st_size - random.randrange(8 * FRAME))
    disk.exported(tmp_path / "stick")
    said = capsys.readouterr().out
    handed_in(tmp_path / "stick")
    kept = set(ids(disk.made[:50]) | ids(disk.whole()))
    assert len(kept) > 400
    assert sorted(filed()) == sorted(kept)
    ends_at = max(made.parsed.sequence for made in disk.whole())
    lost = [made.parsed for made in disk.made[50:ends_at] if made.parsed.id not in kept]
    assert lost
    assert list(SetAside.objects.order_by("sequence").values_list("sequence", flat=True)) == [
        header.sequence for header in lost
    ]
    named = [header for header in lost if header.reference in said]
    assert len(named) > len(lost) / 2  # pages of the index are gone as well
    assert first_flaw(Device.objects.get()) is None
    sound.exported(tmp_path / "sound stick")
    handed_in(tmp_path / "sound stick")
    assert sorted(filed()) == sorted(ids(disk.made))
    assert not SetAside.objects.exists()


def test_a_kiosk_whose_ledger_is_whole_is_exported_as_ever(
    disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert disk.exported(tmp_path / "stick") == 0
    assert capsys.readouterr().out.startswith("On the stick: 60 applications, 3 documents")


def test_other_commands_say_the_next_step(disk: Disk, capsys: pytest.CaptureFixture[str]) -> None:
    disk.overwrite(disk.path, 0, bytes(PAGE))
    assert main(["--folder", str(disk.folder), "sync", "status"]) == 1
    assert capsys.readouterr().err == f"kiosk: {TORN}\n"


def test_a_note_of_what_is_lost_is_no_header_to_others(disk: Disk) -> None:
    note = LostNote(7, disk.made[6].parsed.id, disk.made[6].parsed.reference)
    envelope = Envelope.lost(note, disk.made[6].chain_hash)
    assert envelope.lost_note == note
    assert envelope.chain_hash == disk.made[6].chain_hash
    assert Envelope.lost(LostNote(7), None).lost_note == LostNote(7)
    assert disk.made[6].lost_note is None
    with pytest.raises(BadRecord):  # as a central of an earlier release finds it: set aside
        assert envelope.parsed
    assert LostNote.find(disk.made[6].header) is None


def test_a_ledger_that_is_gone_is_no_healthy_one(
    disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = (["sync", "status"], ["queue", "list"], ["queue", "verify"])
    for gone in (lambda: disk.path.write_bytes(b""), disk.path.unlink):
        gone()
        for command in (*commands, ["queue", "export", str(tmp_path)]):
            assert main(["--folder", str(disk.folder), *command]) == 1
            said = capsys.readouterr().err
            assert said.startswith("kiosk: The ledger of kiosk number 1 is gone:")
            assert "kiosk provision --code CODE" in said


def test_what_only_the_log_of_writes_holds_is_saved(central: Path, tmp_path: Path) -> None:
    assert central.is_dir()
    disk = Disk(tmp_path / "kiosk", 30, in_wal=20)
    disk.path.write_bytes(b"")
    assert disk.exported(tmp_path / "stick") == 1
    handed_in(tmp_path / "stick")
    assert ids(disk.made[10:]) <= set(filed())


def test_a_new_code_makes_a_kiosk_of_a_machine_whose_ledger_is_gone(disk: Disk) -> None:
    disk.path.unlink()
    with pytest.raises(LedgerGone):
        Ledger.open(disk.path)
    ledger = Ledger.open(disk.path, anew=True)
    ledger.close()
    with pytest.raises(LedgerGone):  # it is not enrolled yet: the line broke
        Ledger.open(disk.path)
    ledger = Ledger.open(disk.path, anew=True)
    assert provision(ledger, CentralServer(), new_code(), "again", print).kiosk_number == 2
    ledger.close()
    Ledger.open(disk.path).close()


def test_a_kiosk_that_an_earlier_program_enrolled_is_marked_when_it_is_opened(disk: Disk) -> None:
    (disk.path.parent / NAME).unlink()
    Ledger.open(disk.path).close()
    disk.path.unlink()
    with pytest.raises(LedgerGone, match="kiosk number 1"):
        Ledger.open(disk.path)


def test_a_machine_that_is_no_kiosk_has_no_queue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text('central_url = "http://127.0.0.1:9"\n')
    for command in (["sync", "status"], ["queue", "list"], ["queue", "verify"]):
        assert main(["--folder", str(tmp_path), *command]) == 1
        said = capsys.readouterr()
        assert said.err == f"kiosk: {NO_KIOSK}\n"
        assert said.out == ""
