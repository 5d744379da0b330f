"""Central's power goes, and its disk has forgotten what was not synced: its word still holds.

The real server takes in applications and documents while every write of it is recorded; then the
power goes at any point (see `test_disk_forgets`). What it had acknowledged by then must be there:
the kiosk erases its own copy on that word.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from sync.errors import BadAnswer
from sync.protocol import Answer, EvidenceAnswer
from sync.records import KeyPurpose
from tests.acceptance.kiosk_machine import KioskMachine
from tests.central import running_central
from tests.disk.cuts import after_cuts
from tests.disk.forgetful import ForgetfulDisk, Kept, Rules, kept_in
from tests.disk.messages import http_messages
from tests.disk.recording import Done, Recorder

CUTS = 40  # by each rule
LIES = 25  # cuts of a disk that does not do what a sync asks
PHOTOS_BYTES = (30_000, 70_000, 110_000)  # in one piece, and in several


@dataclass(frozen=True, slots=True)
class Story:
    """What central did, and what it said from which point on."""

    root: Path
    before: Sequence[Kept]
    done: Sequence[Done]
    acknowledged: Sequence[tuple[int, str]]  # applications
    complete: Sequence[tuple[int, str]]  # documents, by their hash


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A central's busy minute, recorded."""
    place = tmp_path_factory.mktemp("central-disk")
    with running_central(place) as central:
        machine = KioskMachine(place / "kiosk")
        machine.provision(central.base_url, central.enrolment_code())
        central.stop()
        before = kept_in(central.data)
        recorder = Recorder(place, central.data)
        central.environment = recorder.environment
        central.start()
        try:
            machine.start()
            machine.submit(2)
            for size in PHOTOS_BYTES:
                machine.submit(1, photo_words="family book", photo_bytes=size)
            machine.settles(lambda state: state.waiting_count == 0)
            machine.sees(lambda health: not health["documents_waiting"])
        finally:
            machine.close()
        central.stop()
        done = recorder.story()
        with machine.ledger() as ledger:
            keys = ledger.keys(KeyPurpose.ANSWERS)
            rows = ledger.database.execute("SELECT size, hex(sha256) FROM evidence").fetchall()
    names = {size: name.lower() for size, name in rows}
    assert len(names) == len(PHOTOS_BYTES), "Documents are told from each other by their size."
    return Story(
        central.data,
        before,
        done,
        list(_acknowledged(done, keys)),
        list(_complete(done, keys, names)),
    )


def _acknowledged(done: Sequence[Done], keys: dict[bytes, bytes]) -> Iterator[tuple[int, str]]:
    for at, _, body in http_messages(done, b"HTTP/1.1 200"):
        try:
            answer = Answer.from_bytes(body, keys)
        except BadAnswer:  # it is another kind of answer
            continue
        yield from ((at, item.application) for item in answer.acknowledgements)


def _complete(
    done: Sequence[Done], keys: dict[bytes, bytes], names: dict[int, str]
) -> Iterator[tuple[int, str]]:
    for at, _, body in http_messages(done, b"HTTP/1.1 200"):
        try:
            offset = EvidenceAnswer.from_bytes(body, keys).offset
        except BadAnswer:
            continue
        if offset in names:
            yield at, names[offset]


def found_wrong(
    story: Story, tmp_path: Path, disk: ForgetfulDisk, cuts: int, seed: int
) -> Counter[str]:
    """What was found wrong after so many cuts, each kind how often."""
    return after_cuts(
        story.done,
        story.root,
        disk,
        lambda left, point: wrong_after(left, story, point),
        heard=[at for at, _ in [*story.acknowledged, *story.complete]],
        cuts=cuts,
        seed=seed,
        place=tmp_path,
    )


def wrong_after(left: Path, story: Story, point: int) -> Iterator[str]:
    """Which word of central does not hold when it is switched on again."""
    try:
        with closing(sqlite3.connect(left / "central.sqlite3")) as database:
            said = database.execute("PRAGMA integrity_check").fetchone()[0]
            if said != "ok":
                yield f"its database is damaged: {said}"
            held = {row[0] for row in database.execute("SELECT * FROM intake_storedenvelope")}
    except sqlite3.Error as problem:
        yield f"its database is damaged: {problem}"
        return
    for at, application in story.acknowledged:
        if at < point and application not in held:
            yield f"an acknowledged application is gone: {application}"
    for at, name in story.complete:
        path = left / "evidence" / name
        if at < point and not (path.exists() and sha256(path.read_bytes()).hexdigest() == name):
            yield f"an acknowledged document is gone: {name}"


@pytest.mark.parametrize("rules", list(Rules))
def test_what_central_said_holds(story: Story, tmp_path: Path, rules: Rules) -> None:
    seed = random.SystemRandom().randrange(2**32)
    disk = ForgetfulDisk(rules, holds=story.before)
    assert found_wrong(story, tmp_path, disk, CUTS, seed) == {}


def test_central_said_enough_to_prove_something(story: Story) -> None:
    assert len({application for _, application in story.acknowledged}) == 2 + len(PHOTOS_BYTES)
    assert len({name for _, name in story.complete}) == len(PHOTOS_BYTES)


@pytest.mark.parametrize(
    ("lies_of", "found"),
    [
        pytest.param(
            lambda done: done.name.name.endswith("-wal"),
            "an acknowledged application is gone",
            id="the database's journal",
        ),
        pytest.param(
            lambda done: done.name.name == "evidence",
            "an acknowledged document is gone",
            id="documents' folder",
        ),
    ],
)
def test_a_missing_sync_would_be_found(
    story: Story, tmp_path: Path, lies_of: Callable[[Done], bool], found: str
) -> None:
    liar = ForgetfulDisk(Rules.POSIX, lambda done: not lies_of(done), story.before)
    assert found in found_wrong(story, tmp_path, liar, LIES, seed=1)
