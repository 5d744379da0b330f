"""The message catalogues, read fast: a kiosk reads fifteen hundred sentences whenever it starts.

Translators write `.po` files, and no build step stands between them and the screen. To read one
takes ten times as long as the compiled form that gettext knows, so it is compiled when it is first
read and whenever it has changed, and kept beside its source where that may be written. Behind the
compiled sentences stands a digest of them and of their source: what is older than its source, or
was spoiled by a power cut, is made again, whatever the clocks of the files say.

Kiosk and central read their catalogues alike.
"""

import gettext
import hashlib
import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sync.durable import put_whole

_DIGEST_BYTES = 32
_MODE = 0o644  # whoever may read the source


def catalogue_path(locales: Path, language: str, domain: str) -> Path:
    """Where the translations of that domain lie as they were written."""
    return locales / language / "LC_MESSAGES" / f"{domain}.po"


def messages(locales: Path, language: str, domain: str) -> gettext.NullTranslations:
    """The language's messages by their English; none where it has no catalogue."""
    source = catalogue_path(locales, language, domain)
    if not source.exists():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(compiled(source)))


def read_all(locales: Path, language: str, domain: str) -> Mapping[str, str]:
    """What the language says, by its English: for who looks for a message by what it says."""
    from babel.messages.mofile import read_mo  # noqa: PLC0415 - hardly anybody does

    source = catalogue_path(locales, language, domain)
    if not source.exists():
        return {}
    told = (one for one in read_mo(io.BytesIO(compiled(source))) if one.id)
    return {str(one.id): str(one.string) for one in told if isinstance(one.id, str)}


def compiled(source: Path) -> bytes:
    """The catalogue in its compiled form; what is kept of it is made anew where it is stale."""
    written = source.read_bytes()
    kept = find_compiled(source, written)
    if kept is not None:
        return kept
    made = _compile(source, written)
    with suppress(OSError):  # a program that may not change itself speaks as well, and is slower
        _keep(source, written, made)
    return made


def compile_stale(source: Path) -> bool:
    """Bring what is kept of the catalogue up to date; whether it was not.

    Raises:
        OSError: it cannot be written.
    """
    written = source.read_bytes()
    if find_compiled(source, written) is not None:
        return False
    _keep(source, written, _compile(source, written))
    return True


def find_compiled(source: Path, written: bytes) -> bytes | None:
    """What is kept of the catalogue in that form, where it is whole and made of these words."""
    try:
        kept = source.with_suffix(".mo").read_bytes()
    except OSError:  # not there, or not for us
        return None
    made, digest = kept[:-_DIGEST_BYTES], kept[-_DIGEST_BYTES:]
    return made if digest == _digest(written, made) else None


def _keep(source: Path, written: bytes, made: bytes) -> None:
    put_whole(source.with_suffix(".mo"), made + _digest(written, made), _MODE)


def _digest(written: bytes, made: bytes) -> bytes:
    whole = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in (written, made):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.digest()


def _compile(source: Path, written: bytes) -> bytes:
    """By Babel, which takes a moment to load, too: hardly ever needed."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    made = io.BytesIO()
    write_mo(made, read_po(io.BytesIO(written), locale=source.parent.parent.name))
    return made.getvalue()
