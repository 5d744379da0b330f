"""Workbooks made in memory, as a ministry's clerk might have typed them."""

import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

SERVICES = Path(__file__).resolve().parent.parent / "assets" / "services"
LO, EN = "label::Lao (lo)", "label::English (en)"

Cells = Mapping[str, object]


def with_purposes(
    columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[tuple[object, ...]]:
    """A survey's rows, its headings first; each question says why it is asked."""
    yield (*columns, "purpose", "legal_basis", "retention")
    for row in rows:
        asks = str(row[0]).split()[0] not in ("note", "begin", "end")
        why = ("Sample", "None: a sample", "1 year") if asks else ()
        yield (*row, *("",) * (len(columns) - len(row)), *why)


def question(kind: str, name: str, **cells: object) -> dict[str, object]:
    """A row of the survey with everything a good one has."""
    good = {
        "type": kind,
        "name": name,
        LO: "ທ່ານຊື່ຫຍັງ?",
        EN: "What is your name?",
        "purpose": "Names the person",
        "legal_basis": "Law",
        "retention": "3 years",
    }
    return good | cells


def workbook(survey: Sequence[Cells], choices: Sequence[Cells] = ()) -> bytes:
    """The bytes of an xlsx file with these rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, list[Cells]] = {
        "survey": list(survey),
        "choices": list(choices),
        "settings": [{"form_id": "a_form", "form_title": "A form", "version": "1"}],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def folder_with(tmp_path: Path, form: bytes, service: str = "residence-certificate") -> Path:
    """A copy of a sample service's folder with another workbook."""
    folder = tmp_path / service
    shutil.copytree(SERVICES / service, folder)
    (folder / "form.xlsx").write_bytes(form)
    return folder
