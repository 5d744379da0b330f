"""A service whose questions share pages: few choices, numbers, words and years side by side."""

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sync.records import NATION, ChangeKind, ServiceNote
from tests.tones import tone
from tests.workbooks import with_purposes, write_service

if TYPE_CHECKING:
    from tests.screens.world import World

SHORT_GROUPS = "la.short.groups"
VERSION = "2026.1"
COLUMNS = (
    *("type", "name", "label::Lao (lo)", "label::English (en)", "required", "appearance"),
    *("relevant", "constraint", "constraint_message::Lao (lo)", "constraint_message::English (en)"),
    *("hint::Lao (lo)", "hint::English (en)", "audio::Lao (lo)", "audio::English (en)"),
)
SURVEY = (
    ("begin group", "household", "ຄອບຄົວ", "Your household", "", "field-list"),
    (
        *("select_one yesno", "married", "ທ່ານແຕ່ງງານແລ້ວບໍ?", "Are you married?", "yes", ""),
        *("", "", "", "", "", "", "light.wav", "light.wav"),
    ),
    (
        *("integer", "people", "ຢູ່ນຳກັນຈັກຄົນ?", "How many people live with you?", "yes", ""),
        *("", ". > 0", "ຢ່າງໜ້ອຍແມ່ນ 1 ຄົນ.", "There is at least one: you."),
    ),
    ("text", "since", "ແຕ່ປີໃດ?", "Since which year?", "", "partial-date"),
    ("end group",),
    ("begin group", "water", "ນ້ຳ ແລະ ໄຟ", "Water and light", "", "field-list"),
    (
        *("select_one source", "source", "ໃຊ້ນ້ຳຈາກໃສ?", "Where is your water from?", "yes"),
        *("", "", "", "", "", "", "", "source.wav", "source.wav"),
    ),
    (
        *("select_multiple light", "light", "ໃຊ້ໄຟຈາກໃສ?", "Where is your light from?", "", ""),
        *("", "", "", "", "", "", "light.wav", "light.wav"),
    ),
    ("end group",),
    ("begin group", "animals", "ສັດລ້ຽງ", "Animals", "", "field-list"),
    ("select_one yesno", "has_animals", "ທ່ານລ້ຽງສັດບໍ?", "Do you keep animals?", "yes"),
    ("integer", "buffaloes", "ຄວາຍຈັກໂຕ?", "How many buffaloes?", "", "", "${has_animals} = 'yes'"),
    (
        *("text", "other", "ສັດອື່ນ?", "Which other animals?", "yes", ""),
        *("${has_animals} = 'yes'", "", "", "", "ເຊັ່ນ: ໄກ່, ໝູ", "For example hens, pigs"),
    ),
    ("end group",),
    ("begin group", "jobs", "ວຽກ", "Work", "", "field-list"),
    *(
        ("text", f"work{number}", f"ວຽກທີ {number}?", f"What is work {number}?")
        for number in range(1, 8)
    ),
    ("end group",),
)
CHOICES = (
    ("list_name", "name", "label::Lao (lo)", "label::English (en)"),
    ("yesno", "yes", "ແມ່ນ", "Yes"),
    ("yesno", "no", "ບໍ່", "No"),
    ("source", "well", "ສ້າງ", "A well"),
    ("source", "river", "ແມ່ນ້ຳ", "The river"),
    ("source", "pipe", "ນ້ຳປະປາ", "A pipe"),
    ("light", "grid", "ໄຟຟ້າ", "The grid"),
    ("light", "sun", "ແສງຕາເວັນ", "The sun"),
    ("light", "none", "ບໍ່ມີໄຟ", "No light"),
)


@cache
def short_groups(signing_seed: bytes) -> bytes:
    """The service as a signed bundle."""
    from nacl.signing import SigningKey  # noqa: PLC0415 - beside the publisher that needs it

    from kiosk.forms.publish import publish  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(folder)
        return publish(folder, VERSION, SigningKey(signing_seed))


def write_folder(folder: Path) -> None:
    """The service as a ministry keeps it."""
    sheets = {"survey": with_purposes(COLUMNS, SURVEY), "choices": CHOICES}
    media = {"source.wav": tone(440), "light.wav": tone(660)}
    write_service(folder, SHORT_GROUPS, {"lo": "ກຸ່ມສັ້ນ", "en": "Short groups"}, sheets, media)


def publish_short_groups(world: "World") -> None:
    """The service arrives at the kiosk."""
    note = ServiceNote(SHORT_GROUPS, VERSION, short_groups(bytes(world.central.bundles)))
    world.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    world.exchanges()
