"""Situations worth looking at: each module here names some, and the walk visits them all.

A situation is a function that brings a person before a fresh entrance to a certain page by touches.
"""

import pkgutil
from collections.abc import Callable
from importlib import import_module

from tests.screens.driver import Driver

Situation = Callable[[Driver], None]


def all_situations() -> dict[str, Situation]:
    """Every situation of every module here, by name."""
    found: dict[str, Situation] = {}
    for module in pkgutil.iter_modules(__path__):
        named: dict[str, Situation] = import_module(f"{__name__}.{module.name}").SITUATIONS
        assert not set(named) & set(found), f"{module.name} names a situation twice"
        found.update(named)
    return found
