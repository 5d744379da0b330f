"""However a visit ends, nothing of her stays in memory: neither what she wrote nor her photo."""

import random
from collections.abc import Callable
from string import ascii_lowercase

import pytest

from kiosk.screens.rescue import Rescue
from tests.memory import holders_of
from tests.screens.driver import Driver
from tests.screens.situations.applying import checking, prints
from tests.screens.world import IDLE_S, WARNING_S


def falls_silent(person: Driver) -> None:
    person.passes_s(IDLE_S + 1)
    person.passes_s(WARNING_S)


def hands_in(person: Driver) -> None:
    person.tap("These answers are right")
    person.tap("Hand in my application")
    assert person.world.visit.submitted is not None


def finishes(person: Driver) -> None:
    hands_in(person)
    prints(person.world)
    person.passes_s(0.5)
    person.tap("Continue")
    person.tap("Skip all")
    person.expect("Thank you")


def hands_in_and_goes(person: Driver) -> None:
    hands_in(person)
    falls_silent(person)


def starts_over(person: Driver) -> None:
    person.tap("Start over")
    person.tap("Erase and start over")


def sets_aside_and_goes(person: Driver) -> None:
    person.tap("Start over")
    person.tap("Continue another day")
    falls_silent(person)


def fails(person: Driver) -> None:
    Rescue(person.shell).handle_exception(ValueError("a fault of the program"))


ENDINGS: list[Callable[[Driver], None]] = [
    finishes,
    falls_silent,
    starts_over,
    sets_aside_and_goes,
    hands_in_and_goes,
    fails,
]


@pytest.mark.parametrize("ends", ENDINGS, ids=lambda ends: ends.__name__)
def test_nothing_of_her_stays(person: Driver, ends: Callable[[Driver], None]) -> None:
    word = "".join(random.choices(ascii_lowercase, k=12))  # that nothing else holds
    photo = b"\xff\xd8\xff a sample photo " + random.randbytes(8)
    person.shell.speak("en")
    person.settle()
    checking(name=word)(person)
    entry = person.world.visit.entry
    assert entry is not None
    entry.attach("/data/family_book", photo, "image/jpeg")
    del entry
    person.draw()
    assert holders_of(word)
    ends(person)
    person.settle()
    assert person.world.visit.entry is None
    assert holders_of(word) == []
    assert holders_of(photo) == []
