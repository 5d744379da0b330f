"""A service to begin with: a folder that has nothing to mend, for an author to change row by row.

Nobody writes a first form on an empty sheet. This one shows, each in a row or two, what most forms
need: a page, a question that depends on another, villages of a district from a list of their own, a
photo, people counted one by one, and a read-back; and a description with every field that a service
sheet needs, each with a word on what it is for. It is a sample until an office has checked it.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.forms.folder import ICON, MEDIA
from kiosk.forms.structure_check import COMMON_TYPES
from kiosk.forms.workbook import CHOICES, SETTINGS, SURVEY
from kiosk.forms.workbook import FILE as WORKBOOK
from kiosk.forms.yaml_file import FILE as DESCRIPTOR

SERVICE = "la.example.my-service"
VILLAGES = "villages.csv"
TYPES_SHEET = "types"  # for the list of choices in the column type; no program reads it
ROWS_TO_FILL = 500
ICON_SIDE = 256  # pixels
_LO, _EN = "Lao (lo)", "English (en)"
_SURVEY = (
    *("type", "name", f"label::{_LO}", f"label::{_EN}", f"hint::{_LO}", f"hint::{_EN}"),
    *("required", "relevant", "constraint"),
    *(f"constraint_message::{_LO}", f"constraint_message::{_EN}"),
    *("choice_filter", "appearance", "purpose", "legal_basis", "retention", "bind::fact"),
)
_WHY = ("To write the certificate (example)", "Law on ... No. ... (example)", "3 years")
_HEADING = PatternFill("solid", fgColor="DDE6EE")
_WIDE = 34  # letters of a column with sentences


def starter(service: str = SERVICE) -> dict[str, bytes]:
    """The files of the service by their names in its folder."""
    return {
        WORKBOOK: _workbook(service),
        DESCRIPTOR: _DESCRIPTION.replace(SERVICE, service).encode(),
        ICON: _icon(),
        f"{MEDIA}/{VILLAGES}": _VILLAGES.encode(),
    }


def _workbook(service: str) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    survey = _sheet(book, SURVEY, _SURVEY, map(_row, _QUESTIONS))
    _sheet(book, CHOICES, ("list_name", "name", f"label::{_LO}", f"label::{_EN}"), _CHOICES)
    form_id = service.rpartition(".")[2].replace("-", "_")
    settings = ("ບໍລິການຂອງຂ້ອຍ · My service", form_id, "1", _LO)
    _sheet(book, SETTINGS, ("form_title", "form_id", "version", "default_language"), [settings])
    types = book.create_sheet(TYPES_SHEET)
    types.sheet_state = "hidden"
    for name in COMMON_TYPES:
        types.append([name])
    offered = DataValidation(
        type="list",
        formula1=f"={TYPES_SHEET}!$A$1:$A${len(COMMON_TYPES)}",
        showErrorMessage=False,  # `select_one yes_no` is more than a word of the list
    )
    offered.add(f"A2:A{ROWS_TO_FILL}")
    survey.add_data_validation(offered)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(
    book: Workbook, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> Worksheet:
    """A sheet whose headings stay in sight and whose words are not cut off."""
    sheet = book.create_sheet(title)
    for row in (headings, *rows):
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), _HEADING
        wide = "::" in str(cell.value) or cell.value in ("type", "form_title", "constraint")
        sheet.column_dimensions[cell.column_letter].width = _WIDE if wide else _WIDE / 2
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2" if title == SURVEY else "A2"
    return sheet


def _row(cells: Mapping[str, str]) -> list[str]:
    """A row of the survey: what it does not say is empty, but everything asked says why."""
    why = () if cells["type"].startswith(("begin", "end", "note")) else _WHY
    told = {**dict(zip(("purpose", "legal_basis", "retention"), why, strict=False)), **cells}
    return [told.get(_SHORT.get(heading, heading), "") for heading in _SURVEY]


def _icon() -> bytes:
    """A plain square to be replaced: a light field with a dark ring.

    By hand: an author's machine has no library of pictures.
    """
    middle, rows = ICON_SIDE / 2, []
    for y in range(ICON_SIDE):
        ring = (((x - middle) ** 2 + (y - middle) ** 2) ** 0.5 for x in range(ICON_SIDE))
        rows.append(b"\0" + bytes(60 if 70 < far < 90 else 235 for far in ring))  # noqa: PLR2004
    header = struct.pack(">IIBBBBB", ICON_SIDE, ICON_SIDE, 8, 0, 0, 0, 0)  # 8 bits of grey
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


_SHORT = {
    f"label::{_LO}": "lo",
    f"label::{_EN}": "en",
    f"hint::{_LO}": "hint_lo",
    f"hint::{_EN}": "hint_en",
    f"constraint_message::{_LO}": "wrong_lo",
    f"constraint_message::{_EN}": "wrong_en",
    "bind::fact": "fact",
}
_QUESTIONS: tuple[Mapping[str, str], ...] = (
    {
        "type": "text",
        "name": "full_name",
        "lo": "ທ່ານຊື່ ແລະ ນາມສະກຸນຫຍັງ?",
        "en": "What is your full name?",
        "hint_lo": "ຂຽນຕາມປຶ້ມສຳມະໂນຄົວ",
        "hint_en": "As in the family book",
        "required": "yes",
        "fact": "applicant.name",
    },
    {
        "type": "date",
        "name": "birth_date",
        "lo": "ທ່ານເກີດວັນທີໃດ?",
        "en": "When were you born?",
        "required": "yes",
        "constraint": ". <= today()",
        "wrong_lo": "ວັນເກີດຕ້ອງບໍ່ກາຍມື້ນີ້.",
        "wrong_en": "This day is still to come.",
        "fact": "applicant.birth-date",
    },
    {
        "type": "select_one district",
        "name": "district",
        "lo": "ທ່ານຢູ່ເມືອງໃດ?",
        "en": "In which district do you live?",
        "required": "yes",
        "fact": "home.district",
    },
    {
        "type": f"select_one_from_file {VILLAGES}",
        "name": "village",
        "lo": "ທ່ານຢູ່ບ້ານໃດ?",
        "en": "In which village do you live?",
        "required": "yes",
        "choice_filter": "district = ${district}",
        "fact": "home.village",
    },
    {
        "type": "select_one yes_no",
        "name": "has_paper",
        "lo": "ທ່ານມີໃບຢັ້ງຢືນເກົ່າບໍ?",
        "en": "Do you have an older certificate?",
        "required": "yes",
    },
    {
        "type": "image",
        "name": "paper_photo",
        "lo": "ກະລຸນາຖ່າຍຮູບໃບຢັ້ງຢືນເກົ່າ.",
        "en": "Please take a photo of the older certificate.",
        "hint_lo": "ຂ້າມໄດ້: ເອົາມາໃຫ້ເບິ່ງທີ່ຫ້ອງການ",
        "hint_en": "You may skip this and show it at the office",
        "relevant": "${has_paper} = 'yes'",
    },
    {
        "type": "begin_repeat",
        "name": "person",
        "lo": "ຄົນໃນຄອບຄົວ",
        "en": "Person in the family",
    },
    {
        "type": "text",
        "name": "person_name",
        "lo": "ຄົນນີ້ຊື່ຫຍັງ?",
        "en": "What is this person's name?",
        "required": "yes",
    },
    {"type": "end_repeat", "name": ""},
    {
        "type": "note",
        "name": "read_back",
        "lo": "ຂອບໃຈ ${full_name}. ກະລຸນາກວດຄຳຕອບຂອງທ່ານ.",
        "en": "Thank you, ${full_name}. Please check your answers.",
    },
)
_CHOICES = (
    ("yes_no", "yes", "ແມ່ນ", "Yes"),
    ("yes_no", "no", "ບໍ່", "No"),
    ("district", "chanthabouly", "ຈັນທະບູລີ", "Chanthabouly"),
    ("district", "xaythany", "ໄຊທານີ", "Xaythany"),
)
_VILLAGES = """\
name,district,label::lo,label::en
anou,chanthabouly,ບ້ານອານຸ,Ban Anou
haysok,chanthabouly,ບ້ານຫາຍໂສກ,Ban Haysok
dongdok,xaythany,ບ້ານດົງໂດກ,Ban Dongdok
tad-thong,xaythany,ບ້ານຕາດທອງ,Ban Tad Thong
"""
_DESCRIPTION = """\
# ຄຳອະທິບາຍບໍລິການ. ແຖວທີ່ຂຶ້ນຕົ້ນດ້ວຍ # ແມ່ນຄຳແນະນຳ, ໂປຣແກຣມບໍ່ອ່ານ.
# The description of a service. Lines that begin with # are advice; no program reads them.
id: la.example.my-service  # ຊື່ກະຊວງ ແລະ ບໍລິການ · ministry and service: la.moha.residence-certificate
version: "2026.1.1"  # ສູງຂຶ້ນທຸກຄັ້ງ · higher each time
sample: true  # ລຶບອອກ ເມື່ອມີ checked_by ແລະ checked_on · take away once an office has checked it
# checked_by: ຊື່ຫ້ອງການ
# checked_on: "2026-12-31"
name: {lo: ບໍລິການຂອງຂ້ອຍ, en: My service}
description:
  lo: ບໍລິການນີ້ໃຫ້ຫຍັງ.
  en: What people get from this service.
icon: icon.png
competent_authority:  # ໃຜຕັດສິນ · who decides
  id: la.example
  name: {lo: ຫ້ອງການເມືອງ, en: District office}
life_events:  # ເຫດການໃນຊີວິດ · where people look for it
  - {id: moving-home, name: {lo: ຍ້າຍທີ່ຢູ່, en: Moving home}}
audience: [resident]  # ຫຼື · or: citizen, household-business, enterprise, foreigner
languages: [lo, en]
processing_time: P3D  # 3 ວັນລັດຖະການ · 3 working days
costs:
  - id: fee
    value: null  # ກີບ ເຊັ່ນ 5000; null: ຖາມທີ່ໂຕະ · LAK, such as 5000; null reads: ask at the desk
    currency: LAK
    description: {lo: ຄ່າທຳນຽມ, en: Fee}
evidence:  # ເອກະສານ · documents
  - id: older_certificate
    name: {lo: ໃບຢັ້ງຢືນເກົ່າ, en: Older certificate}
    required: "${has_paper} = 'yes'"  # true, false ຫຼື ເງື່ອນໄຂ · true, false or a condition
    when: {lo: ຖ້າມີ, en: If there is one}
legal:  # ນິຕິກຳ · which law
  - id: law
    name: {lo: ກົດໝາຍ ເລກທີ ..., en: Law No. ...}
outputs:  # ປະຊາຊົນໄດ້ຮັບຫຍັງ · what people get
  - id: certificate
    name: {lo: ໃບຢັ້ງຢືນ, en: Certificate}
steps:  # ຂັ້ນຕອນ · the steps as people are told
  - {lo: ຕອບຄຳຖາມຢູ່ຕູ້ນີ້ ແລ້ວຮັບໃບຮັບ., en: Answer the questions here and take the receipt.}
  - {lo: ຫ້ອງການກວດ ແລະ ຕັດສິນ., en: The office checks and decides.}
purposes:  # ບອກກ່ອນຄຳຖາມທຳອິດ · told before the first question
  - id: certificate
    basis: law  # ຫຼື consent ຖ້າປະຕິເສດໄດ້ · or consent, where people may say no
    legal: [law]
    collects: {lo: "ຊື່, ວັນເກີດ, ທີ່ຢູ່ ແລະ ຮູບເອກະສານ.", en: "Name, birth, address and a photo."}
    why: {lo: ເພື່ອອອກໃບຢັ້ງຢືນ., en: To make out the certificate.}
    seen_by: {lo: ເຈົ້າໜ້າທີ່ຫ້ອງການເມືອງ., en: The officers of the district office.}
    kept: {lo: 3 ປີ ຫຼັງຕັດສິນ., en: For 3 years after the decision.}
other_way:
  lo: ທ່ານຍື່ນຢູ່ໂຕະບໍລິການໄດ້ຄືກັນ.
  en: You may also apply at the desk.
contact: {telephone: "1551", complaint_telephone: "1516", opening_hours: "Mo-Fr 08:00-16:00"}
workflow:  # ຫ້ອງການໃດເຮັດຫຍັງ, ຈັກວັນ · which office does what, in how many working days
  steps:
    - id: decide
      name: {lo: ກວດ ແລະ ຕັດສິນ, en: Check and decide}
      office: district
      days: 3
      decides: true
reasons:  # ເຫດຜົນທີ່ເຈົ້າໜ້າທີ່ເລືອກ · reasons that officers choose from
  return:
    - {id: photo-unreadable, name: {lo: ຮູບຖ່າຍບໍ່ຊັດ, en: The photo cannot be read}}
  reject:
    - {id: not-resident, name: {lo: ບໍ່ໄດ້ອາໄສຢູ່ເມືອງນີ້, en: Does not live in this district}}
"""
