"""Small forms for tests: written as XLSForm tables, converted by the real pyxform."""

from collections.abc import Mapping
from datetime import date

from pyxform.xls2xform import convert

from kiosk.forms.compile import compile_form
from kiosk.forms.definition import Definition
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of, json_of

TODAY = date(2026, 11, 23)


def xform(tables: str) -> str:
    """The XForm that pyxform makes of `| survey | ... |` tables."""
    return str(convert(tables, validate=False).xform)


def form(tables: str, files: Mapping[str, str] | None = None) -> Definition:
    """The definition of `| survey | ... |` tables; `files` are the CSV lists."""
    lists = {name: text.encode() for name, text in (files or {}).items()}
    compiled = compile_form(xform(tables), lists)
    return definition_of(json_of(compiled))  # as it arrives at a kiosk


def entry(tables: str, files: Mapping[str, str] | None = None, language: str = "lo") -> Entry:
    """A new entry of such a form."""
    return Entry(form(tables, files), language=language, today=TODAY)
