"""The clerks of an office, who help at its kiosks: their accounts, and who made and ended them.

A kiosk lets them sign in without a line: the feed brings their names and the hashes of their PINs
to the kiosks of their office, and nobody else's. Central keeps no hash beside the feed. Each act is
a row of one hash chain with the name of who did it, like the releases (`releases`).
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final

import cbor2
from django.db import transaction
from django.db.models import Max

from sync import pin as pins
from sync.central.casework.models import Case, Clerk, ClerkAct, Office, Officer
from sync.central.intake import feed
from sync.central.intake.models import Epoch
from sync.records import ChangeKind, ClerkNote, office_audience
from sync.sentence import Sentence

Did = ClerkAct.Kind
BEGINNING: Final = bytes(32)  # stands before the first act
NUMBER_FIRST: Final = 101  # three figures: short to type, and no row number by mistake
NUMBER_MAX: Final = 2**31 - 1  # what its column holds; a record may say any number
_PERSON = b"clerk-act"


class HasEnded(Exception):
    """The account was ended; nothing was done."""


@transaction.atomic
def add(office: Office, name: str, pin: str, by: Officer | None, now: datetime) -> Clerk:
    """Make an account; the kiosks of the office learn of it.

    Raises:
        WeakPin: somebody would guess the PIN.
    """
    pin_hash = pins.hash_of(pin)
    _take_turn()
    last = Clerk.objects.aggregate(last=Max("number"))["last"]
    number = NUMBER_FIRST if last is None else last + 1
    clerk = Clerk.objects.create(number=number, name=name, office=office, added_at=now)
    _tell(clerk, pin_hash)
    _record(clerk, Did.ADDED, by, now)
    return clerk


@transaction.atomic
def give_pin(clerk: Clerk, pin: str, by: Officer | None, now: datetime) -> None:
    """Let her sign in with another PIN, also where too many wrong ones were typed.

    Raises:
        WeakPin: somebody would guess it.
        HasEnded: she signs in no more.
    """
    pin_hash = pins.hash_of(pin)
    _take_turn()
    _tell(_fresh(clerk), pin_hash)
    _record(clerk, Did.NEW_PIN, by, now)


@transaction.atomic
def end(clerk: Clerk, by: Officer | None, now: datetime) -> None:
    """Let her sign in no more, as soon as each kiosk has heard of it; raises HasEnded."""
    _take_turn()
    fresh = _fresh(clerk)
    fresh.ended_at = now
    fresh.save(update_fields=["ended_at"])
    _tell(fresh, "")
    _record(fresh, Did.ENDED, by, now)


def helpers_of(cases: Collection[Case]) -> Mapping[int, Clerk]:
    """Who helped, by the case's own number.

    A kiosk's word counts for its own office: a number of another office's clerk names nobody.
    """
    numbers = {case.pk: case.assisted_by for case in cases if case.assisted_by is not None}
    at = {case.pk: case.audience for case in cases}
    known = [number for number in set(numbers.values()) if number <= NUMBER_MAX]
    clerks = {clerk.number: clerk for clerk in Clerk.objects.filter(pk__in=known)}
    return {
        case: clerks[number]
        for case, number in numbers.items()
        if number in clerks and clerks[number].office_id == at[case]
    }


def first_broken() -> int | None:
    """The number of the first act that is not what was written; None when all hold."""
    previous = BEGINNING
    acts = ClerkAct.objects.select_related("clerk").order_by("number")
    for number, act in enumerate(acts.iterator(), 1):
        whole = act_hash(act) == bytes(act.hash)
        if act.number != number or bytes(act.previous_hash) != previous or not whole:
            return number
        previous = bytes(act.hash)
    return None


def act_hash(act: ClerkAct) -> bytes:
    """The hash of an act, and so of whose account it was about."""
    facts = [
        act.number,
        act.kind,
        act.clerk_id,
        act.clerk.name,
        act.clerk.office_id,
        act.officer_id,
        act.name,
        act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        bytes(act.previous_hash),
    ]
    return hashlib.blake2b(
        cbor2.dumps(facts, canonical=True), digest_size=32, person=_PERSON
    ).digest()


def _take_turn() -> None:
    """One after another, as they stand in the record; at the row that every central has."""
    Epoch.objects.select_for_update().earliest("pk")


def _fresh(clerk: Clerk) -> Clerk:
    fresh = Clerk.objects.select_for_update().get(pk=clerk.pk)
    if fresh.ended_at is not None:
        raise HasEnded(Sentence("This account has ended."))
    return fresh


def _tell(clerk: Clerk, pin_hash: str) -> None:
    note = ClerkNote(clerk.number, clerk.office_id, clerk.name, pin_hash)
    feed.append(office_audience(clerk.office_id), ChangeKind.CLERK, note.to_bytes())


def _record(clerk: Clerk, did: ClerkAct.Kind, by: Officer | None, now: datetime) -> None:
    last = ClerkAct.objects.order_by("-number").first()
    act = ClerkAct(
        number=last.number + 1 if last else 1,
        clerk=clerk,
        kind=did.value,
        officer=by,
        name=str(by)[:200] if by else "",
        at=now,
        previous_hash=last.hash if last else BEGINNING,
    )
    act.hash = act_hash(act)
    act.save(force_insert=True)
