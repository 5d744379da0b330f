"""Finds the sentences in templates for the message catalogues.

Django turns a template into something that reads like a program with `gettext` calls in it; Babel's
own extractor for Python reads that.
"""

import io
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

Found = tuple[int, str | tuple[str, ...], list[str], str | None]  # as Babel declares it
WRITTEN_BY_DJANGO = ("gettext", "ngettext", "pgettext", "npgettext")


def extract_template(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],  # noqa: ARG001 - Babel gives it by this name
) -> Iterator[Found]:
    """Babel's extractor for Django's templates."""
    program = templatize(fileobj.read().decode())
    # Where a line begins says nothing in a template, and everything in a program.
    lines = "\n".join(line.strip() for line in program.split("\n"))
    known = dict.fromkeys((*keywords, *WRITTEN_BY_DJANGO))
    yield from extract_python(io.BytesIO(lines.encode()), known, comment_tags, {})
