"""A returned application that its holder corrects: opened with her receipt, in memory only.

Her answers open with the secret on the paper, and only at the kiosk that holds the sealed
application. What the office asked for is marked and must be looked at before she hands in; all the
rest may stay as it is. What she hands in is a new application that replaces the old one, which
stays as it was: nothing is ever changed in place, nothing is lost.

Should the service have a newer form meanwhile, hers is filled into the newer one, because that is
what the office decides by; what no longer fits must be answered anew, and she is told why.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kiosk.devices.file import FileKind, kind_of
from kiosk.form_words import FormFormats, FormMessages
from kiosk.forms.definition import ATTACHING
from kiosk.forms.descriptor import ReceiptOpens, Text
from kiosk.forms.engine.program import program_of
from kiosk.forms.entry import Entry
from kiosk.language import LANGUAGES, language
from kiosk.services import Service
from sync.envelope import open_answers, open_evidence
from sync.errors import CannotOpen, EvidenceMissing
from sync.records import ApplicationId, Envelope


@dataclass
class Correction:
    """One visit's correcting: which questions were asked for, and which she has looked at."""

    entry: Entry
    replaces: ApplicationId
    reference: str  # of the application that is replaced
    secret: bytes | None = field(default=None, repr=False)  # of that one: proves whose it is
    asked: frozenset[str] = frozenset()
    has_newer_form: bool = False
    lost: frozenset[str] = frozenset()  # photos that are no longer here
    _seen: set[str] = field(default_factory=set, repr=False)

    def is_asked(self, path: str) -> bool:
        """Whether the office asked to correct this answer, or its photo is gone."""
        return path in self.asked or path in self.lost

    def is_seen(self, path: str) -> bool:
        """Whether she has looked at it since."""
        return path in self._seen

    def look_at(self, paths: Iterable[str]) -> None:
        """She opened these questions and went on: changed or left as they are."""
        self._seen.update(paths)

    def still_to_see(self) -> list[str]:
        """The marked questions that she has not looked at, in the form's order."""
        paths = (line.path for line in self.entry.lines())
        return [path for path in paths if self.is_asked(path) and path not in self._seen]

    def forget(self) -> None:
        """The visit is over, or it is handed in."""
        self.entry.forget()
        self.secret = None
        self._seen.clear()


@dataclass(frozen=True, slots=True)
class Opened:
    """An application's answers as they were handed in."""

    envelope: Envelope
    service: Service  # in the version it was made with
    record: dict[str, Any] = field(repr=False)

    def entry(self, today: date | None = None) -> Entry:
        """The answers in the form they were given in: as they were, or open for correcting."""
        return Entry.from_record(
            self.service.definition,
            self.record,
            language=language(),
            today=today,
            messages=FormMessages(),
            formats=FormFormats(),
        )

    def labels(self, paths: Iterable[str]) -> tuple[Text, ...]:
        """What the questions at these paths are called, in each language."""
        entry = self.entry()
        known = {line.path for line in entry.lines()}
        said: dict[str, dict[str, str]] = {path: {} for path in paths if path in known}
        for code in LANGUAGES:
            entry.language = code
            for path, names in said.items():
                names[code] = entry.question(path).label
        entry.forget()
        return tuple(Text(names) for names in said.values())


def open_application(envelope: Envelope | None, service: Service | None, secret: bytes) -> Opened:
    """Open what this kiosk holds with the secret from the paper.

    Raises:
        CannotOpen: it is not held here (any more), or the service says that paper never opens it.
    """
    if envelope is None or service is None:
        raise CannotOpen("The application is not held here.")
    if service.descriptor.receipt_opens is not ReceiptOpens.ANSWERS:
        raise CannotOpen("The receipts of this service open no answers.")
    return Opened(envelope, service, open_answers(envelope, secret, service.bundle.dictionary))


def correct(
    opened: Opened,
    newest: Service,
    today: date,
    read_evidence: Callable[[bytes], bytes],
    correction: Callable[[Entry], Correction],
) -> Correction:
    """Fill the newest form with what was handed in, photos and all.

    Args:
        opened: the application that came back.
        newest: the service as it is offered now.
        today: the day of the correction.
        read_evidence: an encrypted file by its hash; raises EvidenceMissing.
        correction: makes the correction of an entry: who asked for what.
    """
    same = newest.version == opened.service.version
    before = opened.entry()
    photos = [line.path for line in before.lines() if line.kind in ATTACHING and line.given]
    before.forget()
    entry = opened.entry(today) if same else _in_newer_form(opened, newest, today)
    made = correction(entry)
    made.has_newer_form = not same
    lost = set()
    asks = {line.path for line in entry.lines() if line.kind in ATTACHING}
    for index, path in enumerate(photos):
        if path in asks and not _put_back(made, opened.envelope, path, index, read_evidence):
            entry.answer(path, "")
            lost.add(path)
    made.lost = frozenset(lost)
    return made


def _in_newer_form(opened: Opened, newest: Service, today: date) -> Entry:
    return Entry.from_record(
        newest.definition,
        opened.record,
        language=language(),
        today=today,
        asked_before=frozenset(program_of(opened.service.definition).controls),
        messages=FormMessages(),
        formats=FormFormats(),
    )


def _put_back(
    made: Correction,
    envelope: Envelope,
    path: str,
    index: int,
    read_evidence: Callable[[bytes], bytes],
) -> bool:
    """Attach a photo again, decrypted in memory; False where its file is gone or damaged."""
    notes = envelope.parsed.evidence
    if made.secret is None or index >= len(notes):
        return False
    try:
        data = open_evidence(made.secret, index, read_evidence(notes[index].sha256))
    except (CannotOpen, EvidenceMissing):
        return False
    made.entry.attach(path, data, kind_of(data) or FileKind.JPEG)
    return True
