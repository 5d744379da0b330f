"""Everything a finger can do, done with a keypad: where its keys stand on the page.

Arrows and Tab move a ring from one thing that may be touched to the next, Enter touches it; with
the ring nowhere, Enter is the page's main action. A figure touches the key that bears it, or the
choice with that number, counted as one reads. Backspace and Escape lead back. A twelve-key pad has
`*` for the next thing and `#` for Enter, and while something is written its 2, 4, 6, 8 and 5 are
arrows and Enter among the keys on the screen: that is how letters are written with twelve keys.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from kivy.uix.widget import Widget

from kiosk.screens.keyboard import Key
from kiosk.screens.overlay import Veil
from kiosk.screens.text import Field
from kiosk.screens.widgets import LabelledButton, PrimaryButton, Tappable

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell

Target = Tappable | Field

TAB, ENTER, ESCAPE, BACKSPACE, STAR, HASH = 9, 13, 27, 8, 42, 35  # Kivy's numbers of keys
UP, DOWN, RIGHT, LEFT = 273, 274, 275, 276
PAGE_UP, PAGE_DOWN = 280, 281
PAD_0, PAD_TIMES, PAD_ENTER = 256, 268, 271
ARROWS = {UP: (0, 1), DOWN: (0, -1), RIGHT: (1, 0), LEFT: (-1, 0)}
PRESSING = (ENTER, PAD_ENTER, HASH)
PAD_ARROWS = {PAD_0 + 8: UP, PAD_0 + 2: DOWN, PAD_0 + 6: RIGHT, PAD_0 + 4: LEFT, PAD_0 + 5: ENTER}
WIPE = "{backspace}"  # what the key on the screen bears that takes the last letter away
SAME_PLACE_PX = 2.0
ASIDE_COST = 2.0  # a thing straight ahead is nearer than one as far away to the side


class Pointer:
    """Where the ring is. The shell hands every key to `take`."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell
        self._at: Target | None = None
        self._where = (0.0, 0.0)  # its middle: the keys of the keyboard are changed under it

    def take(self, key: int, text: str, modifiers: list[str]) -> bool:
        """Do what a key says; False where it says nothing here."""
        key = self._from_pad(key)
        figure = self._figure(key, text)
        if key in ARROWS:
            self._go(*ARROWS[key])
        elif key in (TAB, STAR, PAD_TIMES):
            self._step(-1 if "shift" in modifiers else 1)
        elif key in PRESSING:
            self._press()
        elif key in (PAGE_UP, PAGE_DOWN):
            self._touch_first(lambda one: getattr(one, "icon", "") == _ICONS[key])
        elif key in (BACKSPACE, ESCAPE):
            self._step_back(key)
        elif figure:
            self._take_figure(figure)
        else:
            return False
        return True

    def leave(self) -> None:
        """A finger has taken over."""
        self._point(None)

    def _from_pad(self, key: int) -> int:
        """The keys of a number pad are arrows while something is written."""
        return PAD_ARROWS.get(key, key) if self._shell.keyboard.is_open else key

    @staticmethod
    def _figure(key: int, text: str) -> str:
        if PAD_0 <= key < PAD_0 + 10:
            return str(key - PAD_0)
        return text.upper() if text and text.isalnum() else ""

    # --- what there is ------------------------------------------------------------------------

    def _targets(self) -> list[Target]:
        """What may be touched now: the page as one reads it, the keyboard, the fixed places."""
        front = self._shell.children[0]
        if isinstance(front, Veil):
            return as_read(_touchable(front))
        page = as_read(_touchable(self._shell.ids.page))
        keyboard = as_read(_touchable(self._shell.keyboard))
        return [*page, *keyboard, *as_read(_touchable(self._shell.ids.chrome))]

    def _present(self, targets: list[Target]) -> Target | None:
        """Where the ring is; on a key or a card that was made anew, at what stands there now."""
        if self._at in targets or self._at is None:
            return self._at
        alike = [one for one in targets if type(one) is type(self._at)]
        near = min(alike, key=lambda one: _distance(_middle(one), self._where), default=None)
        if isinstance(self._at, Key) and self._shell.keyboard.is_open:
            return near
        return near if near and _distance(_middle(near), self._where) <= SAME_PLACE_PX else None

    # --- moving -------------------------------------------------------------------------------

    def _step(self, by: int) -> None:
        targets = self._targets()
        at = self._present(targets)
        if targets:
            place = targets.index(at) + by if at is not None else (0 if by > 0 else -1)
            self._point(targets[place % len(targets)])

    def _go(self, right: int, up: int) -> None:
        targets = self._targets()
        at = self._present(targets)
        if at is None:
            self._step(1)
            return
        x, y = _middle(at)
        best, cost_least = None, float("inf")
        for one in targets:
            across, along = _middle(one)[0] - x, _middle(one)[1] - y
            ahead = across * right + along * up
            aside = abs(along if right else across)
            if ahead > 1 and ahead + ASIDE_COST * aside < cost_least:
                best, cost_least = one, ahead + ASIDE_COST * aside
        if best is not None:
            self._point(best)
        else:
            self._step(1 if right > 0 or up < 0 else -1)

    def _point(self, target: Target | None) -> None:
        if self._at is not None:
            self._at.pointed = False
        self._at = target
        if target is not None:
            target.pointed = True
            self._where = _middle(target)

    # --- touching -----------------------------------------------------------------------------

    def _press(self) -> None:
        targets = self._targets()
        at = self._present(targets)
        if at is not None:
            self._point(at)
            touch(at)
            return
        main = [one for one in targets if isinstance(one, PrimaryButton)]
        if main:
            touch(main[-1])

    def _touch_first(self, holds: Callable[[Target], bool]) -> bool:
        for one in self._targets():
            if holds(one):
                touch(one)
                return True
        return False

    def _step_back(self, key: int) -> None:
        wipes = key == BACKSPACE and (
            self._shell.screen.figure(WIPE) or self._touch_first(_bears(WIPE))
        )
        if not wipes and not isinstance(self._shell.children[0], Veil):
            self._shell.back()

    def _take_figure(self, figure: str) -> None:
        """The key that bears it, or the choice of that number."""
        if self._shell.screen.figure(figure):
            return
        if self._touch_first(_bears(figure)) or not figure.isdecimal():
            return
        front = self._shell.children[0]
        held = front if isinstance(front, Veil) else self._shell.ids.page
        choices = as_read(_touchable(held))
        if not isinstance(front, Veil):  # in a question over the page each button is one
            choices = [one for one in choices if is_choice(one)]
        if 0 < int(figure) <= len(choices):
            self._point(choices[int(figure) - 1])
            touch(choices[int(figure) - 1])


_ICONS = {PAGE_UP: "up", PAGE_DOWN: "down"}


def touch(target: Target) -> None:
    """What a finger would do."""
    if isinstance(target, Field):
        target.focus = True
    else:
        target.dispatch("on_press")
        target.dispatch("on_release")


def as_read(targets: Iterator[Target]) -> list[Target]:
    """From the top down and from the left to the right; what overlaps in height is one line."""
    placed = [(one, *_middle(one), one.to_window(*one.pos)[1]) for one in targets]
    rest = sorted(placed, key=lambda place: -place[2])
    ordered: list[Target] = []
    while rest:
        bottom = rest[0][3]
        line = [place for place in rest if place[2] >= bottom]
        ordered += [place[0] for place in sorted(line, key=lambda place: place[1])]
        rest = [place for place in rest if place[2] < bottom]
    return ordered


def _touchable(held: Widget) -> Iterator[Target]:
    """What may be touched in it: enabled, to be seen, and not nothing."""
    if held.disabled or held.opacity == 0 or held.width < 1 or held.height < 1:
        return
    if isinstance(held, Tappable | Field):
        yield held
        return
    for child in held.children:
        yield from _touchable(child)


def is_choice(target: Widget) -> bool:
    """Whether a figure counts it: a card, a tile, a row."""
    return (
        isinstance(target, Tappable)
        and not isinstance(target, LabelledButton)
        and not hasattr(target, "value")
    )


def _bears(figure: str) -> Callable[[Target], bool]:
    return lambda one: isinstance(one, Tappable) and getattr(one, "value", None) == figure


def _middle(target: Target) -> tuple[float, float]:
    x, y = target.to_window(*target.center)
    return float(x), float(y)


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])
