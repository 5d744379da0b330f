"""Rings on a page: their names, and how many kiosks a release to each reaches."""

from dataclasses import dataclass

from django.db.models import Count

from sync.central.intake.models import RING_CHOICES, Device
from sync.central.intake.rings import RINGS, Ring, within


@dataclass(frozen=True, slots=True)
class RingChoice:
    """A ring that can be chosen."""

    id: str
    words: str
    kiosks: int  # that a release to it reaches


def ring_name(ring: Ring | str) -> str:
    """A ring's name in the reader's language."""
    return str(dict(RING_CHOICES)[str(ring)])


def ring_choices(rings: tuple[Ring, ...] = RINGS) -> list[RingChoice]:
    """These rings, with the kiosks of all that stand in them or further inside."""
    counted = Device.objects.values_list("ring").annotate(Count("pk"))
    standing = {str(ring): int(number) for ring, number in counted}
    return [
        RingChoice(
            id=ring.value,
            words=ring_name(ring),
            kiosks=sum(standing.get(inner.value, 0) for inner in within(ring)),
        )
        for ring in rings
    ]


def find_ring(name: str | None) -> Ring | None:
    """The ring that a form names; None where it names none."""
    return Ring(name) if name in tuple(Ring) else None
