"""The kiosk reads few of Kivy's rules of style: all that a widget of ours needs are among them."""

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kivy
from kivy.clock import Clock
from kivy.lang import Builder
from kivy.uix.widget import Widget

import kiosk.screens
from kiosk.screens.bootstrap import FRAMES_PER_SECOND, STYLE, STYLED, few_rules, names_of

FRAMES = """
import sys
from pathlib import Path
from kiosk.screens import bootstrap
from kiosk.panels import PANELS
bootstrap.prepare(PANELS["10in-1280x800"], Path(sys.argv[1]), off_screen=True)
from kivy.clock import Clock
print(Clock._max_fps)
"""


def kivys_rules() -> list[str]:
    style = Path(kivy.kivy_data_dir, STYLE).read_text("utf-8")
    return re.split(r"(?m)^(?=<)", style)[1:]


def kinds_of(kind: Any) -> Iterator[Any]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from kinds_of(narrower)


def test_each_widget_has_the_rules_of_what_it_is_made_of() -> None:
    for module in pkgutil.iter_modules(kiosk.screens.__path__):
        importlib.import_module(f"kiosk.screens.{module.name}")
    made_of = {base.__name__ for kind in kinds_of(Widget) for base in kind.__mro__}
    ruled = {name for rule in kivys_rules() for name in names_of(rule)}
    assert made_of & ruled <= STYLED


def test_kivy_has_read_those_rules_and_no_others() -> None:
    few = few_rules("".join(kivys_rules()))
    assert few.count("\n<") + 1 < len(kivys_rules()) / 4
    styled = [rule for _, rule in Builder.rules if str(rule.ctx.filename).endswith(STYLE)]
    assert {str(rule.name) for rule in styled} == set(re.findall(r"(?m)^<.*>", few))


def test_kivys_clock_is_made_only_when_it_is_said_how_often_to_draw(tmp_path: Path) -> None:
    """It looks once; 60 frames a second cost an idle kiosk nearly twice as much as 30."""
    command = [sys.executable, "-c", FRAMES, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert float(said) == FRAMES_PER_SECOND
    assert Clock._max_fps == 0  # a test waits for no frame
