"""Compiles the message catalogues when they are older than their sources.

Django reads `.mo` files only and will not even start without one for its default language. They
are made from the `.po` files when the settings are read, so that nobody can forget to.
"""

import os
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "django"


def compile_stale(locales: Path, languages: list[str]) -> list[str]:
    """Compile what is stale; the languages that were compiled."""
    return [language for language in languages if _compile(locales, language)]


def _compile(locales: Path, language: str) -> bool:
    folder = locales / language / "LC_MESSAGES"
    source, target = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
    changed_ns = source.stat().st_mtime_ns if source.exists() else 0
    if target.exists() and target.stat().st_mtime_ns >= changed_ns:
        return False
    catalogue = Catalog(locale=language, domain=DOMAIN)
    if changed_ns:
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=language, domain=DOMAIN)
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the target and renamed: another process may be reading, or compiling, at this moment.
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".tmp", delete=False) as compiled:
        write_mo(compiled, catalogue)
    os.utime(compiled.name, ns=(changed_ns, changed_ns))
    Path(compiled.name).replace(target)
    return True
