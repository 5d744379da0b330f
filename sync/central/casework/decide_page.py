"""Deciding: write the words, read what the applicant will read, then do it, once.

Words left empty become the ready sentences of the service, in the language the applicant used. The
page carries the number of the last event the officer saw, so that pressing twice, or two officers
at once, decide once.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from kiosk.forms.descriptor import Reason, ServiceDescriptor
from sync.central.casework.access import case_of, for_officers, is_of_office
from sync.central.casework.dates import day_in_words
from sync.central.casework.decisions import (
    BEFORE_DECIDING,
    LAWFUL,
    STATUS_AFTER,
    WORDS_LENGTH_MAX,
    Action,
    Decision,
    act,
    find_correction,
    missing,
    possible,
)
from sync.central.casework.delays import delay_reasons, needs_new_day, needs_reason
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.events import Incomplete, NotPossibleNow, SomebodyElseActed
from sync.central.casework.models import Case, Officer
from sync.central.casework.opening import OpenedLine, open_case, questions_of
from sync.central.casework.proposals import takes_two
from sync.central.casework.ready_words import ready_words
from sync.central.casework.sealed import language_of
from sync.central.casework.service_words import (
    find_descriptor,
    law_in_words,
    reader_language,
    reason_in_words,
    service_name,
)
from sync.central.casework.statuses import CITIZEN_HEADINGS, TONES
from sync.central.casework.workflow import handing_over
from sync.central.catalogue import shelf
from sync.errors import CannotOpen
from sync.records import ASKED_COUNT_MAX

HEADINGS: Final = {
    Action.HAND_OVER: gettext_lazy("Hand this application over"),
    Action.APPROVE: gettext_lazy("Approve this application"),
    Action.RETURN: gettext_lazy("Return this application"),
    Action.REJECT: gettext_lazy("Reject this application"),
    Action.DELAY: gettext_lazy("Give a new day for the answer"),
}
CONFIRMATIONS: Final = {
    Action.HAND_OVER: gettext_lazy("Yes, hand it over"),
    Action.APPROVE: gettext_lazy("Yes, approve it"),
    Action.RETURN: gettext_lazy("Yes, return it"),
    Action.REJECT: gettext_lazy("Yes, reject it"),
    Action.DELAY: gettext_lazy("Yes, give the new day"),
}
DONE: Final = {
    Action.TAKE_UP: gettext_lazy("You have taken this application up. It is yours now."),
    Action.HAND_OVER: gettext_lazy("The application is handed over. The kiosks learn of it."),
    Action.APPROVE: gettext_lazy("The application is approved. The answer goes to the kiosks."),
    Action.RETURN: gettext_lazy("The application is returned. The answer goes to the kiosks."),
    Action.REJECT: gettext_lazy("The application is rejected. The answer goes to the kiosks."),
    Action.DELAY: gettext_lazy("The new day and its reason go to the kiosks."),
}
PROPOSED: Final = gettext_lazy("Proposed. It is decided when a second officer has confirmed it.")
_EVENT_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_KEPT_CONTROLS: Final = frozenset("\n\u200b\u200c\u200d")  # Lao breaks lines at U+200B


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who is about to do what to which case."""

    request: HttpRequest
    officer: Officer
    case: Case
    action: Action

    @property
    def descriptor(self) -> ServiceDescriptor:
        """The service, in the version the application was made with."""
        descriptor = find_descriptor(self.case)
        if descriptor is None:
            raise Http404
        return descriptor


@dataclass(frozen=True, slots=True)
class Draft:
    """What the officer has typed so far."""

    seen: int
    reason: str
    legal_basis: str
    words: str
    asked: tuple[str, ...]
    delay_reason: str
    due_on: date | None

    @classmethod
    def from_request(cls, request: HttpRequest, found: Case) -> "Draft":
        """The draft in a posted form, or the empty one that starts it."""
        posted = request.POST
        seen = posted.get("seen", "")
        return cls(
            seen=int(seen) if _EVENT_NUMBER.fullmatch(seen) else found.last_number,
            reason=posted.get("reason", ""),
            legal_basis=posted.get("legal_basis", ""),
            words=cleaned(posted.get("words", "")),
            asked=tuple(posted.getlist("asked")),
            delay_reason=posted.get("delay_reason", ""),
            due_on=_day(posted.get("due_on", "")),
        )

    def decision(self, action: Action) -> Decision:
        """What would be done."""
        return Decision(
            action=action,
            seen_number=self.seen,
            words=self.words,
            reason=self.reason,
            legal_basis=self.legal_basis,
            asked=self.asked,
            delay_reason=self.delay_reason,
            due_on=self.due_on,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A reason or a law to choose, and the ready words that come with it."""

    id: str
    words: str
    ready: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A question that may be marked as one to correct, with the answer she gave."""

    path: str
    label: str
    answer: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field of the form."""

    name: str
    sentence: str


@require_http_methods(["GET", "POST"])
@for_officers
def decide(request: HttpRequest, officer: Officer, application: str, action: str) -> HttpResponse:
    """One step of a case: at once, or over a form and its confirmation."""
    if action not in tuple(Action):
        raise Http404
    deciding = Deciding(request, officer, case_of(officer, application), Action(action))
    draft = Draft.from_request(request, deciding.case)
    if deciding.action is Action.TAKE_UP:
        if request.method == "GET":
            return redirect("casework:case", application)
        return _done(deciding, Decision(Action.TAKE_UP, draft.seen))
    if request.method == "GET":
        is_possible = deciding.action in possible(deciding.case, officer)
        return _form(deciding, draft) if is_possible else _too_late(deciding)
    return _next_step(deciding, draft)


def _next_step(deciding: Deciding, draft: Draft) -> HttpResponse:
    """What follows a posted form: itself again, its confirmation, or the deed."""
    step = deciding.request.POST.get("step")
    wrong = _wrong(deciding, draft)
    if wrong and deciding.action not in possible(deciding.case, deciding.officer):
        return _too_late(deciding)
    if step == "change" or wrong:
        return _form(deciding, draft, wrong)
    if step == "confirm" and draft.words:
        return _done(deciding, draft.decision(deciding.action))
    return _confirmation(deciding, draft)


def _done(deciding: Deciding, decision: Decision) -> HttpResponse:
    try:
        event = act(deciding.case, deciding.officer, decision, timezone.now())
    except (SomebodyElseActed, NotPossibleNow):
        return _too_late(deciding)
    except Incomplete as problem:  # it became late since the form was read
        messages.warning(deciding.request, str(problem), extra_tags="warn")
        return redirect("casework:act", deciding.case.application, decision.action.value)
    except CannotOpen:
        sentence = _("Your words cannot be sealed for the applicant, so nothing was done.")
        messages.error(deciding.request, sentence, extra_tags="bad")
    else:
        done = PROPOSED if event.note else DONE[decision.action]
        messages.success(deciding.request, done, extra_tags="good")
    if not is_of_office(deciding.officer, deciding.case):  # it is another office's now
        return redirect("casework:cases")
    return redirect("casework:case", deciding.case.application)


def _too_late(deciding: Deciding) -> HttpResponse:
    if find_correction(deciding.case) is not None:
        sentence = _("Nothing was done: the corrected application is the one to decide.")
    else:
        sentence = _("This case has changed in the meantime. Nothing was done; look at it again.")
    messages.warning(deciding.request, sentence, extra_tags="warn")
    return redirect("casework:case", deciding.case.application)


def _form(deciding: Deciding, draft: Draft, wrong: tuple[Wrong, ...] = ()) -> HttpResponse:
    reasons = _reasons(deciding)
    language = language_of(deciding.case)
    words = draft.words
    if not words and not reasons:
        words = ready_words(deciding.case, deciding.action, "", language)
    sentences = {problem.name: problem.sentence for problem in wrong}
    context = _common(deciding, draft) | {
        "reasons": reasons,
        "laws": _laws(deciding),
        "words": words,
        "words_language": language,
        "words_hint": _words_hint(language, has_reasons=bool(reasons)),
        "words_length_max": WORDS_LENGTH_MAX,
        "marks": _marks(deciding, draft),
        "wrong": wrong,
        "wrong_reason": sentences.get("reason", ""),
        "wrong_words": sentences.get("words", ""),
        "wrong_asked": sentences.get("asked", ""),
        "wrong_law": sentences.get("legal_basis", ""),
        "wrong_delay": sentences.get("delay_reason", ""),
        "wrong_day": sentences.get("due_on", ""),
        "delay_reasons": _delay_reasons(deciding),
        "asks_day": _asks_day(deciding),
        "first_day": _today() + timedelta(days=1),
    }
    return render(deciding.request, "office/decide.html", context)


def _confirmation(deciding: Deciding, draft: Draft) -> HttpResponse:
    case, action = deciding.case, deciding.action
    language = language_of(case)
    status = STATUS_AFTER[action]
    late = bool(_delay_reasons(deciding))
    with override(language):
        outcome_to_citizen = str(CITIZEN_HEADINGS[status])
    context = _common(deciding, draft) | {
        "outcome": _outcome(deciding),
        "outcome_to_citizen": outcome_to_citizen,
        "tone": TONES[status.value],
        "reason_words": reason_in_words(case, draft.reason),
        "delay_words": _delay_words(case, draft.delay_reason) if late else "",
        "new_day": day_in_words(draft.due_on) if draft.due_on and _asks_day(deciding) else "",
        "legal_basis_words": law_in_words(case, draft.legal_basis),
        "words": draft.words or ready_words(case, action, draft.reason, language),
        "marked": [mark for mark in _marks(deciding, draft) if mark.is_marked],
        "words_language": language,
        "button": CONFIRMATIONS[action],
        "takes_two": action in LAWFUL and takes_two(case),
        "button_tone": "danger" if action is Action.REJECT else "",
    }
    return render(deciding.request, "office/confirm.html", context)


def _common(deciding: Deciding, draft: Draft) -> dict[str, object]:
    return {
        "officer": deciding.officer,
        "case": deciding.case,
        "heading": HEADINGS[deciding.action],
        "service": service_name(deciding.case),
        "sample": deciding.descriptor.sample,
        "seen": draft.seen,
        "reason": draft.reason,
        "legal_basis": draft.legal_basis,
        "delay_reason": draft.delay_reason,
        "due_on": draft.due_on.isoformat() if draft.due_on else "",
        "promised": day_in_words(deciding.case.due_on) if deciding.case.due_on else "",
    }


def _outcome(deciding: Deciding) -> str:
    if deciding.action is Action.HAND_OVER:
        return handing_over(deciding.case)
    if deciding.action is Action.DELAY:
        return _("A new day")
    return str(dict(Case.STATUSES)[STATUS_AFTER[deciding.action].value])


def _today() -> date:
    return vientiane_day(timezone.now())


def _day(typed: str) -> date | None:
    """A day as browsers send it; None where it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _delay_reasons(deciding: Deciding) -> list[Choice]:
    """Why it is late, where that must be said with something else."""
    if deciding.action is Action.DELAY or not needs_reason(deciding.case, _today()):
        return []
    reader = reader_language()
    return [Choice(one.id, one.name.of(reader)) for one in delay_reasons(deciding.case)]


def _asks_day(deciding: Deciding) -> bool:
    if deciding.action is Action.DELAY:
        return True
    is_late = bool(_delay_reasons(deciding)) and needs_new_day(deciding.case, _today())
    return deciding.action is Action.HAND_OVER and is_late


def _delay_words(case: Case, reason: str) -> str:
    names = {one.id: one.name.of(reader_language()) for one in delay_reasons(case)}
    return names.get(reason, "")


def _wrong(deciding: Deciding, draft: Draft) -> tuple[Wrong, ...]:
    wrong = []
    reasons = {choice.id for choice in _reasons(deciding)}
    if reasons and draft.reason not in reasons:
        wrong.append(Wrong("reason", _("Choose a reason.")))
    if not reasons and draft.reason:
        raise Http404
    if len(draft.words) > WORDS_LENGTH_MAX:
        sentence = _("Write at most %(count)s letters.") % {"count": WORDS_LENGTH_MAX}
        wrong.append(Wrong("words", sentence))
    if draft.asked and not set(draft.asked) <= _questions(deciding):
        raise Http404
    if len(draft.asked) > ASKED_COUNT_MAX:
        sentence = _("Mark at most %(count)s answers.") % {"count": ASKED_COUNT_MAX}
        wrong.append(Wrong("asked", sentence))
    if draft.legal_basis and draft.legal_basis not in {law.id for law in _laws(deciding)}:
        raise Http404
    lacks = missing(deciding.case, draft.decision(deciding.action), _today())
    told = {problem.name for problem in wrong}
    wrong += [Wrong(name, said) for name, said in lacks.items() if name not in told]
    return tuple(wrong)


def _reasons(deciding: Deciding) -> list[Choice]:
    case, action = deciding.case, deciding.action
    reader, citizen = reader_language(), language_of(case)
    return [
        Choice(reason.id, reason.name.of(reader), ready_words(case, action, reason.id, citizen))
        for reason in _reasons_of(deciding)
    ]


def _reasons_of(deciding: Deciding) -> tuple[Reason, ...]:
    if deciding.action is Action.DELAY:
        return deciding.descriptor.delay_reasons()
    return deciding.descriptor.reasons_for(deciding.action.value)


def _laws(deciding: Deciding) -> list[Choice]:
    if deciding.action in BEFORE_DECIDING:
        return []
    reader = reader_language()
    return [Choice(law.id, law.name.of(reader)) for law in deciding.descriptor.legal]


def _questions(deciding: Deciding) -> frozenset[str]:
    """What may be marked: of a return, every question that the applicant was asked."""
    if deciding.action is not Action.RETURN:
        return frozenset()
    try:
        return questions_of(deciding.case)
    except (CannotOpen, shelf.NotPublished):
        return frozenset()


def _marks(deciding: Deciding, draft: Draft) -> list[Mark]:
    """Every question with its answer, to mark what must be corrected; showing them is recorded."""
    if deciding.action is not Action.RETURN:
        return []
    try:
        opened = open_case(deciding.case, deciding.officer, timezone.now())
    except (CannotOpen, shelf.NotPublished):
        return []
    return [
        Mark(line.path, line.label, _shortly(line), line.path in draft.asked)
        for line in opened.lines
    ]


def _shortly(line: OpenedLine) -> str:
    if not line.given:
        return _("Not given")
    return _("Photo or document") if line.document is not None else line.shown


def _words_hint(language: str, *, has_reasons: bool) -> str:
    used = _("The applicant used Lao.") if language == "lo" else _("The applicant used English.")
    if not has_reasons:
        return used
    return f"{used} " + _("Leave it empty to use the ready words of the reason.")


def cleaned(words: str) -> str:
    """The words without control characters and without direction marks that could mislead."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        letter
        for letter in lines
        if letter in _KEPT_CONTROLS or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return "".join(kept).strip()
