"""What this process still holds in memory: who has gone must be found nowhere.

Python's collector lists only what it tracks. A dict or a tuple that holds nothing but text is not
tracked, nor is what stands in an object's own dict, and it never tells of a dict's keys: so
whatever is reached from what is tracked is looked into as well, keys and buffers too.
"""

import gc
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

OF_THE_TEST = frozenset(("cell", "frame", "generator"))  # variables of the test and of the search
TEXTS = (str, bytes, bytearray, memoryview)
BUFFERS = (BytesIO, StringIO)


def holders_of(wanted: str | bytes) -> list[str]:
    """What kinds of things hold a text or bytes with `wanted` in it; sorted, each as often."""
    return sorted(kind for kind, _text in held_with(wanted))


def held_with(wanted: str | bytes) -> list[tuple[str, str | bytes]]:
    """Every text and all bytes with `wanted` in them, each with the kind of thing that holds it."""
    gc.unfreeze()  # what the program put aside for good is looked at as well
    gc.collect()
    data = wanted.encode() if isinstance(wanted, str) else wanted
    words = wanted if isinstance(wanted, str) else data.decode("latin-1")
    return [
        (type(holder).__name__, text if isinstance(text, str) else bytes(text))
        for holder, text in _held_texts()
        if type(holder).__name__ not in OF_THE_TEST
        and (words in text if isinstance(text, str) else data in bytes(text))
    ]


def _held_texts() -> Iterator[tuple[object, str | bytes | bytearray | memoryview]]:
    """Every text and all bytes that anything holds, and what holds it."""
    seen: set[int] = set()
    waiting: list[Any] = gc.get_objects()
    while waiting:
        holder = waiting.pop()
        things = gc.get_referents(holder)
        kind = type(holder)  # not `isinstance`: a weak proxy answers for what may be gone
        if issubclass(kind, dict):
            things.extend(dict.keys(holder))  # not its own way to go through: that may warn
        elif issubclass(kind, BUFFERS) and not holder.closed:
            things.append(holder.getvalue())
        for thing in things:
            if issubclass(type(thing), TEXTS):
                yield holder, thing
            elif not gc.is_tracked(thing) and id(thing) not in seen:
                seen.add(id(thing))
                waiting.append(thing)
