"""Rings: a new version reaches a few kiosks first, then more, then all.

A ring is a part of the feed. Whoever stands in an inner ring also reads every ring around it, so a
release to a ring is one row however many kiosks there are, and going on to the next ring is one
row more. The outermost ring is the nation, which every kiosk has always read: a kiosk that was
never put into a ring stands there, and one that never heard of rings takes in what it is offered.

A kiosk moved inwards reads that ring from its start and so gets what its ring has. Moved outwards
it keeps what it has, because a version never goes back, until its new ring has a later one.
"""

from enum import StrEnum
from typing import Final

from sync.records import NATION, Audience, ring_audience


class Ring(StrEnum):
    """Who gets a new version when; the innermost stands first."""

    FIRST = "first"
    SECOND = "second"
    ALL = "all"


RINGS: Final = tuple(Ring)


def audience_of(ring: Ring) -> Audience:
    """The part of the feed that a release to this ring is written to."""
    return NATION if ring is Ring.ALL else ring_audience(ring.value)


def around(ring: Ring) -> tuple[Ring, ...]:
    """This ring and those around it, from the inside: what a kiosk of this ring reads."""
    return RINGS[RINGS.index(ring) :]


def within(ring: Ring) -> tuple[Ring, ...]:
    """This ring and those inside it: whom a release to it reaches."""
    return RINGS[: RINGS.index(ring) + 1]


def next_after(ring: Ring) -> Ring | None:
    """The ring around this one; None at the outermost."""
    return next(iter(around(ring)[1:]), None)
