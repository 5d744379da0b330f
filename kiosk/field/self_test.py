"""The self-test page: what this kiosk is, and whether its printer prints as it should.

It names program, site, device and keys, and tests the printer: a ruler, every dot of the head,
shades, Lao letters with stacked marks, and a QR at two sizes. It goes straight to the port, without
the queue: a technician prints it before there is a kiosk; where one is running, it takes the page
as any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk import VERSION
from kiosk.language import N_, in_language
from kiosk.printing.dialogue import Dialogue, Proof
from kiosk.printing.escpos import encode
from kiosk.printing.layout import lay_out
from kiosk.printing.port import SerialPort
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.slip import (
    Code,
    Item,
    Pattern,
    PatternKind,
    Rule,
    Size,
    Slip,
    Square,
    Words,
)
from kiosk.printing.typeset import check_shaping
from sync.ledger import Ledger
from sync.records import KeyPurpose

TITLE = N_("Self-test")
RULER = N_("The ruler counts millimetres: compare it with another.")
SHADES = N_("The five fields must differ. The fine lines must not run together.")
LETTERS = N_("Marks must not touch, edges must be sharp.")
SQUARES = N_("Both codes must scan. The small one shows how clean the head is.")
LADDER = N_(
    "Each mark is a dot of the head; the long ones bear its number, and 8 dots lie between two "
    "marks. Is one missing, its dot is dead: kiosk printer set --dead-dots NUMBER"
)
DEAD = N_("Dead dots: %(dots)s. The codes keep away from them.")
LAO_SAMPLE = "ນ້ຳ ປີ້ ຊໍ້າ ໃບຢັ້ງຢືນ ກຸ່ມ ເຄື່ອງ ຫຼື ໝໍ້"  # stacked marks, above and below
LATIN_SAMPLE = "ABCDEFG abcdefg 0123456789 ₭"
SAMPLE_CODE = "0000-TEST-PAGE"
LANGUAGES = ("lo", "en")
CODE_LENGTH = 300  # characters of the test's QR: about as large as a receipt's


@dataclass(frozen=True, slots=True)
class Site:
    """What the page says of an enrolled kiosk."""

    device: str
    kiosk_number: int
    office_id: str
    office: str
    key_ids: tuple[str, ...]  # short: they are compared by eye


def find_site(ledger: Ledger) -> Site | None:
    """The kiosk that this ledger belongs to; None before it is enrolled."""
    identity = ledger.identity()
    if identity is None:
        return None
    office = identity.office_name.get("en", identity.office)
    ids = sorted(ledger.keys(KeyPurpose.ANSWERS))
    return Site(
        device=identity.device,
        kiosk_number=identity.kiosk_number,
        office_id=identity.office,
        office=office,
        key_ids=tuple(one.hex()[:8] for one in ids),
    )


def self_test(profile: PrinterProfile, site: Site | None, version: str = VERSION) -> Slip:
    """What stands on the page."""
    return Slip(tuple(_items(profile, tuple(_facts(profile, site, version)))))


def _items(profile: PrinterProfile, facts: tuple[str, ...]) -> Iterator[Item]:
    yield Words(_both(TITLE), Size.HEADING, bold=True)
    for line in facts:
        yield Words(line, Size.SMALL)
    if profile.dead_dots:
        dots = ", ".join(map(str, profile.dead_dots))
        yield from _said(DEAD, dots=dots)
    yield Rule()
    yield Pattern(PatternKind.RULER)
    yield from _said(RULER)
    yield Pattern(PatternKind.SHADES)
    yield from _said(SHADES)
    yield Rule()
    yield Words(LAO_SAMPLE, Size.SMALL)
    yield Words(LAO_SAMPLE)
    yield Words(LAO_SAMPLE, Size.HEADING, bold=True)
    yield Words(LATIN_SAMPLE)
    yield from _said(LETTERS)
    yield Rule()
    yield Code(SAMPLE_CODE)
    text = "; ".join(("One-Door kiosk self-test", *facts))
    yield Square(text.ljust(CODE_LENGTH, ".")[:CODE_LENGTH])
    yield Square(text, small=True)
    yield from _said(SQUARES)
    yield Rule()
    yield Pattern(PatternKind.LADDER)
    yield from _said(LADDER)


def _facts(profile: PrinterProfile, site: Site | None, version: str) -> Iterator[str]:
    """In English: they are read to a support desk, and by programs from the code."""
    yield f"Program: {version}"
    width = round(profile.length_mm(profile.width_dots))
    yield f"Printer: {profile.name}, {profile.width_dots} dots, {width} mm"
    if site is None:
        yield "This machine is not enrolled yet."
        return
    yield f"Kiosk {site.kiosk_number}, {site.office} ({site.office_id})"
    yield f"Device: {site.device}"
    yield f"Keys of central: {' '.join(site.key_ids)}"


def _both(message: str) -> str:
    return " · ".join(in_language(code, message) for code in LANGUAGES)


def _said(message: str, **places: object) -> Iterator[Item]:
    for code in LANGUAGES:
        yield Words(in_language(code, message, **places), Size.SMALL)


def print_now(slip: Slip, port: str, profile: PrinterProfile) -> Proof:
    """Print it without a queue; how well it is known that it came out.

    Raises:
        PrinterError: it did not; the sentence says why.
    """
    check_shaping()
    serial_port = SerialPort(port, profile.baud)
    try:
        dialogue = Dialogue(serial_port, profile)
        dialogue.check()
        return dialogue.send(encode(lay_out(slip, profile), profile))
    finally:
        serial_port.close()
