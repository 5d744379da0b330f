"""The steps an officer can take with a case, and which fit when.

An officer first takes a case up: from then on it is hers, and everybody in the office sees so.
In a step that does not decide she hands it over to the office of the next one, or returns it.
Then she returns it with what is missing, approves it, or rejects it with a reason. A colleague
may take over a case that lies. Who needs longer gives a new day with a reason; past the promised
day nothing is decided or handed over without one (`delays`). What is decided stays decided. A case
that its applicant has replaced by a corrected application is decided no more: the corrected one is.
Where the step asks for two signatories an approval or a rejection is a proposal (`signing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from sync.central.casework import delays
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.events import (
    Incomplete,
    NotPossibleNow,
    SomebodyElseActed,
    Step,
    append,
)
from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.casework.proposals import open_proposal, propose, takes_two
from sync.central.casework.sealed import secret_of
from sync.central.casework.service_words import find_descriptor
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
    DELAY = "delay"


STATUS_AFTER: Final[Mapping[Action, Status]] = {
    Action.TAKE_UP: Status.TAKEN_UP,
    Action.HAND_OVER: Status.RECEIVED,  # by the office of the next step
    Action.RETURN: Status.RETURNED,
    Action.APPROVE: Status.APPROVED,
    Action.REJECT: Status.REJECTED,
    Action.DELAY: Status.TAKEN_UP,  # as before, with a reason and a new day
}
BEFORE_DECIDING: Final = (Action.HAND_OVER, Action.RETURN, Action.DELAY)
DECISIONS: Final = (Action.APPROVE, Action.RETURN, Action.REJECT, Action.DELAY)
LAWFUL: Final = (Action.APPROVE, Action.REJECT)  # they name their legal basis
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
    delay_reason: str = ""  # why it is late, of another act than a delay
    due_on: date | None = None  # the new day, of a delay or of handing over what is late


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
    if open_proposal(case) is not None:
        return ()  # it waits for a second officer: see `signing`
    if case.status == Status.RECEIVED.value:
        return (Action.TAKE_UP,)
    if case.status == Status.TAKEN_UP.value:
        if case.taken_up_by_id != officer.pk:
            return (Action.TAKE_UP,)
        return DECISIONS if find_next_step(case) is None else BEFORE_DECIDING
    return ()


def missing(case: Case, decision: Decision, today: date) -> dict[str, str]:
    """What the decision lacks, as sentences by the field's name."""
    found = {}
    if decision.action is Action.DELAY:
        found["reason"] = delays.wrong_reason(case, decision.reason)
        found["due_on"] = delays.wrong_day(case, decision.due_on, today)
    elif decision.action is not Action.TAKE_UP and delays.needs_reason(case, today):
        found["delay_reason"] = delays.wrong_reason(case, decision.delay_reason)
        if decision.action is Action.HAND_OVER and delays.needs_new_day(case, today):
            found["due_on"] = delays.wrong_day(case, decision.due_on, today)
    if decision.action in DECISIONS and decision.action is not Action.DELAY:
        found["reason"] = _wrong_reason(case, decision)
    if decision.action in LAWFUL:
        found["legal_basis"] = _wrong_law(case, decision.legal_basis)
    return {name: sentence for name, sentence in found.items() if sentence}


def _wrong_reason(case: Case, decision: Decision) -> str:
    """One of the service's reasons, where it names any: nor does the clock stop without."""
    descriptor = find_descriptor(case)
    reasons = descriptor.reasons_for(decision.action.value) if descriptor else ()
    known = {reason.id for reason in reasons}
    return _("Choose a reason.") if known and decision.reason not in known else ""


def _wrong_law(case: Case, law: str) -> str:
    descriptor = find_descriptor(case)
    laws = {known.id for known in descriptor.legal} if descriptor else set()
    return _("Choose the legal basis.") if (laws or law) and law not in laws else ""


@transaction.atomic
def act(case: Case, officer: Officer, decision: Decision, now: datetime) -> CaseEvent:
    """Do it, once: the same decision sent twice by the same officer is the same event.

    Raises:
        SomebodyElseActed: the case changed since she saw it.
        NotPossibleNow: the step does not fit the case's status, or a correction has come.
        Incomplete: it lacks its legal basis, or the reason why it is late.
        CannotOpen: the citizen's secret, to which the words are sealed, cannot be opened.
    """
    done = _find_done(case, officer, decision)
    if done is not None:
        return done
    if decision.action not in possible(case, officer):
        raise NotPossibleNow(f"{decision.action} does not fit case {case.reference} now.")
    for sentence in missing(case, decision, vientiane_day(now)).values():
        raise Incomplete(sentence)
    seen_number = _say_why_late(case, officer, decision, now)
    step = _step(case, officer, decision, now)
    if decision.action in LAWFUL and takes_two(case):
        return propose(case, officer, step, seen_number, now)
    return append(case, step, seen_number)


def _say_why_late(case: Case, officer: Officer, decision: Decision, now: datetime) -> int:
    """An event of its own where it is late; the number of the last event that she has seen."""
    is_late = delays.needs_reason(case, vientiane_day(now))
    if decision.action is Action.DELAY or not decision.delay_reason or not is_late:
        return decision.seen_number
    return append(case, _delay(case, officer, decision, now), decision.seen_number).number


def _step(case: Case, officer: Officer, decision: Decision, now: datetime) -> Step:
    words = asked = None
    if decision.words:
        words = seal_words(secret_of(case), decision.words)
    if decision.asked:
        asked = seal_asked(secret_of(case), decision.asked)
    if decision.action is Action.DELAY:
        return replace(_delay(case, officer, decision, now), words=words)
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
    return step


def _find_done(case: Case, officer: Officer, decision: Decision) -> CaseEvent | None:
    """The event that this very decision made before; raises SomebodyElseActed."""
    later = list(case.events.filter(number__gt=decision.seen_number).order_by("number")[:2])
    if later and later[0].reason and later[0].reason == decision.delay_reason:
        later = later[1:]  # why it was late, said together with the decision
    if not later:
        return None
    done, status = later[0], STATUS_AFTER[decision.action].value
    if (done.officer_id, done.status, done.reason) == (officer.pk, status, decision.reason):
        return done
    if (done.officer_id, done.note) == (officer.pk, f"proposed-{status}"):
        return done
    raise SomebodyElseActed(f"Case {case.reference} has changed since it was shown.")


def _delay(case: Case, officer: Officer, decision: Decision, now: datetime) -> Step:
    """That it takes longer, and until when."""
    day = decision.due_on
    return Step(
        status=Status.TAKEN_UP,
        officer=officer,
        at=now,
        reason=decision.delay_reason or decision.reason,
        due_on=day,
        step_due_on=None if day is None else delays.moved_step(case, day, now),
    )
