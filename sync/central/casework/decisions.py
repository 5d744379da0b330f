"""The steps an officer can take with a case, and which fit when.

An officer first takes a case up: from then on it is hers, and everybody in the office sees so.
In a step that does not decide she hands it over to the office of the next one, or returns it.
Then she returns it with what is missing, approves it, or rejects it with a reason. A colleague
may take over a case that lies. What is decided stays decided. A case that its applicant has
replaced by a corrected application is decided no more: the corrected one is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from sync.central.casework.events import NotPossibleNow, SomebodyElseActed, Step, append
from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.casework.sealed import secret_of
from sync.central.casework.workflow import find_next_step, onward
from sync.envelope import seal_asked, seal_words
from sync.records import Status

WORDS_LENGTH_MAX = 1000  # characters; a screen of the kiosk, and a few hundred bytes by radio


class Action(StrEnum):
    """What an officer can do."""

    TAKE_UP = "take-up"
    HAND_OVER = "hand-over"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"


STATUS_AFTER: Final[Mapping[Action, Status]] = {
    Action.TAKE_UP: Status.TAKEN_UP,
    Action.HAND_OVER: Status.RECEIVED,  # by the office of the next step
    Action.RETURN: Status.RETURNED,
    Action.APPROVE: Status.APPROVED,
    Action.REJECT: Status.REJECTED,
}
BEFORE_DECIDING: Final = (Action.HAND_OVER, Action.RETURN)
DECISIONS: Final = (Action.APPROVE, Action.RETURN, Action.REJECT)
WAITING: Final = (Status.RECEIVED.value, Status.TAKEN_UP.value)
DECIDED: Final = (Status.RETURNED.value, Status.APPROVED.value, Status.REJECTED.value)


@dataclass(frozen=True, slots=True)
class Decision:
    """An officer's decision as she confirmed it."""

    action: Action
    seen_number: int  # the case's last event that she saw
    words: str = ""
    reason: str = ""
    legal_basis: str = ""
    asked: tuple[str, ...] = ()  # the questions to correct, of a return


def find_correction(case: Case) -> Case | None:
    """The application that its applicant has sent instead, the newest of several."""
    corrections = Case.objects.filter(replaces=case.application).select_related("office")
    return corrections.order_by("-received_at", "-pk").first()


def find_corrected(case: Case) -> Case | None:
    """The application that this one corrects, where the same office has it."""
    if not case.replaces:
        return None
    return Case.objects.filter(office=case.office_id, application=case.replaces).first()


def without_replaced(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases of which no correction has come."""
    return cases.exclude(Exists(Case.objects.filter(replaces=OuterRef("application"))))


def possible(case: Case, officer: Officer) -> tuple[Action, ...]:
    """What this officer can do with the case now, the most likely first."""
    if case.office_id != officer.office_id or find_correction(case) is not None:
        return ()
    if case.status == Status.RECEIVED.value:
        return (Action.TAKE_UP,)
    if case.status == Status.TAKEN_UP.value:
        if case.taken_up_by_id != officer.pk:
            return (Action.TAKE_UP,)
        return DECISIONS if find_next_step(case) is None else BEFORE_DECIDING
    return ()


def act(case: Case, officer: Officer, decision: Decision, now: datetime) -> CaseEvent:
    """Do it, once: the same decision sent twice by the same officer is the same event.

    Raises:
        SomebodyElseActed: the case changed since she saw it.
        NotPossibleNow: the step does not fit the case's status, or a correction has come.
        CannotOpen: the citizen's secret, to which the words are sealed, cannot be opened.
    """
    done = case.events.filter(number=decision.seen_number + 1).first()
    if done is not None:
        if done.officer_id == officer.pk and done.status == STATUS_AFTER[decision.action].value:
            return done
        raise SomebodyElseActed(f"Case {case.reference} has changed since it was shown.")
    if decision.action not in possible(case, officer):
        raise NotPossibleNow(f"{decision.action} does not fit case {case.reference} now.")
    words = asked = None
    if decision.words:
        words = seal_words(secret_of(case), decision.words)
    if decision.asked:
        asked = seal_asked(secret_of(case), decision.asked)
    step = Step(
        status=STATUS_AFTER[decision.action],
        officer=officer,
        at=now,
        reason=decision.reason,
        legal_basis=decision.legal_basis,
        words=words,
        asked=asked,
    )
    if decision.action is Action.HAND_OVER:
        step = replace(step, **onward(case, now))
    return append(case, step, decision.seen_number)
