"""The power goes, and the disk has forgotten what was not synced: no promise is forgotten with it.

A real kiosk lives a while (made a kiosk, applications with documents, papers, exchanges, another
start, content erased) while every write is recorded below its SQLite. Then the power goes hundreds
of times, at any point of that story, and the disk keeps what was synced and any part of the rest
(see `tests.disk`). Whoever heard anything from the kiosk before that point relied on it: a person
with her reference, the printer, central.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.config import FILE_NAME, read_config
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.profile import load_profile
from kiosk.printing.tables import MIGRATIONS as KIOSK_TABLES
from kiosk.printing.vault import Vault
from kiosk.printing.virtual import VirtualPrinter
from sync.errors import LedgerError
from sync.identity import Identity
from sync.ledger import Ledger
from sync.protocol import Batch
from tests.acceptance.kiosk_machine import KioskMachine, Nursery, Promise
from tests.central import running_central
from tests.disk.cuts import after_cuts
from tests.disk.forgetful import ForgetfulDisk, Rules
from tests.disk.messages import http_messages
from tests.disk.recording import Done, Recorder, What

CUTS = 120  # by each rule
LIES = 60  # cuts of a disk that does not do what a sync asks
PHOTO_BYTES = 70_000  # more than one piece
RASTER = b"\x1dv0"  # begins a line of a paper
A_MONTH_S = 30 * 86400
PRINTER = "generic-80"


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, and what each who heard of it may rely on from which point on."""

    root: Path
    done: Sequence[Done]
    identity: Identity
    promised: Sequence[tuple[int, Promise]]
    printing: frozenset[int]  # points at which bytes of a paper had just left
    sent: Sequence[tuple[int, int]]  # the highest number of an envelope that central saw
    began: int  # from here on it is a kiosk

    def until(self, point: int) -> "Relied":
        """What others knew then."""
        return Relied(
            [promise for at, promise in self.promised if at < point],
            max((number for at, number in self.sent if at < point), default=0),
            is_printing=point - 1 in self.printing,
        )


@dataclass(frozen=True, slots=True)
class Relied:
    """What others relied on when the power went."""

    promised: list[Promise]
    sent: int
    is_printing: bool


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A kiosk's first month, recorded."""
    place = tmp_path_factory.mktemp("disk")
    recorder = Recorder(place, place / "kiosk")
    nursery = Nursery(recorder.environment)
    printer = VirtualPrinter(load_profile(PRINTER), link=place / "printer")
    with running_central(place) as central, printer:
        machine = KioskMachine(place / "kiosk", nursery)
        machine.provision(
            central.base_url,
            central.enrolment_code(),
            printer_port=printer.path,
            printer_profile=PRINTER,
        )
        began = len(recorder.story())
        try:
            _a_month(machine)
        finally:
            machine.close()
            nursery.close()
        done = recorder.story()
        with machine.ledger() as ledger:
            identity = ledger.enrolled_identity()
    return Story(
        place / "kiosk",
        done,
        identity,
        list(_promises(done)),
        frozenset(
            at for at, each in enumerate(done) if each.what is What.PRINTED and RASTER in each.data
        ),
        list(_sent(done, identity)),
        began,
    )


def _a_month(machine: KioskMachine) -> None:
    machine.start()
    machine.submit(2)
    machine.submit(1, photo_words="family book", photo_bytes=PHOTO_BYTES)
    _settles(machine)
    machine.submit(2)
    machine.kill()
    machine.start()
    machine.submit(1, photo_words="house", photo_bytes=PHOTO_BYTES)
    _settles(machine)
    machine.stop()
    machine.start(wall_offset_s=A_MONTH_S)  # what central has is erased, and the file shrinks
    machine.submit(1)
    _settles(machine)
    machine.stop()


def _settles(machine: KioskMachine) -> None:
    machine.settles(lambda state: state.waiting_count == 0)
    machine.sees(lambda health: not health["documents_waiting"])


def _promises(done: Sequence[Done]) -> Iterator[tuple[int, Promise]]:
    for at, each in enumerate(done):
        if each.what is What.SAID:
            for reference, application, job in re.findall(
                rb"promised (\S+) (\S+) (\d+)", each.data
            ):
                yield at, Promise(reference.decode(), application.decode(), int(job), "")


def _sent(done: Sequence[Done], identity: Identity) -> Iterator[tuple[int, int]]:
    """When central may first have seen which envelope: when its request began to leave."""
    for began, head, body in http_messages(done, b"POST "):
        if head.startswith(b"POST /v1/exchange"):
            batch = Batch.from_bytes(body, bytes(identity.signing_key.verify_key))
            yield began, batch.after + len(batch.envelopes)


def found_wrong(
    story: Story, tmp_path: Path, disk: ForgetfulDisk, cuts: int, seed: int
) -> Counter[str]:
    """What was found wrong after so many cuts, each kind how often."""
    heard = [at for at, _ in [*story.promised, *story.sent]]
    return after_cuts(
        story.done,
        story.root,
        disk,
        lambda left, point: wrong_after(left, story.until(point), is_kiosk=point >= story.began),
        heard=heard + random.Random(seed).sample(sorted(story.printing), len(heard)),
        cuts=cuts,
        seed=seed,
        place=tmp_path,
    )


def wrong_after(left: Path, relied: Relied, *, is_kiosk: bool) -> Iterator[str]:
    """What somebody relied on and is not so, when the machine is switched on again."""
    if not is_kiosk:
        return  # a technician stands beside it, and was told nothing yet
    if not read_config(left / FILE_NAME).central_url:
        yield "its settings are gone"
    try:
        with closing(Ledger.open(left / "data" / "ledger.sqlite3", KIOSK_TABLES)) as ledger:
            if ledger.identity() is None:
                yield "it does not know who it is"
            yield from (f"it is not whole: {fault}" for fault in ledger.faults())
            yield from _forgotten(ledger, relied)
    except LedgerError as problem:
        yield f"it is not whole: {problem}"


def _forgotten(ledger: Ledger, relied: Relied) -> Iterator[str]:
    rows = ledger.database.execute("SELECT application FROM log").fetchall()
    held, jobs = {application for (application,) in rows}, PrintJobs(ledger, Vault())
    for promise in relied.promised:
        if promise.application not in held:
            yield f"a promised application is gone: {promise.reference}"
        if jobs.find(promise.job) is None:
            yield f"a promised paper is forgotten: {promise.reference}"
    if relied.sent > len(held):
        yield f"central knows what the kiosk does not: {relied.sent} of {len(held)}"
    if relied.is_printing and not _knows_of_a_paper_under_way(ledger):
        yield "a paper would come out twice: the kiosk does not know that it has begun"


def _knows_of_a_paper_under_way(ledger: Ledger) -> bool:
    query = "SELECT count(*) FROM print_jobs WHERE state = ?"
    return bool(ledger.database.execute(query, (JobState.SENDING,)).fetchone()[0])


@pytest.mark.parametrize("rules", list(Rules))
def test_what_anybody_relied_on_is_there(story: Story, tmp_path: Path, rules: Rules) -> None:
    seed = random.SystemRandom().randrange(2**32)
    assert found_wrong(story, tmp_path, ForgetfulDisk(rules), CUTS, seed) == {}


def test_the_story_is_long_enough_to_prove_something(story: Story) -> None:
    kinds = Counter(done.what for done in story.done)
    assert set(kinds) == set(What)
    assert len(story.promised) == 7
    assert max(number for _, number in story.sent) == 7
    assert len(story.printing) > 20


# --- syncs that are not obeyed: the harness sees what each of them is for -------------------------


@pytest.mark.parametrize(
    ("lies_of", "found"),
    [
        pytest.param(
            lambda done: done.name.name.endswith("-wal"),
            {"a promised application is gone", "central knows what the kiosk does not"},
            id="the ledger's journal",
        ),
        pytest.param(
            lambda done: done.name.name == "evidence", {"it is not whole"}, id="documents' folder"
        ),
        pytest.param(
            lambda done: done.name.parent.name == "evidence", {"it is not whole"}, id="documents"
        ),
    ],
)
def test_a_missing_sync_would_be_found(
    story: Story, tmp_path: Path, lies_of: Callable[[Done], bool], found: set[str]
) -> None:
    liar = ForgetfulDisk(Rules.POSIX, lambda done: not lies_of(done))
    assert found <= set(found_wrong(story, tmp_path, liar, LIES, seed=1))
