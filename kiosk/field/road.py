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
from sync.budget import MEGABYTE, Budget
from sync.clock import DeviceClock
from sync.courier import hand_in
from sync.ledger import Ledger
from sync.protocol import Central
from sync.queue import SET_ASIDE, Queued
from sync.records import LostNote, Outcome
from sync.salvage import Salvage
from sync.stick import Visit, visit, write

Say = Callable[[str], None]
_REASONS = {
    Outcome.CONFLICT: "its number or place belongs to another one",
    Outcome.UNREADABLE: "central cannot read it",
}


def tell_status(ledger: Ledger, budget: Budget, say: Say) -> bool:
    """What waits, and when central was last heard; whether the last exchange went well."""
    road = road_of(ledger, budget, DeviceClock(ledger).now())
    state, numbers = road.state, road.numbers
    heard = format_day_and_time(state.last_success, "en") if state.last_success else "never yet"
    say(f"Waiting to be sent: {state.waiting_count}")
    if numbers.documents:
        say(f"Documents: {numbers.documents}, {numbers.document_bytes:,} bytes to send")
    _tell_spending(road, say)
    say(f"Central was last heard: {heard}")
    if numbers.set_aside:
        say(f"Set aside by central: {numbers.set_aside}. See them: kiosk queue list")
    if road.unread_count:
        say(f"Sent by central and not understood: {road.unread_count}. A newer program reads them.")
    books = road.books
    say(f"Accepted: {books.accepted} = delivered {books.delivered} + waiting {books.waiting}")
    if books.missing:
        say(f"MISSING FROM THE LOG: {books.missing}. Keep this disk. Run: kiosk queue verify")
    if road.lives_twice:
        say(LIVES_TWICE)
    if state.last_problem is not None:
        say(f"Last problem: {state.last_problem.problem} ({state.last_problem.detail})")
    return road.is_well and not books.missing


def tell_room(room: Room, say: Say) -> bool:
    """How full the disk is; whether photos and files are taken."""
    disk, lacks = room.disk(), room.lacks()
    say(
        f"Disk: {disk.free_bytes // MEGABYTE:,} of {disk.size_bytes // MEGABYTE:,} MB free, "
        f"{disk.reserve_bytes // MEGABYTE:,} MB of them for applications only"
    )
    if lacks is not None:
        why = "the disk's reserve is reached" if lacks is NoRoom.RESERVE else "today's are too many"
        say(f"Photos and files are NOT taken: {why}. Applications without them are.")
    return lacks is None


def _tell_spending(road: Road, say: Say) -> None:
    if not road.is_limited and not road.spent_bytes:
        return
    allowed = f" of {road.day_bytes:,}" if road.day_bytes is not None else ""
    say(f"Documents sent today: {road.spent_bytes:,}{allowed} bytes")
    if road.is_spent:
        say("No more documents go in this hour. Applications and news do.")


def carry(ledger: Ledger, stick: Path, say: Say) -> None:
    """One visit of a USB stick: take in what it brings, write what waits."""
    done = visit(ledger, stick)
    say(f"From the stick: {done.answers} answers, {done.acknowledged} confirmed, {done.news} news.")
    if done.unreadable:
        say(f"Not read: {done.unreadable} answers that are not whole. Copy them again.")
    _tell_written(done, say)


def _tell_written(done: Visit, say: Say) -> None:
    say(
        f"On the stick: {done.envelopes} applications, {done.documents} documents, "
        f"{done.bytes_written:,} bytes. Carry it to central."
    )
    if done.documents_left:
        say(f"Left here: {done.documents_left} documents. Take a larger stick for them.")


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
    say(f"{exported} exported; missing: {_places(missing) or 'none'}.")
    _tell_missing(missing, say)
    say(
        f"On the stick: {done.documents} documents, {done.bytes_written:,} bytes in all. "
        "Carry it to central, or hand it in at another kiosk: kiosk queue import DIR"
    )
    if done.documents_left:
        say(f"Left here: {done.documents_left} documents, lost or without room on the stick.")
    safe = [note for note in salvage.lost if note.sequence <= after]
    if safe:
        say(f"Damaged here, and central has them: {_places(safe)}.")
    say("Keep this card. Put a new one in: kiosk provision --code CODE, with a code from central.")
    return not missing


def _tell_damage(salvage: Salvage, say: Say) -> None:
    page = re.search(r"page (\d+)", salvage.fault, re.IGNORECASE)
    where = f" (page {page[1]})" if page else ""
    say(f"The ledger's file is damaged{where}. It is read from a copy and left as it is.")


def _tell_missing(missing: list[LostNote], say: Say) -> None:
    for note in missing:
        if note.reference:
            say(f"{note.sequence:>6}  {note.reference}")
    if missing:
        say(
            "Ask the people who hold these receipts to apply again. Or read the card in another "
            "reader and export once more: what is found then goes to its place."
        )


def _places(notes: Iterable[LostNote]) -> str:
    """Places in words: 22-28, 31."""
    numbered = enumerate(note.sequence for note in notes)
    runs = [
        [place for _, place in run] for _, run in groupby(numbered, lambda one: one[1] - one[0])
    ]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def tell_salvage(salvage: Salvage, say: Say) -> None:
    """What is wrong with a damaged ledger, and what of it can be saved."""
    _tell_damage(salvage, say)
    whole, lost = salvage.whole, salvage.lost
    say(f"Whole: {len(whole)} of {len(whole) + len(lost)}; missing: {_places(lost) or 'none'}.")
    through = salvage.acknowledged_through()
    if through:
        say(f"Central has the first {through}.")
    _tell_missing([note for note in lost if note.sequence > through], say)
    say("Save what is whole onto a stick: kiosk queue export DIR")


def import_queue(folder: Path, central: Central, say: Say) -> bool:
    """Hand in what other kiosks wrote, by this kiosk's line; whether central took all of it."""
    kiosks = hand_in(folder, central)
    if not kiosks:
        say(f"No kiosk has written into {folder}. Run `kiosk queue export` there first.")
        return False
    for kiosk in kiosks:
        refused = f", {kiosk.refused} refused" if kiosk.refused else ""
        say(
            f"Kiosk {kiosk.device}: {kiosk.batches} batches, {kiosk.pieces} pieces of "
            f"documents{refused}."
        )
    say("Central's answers lie beside them. Carry them back where the kiosk still lives.")
    return not any(kiosk.refused for kiosk in kiosks)


def list_queue(ledger: Ledger, say: Say, *, everything: bool) -> None:
    """What waits and what was set aside, a line each."""
    for item in ledger.queue(everything=everything):
        documents = ""
        if item.documents:
            documents = f", {item.documents} documents of {item.document_bytes:,} bytes wait"
        say(
            f"{item.sequence:>6}  {item.reference or '-':<14}  {item.kind}  {item.service}  "
            f"{format_day_and_time(item.recorded, 'en')}  {_state(item)}  "
            f"{item.bytes:,} bytes{documents}"
        )
    numbers = ledger.numbers()
    say(
        f"Waiting: {numbers.envelopes} applications, {numbers.documents} documents. "
        f"Set aside: {numbers.set_aside}."
    )


def _state(item: Queued) -> str:
    if item.outcome is None:
        return "waits"
    if item.outcome in SET_ASIDE:
        return "released" if item.is_released else f"SET ASIDE ({_REASONS[item.outcome]})"
    return "sent"


def verify_queue(ledger: Ledger, say: Say) -> bool:
    """Hold the log and its documents against their hashes; whether all is as promised."""
    faults = 0
    for fault in ledger.faults():
        say(fault)
        faults += 1
    if faults:
        say(f"{faults} faults. Keep this disk, and export what is whole: kiosk queue export DIR")
    else:
        say("The queue is whole: every envelope follows the one before, every document is there.")
    return not faults
