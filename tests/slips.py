"""Every slip that the printer makes, with made-up facts that never change.

`python -m tests.slips` writes their pictures anew into `tests/golden/`: look at each before it is
committed. With names it writes only those.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from kiosk.copy_slip import copy_slip
from kiosk.day_report import DayReport
from kiosk.decision_slip import decision_slip
from kiosk.field.self_test import Site, self_test
from kiosk.finding import Found, Holds, Progress
from kiosk.form_words import FormFormats
from kiosk.forms.bundle import DEFINITION
from kiosk.forms.descriptor import ServiceDescriptor, Text
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of
from kiosk.language import language, set_language
from kiosk.printing.layout import render
from kiosk.printing.profile import PrinterProfile, load_profile
from kiosk.printing.slip import Printable, Slip
from kiosk.resources import assets
from kiosk.resume_code import ResumeCode
from kiosk.resume_slip import ResumeSlip
from kiosk.sheet_slip import sheet_slip
from sync.records import Stamp, TimeQuality
from tests.desk_kiosk import fill, opened, published
from tests.papers import sample_receipt
from tests.sample_answers import ANSWERS, RESIDENCE

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = ("generic-58", "generic-80")
NOW = Stamp(1_790_000_000_000, TimeQuality.TRUSTED)
OFFICE = Text(
    {"lo": "ຫ້ອງການບໍລິການປະຕູດຽວ ເມືອງໄຊທານີ", "en": "Xaythany District One-Door Service Centre"}
)
WORDS = (
    "ກະລຸນາເອົາປຶ້ມສຳມະໂນຄົວຕົວຈິງມາໃຫ້ເບິ່ງ ເພາະຮູບຖ່າຍບໍ່ຊັດ. "
    "ຫ້ອງການເປີດວັນຈັນ ຫາ ວັນສຸກ ແຕ່ 8 ໂມງ ຫາ 4 ໂມງແລງ. ຂໍຂອບໃຈ."
)
SITE = Site("0123456789abcdef", 4711, "la-vte-xaythany", OFFICE["en"], ("89ab0123", "cdef4567"))


def descriptor(folder: str = "residence-certificate") -> ServiceDescriptor:
    """A sample service as its folder describes it."""
    path = assets() / "services" / folder / "descriptor.yaml"
    return ServiceDescriptor.from_json(yaml.safe_load(path.read_text("utf-8")))


def found(**other: object) -> Found:
    """A returned application, as its receipt opens it."""
    receipt = sample_receipt()
    plain = Found(
        reference=receipt.reference,
        progress=Progress.RETURNED,
        service=receipt.service,
        recorded=receipt.recorded,
        as_of=NOW,
        since=NOW,
        promise=None,
        reason=descriptor().reasons_for("return")[1].name,
        words=WORDS,
        holds=Holds.KEY,
        service_id=receipt.claims.service,
        asked_labels=(Text({"lo": "ຮູບປຶ້ມສຳມະໂນຄົວ", "en": "Photo of the family book"}),),
    )
    return replace(plain, **other)  # type: ignore[arg-type]  # a test changes what it likes


def day_report(**other: object) -> DayReport:
    """A busy day."""
    busy = DayReport(
        day=date(2026, 9, 21),
        office=OFFICE,
        kiosk_number=4711,
        applications=(
            (Text({"lo": "ໃບຢັ້ງຢືນທີ່ຢູ່", "en": "Residence certificate"}), 12),
            (
                Text({"lo": "ທະບຽນວິສາຫະກິດຄົວເຮືອນ", "en": "Household business registration"}),
                3,
            ),
        ),
        complaint_count=1,
        opinion_count=7,
        waiting_count=4,
        last_heard=NOW,
        papers_waiting_count=0,
        roll_used_m=18.4,
        paper_ends=date(2026, 9, 24),
        printed=NOW,
    )
    return replace(busy, **other)  # type: ignore[arg-type]  # a test changes what it likes


def resume_slip(**other: object) -> ResumeSlip:
    """What somebody takes home who stopped in the middle."""
    plain = ResumeSlip(
        code=ResumeCode(4711, bytes(range(16))).text,
        reference=sample_receipt(2).reference,
        service=sample_receipt().service,
        place=OFFICE,
        days=30,
        until=date(2026, 10, 21),
        complaints="1516",
    )
    return replace(plain, **other)  # type: ignore[arg-type]  # a test changes what it likes


def answers_copy(**other: Any) -> Slip:
    """What somebody takes home whom a clerk has helped."""
    definition = definition_of(opened(published(RESIDENCE)).file(DEFINITION))
    entry = Entry(definition, language=language(), today=date(2026, 9, 21), formats=FormFormats())
    fill(entry, ANSWERS[RESIDENCE])
    receipt = sample_receipt(helped_by="ນາງ ບົວລີ ສີສຸວັນ", **other)
    return copy_slip(entry, receipt, OFFICE, NOW)


def _in(code: str, make: Callable[[PrinterProfile], Printable]) -> Callable[..., Printable]:
    def made(profile: PrinterProfile) -> Printable:
        set_language(code)
        try:
            return make(profile).slip()
        finally:
            set_language("lo")

    return made


SLIPS: dict[str, Callable[[PrinterProfile], Printable]] = {
    "receipt-lo": lambda _: sample_receipt(),
    "receipt-en": lambda _: sample_receipt(languages=("en", "lo"), sample=True, copy=1),
    "complaint-lo": lambda _: sample_receipt(
        is_complaint=True,
        service=Text({"lo": "ຄຳຮ້ອງທຸກ", "en": "Complaint"}),
        claims=replace(sample_receipt().claims, fee_lak=0),
        bring=None,
    ),
    "sheet-lo": _in("lo", lambda _: sheet_slip(descriptor(), None, OFFICE, NOW, "lo", sample=True)),
    "sheet-en": _in("en", lambda _: sheet_slip(descriptor(), None, OFFICE, NOW, "en", sample=True)),
    "decision-lo": _in("lo", lambda _: decision_slip(found(), OFFICE, NOW, "lo", sample=False)),
    "decision-en": _in(
        "en",
        lambda _: decision_slip(
            found(
                progress=Progress.APPROVED,
                reason=None,
                asked_labels=(),
                law=descriptor().legal[0].name,
                deciders=("ວິຊາການ", "ຫົວໜ້າຫ້ອງການ"),
                words="Please fetch your certificate at the desk. We are open Monday to Friday.",
            ),
            OFFICE,
            NOW,
            "en",
            sample=True,
        ),
    ),
    "copy-lo": _in("lo", lambda _: answers_copy()),
    "copy-en": _in("en", lambda _: answers_copy(sample=True)),
    "resume-lo": lambda _: resume_slip(),
    "resume-en": lambda _: resume_slip(languages=("en", "lo"), until=None, sample=True),
    "day-lo": lambda _: day_report(),
    "day-en": lambda _: day_report(
        languages=("en", "lo"), applications=(), complaint_count=0, opinion_count=0, paper_ends=None
    ),
    "self-test": lambda profile: self_test(profile, SITE, "0.0.0"),
    "self-test-dead-dots": lambda profile: self_test(
        replace(profile, dead_dots=(133, 200)), None, "0.0.0"
    ),
}


def profile_of(name: str, width: str) -> PrinterProfile:
    """The printer that a golden picture was made for."""
    profile = load_profile(width)
    return replace(profile, dead_dots=(133, 200)) if name.endswith("dead-dots") else profile


def pictures(*names: str) -> Iterator[tuple[Path, Image.Image]]:
    """Where each slip's picture lies, and how it looks now: black and white, a bit a dot."""
    for name in names or SLIPS:
        for width in WIDTHS:
            profile = profile_of(name, width)
            paper = render(SLIPS[name](profile), profile)
            yield GOLDEN / f"{name}-{width[-2:]}.png", paper.convert("1", dither=Image.Dither.NONE)


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for path, picture in pictures(*sys.argv[1:]):
        picture.save(path, optimize=True)
        print(path, path.stat().st_size)
