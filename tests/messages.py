"""The message catalogues: gathers every sentence people see and says which lacks a translation.

`make messages` writes new sentences into `locales/*/LC_MESSAGES/*.po` and drops the ones that no
longer exist; a test holds the catalogues complete. English is the source of the sentences; it has
a catalogue too, so that its wording can be mended like that of any language, without code.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kiosk.forms.question import MESSAGES

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("lo", "en")
KEYWORDS = {
    "_": None,
    "N_": None,
    "tr": None,
    "gettext": None,
    "gettext_lazy": None,
    "Sentence": None,
}
DJANGO_KEYWORDS = KEYWORDS | {"ngettext": (1, 2), "ngettext_lazy": (1, 2)}
_KV_TEXT = re.compile(r"""\btr\(\s*(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""")

Found = tuple[int, str, str, list[str]]


def extract_kv(
    source: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[Found]:
    """Babel's extractor for Kivy's language: every `tr("...")`, by line."""
    del keywords, comment_tags, options  # Babel's way of calling; this language has one word
    for number, line in enumerate(source.read().decode().splitlines(), 1):
        for match in _KV_TEXT.finditer(line):
            text = match["text"].encode().decode("unicode_escape").encode("latin-1").decode()
            yield number, "gettext", text, []


def gather(domain: str) -> Catalog:
    """Every message of a domain: "kiosk" or "django"."""
    catalogue = Catalog(domain=domain, project="One-Door kiosk", fuzzy=False)
    if domain == "kiosk":
        folders = {
            "kiosk": [("**.py", "python"), ("**.kv", "tests.messages:extract_kv")],
            "sync": [("central/**", "ignore"), ("**.py", "python")],
        }
    else:
        extractor = "sync.central.extract:extract_template"
        folders = {"sync/central": [("**.py", "python"), ("**/templates/**.html", extractor)]}
    keywords = KEYWORDS if domain == "kiosk" else DJANGO_KEYWORDS
    for folder, methods in folders.items():
        for file, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, keywords=keywords, strip_comment_tags=True
        ):
            identity = message if isinstance(message, str) else tuple(message)
            flags = ["python-format"] if "%(" in str(identity) else []
            catalogue.add(identity, locations=[(f"{folder}/{file}", 0)], flags=flags)
            del context
    if domain == "kiosk":
        for sentence in MESSAGES.values():  # the form engine is pure: it cannot mark them itself
            catalogue.add(sentence)
    return catalogue


def catalogue_path(domain: str, language: str) -> Path:
    """The file that holds the translations."""
    return ROOT / "locales" / language / "LC_MESSAGES" / f"{domain}.po"


def read(domain: str, language: str) -> Catalog:
    """The translations as they stand; an empty catalogue where there is no file yet."""
    path = catalogue_path(domain, language)
    if not path.exists():
        return Catalog(locale=language, domain=domain, fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=domain)


def update(domain: str, language: str) -> list[str]:
    """Bring a catalogue up to the sources; the sentences that still lack a translation."""
    gathered, old = gather(domain), read(domain, language)
    new = Catalog(
        locale=language,
        domain=domain,
        header_comment="# The sentences that people see: see README.md, Develop.",
        project="One-Door kiosk",
        version="0.1.0",
        msgid_bugs_address="README.md",
        last_translator="One-Door kiosk",
        language_team="One-Door kiosk",
        fuzzy=False,
    )
    missing = []
    for message in gathered:
        if not message.id:
            continue
        known = old.get(message.id)
        text = known.string if known else message.id if language == "en" else ""
        if not (text if isinstance(text, str) else all(text or ("",))):
            missing.append(str(message.id))
        new.add(message.id, text, flags=message.flags)
    path = catalogue_path(domain, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    new.revision_date = new.creation_date = old.creation_date
    with path.open("wb") as target:
        write_po(target, new, width=100, sort_output=True, no_location=True)
    return missing


def main() -> int:
    """Update the catalogues; 1 when a translation is missing."""
    missing = 0
    for domain in ("kiosk", "django"):
        for language in LANGUAGES:
            for sentence in update(domain, language):
                print(f"{language} {domain}: no translation of {sentence!r}")
                missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
