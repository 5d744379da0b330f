"""Recorded speech: which clip says a sentence, and whether it still says what is written.

No usable Lao voice exists that a machine could speak with, so people record the sentences. A
language's folder `assets/sounds/<language>/` holds the clips and `manifest.json`: for each English
source sentence its file and the hash of the words that were read aloud. When a sentence changes,
its clip is stale and is not played: silence is better than a wrong promise.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kiosk.language import in_language
from kiosk.resources import assets

MANIFEST = "manifest.json"


class Player(Protocol):
    """Something that makes sound files audible."""

    @property
    def playing(self) -> bool:
        """Whether something can be heard now."""
        ...

    def play(self, clips: Iterable[Path]) -> None:
        """Play the clips one after the other; what played before stops."""

    def stop(self) -> None:
        """Be silent."""


def words_hash(words: str) -> str:
    """What the manifest keeps of the words that a clip says."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Clips:
    """The recorded sentences of one language."""

    language: str
    folder: Path
    entries: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # sentence: file, hash

    @classmethod
    def of(cls, language: str, sounds: Path | None = None) -> "Clips":
        """The clips of a language; none where nobody has recorded any."""
        folder = (sounds or assets() / "sounds") / language
        path = folder / MANIFEST
        if not path.exists():
            return cls(language, folder)
        manifest = json.loads(path.read_text("utf-8"))
        entries = {sentence: (row["file"], row["words"]) for sentence, row in manifest.items()}
        return cls(language, folder, entries)

    def find(self, sentence: str) -> Path | None:
        """The clip that says the sentence as it is written today, or None."""
        entry = self.entries.get(sentence)
        if entry is None:
            return None
        name, said = entry
        path = self.folder / name
        current = said == words_hash(in_language(self.language, sentence))
        return path if current and path.exists() else None

    def for_page(self, sentences: Iterable[str]) -> tuple[Path, ...]:
        """The clips of a page's sentences, leaving out those without one."""
        found = (self.find(sentence) for sentence in sentences)
        return tuple(path for path in found if path is not None)
