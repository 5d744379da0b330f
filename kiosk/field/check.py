"""One question that the doctor asks of a kiosk, and what an answer is.

A check looks and changes nothing; it never raises, ends within its seconds, and says nothing about
a person. What it finds is a cause and a way to mend it, as two sentences of the catalogues. One
that another check must go well for is left out where that one does not: a fault is said once, where
it is. Numbers and names stay for good, because they are read out over the telephone.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.field.examined import Examined
from kiosk.language import N_
from sync.scrubbed import place_of

LOOK_S_MAX = 10.0


class Verdict(StrEnum):
    """What came of a check."""

    WELL = "well"
    WARNING = "warning"  # the kiosk works, and somebody should come
    BROKEN = "broken"  # people cannot be served as they should
    SKIPPED = "skipped"  # it cannot be looked at, or a fault that was named stands in the way


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong and how it is mended: messages of the catalogues, and what fills them in."""

    verdict: Verdict
    cause: str
    fix: str
    places: Mapping[str, object] = field(default_factory=dict)


def warning(cause: str, fix: str, /, **places: object) -> Found:
    """The kiosk works, and this should be mended."""
    return Found(Verdict.WARNING, cause, fix, places)


def broken(cause: str, fix: str, /, **places: object) -> Found:
    """People are not served until this is mended."""
    return Found(Verdict.BROKEN, cause, fix, places)


class NotHere(Exception):
    """There is nothing to look at, such as no battery."""


@dataclass(frozen=True, slots=True)
class Check:
    """A question with its lasting number and name."""

    number: int
    name: str
    look: Callable[[Examined], Found | None]  # None: all is well
    needs: tuple[str, ...] = ()  # names of checks that must go well before
    seconds_max: float = LOOK_S_MAX


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check."""

    check: Check
    verdict: Verdict
    found: Found | None = None  # of a warning, or what is broken
    is_hindered: bool = False  # skipped because of what an earlier check found


TOO_SLOW = N_("This check did not end within %(seconds)s s.")
TRY_AGAIN = N_("Run it again. If it stays so, switch the machine off and on.")
FAILED = N_("This check itself failed: %(place)s.")
TELL_SUPPORT = N_("Send what the program wrote down to support: kiosk support")


def made(check: Check, examined: Examined, spoiled: frozenset[str]) -> Result:
    """Ask one question, within its seconds and whatever happens.

    Args:
        check: the question.
        examined: the kiosk.
        spoiled: the names of earlier checks that did not go well, or could not be made.
    """
    if spoiled.intersection(check.needs):
        return Result(check, Verdict.SKIPPED, is_hindered=True)
    answers: list[Result] = []
    looking = threading.Thread(
        target=lambda: answers.append(_looked(check, examined)), name=check.name, daemon=True
    )
    looking.start()
    looking.join(check.seconds_max)
    if answers:
        return answers[0]
    slow = warning(TOO_SLOW, TRY_AGAIN, seconds=round(check.seconds_max))
    return Result(check, Verdict.WARNING, slow)


def _looked(check: Check, examined: Examined) -> Result:
    try:
        found = check.look(examined)
    except NotHere:
        return Result(check, Verdict.SKIPPED)
    except Exception as problem:  # noqa: BLE001 - the doctor outlives whatever it finds
        found = warning(FAILED, TELL_SUPPORT, place=place_of(problem))
    return Result(check, found.verdict if found else Verdict.WELL, found)
