"""Workbooks made in memory, as a ministry's clerk might have typed them."""

import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml
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


def write_service(
    folder: Path,
    service_id: str,
    name: Mapping[str, str],
    sheets: Mapping[str, Iterable[Sequence[object]]],
    media: Mapping[str, bytes],
) -> None:
    """A service as a ministry keeps it; what its sheets and media do not say is a sample's."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "version", "default_language"))
    form_id = "_".join(service_id.split(".")[1:])
    settings.append((f"{name['lo']} · {name['en']}", form_id, "1", "Lao (lo)"))
    book.save(folder / "form.xlsx")
    (folder / "media").mkdir()
    for file, data in media.items():
        (folder / "media" / file).write_bytes(data)
    sample = SERVICES / "residence-certificate"
    descriptor = yaml.safe_load((sample / "descriptor.yaml").read_text("utf-8"))
    descriptor |= {"id": service_id, "name": dict(name), "evidence": []}
    (folder / "descriptor.yaml").write_text(yaml.safe_dump(descriptor, allow_unicode=True), "utf-8")
    (folder / "icon.png").write_bytes((sample / "icon.png").read_bytes())


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
