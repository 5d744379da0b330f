"""The kiosk reads few of Kivy's rules of style: all that a widget of ours needs are among them."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kivy
from kivy.lang import Builder
from kivy.uix.widget import Widget

import kiosk.screens
from kiosk.screens.bootstrap import STYLE, STYLED, few_rules, names_of


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
