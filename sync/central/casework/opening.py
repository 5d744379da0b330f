"""Opening what a citizen sealed: her answers and documents, for the officer who decides.

Central's private key opens the secret, the secret opens the answers. Nothing opened is stored, and
each opening leaves a row that says who opened what and when. The answers are read through the same
form engine that asked for them, so labels, choices and dates are those of the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.http import Http404

from kiosk.forms.bundle import DEFINITION
from kiosk.forms.definition import ATTACHING
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of
from kiosk.forms.question import Line
from kiosk.forms.record import CONFIRMED
from sync.central.casework import seals
from sync.central.casework.form_formats import FormFormats
from sync.central.casework.models import Case, Officer, Opening, Seal
from sync.central.casework.sealed import header_of, record_of, secret_of
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.central.intake import evidence
from sync.envelope import open_evidence
from sync.errors import CannotOpen
from sync.records import EvidenceNote

UNKNOWN_MEDIA_TYPE: Final = "application/octet-stream"
MEDIA_TYPES: Final = {  # the first bytes of a file, and what it is; nothing else is named
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"RIFF": "audio/wav",
}
ENDINGS: Final = {  # of the files that are handed out
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
}
SOUNDS: Final = (".mp3", ".ogg", ".wav")
PICTURES: Final = (".jpg", ".png")


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """One answer as the officer reads it."""

    label: str
    shown: str
    given: bool
    path: str = ""
    document: int | None = None  # its place among the documents, where it is one
    is_here: bool = False  # whether the document has arrived
    excused: bool = False  # the kiosk had no device for it
    looks: str = ""  # "picture" or "sound" by its name; else it is handed out as a file


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """An application's answers, in the officer's language."""

    lines: tuple[OpenedLine, ...]
    reused: tuple[str, ...] = ()  # references of earlier receipts that told some of the answers
    is_confirmed: bool = False  # a clerk helped, and the applicant said that they are right
    fee_lak: int | None = None  # the official fee, worked out from them; None: ask at the desk


@dataclass(frozen=True, slots=True)
class Document:
    """A document or photo, and what its own bytes say it is."""

    data: bytes
    media_type: str


@transaction.atomic
def note_opening(
    case: Case, officer: Officer, now: datetime, *, document: int | None = None
) -> None:
    """Write down who opens what, before it is opened; None: the answers."""
    opening = Opening.objects.create(case=case, officer=officer, at=now, document=document)
    seals.put(Seal.Of.OPENING, [opening])


def open_case(case: Case, officer: Officer, now: datetime) -> OpenedCase:
    """The answers of a case, in the reader's language; the opening is recorded first.

    Raises:
        CannotOpen: none of the server's keys opens it.
        NotPublished: the service's version is no longer on the shelf.
    """
    note_opening(case, officer, now)
    record = record_of(case)
    entry = _entry_of(case, record)
    notes = header_of(case).evidence
    lines: list[OpenedLine] = []
    documents = 0
    for line in entry.lines():
        if line.kind in ATTACHING and line.given:
            lines.append(_document_line(line, documents, notes))
            documents += 1
        else:
            lines.append(
                OpenedLine(line.label, line.shown, line.given, line.path, excused=line.excused)
            )
    descriptor = shelf.find(case.service, case.service_version).descriptor
    return OpenedCase(
        tuple(lines),
        reused=entry.reused,
        is_confirmed=record.get(CONFIRMED) is True,
        fee_lak=descriptor.fee_lak(entry.value_of),
    )


def fee_of(case: Case) -> int | None:
    """The official fee, worked out from the answers; None where it is not known.

    Raises:
        CannotOpen, NotPublished: as `open_case` raises them.
    """
    descriptor = shelf.find(case.service, case.service_version).descriptor
    return descriptor.fee_lak(_entry_of(case, record_of(case)).value_of)


def questions_of(case: Case) -> frozenset[str]:
    """The paths of the questions that were asked; shows nobody an answer. Raises as `open_case`."""
    return frozenset(line.path for line in _entry_of(case, record_of(case)).lines())


def _entry_of(case: Case, record: Mapping[str, Any]) -> Entry:
    bundle = shelf.find(case.service, case.service_version)
    definition = definition_of(bundle.file(DEFINITION))
    return Entry.from_record(definition, record, language=reader_language(), formats=FormFormats())


def open_document(case: Case, officer: Officer, now: datetime, index: int) -> Document:
    """A document of a case, for an officer; the opening is recorded first.

    Raises:
        Http404: there is no such document, or it has not arrived, or it cannot be opened.
    """
    notes = header_of(case).evidence
    sealed = evidence.find(notes[index].sha256) if index < len(notes) else None
    if sealed is None:
        raise Http404
    note_opening(case, officer, now, document=index)
    try:
        data = open_evidence(secret_of(case), index, sealed)
    except CannotOpen as problem:
        raise Http404 from problem
    types = (kind for start, kind in MEDIA_TYPES.items() if data.startswith(start))
    return Document(data, next(types, UNKNOWN_MEDIA_TYPE))


def _document_line(line: Line, index: int, notes: tuple[EvidenceNote, ...]) -> OpenedLine:
    is_here = index < len(notes) and evidence.is_here(notes[index].sha256)
    name = line.shown.lower()
    looks = "picture" if name.endswith(PICTURES) else "sound" if name.endswith(SOUNDS) else ""
    return OpenedLine(
        line.label,
        line.shown,
        line.given,
        line.path,
        document=index,
        is_here=is_here,
        looks=looks,
    )
