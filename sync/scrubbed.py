"""What is written down when something goes wrong: what and where, never what anybody wrote.

The message of an exception may quote an answer or a name, so a traceback is written with its frames
and the exception's type alone. Kiosk and central log alike.

A kiosk is stricter still (`allowed`), because its log lies on a disk that may be stolen: of a
message it writes the words that stand in our source, and of what fills them in only what can be
nobody's words.
"""

import logging
import traceback
from enum import Enum
from types import TracebackType

OURS = ("kiosk", "sync", "__main__")  # whose messages are sentences of our source
LEFT_OUT = "***"  # in the place of what is not written down


class Plain(str):
    """Text that the program made itself, of which its author knows that it is nobody's words."""

    __slots__ = ()


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


class Allowed(Scrubbed):
    """A formatter that writes of each record only what is known to be nobody's words."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the frames of a problem."""
        record.message = allowed(record)
        record.asctime = self.formatTime(record, self.datefmt)
        line = self.formatMessage(record)
        if record.exc_info and record.exc_info[1] is not None:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line


def allowed(record: logging.LogRecord) -> str:
    """What of a record's words may be written down.

    Of our own: the sentence as it stands in the source, filled with numbers, states, the places
    of exceptions and `Plain` text. Of a library: only where it spoke.
    """
    if not is_ours(record):
        return f"a message of {record.module}:{record.lineno}"
    given = record.args if isinstance(record.args, tuple) else ()
    if not given:
        return str(record.msg)
    try:
        return str(record.msg) % tuple(map(_allowed, given))
    except (TypeError, ValueError):
        return str(record.msg)


def is_ours(record: logging.LogRecord) -> bool:
    """Whether this program says it, and no library."""
    return record.name.partition(".")[0] in OURS


def _allowed(value: object) -> object:
    match value:
        case bool() | int() | float() | Plain():
            return value
        case Enum():
            return Plain(value.value)
        case BaseException():
            return place_of(value)
    return Plain(LEFT_OUT)


def place_of(problem: BaseException) -> Plain:
    """An exception's type, and where it was raised."""
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" in {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return Plain(f"{type(problem).__name__}{where}")


def places_of(problem: BaseException) -> str:
    """The places that an exception passed, from the outermost, and its type."""
    frames = traceback.extract_tb(problem.__traceback__)
    passed = [f"{frame.filename}:{frame.lineno}" for frame in frames]
    return " > ".join((*passed, type(problem).__name__))
