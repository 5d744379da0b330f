"""Central's feed: what kiosks must learn, numbered without holes for each audience.

A device remembers the last position it took in. A plain sequence would lose changes: a lower
number may become visible after a higher one was read. So writers of one audience queue up at its
row and the numbers follow the order of the commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from nacl.utils import random

from sync.central import bulk
from sync.central.intake.models import Epoch, FeedAudience, FeedItem
from sync.records import Audience, Change, ChangeKind

EPOCH_BYTES = 16
ITEM_OVERHEAD_BYTES = 160  # audience, position, kind and framing beside the payload
ITEMS_MAX = 2000  # in one slice
ROWS_AT_ONCE = 20  # read from the database: a row may be a whole service


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the feed for one device; `more` when something was left for the next."""

    changes: tuple[Change, ...]
    more: bool


def append(audience: Audience, kind: ChangeKind, payload: bytes) -> int:
    """Write one change; its position. Call it inside the transaction of what it tells of."""
    return append_all(audience, [(kind, payload)])


def append_all(audience: Audience, changes: Sequence[tuple[ChangeKind, bytes]]) -> int:
    """Write changes for one audience, in order; the last one's position."""
    with transaction.atomic():
        FeedAudience.objects.get_or_create(name=audience)
        row = FeedAudience.objects.select_for_update().get(name=audience)
        now = timezone.now()
        bulk.insert(
            [
                FeedItem(
                    audience=row,
                    position=row.position + place,
                    kind=kind.value,
                    payload=payload,
                    appended_at=now,
                )
                for place, (kind, payload) in enumerate(changes, 1)
            ]
        )
        row.position += len(changes)
        row.save(update_fields=["position"])
    return row.position


def after(audiences: Sequence[Audience], cursor: Mapping[Audience, int], room_bytes: int) -> Slice:
    """What follows the cursor, as much as there is room for, and at least one change."""
    changes: list[Change] = []
    written = dict(
        FeedAudience.objects.filter(pk__in=audiences).values_list("name", "position")
    )  # one look is enough for a kiosk that has read everything
    for audience in audiences:
        if written.get(audience, 0) <= cursor.get(audience, 0):
            continue
        items = (
            FeedItem.objects.filter(audience=audience, position__gt=cursor.get(audience, 0))
            .order_by("position")
            .values_list("position", "kind", "payload")
        )
        for position, kind, payload in items.iterator(chunk_size=ROWS_AT_ONCE):
            room_bytes -= len(payload) + ITEM_OVERHEAD_BYTES
            if changes and (room_bytes < 0 or len(changes) == ITEMS_MAX):
                return Slice(tuple(changes), more=True)
            changes.append(Change(audience, position, ChangeKind(kind), bytes(payload)))
    return Slice(tuple(changes), more=False)


def begin_epoch() -> bytes:
    """A new life of the feed."""
    return bytes(Epoch.objects.create(value=random(EPOCH_BYTES), began_at=timezone.now()).value)


def current_epoch() -> bytes:
    """The life the feed is in; its first begins by itself."""
    newest = Epoch.objects.order_by("-pk").first()
    return begin_epoch() if newest is None else bytes(newest.value)
