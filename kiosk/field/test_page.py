"""The printer's test page: whether words, marks and a QR come out of this printer as they should.

It goes straight to the port, without the queue: a technician prints it before there is a kiosk.
"""

from kiosk.language import N_, in_language
from kiosk.printing.dialogue import Dialogue, Proof
from kiosk.printing.escpos import encode
from kiosk.printing.layout import lay_out
from kiosk.printing.port import SerialPort
from kiosk.printing.profile import load_profile
from kiosk.printing.slip import Code, Rule, Size, Slip, Square, Words
from kiosk.printing.typeset import check_shaping

TITLE = N_("Test page")
HOW_TO_READ = N_("Marks must not touch, edges must be sharp, the QR must scan.")
LAO_SAMPLE = "ນ້ຳ ປີ້ ຊໍ້າ ໃບຢັ້ງຢືນ ກຸ່ມ ເຄື່ອງ ຫຼື ໝໍ້"  # stacked marks, above and below
LATIN_SAMPLE = "ABCDEFG abcdefg 0123456789 ₭"
SAMPLE_CODE = "0000-TEST-PAGE"
LANGUAGES = ("lo", "en")


def test_page(profile_name: str) -> Slip:
    """What stands on the page."""
    return Slip(
        (
            *(Words(in_language(code, TITLE), Size.HEADING, bold=True) for code in LANGUAGES),
            Words(profile_name, Size.SMALL),
            Rule(),
            Code(SAMPLE_CODE),
            Square(SAMPLE_CODE),
            Words(LAO_SAMPLE),
            Words(LAO_SAMPLE, Size.HEADING, bold=True),
            Words(LATIN_SAMPLE),
            Rule(),
            *(Words(in_language(code, HOW_TO_READ), Size.SMALL) for code in LANGUAGES),
        )
    )


def print_test_page(port: str, profile_name: str) -> Proof:
    """Print it; how well it is known that it came out.

    Raises:
        PrinterError: it did not; the sentence says why.
        ProfileError: there is no such kind of printer.
    """
    check_shaping()
    profile = load_profile(profile_name)
    serial_port = SerialPort(port, profile.baud)
    try:
        dialogue = Dialogue(serial_port, profile)
        dialogue.check()
        return dialogue.send(encode(lay_out(test_page(profile_name), profile), profile))
    finally:
        serial_port.close()
