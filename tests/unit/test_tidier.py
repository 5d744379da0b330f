"""What a person left in memory goes soon after she does, and not while she waits."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from kiosk.tidier import Tidier
from kiosk.visit import Visit


class Left:
    """A thing that refers to itself: only the collector finds it."""

    def __init__(self) -> None:
        self.itself = self


def left() -> "weakref.ref[Left]":
    return weakref.ref(Left())


@pytest.fixture
def visit() -> Visit:
    return Visit(lambda: 0.0, idle_s=60, warning_s=20)


@pytest.fixture
def tidier(visit: Visit) -> Iterator[Tidier]:
    """At work in a program that has started."""
    threshold = gc.get_threshold()
    gc.disable()
    tidier = Tidier(visit)
    tidier.look()
    yield tidier
    gc.unfreeze()
    gc.set_threshold(*threshold)
    gc.enable()


def test_what_she_left_is_collected_when_she_is_gone(tidier: Tidier, visit: Visit) -> None:
    visit.begin("lo")
    something = left()
    tidier.look()
    assert something() is not None
    visit.wipe()
    tidier.look()
    assert something() is None


def test_while_nobody_comes_nothing_is_looked_for(tidier: Tidier) -> None:
    something = left()
    tidier.look()
    assert something() is not None


@pytest.mark.usefixtures("tidier")
def test_the_collector_works_once_the_program_has_started() -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
