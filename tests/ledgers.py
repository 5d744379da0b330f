"""Central's answers to a ledger, and the ledger opened once more, as tests need them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sync.clock import Steady
from sync.ledger import Ledger
from sync.protocol import Acknowledgement, Answer
from sync.records import Outcome, Stamp, TimeQuality

AT = Stamp(1_800_000_000_000, TimeQuality.TRUSTED)
HEARD = Steady(1000, "boot")


def answer_to(ledger: Ledger, **fields: object) -> Answer:
    given = {"batch": bytes(32), "at": AT, "epoch": ledger.epoch(), "through": 0} | fields
    return Answer(**given)  # type: ignore[arg-type]  # built from named parts


def accept(ledger: Ledger, **fields: object) -> None:
    ledger.accept(ledger.next_batch(100, 10**6, 10**6), answer_to(ledger, **fields), HEARD)


def acknowledgement(ledger: Ledger, sequence: int, outcome: Outcome) -> Acknowledgement:
    envelope = ledger.outbox(100, 10**6).envelopes[sequence - 1]
    return Acknowledgement(envelope.parsed.id, sequence, outcome)


@contextmanager
def reopened(ledger: Ledger) -> Iterator[Ledger]:
    """The same file by another connection."""
    with closing(Ledger.open(ledger.path)) as again:
        yield again
