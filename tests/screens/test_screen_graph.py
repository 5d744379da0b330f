"""Nobody gets lost: at most two touches from home to where a form begins, nine things a page.

The screens say themselves where they lead: what is read here is their source, so that a new way
joins by itself.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

import kiosk.screens
from kiosk.panels import PANELS
from kiosk.screens.home import TILES_A_PAGE
from kiosk.screens.pointer import is_choice
from kiosk.screens.registry import SCREENS
from tests.screens.driver import Driver
from tests.screens.situations.applying import at
from tests.screens.situations.listing import fresh, letter
from tests.screens.situations.sharing import sharing

HOME = "home"
DEPTH_MAX, THINGS_MAX = 2, 9  # INC-08
ALTERNATIVE = ("show", "find")  # the second says in letters what the first says with a code
ROAD = {  # from a form's first page each has one way on
    *("question", "check", "confirm", "helped", "receipt", "following", "feedback"),
    *("verdict", "opinion", "aside", "interrupted", "end"),
}
STAFF = {"pin", "technician"}  # behind a knock that nobody does by chance
LEADING = ("go", "replace")
UPRIGHT = PANELS["21in-1080x1920"]  # has room for more than anybody looks through


def names_in(node: ast.expr, around: ast.AST) -> Iterator[str]:
    """The screens that an argument may name, also by way of a local name."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from names_in(node.body, around)
        yield from names_in(node.orelse, around)
    elif isinstance(node, ast.Name):
        for one in ast.walk(around):
            if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == node.id:
                yield from names_in(one.value, around)


@cache
def ways() -> set[tuple[str, str]]:
    """From which module of a screen one gets to which screen."""
    found = set()
    for path in Path(*kiosk.screens.__path__).glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for around in ast.walk(tree):
            if not isinstance(around, ast.FunctionDef):
                continue
            for one in ast.walk(around):
                if is_way(one):
                    named = set(names_in(one.args[0], around)) & set(SCREENS)
                    assert named or path.stem in ("shell", "name_index"), ast.unparse(one)
                    found |= {(path.stem, name) for name in named}
    return found


def is_way(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEADING
        and bool(node.args)
    )


def test_no_choice_is_more_than_two_touches_from_home() -> None:
    found = ways()
    deep = {HOME: 0} | {to: 1 for at, to in found if at == "shell"}  # Help, and a receipt's scan
    for _round in SCREENS:
        for one, to in sorted(found):
            if one in deep:
                cost = 0 if (one, to) == ALTERNATIVE else 1
                deep[to] = min(deep.get(to, len(SCREENS)), deep[one] + cost)
    menus = {name: depth for name, depth in deep.items() if name not in ROAD | STAFF}
    assert {"sheet", "find", "finding", "help", "clerk"} <= set(menus)
    assert {name: depth for name, depth in menus.items() if depth > DEPTH_MAX} == {}


def test_a_form_is_a_road_without_forks() -> None:
    back = {(one, to) for one, to in ways() if one in ROAD and to not in ROAD}
    assert back == set()


def test_a_page_has_at_most_nine_things_to_choose_on_the_largest_glass_too(
    person: Driver,
) -> None:
    assert TILES_A_PAGE <= THINGS_MAX
    person.stands_before(UPRIGHT)
    for situation in (at("/data/province"), letter(fresh("/data/birthplace")), sharing("work")):
        person.shell.wipe()
        person.shell.speak("en")
        person.settle()
        situation(person)
        assert 0 < len(choices_of(person)) <= THINGS_MAX
        assert not person.turn_page() or 0 < len(choices_of(person)) <= THINGS_MAX


def choices_of(person: Driver) -> list[object]:
    """What a figure counts; a list's letters and the days of a calendar are no choices."""
    page = person.shell.ids.page
    inside = [one for one in page.walk(restrict=True) if one in person.visible()]
    return [one for one in inside if is_choice(one) and type(one).__name__ != "Letter"]


@pytest.mark.parametrize("panel", [PANELS["10in-1024x600"], UPRIGHT], ids=lambda one: one.name)
def test_home_has_at_most_nine_tiles(person: Driver, panel: object) -> None:
    person.stands_before(panel)  # type: ignore[arg-type]
    person.shell.home()
    person.settle()
    assert 0 < len(choices_of(person)) <= THINGS_MAX
