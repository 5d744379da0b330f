"""What a correction changed: each answer of the new application beside that of the old one.

Both are read through the form they were made with and compared as an officer reads them; documents
by what they show, because each application seals them anew.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from sync.central.casework.models import Case
from sync.central.casework.opening import OpenedCase, OpenedLine
from sync.central.casework.sealed import header_of, secret_of
from sync.central.intake import evidence
from sync.central.intake.evidence_folder import EvidenceTrouble
from sync.envelope import open_evidence
from sync.errors import CannotOpen


class Change(Enum):
    """How an answer stands to the old application's."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"  # not asked or not answered before
    UNKNOWN = "unknown"  # a document that is not here yet


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """An answer, what it was before, and whether it had been asked about."""

    line: OpenedLine
    change: Change
    before: str  # as it was read; empty where there was no answer
    was_asked: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A correction beside what it corrects."""

    lines: tuple[ComparedLine, ...]
    gone: tuple[OpenedLine, ...]  # answers of the old application to what is no longer asked

    @property
    def changed_count(self) -> int:
        """How many answers are others than before."""
        changes = (Change.CHANGED, Change.ADDED)
        return sum(line.change in changes for line in self.lines) + len(self.gone)


def compare(
    new: tuple[Case, OpenedCase], old: tuple[Case, OpenedCase], asked: Collection[str]
) -> Comparison:
    """The two applications' answers, question by question, in the order of the new form."""
    before = {line.path: line for line in old[1].lines}
    lines = []
    for line in new[1].lines:
        known = before.pop(line.path, None)
        change = _change(new[0], line, old[0], known)
        shown = known.shown if known is not None and known.given else ""
        lines.append(ComparedLine(line, change, shown, line.path in asked))
    return Comparison(tuple(lines), tuple(line for line in before.values() if line.given))


def _change(new: Case, line: OpenedLine, old: Case, known: OpenedLine | None) -> Change:
    if known is None or not known.given:
        return Change.ADDED if line.given else Change.SAME
    if line.document is not None and known.document is not None:
        prints = [_fingerprint(new, line.document), _fingerprint(old, known.document)]
        if None in prints:
            return Change.UNKNOWN
        return Change.SAME if prints[0] == prints[1] else Change.CHANGED
    same = (line.given, line.shown) == (known.given, known.shown)
    return Change.SAME if same else Change.CHANGED


def _fingerprint(case: Case, index: int) -> bytes | None:
    """The hash of a document as it was photographed; None while it cannot be had."""
    notes = header_of(case).evidence
    try:
        sealed = evidence.find(notes[index].sha256) if index < len(notes) else None
        if sealed is None:
            return None
        return sha256(open_evidence(secret_of(case), index, sealed)).digest()
    except (CannotOpen, EvidenceTrouble):
        return None


def without_comparison(opened: OpenedCase) -> Comparison:
    """An application that corrects nothing."""
    return Comparison(
        tuple(ComparedLine(line, Change.SAME, "", was_asked=False) for line in opened.lines),
        (),
    )
