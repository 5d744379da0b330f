"""An entry set aside and taken up again: what is sealed of it, and how it is filled in anew.

She goes on where she stopped, with every answer, photo and file, in her language and at her pace.
The service may have a newer form by then: hers is filled into that one by the names of its
questions, as a correction is, and she is told what is no longer asked.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from kiosk.clerks import Clerk
from kiosk.form_words import FormFormats, FormMessages
from kiosk.forms.engine.program import program_of
from kiosk.forms.entry import Attachment, Entry
from kiosk.language import LANGUAGES, N_
from kiosk.services import Service

NEWER_FORM = N_("This form has changed since. Your answers are filled in; please check them all.")


@dataclass(frozen=True, slots=True)
class Aside:
    """What a visit leaves besides its answers, for the day she comes back."""

    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    handed_in: frozenset[str] = frozenset()
    calm: bool = False
    helped: Clerk | None = None  # who helped with what is set aside: it goes on naming her


@dataclass(frozen=True, slots=True)
class Reopened:
    """An entry that a resume slip opened."""

    id: str  # of the unfinished entry on the disk, until this one is handed in or set aside
    entry: Entry = field(repr=False)
    service_id: str
    language: str
    aside: Aside
    has_newer_form: bool
    dropped: int  # answers, photos and files that the form of today does not take
    answers: Mapping[str, Any] = field(repr=False)  # as they were then, and the files
    attachments: tuple[Attachment, ...] = field(repr=False)

    @property
    def has_changed(self) -> bool:
        """Whether she has answered anything else since: else her slip says it all."""
        now = self.entry
        return now.record()["answers"] != self.answers or now.attachments() != self.attachments


def packed(entry: Entry, service: Service, aside: Aside) -> dict[str, Any]:
    """What is sealed, but for the files themselves: those are `entry.attachments()`."""
    page = entry.page
    place = ""
    if page is not None:
        place = page.repeat.path if page.repeat is not None else page.questions[0].path
    return {
        "service": service.id,
        "service_version": service.version,
        "record": entry.record(),
        "known": list(entry.known_paths()),
        "files": [[one.path, one.media_type] for one in entry.attachments()],
        "place": place,
        "facts": dict(aside.facts),
        "handed_in": sorted(aside.handed_in),
        "calm": aside.calm,
    } | ({"helped": [aside.helped.number, aside.helped.name]} if aside.helped else {})


def reopened(
    id_: str,
    sealed: Mapping[str, Any],
    files: Sequence[bytes | None],
    *,
    before: Service | None,
    newest: Service,
    today: date,
) -> Reopened:
    """Fill the newest form with what was set aside, and stand where she stopped.

    Args:
        id_: of the unfinished entry.
        sealed: as `packed` made it.
        files: what was attached, in its order; None where it is damaged.
        before: the service in the version it was begun with; None where that is gone.
        newest: the service as it is offered now.
        today: the day on which she goes on.
    """
    record: Mapping[str, Any] = sealed["record"]
    language = record.get("language")
    language = language if language in LANGUAGES else LANGUAGES[0]
    same = before is not None and before.version == newest.version
    asked_before = None if same or before is None else program_of(before.definition).controls
    entry = Entry.from_record(
        newest.definition,
        record,
        language=language,
        today=today,
        asked_before=None if asked_before is None else frozenset(asked_before),
        messages=FormMessages(),
        formats=FormFormats(),
    )
    given = 0 if same or before is None else _given_in(before, record, language)
    dropped = sum(
        not _put_back(entry, path, media_type, data)
        for (path, media_type), data in zip_longest(sealed["files"], files[: len(sealed["files"])])
    )
    for path in record.get("excused", ()):
        with suppress(KeyError):
            entry.excuse(path)
    entry.know_again(sealed["known"])
    if not same:
        dropped = max(dropped, given - _count_given(entry))
    if not sealed["place"] or not entry.go_to(sealed["place"]):
        entry.go_to_end()  # or to the first question that wants an answer
    return Reopened(
        id=id_,
        entry=entry,
        service_id=newest.id,
        language=language,
        aside=_aside(sealed),
        has_newer_form=not same,
        dropped=dropped,
        answers=entry.record()["answers"],
        attachments=entry.attachments(),
    )


def _aside(sealed: Mapping[str, Any]) -> Aside:
    helped = sealed.get("helped")  # slips of an earlier release, and of who had no help, lack it
    return Aside(
        dict(sealed["facts"]),
        frozenset(sealed["handed_in"]),
        bool(sealed["calm"]),
        Clerk(*helped) if helped else None,
    )


def _put_back(entry: Entry, path: str, media_type: str, data: bytes | None) -> bool:
    """Attach a file again; False where it is gone, or nobody asks for it any more."""
    try:
        if data is None:
            entry.answer(path, "")
        else:
            entry.attach(path, data, media_type)
    except KeyError:
        return False
    return data is not None


def _given_in(service: Service, record: Mapping[str, Any], language: str) -> int:
    """How many questions were answered in the form that it was begun with."""
    before = Entry.from_record(service.definition, record, language=language)
    count = _count_given(before)
    before.forget()
    return count


def _count_given(entry: Entry) -> int:
    return sum(line.given for line in entry.lines())
