"""Deliberate faults in the device's half, each of which the simulation must find.

`python -m tests.simulation.faults` builds one in at a time and lives histories until something that
must hold does not. A fault that no history finds is named: then the simulation is too kind. Faults
that the next exchange heals by itself (one acknowledgement too many: `through` tells) are not here,
nor what central never does: it answers from the batch's own cursor, so no hole comes by a stick,
and `tests/unit/test_feed.py` shows what would become of one.
"""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sync import exchange, retention
from sync.evidence import Evidence
from sync.feed import Feed
from sync.ledger import Ledger
from sync.log import Log
from sync.protocol import EvidenceAnswer
from sync.records import Status
from tests.simulation.soak import wrong_in

HISTORIES_MAX = 60
HISTORY_S_MAX = 90  # one that never ends is found, too
Fault = tuple[object, str, Any]

_outbox, _add = Log.outbox, Log.add
_apply = Feed._apply
_evidence_answer = EvidenceAnswer.from_bytes


def _done_with_the_first_piece(ledger: Evidence, sha256: bytes, sent: int) -> None:
    ledger._write("UPDATE evidence SET sent = ?, done = 1 WHERE sha256 = ?", (sent, sha256))


def _restart_without_the_cursors(feed: Feed, epoch: bytes) -> None:
    feed._write("UPDATE device SET epoch = ?", (epoch,))


def _without_life(message: bytes, keys: Any) -> EvidenceAnswer:
    return replace(_evidence_answer(message, keys), epoch=None)


def _believed_late(ledger: Ledger, answer: EvidenceAnswer) -> bool:
    with ledger.transaction():
        carried = ledger.find_carried(answer.request)
        if carried is not None:
            ledger._note_sent(carried.sha256, answer.offset)  # type: ignore[union-attr]  # a piece
    return True


def _sweep_all(ledger: Evidence) -> int:
    for path in ledger.evidence_folder.glob("*"):
        path.unlink()
    return 0


def _forget_a_place(log: Log, *given: Any) -> Any:
    slice_ = _outbox(log, *given)
    return replace(slice_, envelopes=slice_.envelopes[1:])


def _pass_over_odd_ones(feed: Feed, change: Any) -> None:
    if not isinstance(change.kind, int):
        _apply(feed, change)


def _add_at_once(log: Log, envelope: Any) -> None:
    _add(log, envelope)
    log._connection.execute("COMMIT")
    log._connection.execute("BEGIN IMMEDIATE")


FAULTS: dict[str, tuple[Fault, ...]] = {
    "an answer to another batch is believed": ((exchange, "check_answer", lambda *_: None),),
    "what a restored central lost is not offered again": ((Log, "offer_again", lambda *_: 0),),
    "documents are not offered again": ((Evidence, "offer_evidence_again", lambda *_: None),),
    "a new life of the feed is read from the old place": (
        (Feed, "restart_feed", _restart_without_the_cursors),
    ),
    "status events are lost and the cursor moves": ((Feed, "_take_status", lambda *_: None),),
    "services are lost and the cursor moves": ((Feed, "_take_service", lambda *_: None),),
    "an odd change is not kept": ((Feed, "_apply", _pass_over_odd_ones),),
    "a document is done with its first piece": (
        (Evidence, "_note_sent", _done_with_the_first_piece),
    ),
    "sweeping takes promised documents": ((Evidence, "sweep_evidence", _sweep_all),),
    "the oldest that waits is left out": ((Log, "outbox", _forget_a_place),),
    "a submission that was cut off stays": ((Log, "add", _add_at_once),),
    "content is erased before it is decided": ((retention, "FINAL", tuple(Status)),),
    "a word on a document from before a loss is believed": (
        (EvidenceAnswer, "from_bytes", _without_life),
        (Ledger, "accept_piece_late", _believed_late),
    ),
}


@contextmanager
def built_in(fault: tuple[Fault, ...]) -> Iterator[None]:
    """The device's half with that fault."""
    patches = [patch.object(owner, name, made) for owner, name, made in fault]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def found_after(fault: tuple[Fault, ...]) -> tuple[int, str]:
    """How many histories it took to find a fault, and how it showed; 0 where none did."""
    signal.signal(signal.SIGALRM, _too_long)
    with built_in(fault):
        for number in range(1, HISTORIES_MAX + 1):
            signal.alarm(HISTORY_S_MAX)
            wrong = wrong_in(number, restorations=number % 2 == 1)
            signal.alarm(0)
            if wrong:
                return number, wrong
    return 0, ""


def _too_long(*_: object) -> None:
    raise TimeoutError("It never ends.")


def main(chosen: list[str]) -> int:
    """Build in each fault; how many were not found."""
    missed = 0
    logging.disable(logging.CRITICAL)
    for name, fault in FAULTS.items():
        if not chosen or any(words in name for words in chosen):
            after, wrong = found_after(fault)
            missed += not after
            said = f"history {after}: {wrong[:90]}" if after else "NOT FOUND"
            print(f"{name:<55} {said}".replace("\n", " "), flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
