"""The technician's look at the road to central: the stick, the queue, and how it stands.

Each function says what it found through `say`, a line at a time, and tells whether all is well.
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from kiosk.condition import Road, road_of
from kiosk.field.provision import LIVES_TWICE
from kiosk.language import format_day_and_time
from kiosk.room import NoRoom, Room
from kiosk.speech import language, said
from sync.budget import MEGABYTE, Budget
from sync.clock import DeviceClock
from sync.courier import hand_in
from sync.ledger import Ledger
from sync.protocol import Central
from sync.queue import SET_ASIDE, Queued
from sync.records import LostNote, Outcome
from sync.salvage import Salvage
from sync.sentence import Sentence
from sync.stick import Visit, visit, write

Say = Callable[[str], None]
_REASONS = {
    Outcome.CONFLICT: Sentence("its number or place belongs to another one"),
    Outcome.UNREADABLE: Sentence("central cannot read it"),
}


def tell_status(ledger: Ledger, budget: Budget, say: Say) -> bool:
    """What waits, and when central was last heard; whether the last exchange went well."""
    road = road_of(ledger, budget, DeviceClock(ledger).now())
    state, numbers = road.state, road.numbers
    last = state.last_success
    heard = format_day_and_time(last, language()) if last else Sentence("never yet")
    say(Sentence("Waiting to be sent: %(count)s", count=state.waiting_count))
    if numbers.documents:
        say(
            Sentence(
                "Documents: %(count)s, %(bytes)s bytes to send",
                count=numbers.documents,
                bytes=f"{numbers.document_bytes:,}",
            )
        )
    _tell_spending(road, say)
    say(Sentence("Central was last heard: %(time)s", time=heard))
    if numbers.set_aside:
        say(
            Sentence(
                "Set aside by central: %(count)s. See them: kiosk queue list",
                count=numbers.set_aside,
            )
        )
    if road.unread_count:
        say(
            Sentence(
                "Sent by central and not understood: %(count)s. A newer program reads them.",
                count=road.unread_count,
            )
        )
    books = road.books
    say(
        Sentence(
            "Accepted: %(accepted)s = delivered %(delivered)s + waiting %(waiting)s",
            accepted=books.accepted,
            delivered=books.delivered,
            waiting=books.waiting,
        )
    )
    if books.missing:
        say(
            Sentence(
                "MISSING FROM THE LOG: %(count)s. Keep this disk. Run: kiosk queue verify",
                count=books.missing,
            )
        )
    if road.lives_twice:
        say(LIVES_TWICE)
    if state.last_problem is not None:
        say(
            Sentence(
                "Last problem: %(problem)s (%(detail)s)",
                problem=state.last_problem.problem,
                detail=state.last_problem.detail,
            )
        )
    return road.is_well and not books.missing


def tell_room(room: Room, say: Say) -> bool:
    """How full the disk is; whether photos and files are taken."""
    disk, lacks = room.disk(), room.lacks()
    say(
        Sentence(
            "Disk: %(free)s of %(size)s MB free, %(reserve)s MB of them for applications only",
            free=f"{disk.free_bytes // MEGABYTE:,}",
            size=f"{disk.size_bytes // MEGABYTE:,}",
            reserve=f"{disk.reserve_bytes // MEGABYTE:,}",
        )
    )
    if lacks is NoRoom.RESERVE:
        say(
            Sentence(
                "Photos and files are NOT taken: the disk's reserve is reached. "
                "Applications without them are."
            )
        )
    elif lacks is not None:
        say(
            Sentence(
                "Photos and files are NOT taken: today's are too many. "
                "Applications without them are."
            )
        )
    return lacks is None


def _tell_spending(road: Road, say: Say) -> None:
    if not road.is_limited and not road.spent_bytes:
        return
    spent = f"{road.spent_bytes:,}"
    if road.day_bytes is None:
        say(Sentence("Documents sent today: %(spent)s bytes", spent=spent))
    else:
        allowed = f"{road.day_bytes:,}"
        say(
            Sentence(
                "Documents sent today: %(spent)s of %(allowed)s bytes", spent=spent, allowed=allowed
            )
        )
    if road.is_spent:
        say(Sentence("No more documents go in this hour. Applications and news do."))


def carry(ledger: Ledger, stick: Path, say: Say) -> None:
    """One visit of a USB stick: take in what it brings, write what waits."""
    done = visit(ledger, stick)
    say(
        Sentence(
            "From the stick: %(answers)s answers, %(confirmed)s confirmed, %(news)s news.",
            answers=done.answers,
            confirmed=done.acknowledged,
            news=done.news,
        )
    )
    if done.unreadable:
        say(
            Sentence(
                "Not read: %(count)s answers that are not whole. Copy them again.",
                count=done.unreadable,
            )
        )
    _tell_written(done, say)


def _tell_written(done: Visit, say: Say) -> None:
    say(
        Sentence(
            "On the stick: %(applications)s applications, %(documents)s documents, "
            "%(bytes)s bytes. Carry it to central.",
            applications=done.envelopes,
            documents=done.documents,
            bytes=f"{done.bytes_written:,}",
        )
    )
    if done.documents_left:
        say(
            Sentence(
                "Left here: %(count)s documents. Take a larger stick for them.",
                count=done.documents_left,
            )
        )


def export_queue(ledger: Ledger, folder: Path, say: Say, *, everything: bool) -> None:
    """Write what waits, or the whole log, as signed messages: also from a dead kiosk's disk."""
    _tell_written(write(ledger, folder, everything=everything), say)


def export_salvaged(salvage: Salvage, folder: Path, say: Say, *, everything: bool) -> bool:
    """Write what is whole in a damaged ledger; whether nothing of it is missing."""
    _tell_damage(salvage, say)
    after = 0 if everything else salvage.acknowledged_through()
    done = write(salvage, folder, everything=everything)
    missing = [note for note in salvage.lost if note.sequence > after]
    exported = sum(place > after for place in salvage.whole)
    say(
        Sentence(
            "%(count)s exported; missing: %(places)s.", count=exported, places=_places(missing)
        )
    )
    _tell_missing(missing, say)
    say(
        Sentence(
            "On the stick: %(documents)s documents, %(bytes)s bytes in all. "
            "Carry it to central, or hand it in at another kiosk: kiosk queue import DIR",
            documents=done.documents,
            bytes=f"{done.bytes_written:,}",
        )
    )
    if done.documents_left:
        say(
            Sentence(
                "Left here: %(count)s documents, lost or without room on the stick.",
                count=done.documents_left,
            )
        )
    safe = [note for note in salvage.lost if note.sequence <= after]
    if safe:
        say(Sentence("Damaged here, and central has them: %(places)s.", places=_places(safe)))
    say(
        Sentence(
            "Keep this card. Put a new one in: kiosk provision --code CODE, with a code from "
            "central."
        )
    )
    return not missing


def _tell_damage(salvage: Salvage, say: Say) -> None:
    page = re.search(r"page (\d+)", salvage.fault, re.IGNORECASE)
    damage = (
        Sentence("The ledger's file is damaged (page %(page)s).", page=page[1])
        if page
        else Sentence("The ledger's file is damaged.")
    )
    say(Sentence("%(damage)s It is read from a copy and left as it is.", damage=damage))


def _tell_missing(missing: list[LostNote], say: Say) -> None:
    for note in missing:
        if note.reference:
            say(f"{note.sequence:>6}  {note.reference}")
    if missing:
        say(
            Sentence(
                "Ask the people who hold these receipts to apply again. Or read the card in "
                "another reader and export once more: what is found then goes to its place."
            )
        )


def _places(notes: Iterable[LostNote]) -> str:
    """Places in words: 22-28, 31; or none."""
    numbered = enumerate(note.sequence for note in notes)
    runs = [
        [place for _, place in run] for _, run in groupby(numbered, lambda one: one[1] - one[0])
    ]
    words = (f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return ", ".join(words) or Sentence("none")


def tell_salvage(salvage: Salvage, say: Say) -> None:
    """What is wrong with a damaged ledger, and what of it can be saved."""
    _tell_damage(salvage, say)
    whole, lost = salvage.whole, salvage.lost
    say(
        Sentence(
            "Whole: %(whole)s of %(all)s; missing: %(places)s.",
            whole=len(whole),
            all=len(whole) + len(lost),
            places=_places(lost),
        )
    )
    through = salvage.acknowledged_through()
    if through:
        say(Sentence("Central has the first %(count)s.", count=through))
    _tell_missing([note for note in lost if note.sequence > through], say)
    say(Sentence("Save what is whole onto a stick: kiosk queue export DIR"))


def import_queue(folder: Path, central: Central, say: Say) -> bool:
    """Hand in what other kiosks wrote, by this kiosk's line; whether central took all of it."""
    kiosks = hand_in(folder, central)
    if not kiosks:
        say(
            Sentence(
                "No kiosk has written into %(folder)s. Run `kiosk queue export` there first.",
                folder=folder,
            )
        )
        return False
    for kiosk in kiosks:
        done: dict[str, object] = {
            "kiosk": kiosk.device,
            "batches": kiosk.batches,
            "pieces": kiosk.pieces,
        }
        words = Sentence(
            "Kiosk %(kiosk)s: %(batches)s batches, %(pieces)s pieces of documents.", **done
        )
        if kiosk.refused:
            words = Sentence(
                "Kiosk %(kiosk)s: %(batches)s batches, %(pieces)s pieces of documents, "
                "%(refused)s refused.",
                refused=kiosk.refused,
                **done,
            )
        say(words)
    say(Sentence("Central's answers lie beside them. Carry them back where the kiosk still lives."))
    return not any(kiosk.refused for kiosk in kiosks)


def list_queue(ledger: Ledger, say: Say, *, everything: bool) -> None:
    """What waits and what was set aside, a line each."""
    for item in ledger.queue(everything=everything):
        size = Sentence("%(bytes)s bytes", bytes=f"{item.bytes:,}")
        if item.documents:
            size = Sentence(
                "%(bytes)s bytes, %(documents)s documents of %(document_bytes)s bytes wait",
                bytes=f"{item.bytes:,}",
                documents=item.documents,
                document_bytes=f"{item.document_bytes:,}",
            )
        say(
            f"{item.sequence:>6}  {item.reference or '-':<14}  {item.kind}  {item.service}  "
            f"{format_day_and_time(item.recorded, language())}  {said(_state(item))}  {said(size)}"
        )
    numbers = ledger.numbers()
    say(
        Sentence(
            "Waiting: %(applications)s applications, %(documents)s documents. "
            "Set aside: %(set_aside)s.",
            applications=numbers.envelopes,
            documents=numbers.documents,
            set_aside=numbers.set_aside,
        )
    )


def _state(item: Queued) -> str:
    if item.outcome is None:
        return Sentence("waits")
    if item.outcome not in SET_ASIDE:
        return Sentence("sent")
    if item.is_released:
        return Sentence("released")
    return Sentence("SET ASIDE (%(why)s)", why=_REASONS[item.outcome])


def verify_queue(ledger: Ledger, say: Say) -> bool:
    """Hold the log and its documents against their hashes; whether all is as promised."""
    faults = 0
    for fault in ledger.faults():
        say(fault)
        faults += 1
    if faults:
        say(
            Sentence(
                "%(count)s faults. Keep this disk, and export what is whole: "
                "kiosk queue export DIR",
                count=faults,
            )
        )
    else:
        say(
            Sentence(
                "The queue is whole: every envelope follows the one before, every document is "
                "there."
            )
        )
    return not faults
