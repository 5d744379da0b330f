"""Every slip looks as it was last looked at, in both widths, and says what it must."""

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from kiosk.day_report import CODE
from kiosk.decision_slip import decision_slip
from kiosk.finding import Holds
from kiosk.language import in_language
from kiosk.printing import slip_record
from kiosk.printing.jobs import JobState
from kiosk.printing.layout import lay_out, render
from kiosk.printing.profile import load_profile
from kiosk.printing.slip import Slip, Square, Words
from kiosk.printing.virtual import VirtualPrinter
from kiosk.sheet_slip import sheet_slip
from tests.papers import PrintingKiosk, sample_receipt, until
from tests.slips import NOW, OFFICE, SLIPS, WORDS, day_report, descriptor, found, pictures

# The same library draws the same dots; another version of it may round a few edges differently.
DOTS_DIFFERENT_MAX = 0.0003  # of the paper: a letter has more


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_looks_as_it_was_last_looked_at(name: str) -> None:
    """Mend what is wrong; where the change is wanted: `python -m tests.slips`, and look."""
    for path, now in pictures(name):
        golden = Image.open(path)
        assert now.size == golden.size, path.name
        different = ImageChops.logical_xor(now, golden.convert("1")).histogram()[255]
        assert different <= DOTS_DIFFERENT_MAX * now.width * now.height, path.name


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_that_waits_for_the_printer_is_the_same_afterwards(name: str) -> None:
    slip = SLIPS[name](load_profile("generic-58")).slip()
    assert slip_record.from_bytes(slip_record.to_bytes(slip)) == slip


def test_a_sheet_says_what_it_costs_and_that_it_is_no_receipt() -> None:
    for code in ("lo", "en"):
        text = sheet_slip(descriptor(), None, OFFICE, NOW, code, sample=True).text
        for words in ("Fee", "Documents", "Who decides", "How long it takes"):
            assert in_language(code, words) in text
        assert "1516" in text
        assert in_language(code, "This is no receipt: nothing is handed in yet.") in text


def test_a_decision_slip_has_the_offices_words_and_is_no_proof() -> None:
    slip = decision_slip(found(), OFFICE, NOW, "lo", sample=False)
    assert WORDS in slip.text
    assert [item.text for item in slip.items if isinstance(item, Square)] == [found().reference]
    assert "ໃບຮັບຂອງທ່ານແມ່ນຫຼັກຖານ" in slip.text


def test_only_an_answer_that_a_receipt_opened_can_be_printed() -> None:
    assert found().is_answer
    assert not replace(found(), holds=Holds.REFERENCE).is_answer


def test_a_day_report_counts_and_names_nobody() -> None:
    text = day_report().slip().text
    assert "ຄຳຮ້ອງ: 15" in text
    assert "12 × ໃບຢັ້ງຢືນທີ່ຢູ່" in text
    assert sample_receipt().reference not in text


@pytest.mark.parametrize("profile", ["generic-58", "generic-80", "epson-tm-t88"])
def test_the_codes_of_the_self_test_scan_also_beside_dead_dots(profile: str) -> None:
    for name in ("self-test", "self-test-dead-dots"):
        paper = render(SLIPS[name](load_profile(profile)), load_profile(profile))
        assert len(zxingcpp.read_barcodes(paper)) == 2


def test_the_code_of_a_day_report_asks_for_the_next() -> None:
    paper = render(day_report(), load_profile("generic-58"))
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == [CODE]


def test_each_dot_of_the_head_has_its_mark_in_the_ladder() -> None:
    for name in ("generic-58", "custom-vkp80"):
        profile = load_profile(name)
        marked = Image.new("1", (profile.width_dots, 1))
        slip = SLIPS["self-test"](profile)
        bands = [band for band in lay_out(slip, profile) if band.width == profile.width_dots]
        for band in bands[-8:]:
            row = band.image.crop((0, band.height - 20, band.width, band.height - 19))
            marked = ImageChops.logical_or(marked, row)
        assert marked.histogram()[255] == profile.width_dots


@pytest.mark.parametrize("name", ["generic-58", "generic-80"])
def test_a_code_goes_out_of_a_dead_dots_way(name: str) -> None:
    """Through a finder one dead dot defeats plain readers: no dot may be planted there."""
    url = sample_receipt().url
    for dead in range(0, load_profile(name).width_dots, 29):
        profile = replace(load_profile(name), dead_dots=(dead,))
        paper = render(Slip((Square(url),)), profile)
        margin = profile.dots(4)
        paper.paste(255, (margin + dead, 0, margin + dead + 1, paper.height))
        (code,) = zxingcpp.read_barcodes(paper)
        assert code.text == url


def test_words_with_an_icon_stand_beside_it() -> None:
    profile = load_profile("generic-58")
    bare, iconed = (
        list(lay_out(Slip((Words("ໄປ " * 40, icon=icon),)), profile)) for icon in ("", "office")
    )
    assert len(iconed) >= len(bare)
    indents = [band.image.crop((0, 0, 30, band.height)).getbbox() for band in iconed]
    assert indents[0] is not None
    assert indents[0][0] < 5
    assert all(indent is None or indent[0] > 25 for indent in indents[1:])


def test_slips_come_out_of_the_printer_in_their_turn(tmp_path: Path) -> None:
    profile = load_profile("generic-80")
    with VirtualPrinter(profile) as printer:
        kiosk = PrintingKiosk(tmp_path, profile, printer.path)
        with kiosk.ledger.transaction():
            receipt = kiosk.jobs.add(sample_receipt())
            decision = kiosk.jobs.add_slip(
                decision_slip(found(), OFFICE, NOW, "lo", sample=False), private=True
            )
            report = kiosk.jobs.add_slip(day_report().slip(), private=False)
        kiosk.worker.start()
        assert until(lambda: kiosk.state(report) is JobState.PRINTED)
        assert kiosk.state(receipt) is kiosk.state(decision) is JobState.PRINTED
        kiosk.close()
    codes = [zxingcpp.read_barcodes(paper)[0].text for paper in printer.papers]
    assert codes == [sample_receipt().url, found().reference, CODE]
    assert printer.problems == []
