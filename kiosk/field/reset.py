"""Makes a kiosk a bare machine again: for another office, for the store, or for scrap.

A receipt is a promise, so nothing is erased while anything that was promised is here only: what
central has not acknowledged, and papers that have not come out. Only what a kiosk's own program
writes is erased; what else somebody put into the data folder is named and left. The settings stay:
they hold no secret, and the next enrolment wants them.

A word on the disk says that erasing has begun; until it is gone every other command refuses, and
`kiosk reset` goes on where a power cut stopped it. So there is either a whole kiosk, or a half one
that this command finishes. The files with keys are overwritten before they are removed; on cards
and solid-state disks that promises nothing, but no answer could be read with those keys anyway.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from kiosk.config import LOCK_NAME, KioskConfig
from kiosk.field.running import BEGUN
from kiosk.log_files import FOLDER as LOGS
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.vault import Vault
from kiosk.room import SPARE_NAME
from kiosk.unfinished import UnfinishedEntries
from sync import evidence, marker
from sync.durable import UNFINISHED, sync_folder, write_whole
from sync.ledger import Ledger
from sync.records import Kind
from sync.sentence import N_, Sentence

Say = Callable[[str], None]
_BLANK_BYTES = 1 << 20
_WAITING = {
    Kind.APPLICATION: N_("Applications that central does not have: %(count)s."),
    Kind.COMPLAINT: N_("Complaints that central does not have: %(count)s."),
    Kind.REPLY: N_("Answers to decided complaints that central does not have: %(count)s."),
    Kind.FEEDBACK: N_("Opinions that central does not have: %(count)s."),
    Kind.JOURNEY: N_("Counts of the last days that central does not have: %(count)s."),
}


def is_there(config: KioskConfig) -> bool:
    """Whether anything of a kiosk is there to erase."""
    names = (config.ledger_path.name, marker.NAME, BEGUN)
    return any((config.data_dir / name).exists() for name in names)


def name_of(config: KioskConfig, ledger: Ledger) -> str:
    """What is typed to show that it is this kiosk that is meant: its name, or its number."""
    return config.name or str(ledger.enrolled_identity().kiosk_number)


def tell_waiting(ledger: Ledger, say: Say) -> bool:
    """What keeps this kiosk from being erased, and what to do; whether anything does."""
    waiting = Counter(Kind(one.kind) for one in ledger.queue() if one.outcome is None)
    documents, aside = ledger.documents_waiting(), ledger.numbers().set_aside
    papers, missing = PrintJobs(ledger, Vault()).waiting_count(), ledger.books().missing
    for kind, count in sorted(waiting.items()):
        say(Sentence(_WAITING[kind], count=count))
    if documents:
        say(
            Sentence("Documents and photos that central does not have: %(count)s.", count=documents)
        )
    if waiting or documents:
        say(
            Sentence(
                "Send them first: kiosk sync once. Where there is no line: kiosk sync --stick DIR, "
                "to central and back."
            )
        )
    if papers:
        say(
            Sentence(
                "Papers that wait to be printed: %(count)s. Put paper in and start the kiosk: "
                "it prints them.",
                count=papers,
            )
        )
    if aside:
        say(
            Sentence(
                "Set aside by central: %(count)s. Central has to take them up first. See them: "
                "kiosk queue list",
                count=aside,
            )
        )
    if missing:
        say(
            Sentence(
                "MISSING FROM THE LOG: %(count)s. Keep this disk. Run: kiosk queue verify",
                count=missing,
            )
        )
    return bool(waiting or documents or papers or aside or missing)


def tell_erased(config: KioskConfig, ledger: Ledger, say: Say) -> None:
    """What will be gone."""
    identity = ledger.enrolled_identity()
    say(
        Sentence(
            "This erases kiosk number %(number)s, office %(office)s, from %(folder)s:",
            number=identity.kiosk_number,
            office=identity.office,
            folder=config.data_dir,
        )
    )
    say(Sentence("- its key and the keys of central"))
    say(Sentence("- its log of %(count)s entries; central has all", count=ledger.books().accepted))
    entries = UnfinishedEntries(ledger).count()
    if entries:
        say(
            Sentence(
                "- %(count)s entries that people have not finished: their slips open nothing then",
                count=entries,
            )
        )
    services = ", ".join(ledger.service_versions()) or Sentence("none yet")
    say(Sentence("- its services: %(services)s", services=services))
    say(Sentence("- documents, print jobs, PINs, news of applications, logs"))
    say(Sentence("The settings stay: %(file)s", file="kiosk.toml"))


def erasing(folder: Path) -> Iterator[Path]:
    """Erase what a kiosk's program wrote into a data folder, a file at a time.

    It may be cut off anywhere and begun again: what is gone is gone, and the word that it has begun
    goes last.
    """
    write_whole(folder / BEGUN, b"kiosk reset finishes this.\n")
    for path in _with_keys(folder):
        _blank(path)
        path.unlink()
        yield path
    sync_folder(folder)
    for name in (evidence.FOLDER, LOGS, "kivy"):
        yield from _emptied(folder / name)
    for path in (*folder.glob(f"{UNFINISHED}*"), *folder.glob(SPARE_NAME)):
        path.unlink()
        yield path
    sync_folder(folder)
    for name in (BEGUN, LOCK_NAME):
        (folder / name).unlink(missing_ok=True)
        yield folder / name
    sync_folder(folder)


def left_in(folder: Path) -> list[str]:
    """What else lies in the data folder: somebody put it there."""
    return sorted(path.name for path in folder.iterdir())


def _with_keys(folder: Path) -> list[Path]:
    patterns = ("ledger.sqlite3*", ".rehearsal-*", marker.NAME)
    return [path for pattern in patterns for path in sorted(folder.glob(pattern))]


def _blank(path: Path) -> None:
    """Overwrite a file; one that a broken disk does not let be written is removed all the same."""
    if path.is_symlink():
        return
    with suppress(OSError), path.open("r+b") as file:
        for start in range(0, path.stat().st_size, _BLANK_BYTES):
            file.write(bytes(min(_BLANK_BYTES, path.stat().st_size - start)))
        file.flush()
        os.fsync(file.fileno())


def _emptied(folder: Path) -> Iterator[Path]:
    """Remove a folder with all that is in it; a link is removed, and not what it leads to."""
    if folder.is_symlink():
        folder.unlink()
        return
    for place, folders, files in os.walk(folder, topdown=False):
        for name in files:
            (Path(place) / name).unlink()
            yield Path(place) / name
        for name in folders:
            path = Path(place) / name
            if path.is_symlink():
                path.unlink()
            else:
                path.rmdir()
    if folder.is_dir():
        folder.rmdir()
