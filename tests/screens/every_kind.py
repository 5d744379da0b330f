"""A service that asks for what the sample services do not: a workbook written here, then published.

It goes the whole road of a ministry's form: XLSForm, publisher, signed bundle, feed, ledger.
"""

import io
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from kiosk.devices.microphone import Microphone
from sync.records import NATION, ChangeKind, ServiceNote
from tests.workbooks import with_purposes, write_service

if TYPE_CHECKING:
    from tests.screens.world import World

EVERY_KIND = "la.every.kind"
VERSION = "2026.1"

COLUMNS = (
    *("type", "name", "label::Lao (lo)", "label::English (en)"),
    *("hint::Lao (lo)", "hint::English (en)", "required", "appearance", "relevant"),
    *("required_message::Lao (lo)", "required_message::English (en)", "parameters"),
    *("image::Lao (lo)", "image::English (en)", "audio::English (en)"),
)
NOTHING = ("",) * 7  # between the labels and the parameters, where only those are set
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
    ("time", "opens", "ຮ້ານເປີດຈັກໂມງ?", "When does the shop open?", "", "", "yes"),
    ("datetime", "moved_in", "ທ່ານຍ້າຍມາຢູ່ວັນໃດ ຈັກໂມງ?", "On which day and when did you move in?"),
    (
        *("range", "calm", "ບ້ານງຽບປານໃດ?", "How calm is the village?", *NOTHING),
        "start=0 end=10 step=1",
    ),
    (
        *("range", "slope", "ທາງຄ້ອຍຊັນປານໃດ ເປັນສ່ວນຮ້ອຍ?", "How steep is the way, in percent?"),
        *(*NOTHING, "start=0 end=30 step=0.5"),
    ),
    ("rank needs", "needs", "ສິ່ງໃດສຳຄັນກວ່າ?", "What matters most?", "", "", "yes"),
    (
        *("rank many", "many_needs", "ບ້ານຕ້ອງການຫຍັງກ່ອນ?", "What does the village need first?"),
        *("ແຕະຕາມລຳດັບ.", "Touch them in order."),
    ),
    (
        *("select_one houses", "house", "ເຮືອນແບບໃດ?", "What kind of house?", *NOTHING, ""),
        *("house.png", "house.png", "house.mp3"),
    ),
    ("barcode", "parcel", "ລະຫັດຂອງຕອນດິນ?", "The code of the plot of land?"),
    ("image", "signed", "ກະລຸນາເຊັນຊື່.", "Please sign.", "", "", "yes", "signature"),
    ("audio", "said", "ທ່ານຢາກເວົ້າຫຍັງ?", "What would you like to say?", "", "", "yes"),
    ("file", "paper", "ໃບສັນຍາເຊົ່າ", "The contract of the lease", "", "", "yes"),
    ("video", "film", "ຮູບເງົາຂອງເຮືອນ", "A film of the house", "", "", "yes"),
    ("geopoint", "place", "ເຮືອນຢູ່ໃສ?", "Where is the house?", "", "", "yes"),
    ("date", "day", "ຢາກໄດ້ໃບຢັ້ງຢືນມື້ໃດ?", "On which day do you want the paper?"),
    ("image", "front", "ຮູບໜ້າເຮືອນ", "A photo of the front of the house", "", "", "yes"),
    ("select_multiple needs", "has", "ເຮືອນມີຫຍັງແດ່?", "What does the house have?"),
    ("acknowledge", "agreed", "ຂໍ້ມູນທັງໝົດແມ່ນຄວາມຈິງ.", "Everything I wrote is true.", "", "", "yes"),
)


CHOICES = (
    ("list_name", "name", *COLUMNS[2:4], "image::Lao (lo)", "image::English (en)"),
    ("needs", "water", "ນ້ຳສະອາດ", "Clean water"),
    ("needs", "road", "ທາງ", "A road"),
    ("needs", "power", "ໄຟຟ້າ", "Electricity"),
    ("many", "water", "ນ້ຳສະອາດ", "Clean water"),
    ("many", "road", "ທາງທີ່ໃຊ້ໄດ້ທຸກລະດູ", "A road for every season"),
    ("many", "power", "ໄຟຟ້າ", "Electricity"),
    ("many", "school", "ໂຮງຮຽນ", "A school"),
    ("many", "health", "ສຸກສາລາ", "A health centre"),
    ("many", "market", "ຕະຫຼາດ", "A market"),
    ("houses", "stilts", "ເຮືອນຮ້ານ", "A house on stilts", "stilts.png", "stilts.png"),
    ("houses", "ground", "ເຮືອນຊັ້ນດຽວ", "A house on the ground", "ground.png", "ground.png"),
    ("houses", "shop", "ເຮືອນຮ້ານຄ້າ", "A house with a shop", "shop.png", "shop.png"),
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


def media() -> dict[str, bytes]:
    """Sample pictures and a clip as they lie beside a form."""
    drawn = {}
    for name, roof in (("house", 30), ("stilts", 60), ("ground", 45), ("shop", 20)):
        image = Image.new("RGB", (240, 180), "#e8f0e8")
        draw = ImageDraw.Draw(image)
        draw.polygon([(30, 100), (120, 100 - roof), (210, 100)], fill="#8a3b1e")
        draw.rectangle([50, 100, 190, 150], fill="#c9a26b")
        for post in (60, 175) if name == "stilts" else ():
            draw.rectangle([post, 150, post + 8, 178], fill="#5a4020")
        out = io.BytesIO()
        image.save(out, "PNG")
        drawn[f"{name}.png"] = out.getvalue()
    return drawn | {"house.mp3": tone()}


@cache
def tone() -> bytes:
    """A second of a tone, as MP3, recorded by the kiosk's own microphone class."""
    microphone = Microphone("sine=frequency=440:duration=1", format_name="lavfi")
    microphone.start()
    while microphone.recording:
        time.sleep(0.02)
    recorded = microphone.stop()
    assert recorded is not None
    return recorded


def write_folder(folder: Path) -> None:
    """The service as a ministry keeps it."""
    sheets = {"survey": with_purposes(COLUMNS, SURVEY), "choices": CHOICES}
    write_service(folder, EVERY_KIND, {"lo": "ທຸກແບບ", "en": "Every kind"}, sheets, media())


def publish_every_kind(world: "World") -> None:
    """The service arrives at the kiosk."""
    note = ServiceNote(EVERY_KIND, VERSION, every_kind(bytes(world.central.bundles)))
    world.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    world.exchanges()
