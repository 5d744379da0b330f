"""Nothing flashes: at most two flashes a second, of anything (INC-22).

A flash is two changes, there and back. Kivy draws what is always the same; what could make it
another by itself is an animation, a moving picture, or something that is called again and again.
"""

import ast
import re
from pathlib import Path

import kiosk
from kiosk.screens.text import Field

FLASHES_A_SECOND_MAX = 2
LEAST_S = 1 / (2 * FLASHES_A_SECOND_MAX)
CHANGES = {  # called more often: each shows something new once, and nothing back
    ("photo_answer", "_develop"): "a picture that the darkroom has ready",
    ("photo_answer", "_look_around"): "what the camera sees, as a mirror does",
    ("file_answer", "_develop"): "a picture that the darkroom has ready",
    ("show", "_look"): "what the camera sees, as a mirror does",
}
MOVING = re.compile(r"kivy\.animation|Animation\(|screenmanager|anim_delay|\.gif|Video\b|Carousel")
SOURCES = [*Path(*kiosk.__path__).rglob("*.py"), *Path(*kiosk.__path__).rglob("*.kv")]


def test_nothing_is_animated() -> None:
    found = {path.name: MOVING.findall(path.read_text("utf-8")) for path in SOURCES}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_what_is_called_again_and_again_flashes_nothing() -> None:
    fast, seen = set(), 0
    for path in SOURCES:
        if path.suffix != ".py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        numbers = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("interval")):
                continue
            seen += 1
            called, period = node.args
            assert isinstance(period, ast.Name), f"{path.name}: {ast.unparse(node)}"
            if float(str(numbers[period.id])) < LEAST_S:
                (name,) = re.findall(r"self\.(\w+)", ast.unparse(called))
                fast.add((path.stem, name))
    assert seen > len(CHANGES)
    assert fast == set(CHANGES)


def test_the_cursor_of_a_field_flashes_slowly() -> None:
    blinking = Field()._do_blink_cursor_ev
    assert blinking.timeout >= LEAST_S
