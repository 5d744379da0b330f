"""Gives memory back while nobody is there, so that no touch waits for it.

A visit leaves some 30,000 objects that refer to each other: widgets, their rules, her answers.
Python finds such rings by looking at every object there is, at a moment of its own choosing; that
took up to 0.35 s, once in nine applications just between a touch and what she waits for.
"""

import gc

from kiosk.visit import Visit

# So many objects between the collector's looks at the young, the older (in looks at the young) and
# all (in looks at the older): all are looked at when nobody is there.
COLLECTED_AFTER = (5_000, 20, 1_000)


class Tidier:
    """Gives memory back while nobody is there: what a person left goes soon after she does."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._begun = False
        self._left_something = True

    def look(self) -> None:
        """Collect once after each visit; what the program itself holds is then left alone."""
        if self._visit.begun:
            self._left_something = True
        elif self._left_something:
            self._left_something = False
            gc.collect()
            if not self._begun:
                self._begun = True
                gc.freeze()  # what is here now stays: it need not be looked at again
                gc.set_threshold(*COLLECTED_AFTER)
                gc.enable()
