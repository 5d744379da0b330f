"""Releasing what was set aside: one person proposes, another confirms, and only then it happens.

It becomes an application after all, or it is closed: nobody waits for it any longer, and the
person who holds its receipt is asked to apply again. What is closed stays kept as it came, and two
people may still make an application of it, when a lost key is found, say.

The deed, the news to the kiosks and the record of who did it are one transaction. The record is one
chain of hashes over all releases, with the names as they were then; the database refuses one person
in both places (`models.Release`).
"""

import hashlib
from datetime import UTC, datetime
from typing import Final

import cbor2
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sync.central.casework import two_people
from sync.central.casework.decisions import WAITING, find_correction
from sync.central.casework.events import retell
from sync.central.casework.intake import begin_again
from sync.central.casework.models import Case, Officer, Release, ReleaseAct
from sync.central.casework.set_aside import find_header, reference_of
from sync.central.casework.two_people import NotNow, SamePerson
from sync.central.intake import feed, lives
from sync.central.intake.judgement import UNKNOWN_APPLICATION, Judged, judge_again
from sync.central.intake.log import CannotFile, file_instead, file_set_aside
from sync.central.intake.models import Epoch, SetAside, StoredEnvelope
from sync.central.keys import central_keys
from sync.records import (
    ApplicationId,
    ChangeKind,
    Kind,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
    office_audience,
)

__all__ = ["NotNow", "SamePerson"]  # of `two_people`, for who releases
Deed = Release.Deed
Did = ReleaseAct.Kind
BEGINNING: Final = bytes(32)  # stands before the first act
WHY_LENGTH_MAX: Final = 500
_PERSON = b"release-act"


def open_proposal(row: SetAside) -> Release | None:
    """What waits for a second person; None where nobody has proposed anything."""
    waiting = row.releases.filter(ended_at=None)
    return waiting.select_related("proposed_by__user").first()


def hindrance(row: SetAside) -> str:
    """Why no application can be made of it now, as a sentence; empty where one can."""
    if row.reason == SetAside.Reason.FORK:
        return ""
    item = judge_again(row, central_keys())
    if item.fault is not None:
        return str(item.fault.reason.label)
    return _hindered_by(item) if _has_namesake(item) else ""


@transaction.atomic
def propose(row: SetAside, officer: Officer, deed: Deed, why: str, now: datetime) -> Release:
    """Write down what one officer wants to become of it; nothing happens yet.

    Raises:
        NotNow: there is a proposal already, or it is no longer set aside, or was closed before.
    """
    _take_turn()
    row = _fresh(row.pk)
    if deed is Deed.CLOSE and row.closed_at is not None:
        raise NotNow("It is closed already.")
    try:
        with transaction.atomic():
            release = Release.objects.create(
                set_aside=row,
                device_id=row.device_id,
                sequence=row.sequence,
                chain_hash=row.chain_hash,
                application=row.application,
                reference=reference_of(row),
                deed=deed.value,
                why=why[:WHY_LENGTH_MAX],
                proposed_by=officer,
            )
    except IntegrityError as problem:  # one is open
        raise NotNow("Somebody has proposed something already.") from problem
    _record(release, Did.PROPOSED, officer, now)
    return release


@transaction.atomic
def confirm(release: Release, officer: Officer, now: datetime) -> None:
    """Do what another officer proposed.

    Raises:
        SamePerson: she proposed it herself.
        NotNow: it was withdrawn, done, or cannot be done now.
    """
    _take_turn()
    two_people.confirmed(release, officer, now)
    row = _fresh(release.set_aside_id)
    try:
        if Deed(release.deed) is Deed.FILE:
            _file(row, officer, now)
        else:
            _close(row, now)
    except CannotFile as problem:
        raise NotNow(str(problem)) from problem
    _record(release, Did.CONFIRMED, officer, now)


@transaction.atomic
def withdraw(release: Release, officer: Officer, now: datetime) -> None:
    """Take a proposal back; either of the two may. Raises NotNow: it has ended."""
    _take_turn()
    two_people.withdrawn(release, officer, now)
    _record(release, Did.WITHDRAWN, officer, now)


def first_broken() -> int | None:
    """The number of the first act that is not what was written; None when all hold."""
    previous = BEGINNING
    acts = ReleaseAct.objects.select_related("release").order_by("number")
    for number, act in enumerate(acts.iterator(), 1):
        whole = act_hash(act) == bytes(act.hash)
        if act.number != number or bytes(act.previous_hash) != previous or not whole:
            return number
        previous = bytes(act.hash)
    return None


def act_hash(act: ReleaseAct) -> bytes:
    """The hash of an act, and so of what it released and why."""
    release = act.release
    facts = [
        act.number,
        act.kind,
        act.officer_id,
        act.name,
        act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        release.pk,
        release.device_id,
        release.sequence,
        bytes(release.chain_hash),
        release.application,
        release.deed,
        release.why,
        bytes(act.previous_hash),
    ]
    return hashlib.blake2b(
        cbor2.dumps(facts, canonical=True), digest_size=32, person=_PERSON
    ).digest()


def _take_turn() -> None:
    """One after another, as they stand in the record; at the row that every central has."""
    Epoch.objects.select_for_update().earliest("pk")


def _fresh(number: int | None) -> SetAside:
    rows = SetAside.objects.select_for_update(of=("self",)).select_related("device__office")
    row = None if number is None else rows.filter(pk=number).first()
    if row is None:
        raise NotNow("It is no longer set aside.")
    return row


def _record(release: Release, did: ReleaseAct.Kind, officer: Officer, now: datetime) -> None:
    last = ReleaseAct.objects.order_by("-number").first()
    act = ReleaseAct(
        number=last.number + 1 if last else 1,
        release=release,
        kind=did.value,
        officer=officer,
        name=str(officer)[:200],
        at=now,
        previous_hash=last.hash if last else BEGINNING,
    )
    act.hash = act_hash(act)
    act.save(force_insert=True)


def _file(row: SetAside, officer: Officer, now: datetime) -> None:
    """Make an application of it; of a disk that lived twice, of all that it had sent."""
    keys = central_keys()
    if row.reason == SetAside.Reason.FORK:
        lives.file_branches(row.device, keys, now)
        if SetAside.objects.filter(pk=row.pk).exists():
            raise NotNow("It could not be filed.")
        return
    item = judge_again(row, keys)
    if item.fault is not None:
        raise CannotFile(item.fault)
    if not _has_namesake(item):
        file_set_aside(row, item)
    elif hindered := _hindered_by(item):
        raise NotNow(hindered)
    else:
        stored = file_instead(row, item, now)
        begin_again(Case.objects.get(application=item.application), stored, officer, now)


def _has_namesake(item: Judged) -> bool:
    return StoredEnvelope.objects.filter(pk=item.application).exists()


def _hindered_by(item: Judged) -> str:
    """Why it cannot take the place of the application that has its number; empty where it can."""
    stored = StoredEnvelope.objects.get(pk=item.application)
    case = Case.objects.filter(application=item.application).first()
    header = item.header
    if case is None or header is None or header.kind is not Kind.APPLICATION:
        return _("Its number belongs to something that is no application of this office.")
    if (stored.service, stored.office) != (header.service, item.office):
        return _("Its number belongs to an application of another office or another service.")
    if case.status not in WAITING or find_correction(case) is not None:
        return _("The application that has its number is decided or corrected already.")
    return ""


def _close(row: SetAside, now: datetime) -> None:
    """Nobody waits for it any longer; the kiosks of its office learn so."""
    row.closed_at = now
    row.save(update_fields=["closed_at"])
    case = Case.everything.filter(application=row.application).first()
    if case is not None:
        retell(case, row.device.office)
    elif row.application != UNKNOWN_APPLICATION:
        feed.append(
            office_audience(row.device.office_id), ChangeKind.STATUS, _closed_news(row, now)
        )


def _closed_news(row: SetAside, now: datetime) -> bytes:
    header = find_header(row)
    return StatusEvent(
        application=ApplicationId(row.application),
        number=1,  # should it become an application after all, its first event takes this place
        status=Status.SET_ASIDE,
        at=Stamp(int(now.timestamp() * 1000), TimeQuality.TRUSTED),
        office=row.device.office_id,
        reference=reference_of(row),
        service=header.service if header else "",
    ).to_bytes()
