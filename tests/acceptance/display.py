"""A display in memory on which a program opens its window: it can be looked at and touched.

Xvfb draws it, Pillow reads it, xdotool has the finger: the program cannot tell it from glass.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageGrab

WIDTH_PX, HEIGHT_PX = 1280, 800
LOOK_EVERY_S = 0.2
WAIT_S_MAX = 60.0  # on a busy machine; nothing is measured by it
TILE_SHARE = 0.5  # of the dots of a row that runs through a tile and its words, so many are white
TILE_HEIGHT_PX_MIN = 60


class Display:
    """One display."""

    def __init__(self, name: str) -> None:
        self.name = name

    def picture(self) -> Image.Image:
        """What is on the glass now."""
        return ImageGrab.grab(xdisplay=self.name).convert("L")

    def touches(self, x: int, y: int) -> None:
        """Touch that dot, counted from the upper left corner."""
        subprocess.run(
            ["xdotool", "mousemove", str(x), str(y), "click", "1"],
            env=os.environ | {"DISPLAY": self.name},
            check=True,
        )

    def waits_for(self, seen: Callable[[Image.Image], bool], what: str) -> Image.Image:
        """The first picture that shows it and stands still."""
        until_s = time.monotonic() + WAIT_S_MAX
        before = self.picture()
        while time.monotonic() < until_s:
            time.sleep(LOOK_EVERY_S)
            now = self.picture()
            if seen(now) and not share_changed(before, now):
                return now
            before = now
        raise AssertionError(f"The display does not show {what}.")


@contextmanager
def open_display() -> Iterator[Display]:
    """A display of the size of a kiosk's panel, gone when the context ends."""
    reading, writing = os.pipe()
    size = f"{WIDTH_PX}x{HEIGHT_PX}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            yield Display(f":{answer.readline().strip()}")
    finally:
        server.terminate()
        server.wait()


def share_changed(before: Image.Image, after: Image.Image) -> float:
    """Which share of the dots is different."""
    changed = ImageChops.difference(before, after).point(lambda tone: 255 if tone else 0)
    return changed.histogram()[255] / (before.width * before.height)


def first_tile(picture: Image.Image) -> tuple[int, int] | None:
    """The middle of the topmost white tile in the left half, None where there is no tile."""
    half = picture.crop((0, 0, picture.width // 2, picture.height))
    white = half.point(lambda tone: 255 if tone == 255 else 0)
    rows = list(white.resize((1, half.height), Image.Resampling.BOX).tobytes())
    top = None
    for y, share in enumerate([*rows, 0]):
        if share >= TILE_SHARE * 255 and top is None:
            top = y
        elif share < TILE_SHARE * 255 and top is not None:
            if y - top >= TILE_HEIGHT_PX_MIN:
                return half.width // 2, (top + y) // 2
            top = None
    return None
