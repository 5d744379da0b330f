"""Every page, in both languages, on every panel, holds what hands and eyes need.

The situations come from `tests/screens/situations`; a new module there joins by itself. Sizes are
measured on the glass in millimetres, after the layout has come to rest.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

import pytest
from kivy.uix.textinput import TextInput
from kivy.uix.widget import Widget
from PIL import ImageFont

from kiosk.panels import PANELS, PanelProfile
from kiosk.resources import assets
from kiosk.screens.overlay import Veil
from kiosk.screens.panel import (
    GLYPH_BODY_MM,
    GLYPH_HEADING_MM,
    LETTERS,
    TOUCH_GAP_MM,
    TOUCH_KEY_MM,
    TOUCH_LEAST_MM,
    TOUCH_PRIMARY_MM,
    font_px,
    letters_that_fit,
    unlarged,
)
from kiosk.screens.registry import SCREENS
from kiosk.screens.text import Field, Heading, Words
from kiosk.screens.theme import TEXT_PAIRS, theme
from kiosk.screens.widgets import Tappable
from kiosk.visit import Look
from tests.screens.driver import SMALL, Driver, is_visible, walk
from tests.screens.situations import all_situations
from tests.screens.visits import in_situation

SITUATIONS = all_situations()
PLACES = ("back", "listen", "help", "language", "start_over")
ROUNDING_PX = 1.0
LOW_MM, KEY_LOW_MM = 132.0, 14.0  # the one panel too low for a question above keys of 15 mm
AIR_MM = 1.5  # a line's box has at least this much empty height above and below its letters
PAGES_MAX = 20


class Box(NamedTuple):
    """A rectangle on the glass."""

    left: float
    bottom: float
    right: float
    top: float

    def gap_to(self, other: "Box") -> float:
        """How far apart they are, along the axis that parts them; negative where they overlap."""
        across = max(self.left - other.right, other.left - self.right)
        along = max(self.bottom - other.top, other.bottom - self.top)
        return max(across, along)

    def holds(self, other: "Box", slack: float = ROUNDING_PX) -> bool:
        return (
            other.left >= self.left - slack
            and other.right <= self.right + slack
            and other.bottom >= self.bottom - slack
            and other.top <= self.top + slack
        )


class Shown(NamedTuple):
    """Words or something to touch, as a person tells them apart."""

    kind: str
    text: str
    chosen: bool | None


def box(widget: Widget) -> Box:
    left, bottom = widget.to_window(*widget.pos)
    return Box(left, bottom, left + widget.width, bottom + widget.height)


def on_top(driver: Driver) -> Widget:
    """What can be touched now: a question over the page, or all."""
    front = driver.shell.children[0]
    return front if isinstance(front, Veil) else driver.shell


def targets(driver: Driver) -> list[Widget]:
    found = (w for w in walk(on_top(driver)) if isinstance(w, Tappable | TextInput))
    return [w for w in found if is_visible(w) and not w.disabled]


def labels(driver: Driver) -> list[Words]:
    return [w for w in driver.visible() if isinstance(w, Words) and w.text.strip()]


def named(widget: Widget) -> str:
    said = " ".join(w.text for w in walk(widget) if isinstance(w, Words) and w.text)
    return f"{type(widget).__name__} {said!r} {[round(x) for x in box(widget)]}"


def too_small(driver: Driver) -> Iterator[str]:
    panel = driver.panel
    for widget in targets(driver):
        role = getattr(widget, "role", "any")
        least = {"primary": TOUCH_PRIMARY_MM, "key": TOUCH_KEY_MM, "any": TOUCH_LEAST_MM}[role]
        width, height = panel.mm(least), panel.mm(least)
        if role == "key":
            height = panel.mm(KEY_LOW_MM if panel.height_mm < LOW_MM else TOUCH_KEY_MM)
        if widget.width < width - ROUNDING_PX or widget.height < height - ROUNDING_PX:
            across, along = widget.width / panel.px_per_mm, widget.height / panel.px_per_mm
            yield f"{named(widget)} is {across:.1f} x {along:.1f} mm, wants {least} mm"


def too_close(driver: Driver) -> Iterator[str]:
    least = driver.panel.mm(TOUCH_GAP_MM) - ROUNDING_PX
    for one, other in combinations(targets(driver), 2):
        gap = box(one).gap_to(box(other))
        if gap < least:
            distance = gap / driver.panel.px_per_mm
            yield f"{named(one)} and {named(other)} are {distance:.1f} mm apart"


def off_the_glass(driver: Driver) -> Iterator[str]:
    glass = Box(0, 0, driver.panel.width_px, driver.panel.height_px)
    for widget in [*targets(driver), *labels(driver)]:
        if not glass.holds(box(widget)):
            yield f"{named(widget)} leaves the glass"


def out_of_place(driver: Driver) -> Iterator[str]:
    """Words that leave their button, or a page's things that leave the page."""
    page = box(driver.shell.ids.page)
    for label in labels(driver):
        ancestor = label.parent
        while ancestor is not None and ancestor is not driver.shell:
            if isinstance(ancestor, Tappable) and not box(ancestor).holds(box(label)):
                yield f"{named(label)} leaves {named(ancestor)}"
            if ancestor is driver.shell.screen and not page.holds(box(label)):
                yield f"{named(label)} leaves the page {[round(x) for x in page]}"
            ancestor = ancestor.parent if ancestor.parent is not ancestor else None
    inside = set(walk(driver.shell.screen))
    for widget in targets(driver):
        if widget in inside and not page.holds(box(widget)):
            yield f"{named(widget)} leaves the page {[round(x) for x in page]}"


def cut(driver: Driver) -> Iterator[str]:
    for label in labels(driver):
        assert label.text_size[1] is None, f"{named(label)} would be cut without anybody noticing"
        width, height = label.texture_size
        if width > label.width + ROUNDING_PX or height > label.height + ROUNDING_PX:
            yield f"{named(label)} needs {width} x {height} dots"


def crossing(driver: Driver) -> Iterator[str]:
    air = driver.panel.mm(AIR_MM)
    front = set(walk(on_top(driver)))
    words = [w for w in labels(driver) if w in front]
    for one, other in combinations(words, 2):
        if box(one).gap_to(box(other)) < -air:
            yield f"{named(one)} and {named(other)} overlap"


def covered(driver: Driver) -> Iterator[str]:
    """Words that something to touch lies over."""
    air = driver.panel.mm(AIR_MM)
    touched = targets(driver)
    inside = {part for target in touched for part in walk(target)}
    front = set(walk(on_top(driver))) - inside
    for label in (one for one in labels(driver) if one in front):
        for target in touched:
            if box(label).gap_to(box(target)) < -air:
                yield f"{named(label)} lies under {named(target)}"


def too_faint(driver: Driver) -> Iterator[str]:
    """Letters below the height that eyes need."""
    for label in labels(driver):
        least = GLYPH_HEADING_MM if isinstance(label, Heading) else GLYPH_BODY_MM
        stays = label in set(walk(driver.shell.ids.chrome))
        if label.font_size < font_px(unlarged(least) if stays else least):
            yield f"{named(label)} has letters of {label.font_size} dots"
    for field in driver.visible():
        if isinstance(field, TextInput):
            assert isinstance(field, Field), "a text field must be a Field, which shapes Lao"
            if field.font_size < font_px(GLYPH_BODY_MM):
                yield f"a field has letters of {field.font_size} dots"


def undeclared_ink(driver: Driver) -> Iterator[str]:
    """Words in a colour of which nobody has said that it can be read."""
    inks = {getattr(theme, ink) for ink, _ground in TEXT_PAIRS}
    for label in labels(driver):
        if tuple(label.color) not in inks:
            yield f"{named(label)} is written in {[round(part, 2) for part in label.color]}"


@cache
def is_missing(character: str) -> bool:
    """Whether KioskSans draws the empty box for it."""
    font = ImageFont.truetype(str(assets() / "fonts" / "KioskSans-Regular.ttf"), 40)
    nothing = bytes(font.getmask("\U0010ffff"))
    return not character.isspace() and bytes(font.getmask(character)) == nothing


def without_glyph(driver: Driver) -> Iterator[str]:
    for label in labels(driver):
        missing = {c for c in label.text if c != "\u200b" and is_missing(c)}
        if missing:
            yield f"{named(label)} has no glyph for {sorted(missing)}"


CHECKS = (
    too_small,
    too_close,
    off_the_glass,
    out_of_place,
    cut,
    crossing,
    covered,
    too_faint,
    undeclared_ink,
    without_glyph,
)


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_page_holds_what_hands_and_eyes_need(name: str) -> None:
    """The way there is gone by touches on the panel with the least room; then the other shows it.

    What another panel or another language does not show of itself, the way there is gone again.
    """
    narrow, wide = SMALL["10in-1024x600"], SMALL["10in-1280x800"]
    if not holds_in_both_languages(name, narrow, wide):
        holds_in_both_languages(name, wide)


def holds_in_both_languages(name: str, panel: PanelProfile, *others: PanelProfile) -> bool:
    """Look at it there; whether the other panels have shown the very same as well."""
    with in_situation(SITUATIONS[name], panel, "lo") as driver:
        look_at_every_page(driver, "lo")
        if says_all_anew(driver):
            turn_back(driver)
            driver.shell.speak("en")
            driver.settle()
            seen = look_at_every_page(driver, "en")
            return all(shows_it_too(driver, other, seen) for other in others)
    with in_situation(SITUATIONS[name], panel, "en") as driver:
        look_at_every_page(driver, "en")
    return False


def shows_it_too(driver: Driver, panel: PanelProfile, seen: set[Shown]) -> bool:
    """Look at the page on another panel, unless the screen begins anew there."""
    turn_back(driver)
    driver.stands_before(panel)
    if look_at_every_page(driver, "en") != seen:
        return False
    turn_back(driver)
    driver.shell.speak("lo")
    driver.settle()
    look_at_every_page(driver, "lo")
    return True


def look_at_every_page(driver: Driver, language: str) -> set[Shown]:
    """Every check on every page; what was to be read and touched on them."""
    seen: set[Shown] = set()
    for page in range(1, PAGES_MAX):
        driver.draw()
        problems = [problem for check in CHECKS for problem in check(driver)]
        where = f"{driver.panel.name}, {language}, page {page}:"
        assert not problems, "\n".join([where, *problems])
        seen |= shown(driver)
        if not driver.turn_page():
            break
    return seen


def shown(driver: Driver) -> set[Shown]:
    """What can be read and touched, on whichever page; but what counts and turns the pages."""
    things = [*labels(driver), *targets(driver)]
    return {
        Shown(type(thing).__name__, getattr(thing, "text", ""), getattr(thing, "chosen", None))
        for thing in things
        if getattr(thing, "icon", "") not in {"up", "down"} and type(thing).__name__ != "PageNumber"
    }


def says_all_anew(driver: Driver) -> bool:
    """Whether a change of language reaches every word: a sentence once said stays as it was."""
    shell = driver.shell
    said_once = shell.notice_text or getattr(shell.screen, "problem", "")
    return not (said_once or isinstance(on_top(driver), Veil) or shell.keyboard.is_open)


def turn_back(driver: Driver) -> None:
    for _page in range(PAGES_MAX):
        arrows = [w for w in driver.visible() if getattr(w, "icon", "") == "up" and not w.disabled]
        if not arrows:
            return
        driver.tap(arrows[-1])


STOPS = {  # a situation of the walk that ends on each screen
    "attract": "entrance",
    "home": "home",
    "help": "help",
    "show": "showing-a-receipt",
    "find": "typing-a-reference",
    "finding": "complaint-finding-assigned",
    "sheet": "sheet-residence",
    "notice": "notice-business",
    "question": "photograph-no-camera",
    "check": "check",
    "confirm": "confirm",
    "helped": "helped-applicant",
    "receipt": "receipt",
    "aside": "aside-no-paper",
    "interrupted": "receipt-interrupted",
    "following": "birth-following",
    "feedback": "feedback",
    "verdict": "complaint-verdict",
    "opinion": "opinion",
    "clerk": "helped-refused",
    "pin": "technician-door",
    "technician": "technician",
    "end": "end",
}


LARGE = [panel for name, panel in PANELS.items() if name not in SMALL]
UNLIKE = ("entrance", "home", "sheet-residence", "complaint-finding-assigned", "end")


class Stop(NamedTuple):
    """A screen that was reached, and what was seen of it."""

    name: str
    places: dict[str, set[Box]]  # by panel and place
    problems: list[str]


def test_every_screen_is_looked_at() -> None:
    assert set(STOPS) == set(SCREENS)


@pytest.mark.parametrize("screen", STOPS)
def test_a_screen_holds_it_in_every_look_and_its_fixed_places_stay(screen: str) -> None:
    stop = seen_at(STOPS[screen])
    assert stop.name == screen
    assert not stop.problems, "\n".join(stop.problems)
    usual = usual_places()
    assert stop.places == {at: usual[at] for at in stop.places}


@cache
def usual_places() -> dict[str, set[Box]]:
    """Where the fixed places stand at the entrance, on each panel."""
    places: dict[str, set[Box]] = {}
    with in_situation(SITUATIONS["entrance"], PANELS["10in-1280x800"], "en") as driver:
        for panel in PANELS.values():
            driver.stands_before(panel)
            note_places(driver, places)
    return places


def seen_at(name: str) -> Stop:
    with in_situation(SITUATIONS[name], PANELS["10in-1280x800"], "en") as driver:
        stop = Stop(driver.shell.place.name, {}, [])
        look(driver, stop, undeclared_pair)
        driver.shell.speak("lo")
        driver.settle()
        look(driver, stop)
        driver.shell.visit.look = Look(strong=True)
        driver.stands_before(driver.panel)
        look(driver, stop, undeclared_pair)
        driver.shell.visit.look = Look()
        driver.shell.speak("en")  # its words are the longer ones
        for panel in LARGE:
            driver.stands_before(panel)
            look(driver, stop, *CHECKS)
            largest = letters_that_fit()[-1]
            if largest > LETTERS[0] and name in UNLIKE:
                driver.shell.wear(Look(letters=largest))
                driver.settle()
                look(driver, stop, *CHECKS)
                driver.shell.visit.look = Look()
        if name in UNLIKE:
            driver.stands_before(PANELS["10in-1024x600"])
            look(driver, stop)
        return stop


def look(driver: Driver, stop: Stop, *checks: Callable[[Driver], Iterator[str]]) -> None:
    note_places(driver, stop.places)
    for check in checks:
        stop.problems.extend(f"{stop.name}, {driver.panel.name}: {one}" for one in check(driver))


def note_places(driver: Driver, places: dict[str, set[Box]]) -> None:
    for place in PLACES:
        at = f"{driver.panel.name} {place}"
        places.setdefault(at, set()).add(box(driver.shell.ids[place]))


def undeclared_pair(driver: Driver) -> Iterator[str]:
    """Words on a ground of which nobody has said that they can be read there, as dots show it."""
    glass = driver.picture()
    worn = {token: dot(getattr(theme, token)) for pair in TEXT_PAIRS for token in pair}
    declared = {(worn[ink], worn[ground]) for ink, ground in TEXT_PAIRS}
    front = set(walk(on_top(driver)))
    for label in labels(driver):
        if label not in front:
            continue
        left, bottom, right, top = box(label)
        height = driver.panel.height_px
        seen = glass.crop((int(left), int(height - top), int(right), int(height - bottom)))
        colours = seen.getcolors(seen.width * seen.height) or []
        _count, ground = max(colours, key=lambda one: one[0])
        if (dot(label.color), ground) not in declared:
            yield f"{named(label)} is written in {dot(label.color)} on {ground}"


def dot(shade: Sequence[float]) -> tuple[int, ...]:
    return tuple(round(part * 255) for part in shade[:3])
