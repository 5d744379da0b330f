"""From a workbook's cells to an XForm: what pyxform, the reference converter of XLSForm, does here.

It makes the XForm of the cells that we read, not of the file: what was bounded there stays bounded
here. What it says is put into our own sentences (`converter_words`), at the cell that it means.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from xml.etree.ElementTree import ParseError

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from kiosk.forms.converter_words import OWN_FAULT, finding_of, findings_of
from kiosk.forms.finding import Finding, Level, Place, error
from kiosk.forms.workbook import FILE, SURVEY, BadWorkbook, Workbook

_WORD = re.compile(r"[\w-]+")
_QUOTED = re.compile(r"(?<=['\[])[^'\[\]]*(?=['\]])")


def to_xform(workbook: Workbook) -> tuple[str, list[str]]:
    """The XForm's XML as pyxform makes it, and pyxform's warnings.

    Raises:
        BadWorkbook: pyxform refuses it.
    """
    warnings: list[str] = []
    try:
        result = convert(_for_pyxform(workbook), warnings=warnings, validate=False)
    except PyXFormError as problem:
        found = findings_of(str(problem), rows_by_name(workbook))
        raise BadWorkbook(*[_at_its_row(one, str(problem), workbook) for one in found]) from problem
    except (KeyError, ValueError, TypeError, AttributeError, ParseError) as problem:
        # pyxform meets some wrong cells with whatever its code trips over
        fault = f"{type(problem).__name__}: {problem}"
        raise BadWorkbook(error(Place(FILE), OWN_FAULT, problem=fault)) from problem
    return str(result.xform), warnings


def doubt(message: str, rows: Mapping[str, int]) -> Finding:
    """A warning of pyxform at the row that it names."""
    found = finding_of(message, rows)
    place = found.place if found.row is not None or found.sheet != FILE else Place(SURVEY)
    return Finding(place, found.sentence, found.places, Level.WARNING)


def _at_its_row(finding: Finding, message: str, workbook: Workbook) -> Finding:
    """Where pyxform tells no row: the one whose cell has most of the words that it says.

    What stands in quotation marks comes from the cell, so that counts twice.
    """
    if finding.row is not None or finding.column is None:
        return finding
    said = [*_WORD.findall(message), *_WORD.findall(" ".join(_QUOTED.findall(message)))]
    scores: dict[int, int] = {}
    for row in workbook.sheet(finding.sheet).rows:
        cell = set(_WORD.findall(row.get(finding.column)))
        scores[row.number] = sum(said.count(word) for word in cell)
    best = max(scores, key=scores.__getitem__, default=None)
    if best is None or not scores[best]:
        return finding
    return replace(finding, place=Place(finding.sheet, best, finding.column))


def rows_by_name(workbook: Workbook) -> dict[str, int]:
    """The row of each question, by its name."""
    return {row.get("name"): row.number for row in workbook.question_rows() if row.get("name")}


def _for_pyxform(workbook: Workbook) -> dict[str, object]:
    """The cells as pyxform takes them: a list of rows, empty ones too, so that it counts right."""
    plain: dict[str, object] = {"sheet_names": list(workbook.sheets)}
    for name, sheet in workbook.sheets.items():
        rows: list[dict[str, str]] = []
        for row in sheet.rows:
            rows += [{} for _ in range(row.number - len(rows) - 2)]  # row 2 is the first
            rows.append(dict(row.cells))
        plain[name] = rows
        plain[f"{name}_header"] = [dict.fromkeys(sheet.headings)]
    return plain
