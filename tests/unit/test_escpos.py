"""Bytes for the printer: few, whole commands, and nothing a name could smuggle in."""

import contextlib
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image

from kiosk.forms.descriptor import Text
from kiosk.printing import layout
from kiosk.printing.escpos import block_bytes_max, encode, without_real_time_commands
from kiosk.printing.layout import Band, lay_out
from kiosk.printing.profile import (
    BUFFER_BYTES_MIN,
    PrinterProfile,
    ProfileError,
    load_profile,
    profile_names,
)
from kiosk.printing.receipt import Receipt
from kiosk.printing.slip import Slip, Square, Words
from kiosk.printing.virtual_press import Press
from tests.papers import LONG_SERVICE, sample_receipt
from tests.sample_answers import FOLDERS
from tests.sample_receipts import SampleReceipt, sample_receipts

PROFILES = [load_profile(name) for name in profile_names()]
SMALL = replace(load_profile("generic-58"), buffer_bytes=BUFFER_BYTES_MIN)
COMMANDS = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


@pytest.fixture(scope="module")
def samples() -> list[SampleReceipt]:
    return list(sample_receipts())


def blocks_of(receipt: Receipt, profile: PrinterProfile) -> list[bytes]:
    return [block.data for block in encode(lay_out(receipt, profile), profile)]


def printed(press: Press, data: bytes) -> int:
    """All that the press can do with these bytes; how many dots of paper it moved."""
    press.buffer.extend(data)
    dots = 0
    with contextlib.suppress(IndexError):
        while True:
            dots += press.step()
    return dots


def test_receipts_on_58_mm_paper_have_at_most_18_kb_and_the_mark_of_samples_one_more(
    samples: list[SampleReceipt],
) -> None:
    assert {(sample.service, sample.language) for sample in samples} == {
        (service, language) for service in FOLDERS for language in ("lo", "en")
    }
    for sample in samples:
        assert sample.first.sample
        receipt = with_reference(sample.first, "04K7-N6J4-J6WM")  # 99 of 100 are shorter
        blocks = blocks_of(receipt, load_profile("generic-58"))
        assert sum(map(len, blocks)) <= 19_000, sample.title
        blocks = blocks_of(replace(receipt, sample=False), load_profile("generic-58"))
        assert sum(map(len, blocks)) <= 18_000, sample.title


def with_reference(receipt: Receipt, reference: str) -> Receipt:
    return replace(receipt, claims=replace(receipt.claims, reference=reference))


@pytest.mark.parametrize("profile", [*PROFILES, SMALL], ids=lambda profile: profile.name)
def test_every_block_is_whole_commands_and_fits_the_buffer(profile: PrinterProfile) -> None:
    for block in blocks_of(sample_receipt(service=LONG_SERVICE), profile):
        press = Press(profile, answer=lambda _data: None, cut=lambda _paper: None)
        printed(press, block)
        assert press.problems == []
        assert len(press.buffer) == 0
        assert press._picture is None
        assert len(block) <= profile.buffer_bytes / 2


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_block_says_how_much_paper_it_moves(profile: PrinterProfile) -> None:
    for block in encode(lay_out(sample_receipt(), profile), profile):
        press = Press(profile, answer=lambda _data: None, cut=lambda _paper: None)
        press._units_per_inch = profile.units_per_inch  # as the first block has set them
        assert abs(printed(press, block.data) - block.dots) <= 1


def test_a_cable_pulled_at_any_byte_is_not_taken_for_a_wrong_command() -> None:
    """The zeros that end a picture that was cut off are all the printer hears of it."""
    profile = load_profile("generic-80")  # it has every command: a knife, doubled dots
    slip = Slip((Words("ໃບ", centred=True), Square("1")))
    data = b"".join(block.data for block in encode(lay_out(slip, profile), profile))
    zeros = bytes(block_bytes_max(profile))
    papers: list[Image.Image] = []
    printed(press := Press(profile, answer=lambda _data: None, cut=papers.append), data)
    press.finish()
    whole = papers[-1].tobytes()
    for after_bytes in range(1, len(data)):
        press = Press(profile, answer=lambda _data: None, cut=papers.append)
        printed(press, data[:after_bytes])
        press.cut_off()
        printed(press, zeros)
        press.finish()
        printed(press, data)
        press.finish()
        assert press.problems == [], after_bytes
        assert papers[-1].tobytes() == whole, after_bytes


def test_a_wrong_command_after_a_cut_is_still_told() -> None:
    press = Press(load_profile("generic-58"), answer=lambda _data: None, cut=lambda _paper: None)
    printed(press, b"\x1b@\x1d")
    press.cut_off()
    printed(press, bytes(4) + b"\x1d\x00")
    assert press.problems == ["not a command: 1d 00"]


@pytest.mark.parametrize("sample", [False, True])
def test_the_first_dots_leave_before_the_second_line_is_set(*, sample: bool) -> None:
    profile = load_profile("generic-58")
    bands = lay_out(sample_receipt(sample=sample), profile)
    asked_for: list[Band] = []

    def counted() -> Iterator[Band]:
        for band in bands:
            asked_for.append(band)
            yield band

    first = next(encode(counted(), profile))
    assert len(asked_for) == 1
    assert first.dots > asked_for[0].top  # ink, not only white paper


def test_a_line_is_set_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = load_profile("generic-58")
    expected = next(lay_out(sample_receipt(sample=True), profile))
    monkeypatch.setattr(layout, "ink_of", lambda *_: pytest.fail("a line of letters was set"))
    monkeypatch.setattr(layout, "render_qr", lambda *_: pytest.fail("the QR was made"))
    first = next(lay_out(sample_receipt(sample=True), profile))
    assert first.top == expected.top
    assert first.image.tobytes() == expected.image.tobytes()


def test_control_bytes_in_a_name_never_reach_the_printer() -> None:
    """SEC-16: the printer gets the same bytes as for a name with spaces in their place."""
    profile = load_profile("generic-58")
    hostile = sample_receipt(service=Text({"lo": "ໃບ\x1b@\x1dV\x00\x10\x04\x01ຢັ້ງຢືນ"}))
    harmless = sample_receipt(service=Text({"lo": "ໃບ @ V    ຢັ້ງຢືນ"}))
    assert blocks_of(hostile, profile) == blocks_of(harmless, profile)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_no_receipt_spells_a_real_time_command(profile: PrinterProfile) -> None:
    for number in range(4):
        data = b"".join(blocks_of(sample_receipt(number), profile))
        assert not any(command in data for command in COMMANDS)


def test_a_real_time_command_in_a_picture_gets_one_dot_more() -> None:
    random.seed(3)
    for command in COMMANDS:
        raster = b"\x00" + command + b"\x10" + command + command
        mended = without_real_time_commands(raster)
        assert len(mended) == len(raster)
        assert not any(other in mended for other in COMMANDS)
        assert all(new & old == old for new, old in zip(mended, raster, strict=True))
    for _ in range(300):
        raster = bytes(random.choices((0x10, 0x04, 0x05, 0x14, 0x00, 0xFF), k=200))
        mended = without_real_time_commands(raster)
        assert not any(command in mended for command in COMMANDS)


def test_every_profile_can_be_loaded() -> None:
    assert {
        "generic-58",
        "generic-80",
        "epson-tm-t88",
        "custom-vkp80",
        "citizen-ppu700",
        "ch340-58",
    } <= {profile.name for profile in PROFILES}


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ProfileError, match="generic-58"):
        load_profile("../generic-58")
