"""A service that asks for what the sample services do not: a workbook written here, then published.

It goes the whole road of a ministry's form: XLSForm, publisher, signed bundle, feed, ledger.
"""

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from openpyxl import Workbook

from kiosk.resources import assets
from sync.records import NATION, ChangeKind, ServiceNote

if TYPE_CHECKING:
    from tests.screens.world import World

EVERY_KIND = "la.test.every-kind"
VERSION = "2026.1"
SAMPLE = assets() / "services" / "residence-certificate"

COLUMNS = (
    *("type", "name", "label::Lao (lo)", "label::English (en)"),
    *("hint::Lao (lo)", "hint::English (en)", "required", "appearance", "relevant"),
    *("required_message::Lao (lo)", "required_message::English (en)"),
)
LONG = (
    "ເປັນຫຍັງທ່ານຈຶ່ງຂໍໃບຢັ້ງຢືນນີ້ ແລະ ທ່ານຈະເອົາໄປໃຫ້ຫ້ອງການໃດ ໃນເມືອງໃດ?",
    "Why do you ask for this certificate, and which office in which district will you give it to?",
    "ຂຽນສັ້ນໆກໍໄດ້. ຖ້າຍັງບໍ່ຮູ້ຊື່ຫ້ອງການ, ຂຽນແຕ່ຊື່ເມືອງ.",
    "A few words will do. If you do not know the office yet, write only the district.",
    "yes",
    "",
    "",
    "ກະລຸນາຂຽນສັ້ນໆວ່າ ຈະເອົາໄປໃຊ້ຢູ່ໃສ.",
    "Please write in a few words where you will use it.",
)
SURVEY = (
    ("note", "note", "ຕໍ່ໄປແມ່ນຄຳຖາມກ່ຽວກັບເຮືອນຂອງທ່ານ.", "Next come questions about your home."),
    ("begin group", "group", "ທີ່ຢູ່", "Address", "", "", "", "field-list"),
    ("text", "street", "ຖະໜົນໃດ?", "Which street?", "", "", "yes"),
    ("integer", "unit", "ໜ່ວຍໃດ?", "Which unit?"),
    ("text", "since", "ແຕ່ປີໃດ?", "Since which year?", "", "", "", "partial-date"),
    ("end group",),
    ("decimal", "area", "ເນື້ອທີ່ຈັກແມັດມົນທົນ?", "How many square metres?", "", "", "yes"),
    ("text", "telephone", "ໂທຫາເບີໃດ?", "Which telephone number?", "", "", "", "numbers"),
    ("text", "long", *LONG),
    ("text", "short", "ຊື່ຮ້ານ?", "Name of the shop?"),
    ("acknowledge", "agreed", "ຂໍ້ມູນທັງໝົດແມ່ນຄວາມຈິງ.", "Everything I wrote is true.", "", "", "yes"),
)


@cache
def every_kind(signing_seed: bytes) -> bytes:
    """The service as a signed bundle."""
    from nacl.signing import SigningKey  # noqa: PLC0415 - beside the publisher that needs it

    from kiosk.forms.publish import publish  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(folder)
        return publish(folder, VERSION, SigningKey(signing_seed))


def write_folder(folder: Path) -> None:
    """The service as a ministry keeps it."""
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (COLUMNS, *SURVEY):
        survey.append(row)
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "version", "default_language"))
    settings.append(("ທຸກແບບ · Every kind", "every_kind", "1", "Lao (lo)"))
    book.save(folder / "form.xlsx")
    descriptor = yaml.safe_load((SAMPLE / "descriptor.yaml").read_text("utf-8"))
    descriptor |= {"id": EVERY_KIND, "name": {"lo": "ທຸກແບບ", "en": "Every kind"}, "evidence": []}
    (folder / "descriptor.yaml").write_text(yaml.safe_dump(descriptor, allow_unicode=True), "utf-8")
    (folder / "icon.png").write_bytes((SAMPLE / "icon.png").read_bytes())


def publish_every_kind(world: "World") -> None:
    """The service arrives at the kiosk."""
    note = ServiceNote(EVERY_KIND, VERSION, every_kind(bytes(world.central.bundles)))
    world.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    world.exchanges()
