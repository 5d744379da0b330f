"""A USB stick between a kiosk and central: the same bytes as by a line, whatever happens to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from sync import carried
from sync.carried import StickTrouble
from sync.central.casework.models import Case
from sync.central.intake import evidence, feed
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import SetAside, StoredEnvelope
from sync.courier import HandedIn, hand_in
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.records import Envelope, Status
from sync.stick import visit, write
from tests.paper_kiosk import new_code
from tests.sample_service import SERVICE, VERSION
from tests.stand_ins import kiosk


@pytest.fixture
def ledger(central: Path, tmp_path: Path) -> Iterator[Ledger]:
    assert central.is_dir()
    opened = kiosk.enrolled(tmp_path, CentralServer(), new_code())
    yield opened
    opened.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def submit(ledger: Ledger, *evidence_: bytes) -> Envelope:
    return kiosk.submit(ledger, evidence=evidence_, service=SERVICE, service_version=VERSION)


def at_central(stick: Path) -> HandedIn:
    (done,) = hand_in(stick, CentralServer())
    return done


def to_central(ledger: Ledger, stick: Path) -> Path:
    return carried.folder(stick, carried.UP, ledger.enrolled_identity().device)


def to_kiosk(ledger: Ledger, stick: Path) -> Path:
    return carried.folder(stick, carried.DOWN, ledger.enrolled_identity().device)


def is_settled(ledger: Ledger) -> bool:
    return ledger.waiting_count() == 0 and ledger.evidence_waiting() == ()


def test_one_trip_brings_applications_and_photos_and_the_next_one_the_answers(
    ledger: Ledger, stick: Path
) -> None:
    photo = bytes(range(256)) * 5000  # more than a piece
    made = [submit(ledger, photo), submit(ledger, b"small")]
    out = visit(ledger, stick)
    assert (out.envelopes, out.documents, out.answers) == (2, 2, 0)
    assert ledger.waiting_count() == 2
    assert at_central(stick) == HandedIn(ledger.enrolled_identity().device, batches=1, pieces=3)
    assert Case.objects.count() == 2
    home = visit(ledger, stick)
    assert (home.acknowledged, home.answers, home.unreadable) == (2, 4, 0)
    assert is_settled(ledger)
    assert home.envelopes == 0
    for envelope in made:
        assert ledger.status_events(envelope.parsed.id)[0].status is Status.RECEIVED
        for note in envelope.parsed.evidence:
            assert evidence.is_here(note.sha256)
    assert ledger.service_versions() == {SERVICE: (VERSION,)}


def test_the_bytes_on_a_stick_are_those_of_the_line(ledger: Ledger, stick: Path) -> None:
    submit(ledger)
    visit(ledger, stick)
    ((_name, message),) = carried.messages(to_central(ledger, stick), carried.BATCH, 10**6)
    answer = CentralServer().exchange(message)
    assert Case.objects.count() == 1
    at_central(stick)
    assert Case.objects.count() == 1
    ((_name, again),) = carried.messages(
        to_kiosk(ledger, stick), carried.BATCH + carried.ANSWER, 10**6
    )
    assert len(again) == pytest.approx(len(answer), abs=20)


def test_a_stick_that_is_carried_twice_files_everything_once(ledger: Ledger, stick: Path) -> None:
    envelope = submit(ledger, b"photo")
    visit(ledger, stick)
    at_central(stick)
    at_central(stick)
    copy = stick.parent / "copy"
    shutil.copytree(stick, copy)
    assert visit(ledger, stick).acknowledged == 1
    again = visit(ledger, copy)
    assert (again.acknowledged, again.answers, again.unreadable) == (0, 0, 0)
    assert is_settled(ledger)
    assert (StoredEnvelope.objects.count(), SetAside.objects.count()) == (1, 0)
    assert len(ledger.status_events(envelope.parsed.id)) == 1


def test_two_sticks_on_the_road_may_come_in_any_order(ledger: Ledger, stick: Path) -> None:
    other = stick.parent / "other"
    other.mkdir()
    submit(ledger)
    visit(ledger, stick)
    submit(ledger)
    visit(ledger, other)
    at_central(other)
    at_central(stick)
    assert visit(ledger, stick).acknowledged == 1
    assert visit(ledger, other).acknowledged == 1
    assert is_settled(ledger)
    assert Case.objects.count() == 2


def test_an_answer_that_comes_after_the_line_is_back_changes_nothing(
    ledger: Ledger, stick: Path
) -> None:
    envelope = submit(ledger, b"photo")
    visit(ledger, stick)
    at_central(stick)
    submit(ledger)
    sync_once(ledger, CentralServer())
    before = ledger.exchange_state(), ledger.cursor(), ledger.known_time().signed_ms
    late = visit(ledger, stick)
    assert (late.acknowledged, late.news) == (0, 0)
    assert (ledger.exchange_state(), ledger.cursor(), ledger.known_time().signed_ms) == before
    assert is_settled(ledger)
    assert len(ledger.status_events(envelope.parsed.id)) == 1


def test_a_file_that_was_copied_half_costs_only_itself(ledger: Ledger, stick: Path) -> None:
    submit(ledger, b"first photo")
    submit(ledger, b"the second photo")
    visit(ledger, stick)
    place = to_central(ledger, stick)
    piece = place / carried.names(place, carried.PIECE)[0]
    piece.write_bytes(piece.read_bytes()[:-7])
    (place / "holiday.jpg").write_bytes(b"not ours")
    done = at_central(stick)
    assert (done.batches, done.pieces, done.refused) == (1, 1, 1)
    home = to_kiosk(ledger, stick)
    answer = home / carried.names(home, carried.BATCH + carried.ANSWER)[0]
    whole = answer.read_bytes()
    answer.write_bytes(whole[:100])
    assert visit(ledger, stick).unreadable == 1
    assert ledger.waiting_count() == 2
    at_central(stick)
    visit(ledger, stick)
    assert is_settled(ledger)
    assert (place / "holiday.jpg").exists()


def test_a_long_log_goes_in_batches_and_a_missing_one_costs_a_trip(
    ledger: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.stick.ENVELOPES_MAX", 2)
    for _ in range(5):
        submit(ledger)
    visit(ledger, stick)
    place = to_central(ledger, stick)
    first, *_others = carried.names(place, carried.BATCH)
    (place / first).unlink()
    at_central(stick)
    assert Case.objects.count() == 0
    assert visit(ledger, stick).acknowledged == 0
    at_central(stick)
    assert visit(ledger, stick).acknowledged == 5
    assert feed.after(list(ledger.cursor()), ledger.cursor(), 10**6).changes == ()


def test_central_restored_between_two_trips_gets_again_what_it_lost(
    ledger: Ledger, stick: Path, central: Path
) -> None:
    connections.close_all()
    shutil.copy(central / "central.sqlite3", stick.parent / "last night")
    submit(ledger, b"photo")
    for _trip in range(2):
        visit(ledger, stick)
        at_central(stick)
    connections.close_all()
    shutil.copy(stick.parent / "last night", central / "central.sqlite3")
    feed.begin_epoch()
    visit(ledger, stick)
    at_central(stick)
    assert visit(ledger, stick).envelopes == 1
    at_central(stick)
    visit(ledger, stick)
    assert is_settled(ledger)
    assert StoredEnvelope.objects.count() == 1


def test_what_central_lacked_when_a_stick_was_there_is_not_offered_again_for_ever(
    ledger: Ledger, stick: Path, central: Path
) -> None:
    """The stick goes to a restored central; before it is home, a line has brought all again."""
    connections.close_all()
    shutil.copy(central / "central.sqlite3", stick.parent / "last night")
    submit(ledger)
    sync_once(ledger, CentralServer())
    visit(ledger, stick)  # in the old life of central, which has acknowledged one
    connections.close_all()
    shutil.copy(stick.parent / "last night", central / "central.sqlite3")
    feed.begin_epoch()
    at_central(stick)  # which has none
    sync_once(ledger, CentralServer())
    assert is_settled(ledger)
    visit(ledger, stick)
    assert ledger.waiting_count() == 0, "what was erased meanwhile could not be sent again"


def test_an_answer_from_before_a_loss_is_not_believed(ledger: Ledger, stick: Path) -> None:
    submit(ledger)
    visit(ledger, stick)
    at_central(stick)
    with ledger.transaction():
        ledger.restart_feed(b"another life ...")
    assert visit(ledger, stick).acknowledged == 0
    assert ledger.waiting_count() == 1


def test_a_word_on_a_photo_from_before_a_loss_is_not_believed(ledger: Ledger, stick: Path) -> None:
    submit(ledger, b"photo")
    visit(ledger, stick)
    at_central(stick)
    feed.begin_epoch()  # central was restored; the kiosk hears so, and gives the piece away again
    other = stick.parent / "other"
    other.mkdir()
    sync_once(ledger, CentralServer())
    with ledger.transaction():
        ledger.offer_evidence_again()
    visit(ledger, other)
    visit(ledger, stick)
    assert len(ledger.evidence_waiting()) == 1


def test_a_stick_brings_no_other_kiosks_news_and_no_forged_ones(
    ledger: Ledger, stick: Path, tmp_path: Path
) -> None:
    (tmp_path / "2").mkdir()
    other = kiosk.enrolled(tmp_path / "2", CentralServer(), new_code())
    submit(ledger)
    submit(other)
    visit(ledger, stick)
    visit(other, stick)
    assert len(hand_in(stick, CentralServer())) == 2
    for path in to_kiosk(other, stick).iterdir():  # somebody mixes up the folders
        shutil.copy(path, to_kiosk(ledger, stick))
    for path in to_central(other, stick).iterdir():
        shutil.copy(path, to_central(ledger, stick))
    assert visit(ledger, stick).acknowledged == 1
    assert other.waiting_count() == 1
    other.close()


def test_a_full_stick_takes_the_small_ones(
    ledger: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(ledger, b"small", bytes(200_000))
    plain = carried.write

    def full(place: Path, name: str, message: bytes) -> None:
        if len(message) > 100_000:
            raise StickTrouble("The stick is full.")
        plain(place, name, message)

    monkeypatch.setattr("sync.carried.write", full)
    out = visit(ledger, stick)
    assert (out.envelopes, out.documents, out.documents_left) == (1, 1, 1)


def test_a_stick_that_is_not_there_is_a_sentence(ledger: Ledger, stick: Path) -> None:
    with pytest.raises(StickTrouble, match="Plug the stick in"):
        visit(ledger, stick / "nowhere")
    with pytest.raises(StickTrouble, match="Plug the stick in"):
        hand_in(stick / "nowhere", CentralServer())


def test_nothing_is_written_through_a_link_that_leads_off_the_stick(
    ledger: Ledger, stick: Path, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (stick / carried.ROOT).mkdir()
    (stick / carried.ROOT / carried.UP).symlink_to(tmp_path / "home")
    submit(ledger)
    with pytest.raises(StickTrouble, match="leads elsewhere"):
        write(ledger, stick)
    assert list((tmp_path / "home").iterdir()) == []


def test_who_finds_a_stick_reads_nothing(ledger: Ledger, stick: Path) -> None:
    with ledger.transaction():
        made, _secret = kiosk.make(ledger, answers={"name": "CANARY"}, evidence=(b"CANARY",))
        ledger.add(made)
    visit(ledger, stick)
    written = [path for path in stick.rglob("*") if path.is_file()]
    assert len(written) == 2
    assert not any(b"CANARY" in path.read_bytes() for path in written)
