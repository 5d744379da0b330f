"""What is written down when something goes wrong: what and where, never what anybody wrote.

The message of an exception may quote an answer or a name, so a traceback is written with its frames
and the exception's type alone. Kiosk and central log alike.
"""

import logging
import traceback
from types import TracebackType


class Scrubbed(logging.Formatter):
    """A formatter that leaves exceptions' messages out."""

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Frames and type."""
        kind, problem, _trace = ei
        if kind is None or problem is None:
            return ""
        frames = traceback.StackSummary.extract(traceback.walk_tb(problem.__traceback__))
        return "".join(frames.format()) + place_of(problem)


def place_of(problem: BaseException) -> str:
    """An exception's type, and where it was raised."""
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" in {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{where}"
