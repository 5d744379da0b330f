"""Whoever sees little chooses how the pages look, by finger or keys, for as long as she stays."""

from collections.abc import Iterator

import pytest

from kiosk.panels import PANELS
from kiosk.screens.panel import GLYPH_HEADING_MM, GLYPH_OF_EM, font_px
from kiosk.screens.text import Heading
from kiosk.screens.theme import PLAIN, STRONG, theme
from tests.screens.driver import Driver
from tests.screens.test_keys import reach
from tests.screens.world import IDLE_S, WARNING_S, World

LARGE = PANELS["21in-1920x1080"]


@pytest.fixture
def before_a_large_panel(world: World) -> Iterator[Driver]:
    with Driver.before(world, LARGE) as driver:
        yield driver


def letters(person: Driver) -> int:
    """How large the page's heading is, in percent of what it usually is on this glass."""
    heading = next(one for one in person.visible() if isinstance(one, Heading) and one.text)
    return round(100 * heading.font_size / LARGE.mm(GLYPH_HEADING_MM / GLYPH_OF_EM))


def is_strong(person: Driver) -> bool:
    """As the dots of the glass show it: below the fixed places, at the page's edge."""
    seen = person.picture().getpixel((3, person.panel.height_px - 3))
    plain, strong = (tuple(round(part * 255) for part in worn.page[:3]) for worn in (PLAIN, STRONG))
    assert seen in (plain, strong)
    return seen == strong


def test_strong_contrast_is_chosen_at_the_entrance_and_lasts_for_the_visit(person: Driver) -> None:
    person.tap("I need more time for each page")
    before = len(list(person.widgets()))
    for _time in range(3):
        person.tap("Contrast")
    assert len(list(person.widgets())) == before  # one frame, not three
    assert is_strong(person)
    person.tap("English")
    assert person.world.visit.calm
    person.tap("Residence certificate")
    person.tap("Apply")
    person.reads_the_notice()
    assert is_strong(person)
    person.shell.wipe()
    person.settle()
    assert not is_strong(person)
    assert theme.page == PLAIN.page


def test_in_help_it_is_chosen_at_any_page_and_answers_stay(person: Driver) -> None:
    person.tap("English")
    person.tap("Residence certificate")
    person.tap("Apply")
    person.reads_the_notice()
    entry = person.world.visit.entry
    person.tap("Help")
    person.tap("Strong contrast")
    person.tap("Back")
    assert is_strong(person)
    assert person.world.visit.entry is entry
    person.tap("Help")
    person.tap("Strong contrast")
    assert not is_strong(person)


def test_keys_choose_it_too(person: Driver) -> None:
    reach(person, "Contrast")
    assert is_strong(person)
    reach(person, "English")
    reach(person, "Help")
    reach(person, "Strong contrast")
    assert not is_strong(person)


def test_who_chose_it_and_left_without_a_word_leaves_the_usual_colours(person: Driver) -> None:
    person.tap("Contrast")
    person.passes_s(IDLE_S + 1)
    person.expect("ທ່ານຍັງຢູ່ບໍ?")
    person.passes_s(WARNING_S)
    assert not is_strong(person)
    assert not person.world.visit.begun


def test_it_lasts_until_thanks_are_said(person: Driver) -> None:
    person.tap("Contrast")
    person.tap("English")
    person.shell.finish()
    person.settle()
    assert is_strong(person)
    person.shell.wipe()
    person.settle()
    assert not is_strong(person)


def test_larger_letters_are_chosen_and_last_for_the_visit(before_a_large_panel: Driver) -> None:
    person = before_a_large_panel
    person.tap("Letters")
    assert letters(person) == pytest.approx(150, abs=4)
    reach(person, "Letters")
    assert letters(person) == pytest.approx(200, abs=4)
    person.tap("English")
    person.tap("Residence certificate")
    assert letters(person) == pytest.approx(200, abs=4)
    person.tap("Help")
    assert "Letters" in person.shell.screen.spoken()
    person.tap("Letters")
    person.tap("Back")
    assert letters(person) == pytest.approx(100, abs=4)
    person.tap("Help")
    person.tap("Letters")
    person.shell.wipe()
    person.settle()
    assert letters(person) == pytest.approx(100, abs=4)
    assert font_px(GLYPH_HEADING_MM) == LARGE.mm(GLYPH_HEADING_MM / GLYPH_OF_EM)


def test_a_small_panel_has_no_room_for_them(person: Driver) -> None:
    assert not person.sees("Letters")
    assert "Letters" not in person.shell.screen.spoken()
    person.tap("English")
    person.tap("Help")
    assert not person.sees("Letters")
