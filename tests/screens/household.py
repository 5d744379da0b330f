"""A service with repeats and long lists: a workbook written here, then published. Sample data.

Children with their toys, rooms by number, 150 districts, 8,640 villages: names are made up of
syllables, so that they read like names and stand for no real place.
"""

import tempfile
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from sync.records import NATION, ChangeKind, ServiceNote
from tests.workbooks import with_purposes, write_service

if TYPE_CHECKING:
    from tests.screens.world import World

HOUSEHOLD = "la.every.household"
VERSION = "2026.1"
DISTRICTS, VILLAGES = 150, 8_640
FIRST = (
    *(("ຄຳ", "Kham"), ("ສີ", "Si"), ("ໂພນ", "Phon"), ("ຫ້ວຍ", "Houay"), ("ນາ", "Na")),
    *(("ປາກ", "Pak"), ("ດອນ", "Don"), ("ໜອງ", "Nong"), ("ວັງ", "Vang"), ("ທ່າ", "Tha")),
    *(("ເມືອງ", "Muang"), ("ໄຊ", "Xay"), ("ແກ້ວ", "Keo"), ("ບໍ່", "Bo"), ("ຈອມ", "Chom")),
    *(("ຜາ", "Pha"), ("ຊຽງ", "Xieng"), ("ລາດ", "Lat"), ("ຮ່ອງ", "Hong"), ("ອູ", "Ou")),
    *(("ຍາງ", "Yang"), ("ຖ້ຳ", "Tham"), ("ຕົ້ນ", "Ton"), ("ຝາຍ", "Fay"), ("ງິ້ວ", "Ngiou")),
    *(("ຂອນ", "Khon"), ("ພູ", "Phou"), ("ຟ້າ", "Fa"), ("ຢາ", "Ya")),
)
SECOND = (
    *(("ແດງ", "deng"), ("ຂາວ", "khao"), ("ດຳ", "dam"), ("ທອງ", "thong"), ("ງາມ", "ngam")),
    *(("ໃຫຍ່", "gnai"), ("ນ້ອຍ", "noy"), ("ໃໝ່", "mai"), ("ເກົ່າ", "kao"), ("ສູງ", "soung")),
    *(("ຍາວ", "gnao"), ("ກາງ", "kang"), ("ເໜືອ", "neua"), ("ໃຕ້", "tai"), ("ຄຳ", "kham")),
)
THIRD = (
    *(("", ""), ("ສະຫວັນ", " Savan"), ("ວິໄລ", " Vilay"), ("ໄຊ", " Xay"), ("ສຸກ", " Souk")),
    *(("ແກ້ວ", " Keo"), ("ບົວ", " Boua"), ("ດີ", " Dy"), ("ສະພັງທອງ", " Saphangthong")),
    *(("ພອນ", " Phon"), ("ຈັນ", " Chan"), ("ມີໄຊ", " Mixay"), ("ຮຸ່ງເຮືອງ", " Houngheuang")),
    *(("ເຈລີນ", " Chaleun"), ("ສີສະຫວາດ", " Sisavat"), ("ນາຄຳ", " Nakham"), ("ທົ່ງ", " Thong")),
    *(("ຫຼວງ", " Luang"), ("ລາດ", " Lat"), ("ວຽງ", " Vieng")),
)
COLUMNS = (
    *("type", "name", "label::Lao (lo)", "label::English (en)", "required", "appearance"),
    *("relevant", "choice_filter", "repeat_count", "constraint"),
)
SURVEY = (
    ("begin group", "person", "ຜູ້ຂໍ", "About you"),
    ("text", "who", "ຊື່ ແລະ ນາມສະກຸນຂອງທ່ານ?", "What is your name?", "yes"),
    ("date", "born", "ທ່ານເກີດວັນໃດ?", "When were you born?"),
    ("end group",),
    ("select_one district", "district", "ທ່ານຢູ່ເມືອງໃດ?", "Which district do you live in?", "yes"),
    (
        *("select_one_from_file villages.csv", "village", "ທ່ານຢູ່ບ້ານໃດ?"),
        *("Which village do you live in?", "", "", "", "district = ${district}"),
    ),
    (
        *("select_one_from_file villages.csv", "birthplace", "ທ່ານເກີດຢູ່ບ້ານໃດ?"),
        "Which village were you born in?",
    ),
    (
        *("select_multiple_from_file villages.csv", "fields", "ທ່ານມີນາຢູ່ບ້ານໃດແດ່?"),
        "In which villages do you have fields?",
    ),
    ("begin repeat", "child", "ລູກ", "Child"),
    ("text", "cname", "ລູກຂອງທ່ານຊື່ຫຍັງ?", "What is your child's name?", "yes"),
    ("text", "cborn", "ລູກເກີດເມື່ອໃດ?", "When was the child born?", "", "partial-date"),
    ("begin group", "learning", "ການຮຽນ", "School", "", "field-list"),
    ("text", "school", "ໂຮງຮຽນໃດ?", "Which school?"),
    ("integer", "class", "ຫ້ອງໃດ?", "Which class?"),
    ("end group",),
    ("begin repeat", "needle", "ວັກຊີນ", "Vaccination"),
    ("text", "against", "ກັນພະຍາດຫຍັງ?", "Against what?"),
    ("end repeat",),
    ("end repeat",),
    (
        *("integer", "rooms", "ເຮືອນມີຈັກຫ້ອງ?", "How many rooms are there?"),
        *("", "", "", "", "", ". <= 12"),
    ),
    ("begin repeat", "room", "ຫ້ອງ", "Room", "", "", "", "", "${rooms}"),
    ("text", "use", "ໃຊ້ເຮັດຫຍັງ?", "What is it used for?"),
    ("end repeat",),
    ("begin repeat", "vehicle", "ລົດ", "Vehicle"),
    ("text", "plate", "ປ້າຍລົດ?", "What is on the plate?"),
    ("note", "more", "ຍັງມີລົດອີກຄັນ", "I have one more vehicle", "", "repeat-add", "false()"),
    ("note", "all", "ໝົດແລ້ວ", "No more vehicles", "", "repeat-done", "false()"),
    ("note", "no", "ຂ້ອຍບໍ່ມີລົດ", "I have no vehicle", "", "repeat-none", "false()"),
    ("end repeat",),
)


def names(count: int) -> list[tuple[str, str]]:
    """So many made-up places, each in Lao and in Latin letters, mixed up but always the same."""
    made = [
        ("".join(part[0] for part in parts), "".join(part[1] for part in parts))
        for parts in product(FIRST, SECOND, THIRD)
    ]
    return [made[at * 3_571 % len(made)] for at in range(count)]


def villages_csv() -> str:
    """The villages with their district."""
    rows = (f"v{at},{en},{lo},d{at % DISTRICTS}" for at, (lo, en) in enumerate(names(VILLAGES)))
    return "\n".join(("name,label,label_lo,district", *rows)) + "\n"


@cache
def household(signing_seed: bytes) -> bytes:
    """The service as a signed bundle."""
    from nacl.signing import SigningKey  # noqa: PLC0415 - beside the publisher that needs it

    from kiosk.forms.publish import publish  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(folder)
        return publish(folder, VERSION, SigningKey(signing_seed))


def write_folder(folder: Path) -> None:
    """The service as a ministry keeps it."""
    headings = ("list_name", "name", "label::Lao (lo)", "label::English (en)")
    districts = (("district", f"d{at}", lo, en) for at, (lo, en) in enumerate(names(DISTRICTS)))
    sheets = {"survey": with_purposes(COLUMNS, SURVEY), "choices": (headings, *districts)}
    media = {"villages.csv": villages_csv().encode()}
    name = {"lo": "ທະບຽນລູກ ແລະ ບ້ານ", "en": "Children and villages"}
    write_service(folder, HOUSEHOLD, name, sheets, media)


def publish_household(world: "World") -> None:
    """The service arrives at the kiosk."""
    note = ServiceNote(HOUSEHOLD, VERSION, household(bytes(world.central.bundles)))
    world.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    world.exchanges()
