"""The seals: one chain of hashes over who opened answers, what was paid, and who had to know.

A case's events hang together by themselves (`audit`), and so do releases and clerks' accounts. An
opening, a payment and an escalation each stand alone in a table of their own; this chain has one
seal for each of them, with a hash over what the row says and over the seal before it. Whoever
alters or removes such a row, adds one, or exchanges two, is found by `broken`, which names the row.

As with every chain here, rows missing at the end are seen only by whoever kept an earlier seal.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Final

import cbor2
from django.db import transaction
from django.db.models import Manager, Model

from sync.central.casework.models import Escalation, Opening, Payment, Seal
from sync.central.intake.models import Epoch
from sync.sentence import Sentence

BEGINNING: Final = bytes(32)  # stands before the first seal
ROWS_AT_ONCE = 500
_PERSON = b"casework-seal"

TABLES: Final[dict[Seal.Of, Manager[Any]]] = {
    Seal.Of.OPENING: Opening.objects,
    Seal.Of.PAYMENT: Payment.objects,
    Seal.Of.ESCALATION: Escalation.objects,
}
_FACTS: Final = {
    Seal.Of.OPENING: attrgetter("case.application", "officer_id", "at", "document"),
    Seal.Of.PAYMENT: attrgetter(
        "case.application",
        "service",
        "office_id",
        "official_lak",
        "charged_lak",
        "receipt_number",
        "reason",
        "officer_id",
        "at",
    ),
    Seal.Of.ESCALATION: attrgetter(
        "case.application", "level", "office_id", "due_on", "days_late", "at"
    ),
}


def take_turn() -> None:
    """One after another, as they stand in the chain; inside a transaction."""
    Epoch.objects.select_for_update().earliest("pk")


@transaction.atomic
def put(of: Seal.Of, rows: Iterable[Model]) -> None:
    """Seal new rows of one table; in the transaction that wrote them."""
    take_turn()
    Seal.objects.bulk_create(next_seals(Seal, of, rows))


def next_seals(model: type[Seal], of: Seal.Of, rows: Iterable[Model]) -> list[Seal]:
    """The seals that go on where the chain ends; `model` may be a migration's."""
    last = model.objects.order_by("-number").first()
    number, previous = (last.number, bytes(last.hash)) if last is not None else (0, BEGINNING)
    seals = []
    for place, row in enumerate(rows, number + 1):
        seal = model(number=place, of=of.value, row=row.pk, previous_hash=previous)
        seal.hash = previous = seal_hash(seal, row)
        seals.append(seal)
    return seals


def seal_hash(seal: Seal, row: Model) -> bytes:
    """The hash of a seal, and so of what its row says."""
    facts = map(_plain, _FACTS[Seal.Of(seal.of)](row))
    held = [seal.number, seal.of, seal.row, *facts, bytes(seal.previous_hash)]
    return hashlib.blake2b(
        cbor2.dumps(held, canonical=True), digest_size=32, person=_PERSON
    ).digest()


def _plain(fact: object) -> object:
    """Days and moments as text."""
    if isinstance(fact, datetime):
        return fact.astimezone(UTC).isoformat(timespec="microseconds")
    return fact.isoformat() if isinstance(fact, date) else fact


def broken() -> Iterator[str]:
    """A sentence for each row that is not what was sealed, that is gone, or that nobody sealed."""
    number, previous = 0, BEGINNING
    batch: list[Seal] = []
    for seal in Seal.objects.order_by("number").iterator(chunk_size=ROWS_AT_ONCE):
        if seal.number != number + 1 or bytes(seal.previous_hash) != previous:
            yield Sentence("Seal %(number)d does not follow the one before it.", number=seal.number)
        number, previous = seal.number, bytes(seal.hash)
        batch.append(seal)
        if len(batch) == ROWS_AT_ONCE:
            yield from _altered(batch)
            batch = []
    yield from _altered(batch)
    for of, table in TABLES.items():
        sealed = Seal.objects.filter(of=of.value).values("row")
        for row in table.exclude(pk__in=sealed).select_related("case"):
            yield Sentence(
                "%(what)s %(row)s of case %(case)s was never sealed.",
                what=of.label,
                row=row.pk,
                case=row.case.reference,
            )


def _altered(seals: list[Seal]) -> Iterator[str]:
    """Those of which the row is gone or says something else."""
    rows: dict[tuple[str, int], Any] = {}
    for of, table in TABLES.items():
        keys = [seal.row for seal in seals if seal.of == of.value]
        found = table.filter(pk__in=keys).select_related("case")
        rows |= {(of.value, row.pk): row for row in found}
    for seal in seals:
        row, label = rows.get((seal.of, seal.row)), Seal.Of(seal.of).label
        if row is None:
            yield Sentence("%(what)s %(row)s is missing.", what=label, row=seal.row)
        elif seal_hash(seal, row) != bytes(seal.hash):
            yield Sentence(
                "%(what)s %(row)s of case %(case)s is not what was written.",
                what=label,
                row=seal.row,
                case=row.case.reference,
            )
