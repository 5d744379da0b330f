"""Compiles central's message catalogues when they are not of their sources.

Django reads `.mo` files only and will not even start without one for its default language. They
are made from the `.po` files when the settings are read, so that nobody can forget to.
"""

from pathlib import Path

from sync import messages

DOMAIN = "django"


def compile_stale(locales: Path, languages: list[str]) -> list[str]:
    """Compile what is stale; the languages that were compiled."""
    return [language for language in languages if _compile(locales, language)]


def _compile(locales: Path, language: str) -> bool:
    source = messages.catalogue_path(locales, language, DOMAIN)
    if not source.exists():
        source.parent.mkdir(parents=True, exist_ok=True)
        source.touch()
    return messages.compile_stale(source)
