"""Cuts the power at many points of a story and asks each time what is wrong."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.disk.forgetful import ForgetfulDisk, Luck
from tests.disk.recording import Done

HEARD = 0.4  # the share of cuts that come as soon as somebody has heard something


def after_cuts(
    done: Sequence[Done],
    root: Path,
    disk: ForgetfulDisk,
    wrong_after: Callable[[Path, int], Iterable[str]],
    *,
    heard: Sequence[int],
    cuts: int,
    seed: int,
    place: Path,
) -> Counter[str]:
    """What was found wrong after so many cuts, each kind how often.

    Args:
        done: the story.
        root: the folder that it happened in.
        disk: a new one, whose story begins.
        wrong_after: says what is wrong with what a cut at a point left in a folder.
        heard: points from which on somebody outside relied on something.
        cuts: how many.
        seed: gives points and luck; printed with what is wrong.
        place: a folder for what the cuts leave.
    """
    chance = random.Random(seed)
    points = sorted(
        chance.choice(heard) + 1 if chance.random() < HEARD else chance.randrange(len(done) + 1)
        for _ in range(cuts)
    )
    lived, wrong = 0, Counter[str]()
    for number, point in enumerate(points):
        disk.live(done[lived:point])
        lived = point
        left, luck = place / str(number), chance.choice(list(Luck))
        disk.cut(luck, chance, root, left)
        for sentence in wrong_after(left, point):
            print(f"seed {seed}, after {point} of {len(done)}, {luck.value}: {sentence}")
            wrong[sentence.partition(":")[0]] += 1
    return wrong
