"""What became of an application is told apart without colours: by its sign, as dots show it."""

from itertools import combinations

import pytest
from kivy.core.window import Window
from kivy.uix.gridlayout import GridLayout
from PIL import Image, ImageChops

from kiosk.finding import Progress
from kiosk.panels import PANELS
from kiosk.screens.finding import LATE_SIGN, SIGNS
from kiosk.screens.panel import mm
from kiosk.screens.theme import PLAIN, STRONG, Theme, use_theme
from kiosk.screens.widgets import TONE_ICONS, Banner
from tests.screens.driver import Driver, clear_window

SAME_MEANING = {Progress.TAKEN_UP, Progress.ASSIGNED}  # somebody looks into it
UNLIKE = 0.1  # of the dots of both signs together
FAR = 40  # of 255 steps of grey between a sign and its ground


def drawn(person: Driver, signs: list[tuple[str, str]]) -> list[Image.Image]:
    """Each sign as black on white, whatever its colours were, cut out of a picture in grey."""
    clear_window()
    page = GridLayout(cols=2, size=Window.size)
    banners = [Banner(tone=tone, icon=icon) for tone, icon in signs]
    for banner in banners:
        page.add_widget(banner)
    Window.add_widget(page)
    person.settle()
    grey = person.picture().convert("L")
    clear_window()
    side = mm(9)
    marks = []
    for banner in banners:
        icon = banner.children[1]
        middle = grey.height - icon.center_y
        left, top = int(icon.center_x - side / 2), int(middle - side / 2)
        mark = grey.crop((left, top, left + side, top + side))
        beside = int(banner.right) - 3
        (ground,) = grey.crop((beside, int(middle), beside + 1, int(middle) + 1)).tobytes()
        marks.append(mark.point([255 * (abs(shade - ground) > FAR) for shade in range(256)]))
    return marks


def unlike(one: Image.Image, other: Image.Image) -> float:
    """The share of what either draws that the other does not."""
    both = ImageChops.lighter(one, other).histogram()[255]
    return ImageChops.difference(one, other).histogram()[255] / both


@pytest.mark.parametrize("worn", [PLAIN, STRONG], ids=["plain", "strong"])
def test_no_two_signs_of_a_status_are_alike_in_grey(person: Driver, worn: Theme) -> None:
    use_theme(worn)
    named = {progress.name: sign for progress, sign in SIGNS.items()} | {"LATE": LATE_SIGN}
    assert set(SIGNS) == set(Progress)
    marks = dict(zip(named, drawn(person, list(named.values())), strict=True))
    use_theme(PLAIN)
    assert all(mark.getbbox() for mark in marks.values())
    alike = {
        pair for pair in combinations(marks, 2) if unlike(marks[pair[0]], marks[pair[1]]) < UNLIKE
    }
    assert alike == {tuple(one.name for one in SIGNS if one in SAME_MEANING)}


def test_the_four_tones_of_a_notice_are_told_apart_in_grey(person: Driver) -> None:
    marks = drawn(person, list(TONE_ICONS.items()))
    assert min(unlike(*pair) for pair in combinations(marks, 2)) >= UNLIKE


def test_a_status_says_its_words_beside_its_sign(person: Driver) -> None:
    assert person.panel in PANELS.values()
    submitted = person.world.submits()
    person.tap("English")
    person.shell.go("finding", finding=person.world.desk.find(submitted.receipt.reference))
    person.settle()
    banner = next(one for one in person.visible() if isinstance(one, Banner) and one.heading)
    assert banner.text
    assert banner.children[1].name == SIGNS[Progress.WAITING][1]
