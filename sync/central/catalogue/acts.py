"""The audit of the catalogue: who did what to it, as one chain of hashes.

As with a case (`casework.audit`), each row's hash covers what was done, by whom, when, and the hash
of the row before it: whoever alters or removes one must alter every later one, and the last hash
is shown on the page.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC
from typing import Final

import cbor2
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from sync.central.catalogue.models import Act
from sync.central.intake.models import Epoch
from sync.central.intake.rings import Ring

BEGINNING: Final = bytes(32)  # stands before the first act
DETAIL_LENGTH_MAX: Final = 300
_PERSON = b"catalogue-act"


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done to what."""

    kind: Act.Kind
    service: str = ""
    version: str = ""
    ring: Ring | None = None
    detail: str = ""


def take_turn() -> None:
    """Wait until nobody else changes the catalogue; inside a transaction.

    Two that looked at the newest version at the same moment would both go one further. They queue
    up at the row of the epoch, which every central has.
    """
    Epoch.objects.select_for_update().earliest("pk")


@transaction.atomic
def record(actor: User | None, doing: Doing) -> Act:
    """Write an act down; call it inside the transaction of what it tells of."""
    take_turn()
    last = Act.objects.order_by("-number").first()
    act = Act(
        number=last.number + 1 if last else 1,
        kind=doing.kind.value,
        actor=actor,
        at=timezone.now(),
        service=doing.service,
        version=doing.version,
        ring=doing.ring.value if doing.ring else "",
        detail=doing.detail[:DETAIL_LENGTH_MAX],
        previous_hash=last.hash if last else BEGINNING,
    )
    act.hash = act_hash(act)
    act.save(force_insert=True)
    return act


def act_hash(act: Act) -> bytes:
    """The hash of an act."""
    facts = [
        act.number,
        act.kind,
        act.actor_id,
        act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        act.service,
        act.version,
        act.ring,
        act.detail,
        bytes(act.previous_hash),
    ]
    return hashlib.blake2b(
        cbor2.dumps(facts, canonical=True), digest_size=32, person=_PERSON
    ).digest()


def first_broken() -> int | None:
    """The number of the first act that is not what was written; None when all hold.

    Rows missing at the end are seen only by whoever kept an earlier seal.
    """
    previous = BEGINNING
    for number, act in enumerate(Act.objects.order_by("number").iterator(), 1):
        whole = act_hash(act) == bytes(act.hash)
        if act.number != number or bytes(act.previous_hash) != previous or not whole:
            return number
        previous = bytes(act.hash)
    return None
