"""One identity that lives twice, and a central that is younger than its kiosks: nothing is lost.

Real ledgers, whole files of them copied and put back, and the real central.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections
from nacl.signing import SigningKey

from kiosk.field.provision import LIVES_TWICE, provision
from sync.central import commands
from sync.central.arguments import parser
from sync.central.casework.models import Case
from sync.central.catalogue import shelf, trust
from sync.central.intake import feed
from sync.central.intake.contact import in_doubt, loss_of
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, SetAside, StoredEnvelope
from sync.enrolment import Continuing, Enrolment, EnrolmentRequest
from sync.errors import Refused, Unreachable, WaitingToSend
from sync.exchange import sync_once
from sync.identity import take_new_life
from sync.ledger import Ledger
from sync.records import Envelope, Status
from tests.paper_kiosk import PaperKiosk, new_code
from tests.sample_service import SERVICE, VERSION
from tests.stand_ins import kiosk

SMALLEST = {"service": SERVICE, "service_version": VERSION}


class Disks:
    """Kiosks' disks: a folder each, that can be copied and put back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[Ledger] = []

    def enrolled(self) -> Ledger:
        self._open.append(kiosk.enrolled(self._folder / "first", CentralServer(), new_code()))
        return self._open[-1]

    def copy(self, ledger: Ledger, name: str) -> Path:
        ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(shutil.copytree(ledger.path.parent, self._folder / name))

    def opened(self, folder: Path) -> Ledger:
        self._open.append(Ledger.open(folder / "ledger.sqlite3"))
        return self._open[-1]

    def close(self) -> None:
        for ledger in self._open:
            ledger.close()


@pytest.fixture
def disks(central: Path, tmp_path: Path) -> Iterator[Disks]:
    assert central.is_dir()
    made = Disks(tmp_path)
    yield made
    made.close()


def files(ledger: Ledger, count: int = 1) -> list[Envelope]:
    made = [kiosk.submit(ledger, **SMALLEST) for _ in range(count)]
    sync_once(ledger, CentralServer())
    return made


def cases() -> set[str]:
    return set(Case.objects.values_list("application", flat=True))


def ids(*made: list[Envelope]) -> set[str]:
    return {envelope.parsed.id for some in made for envelope in some}


def provisioned(ledger: Ledger, code: str | None) -> list[str]:
    said: list[str] = []
    provision(ledger, CentralServer(), code, "Front hall", said.append)
    return said


def test_a_disk_put_back_from_a_backup_gets_a_new_life_and_loses_nothing(disks: Disks) -> None:
    ledger = disks.enrolled()
    before = files(ledger, 2)
    backup = disks.copy(ledger, "backup")
    lost_from_the_disk = files(ledger, 3)
    ledger.close()
    restored = disks.opened(backup)
    after = files(restored, 4)
    assert cases() == ids(before, lost_from_the_disk)
    assert Device.objects.get().forked_at is not None
    assert restored.lives_twice()
    assert provisioned(restored, None)[1] == LIVES_TWICE
    said = provisioned(restored, new_code())
    assert said[1].startswith("A kiosk of its own again: number 2,")
    assert cases() == ids(before, lost_from_the_disk, after)
    assert not restored.lives_twice()
    assert not SetAside.objects.exists()
    later = files(restored)
    assert cases() == ids(before, lost_from_the_disk, after, later)
    old, new = Device.objects.order_by("kiosk_number")
    assert (old.forked_at, old.sequence, new.sequence, new.continues) == (None, 5, 7, old)
    assert [event.status for event in restored.status_events(after[0].parsed.id)] == [
        Status.RECEIVED
    ]
    assert not in_doubt(Device.objects.filter(pk=new.pk)).exists()


def test_a_disk_put_back_knows_it_before_anybody_files(disks: Disks) -> None:
    ledger = disks.enrolled()
    files(ledger)
    backup = disks.copy(ledger, "backup")
    lost_from_the_disk = files(ledger, 2)
    assert not ledger.lives_twice()
    ledger.close()
    restored = disks.opened(backup)
    sync_once(restored, CentralServer())
    assert restored.lives_twice()
    sync_once(restored, CentralServer())
    assert Device.objects.get().forked_at is not None  # central's operators see it as well
    provisioned(restored, new_code())
    assert not restored.lives_twice()
    assert ids(lost_from_the_disk) | ids(files(restored)) <= cases()
    heard = restored.find_by_id(lost_from_the_disk[0].parsed.id)
    assert heard is not None  # whoever asks for it at this kiosk gets an answer


def test_what_a_vanished_disk_had_sent_is_filed_by_the_operator(
    disks: Disks, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = disks.enrolled()
    files(ledger)
    clone = disks.opened(disks.copy(ledger, "clone"))
    files(ledger)
    from_the_clone = files(clone, 2)
    clone.close()  # and its disk breaks
    assert not ids(from_the_clone) & cases()
    for count in (2, 0):
        assert commands.run(parser().parse_args(["kiosk", "file-branches", "1"])) == 0
        assert f"filed now: {count}." in capsys.readouterr().out
    assert ids(from_the_clone) <= cases()
    first, second = Device.objects.order_by("kiosk_number")
    assert (first.forked_at, second.continues) == (None, first)
    assert second.blocked_at is not None
    sync_once(ledger, CentralServer())
    assert [event.status for event in ledger.status_events(from_the_clone[0].parsed.id)] == [
        Status.RECEIVED
    ]


def test_two_copies_that_ask_with_one_key_become_two_kiosks(disks: Disks) -> None:
    ledger = disks.enrolled()
    files(ledger)
    clone = disks.opened(disks.copy(ledger, "clone"))
    files(ledger)
    files(clone)
    clone.next_life_key()
    copy = disks.opened(disks.copy(clone, "copy of the clone"))
    numbers = [
        take_new_life(one, CentralServer(), new_code(), "Hall").kiosk_number
        for one in (clone, copy)
    ]
    assert numbers == [2, 3]


def test_both_halves_of_a_copied_card_go_on_as_two_kiosks(disks: Disks) -> None:
    ledger = disks.enrolled()
    before = files(ledger)
    clone = disks.opened(disks.copy(ledger, "clone"))
    first, second = files(ledger, 2), files(clone, 3)
    provisioned(clone, new_code())
    rest = (files(ledger), files(clone), files(ledger), files(clone))
    assert cases() == ids(before, first, second, *rest)
    assert [one.lives_twice() for one in (ledger, clone)] == [False, False]
    keys = {bytes(one.enrolled_identity().signing_key) for one in (ledger, clone)}
    assert len(keys) == 2


def test_what_waits_is_sent_under_the_identity_that_promised_it(disks: Disks) -> None:
    ledger = disks.enrolled()
    kiosk.submit(ledger, **SMALLEST)
    with pytest.raises(WaitingToSend):
        take_new_life(ledger, CentralServer(), new_code(), "Front hall")


def test_a_lost_answer_to_the_new_life_is_given_again(disks: Disks) -> None:
    class Deaf(CentralServer):
        def enrol(self, request: bytes) -> bytes:
            super().enrol(request)
            raise Unreachable("The reply was lost.")

    ledger = disks.enrolled()
    files(ledger)
    clone = disks.opened(disks.copy(ledger, "clone"))
    files(ledger)
    lost = files(clone, 2)
    code = new_code()
    with pytest.raises(Unreachable):
        take_new_life(clone, Deaf(), code, "Front hall")
    assert clone.enrolled_identity().kiosk_number == 1
    assert take_new_life(clone, CentralServer(), code, "Front hall").kiosk_number == 2
    assert ids(lost) <= cases()
    assert ids(files(clone)) <= cases()
    assert Device.objects.count() == 2


def asks(server: CentralServer, continuing: Continuing, key: SigningKey) -> Enrolment:
    request = EnrolmentRequest(new_code(), bytes(key.verify_key), "Thief", continuing)
    return Enrolment.from_bytes(server.enrol(request.signed(key)))


def test_nobody_takes_over_a_log_without_the_old_key_s_word(disks: Disks) -> None:
    ledger = disks.enrolled()
    files(ledger)
    thief, new_key = SigningKey.generate(), SigningKey.generate()
    forged = Continuing.proven(thief, bytes(new_key.verify_key), *ledger.log_end())
    device = ledger.enrolled_identity().device
    as_if = Continuing(device, forged.after, forged.previous, forged.proof)
    for continuing, reason in ((forged, "unknown-device"), (as_if, "bad-message")):
        with pytest.raises(Refused) as problem:
            asks(CentralServer(), continuing, new_key)
        assert problem.value.reason == reason
    real = Continuing.proven(
        ledger.enrolled_identity().signing_key, bytes(new_key.verify_key), *ledger.log_end()
    )
    with pytest.raises(Refused):  # the word was given to another key
        asks(CentralServer(), real, thief)
    Device.objects.update(blocked_at="2026-11-26T00:00:00Z")
    with pytest.raises(Refused) as problem:
        asks(CentralServer(), real, new_key)
    assert problem.value.reason == "blocked-device"


@pytest.fixture
def last_night(central: Path, tmp_path: Path) -> Callable[[], Callable[[], None]]:
    """Makes a backup of central; what it returns puts it back."""
    database = central / "central.sqlite3"

    def backup() -> Callable[[], None]:
        connections.close_all()
        kept = shutil.copy(database, tmp_path / "last-night.sqlite3")

        def restore() -> None:
            connections.close_all()
            for file in central.glob("central.sqlite3*"):
                file.unlink()
            shutil.copy(kept, database)
            shelf.forget_opened()
            feed.begin_epoch()  # what `restored` does
            trust.tell()

        return restore

    return backup


def test_a_central_put_back_from_last_night_gets_everything_again(
    disks: Disks, last_night: Callable[[], Callable[[], None]]
) -> None:
    ledger = disks.enrolled()
    old = files(ledger, 2)
    restore = last_night()
    new = files(ledger, 3)
    restore()
    assert cases() == ids(old)
    sync_once(ledger, CentralServer())
    assert cases() == ids(old, new)
    device = Device.objects.get()
    assert (device.sequence, device.forked_at, loss_of(device)) == (5, None, 0)
    rows = StoredEnvelope.objects.order_by("sequence").values_list("chain_hash", flat=True)
    here = ledger.database.execute("SELECT hash FROM log ORDER BY sequence").fetchall()
    assert [bytes(row) for row in rows] == [row[0] for row in here]  # digest for digest
    for application in cases():
        statuses = [event.status for event in ledger.status_events(application)]  # type: ignore[arg-type]
        assert statuses == [Status.RECEIVED]


def test_what_a_restored_central_lacks_is_alarmed_until_it_is_back(
    disks: Disks, last_night: Callable[[], Callable[[], None]]
) -> None:
    ledger = disks.enrolled()
    files(ledger, 2)
    restore = last_night()
    files(ledger, 3)
    restore()
    with pytest.raises(Unreachable):
        sync_once(ledger, _Once())
    assert [loss_of(device) for device in in_doubt(Device.objects.all())] == [3]
    sync_once(ledger, CentralServer())
    assert not in_doubt(Device.objects.all()).exists()


class _Once(CentralServer):
    """Answers one exchange, then the line is gone."""

    asked = False

    def exchange(self, batch: bytes) -> bytes:
        if self.asked:
            raise Unreachable("The line is gone.")
        self.asked = True
        return super().exchange(batch)


def test_a_kiosk_that_a_restored_central_never_knew_is_let_in_again_and_gives_all(
    disks: Disks, last_night: Callable[[], Callable[[], None]]
) -> None:
    restore = last_night()
    ledger = disks.enrolled()
    made = files(ledger, 3)
    assert PaperKiosk(CentralServer()).enrolment.kiosk_number == 2
    restore()
    with pytest.raises(Refused):
        provisioned(ledger, None)
    said = provisioned(ledger, new_code())
    assert said[1].startswith("Enrolled again: kiosk number 1,")
    assert cases() == ids(made)
    assert not ledger.lives_twice()
    assert Device.objects.get().sequence == 3
