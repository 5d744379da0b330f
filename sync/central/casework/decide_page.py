"""Deciding: write the words, read what the applicant will read, then do it, once.

Words left empty become the ready sentences of the service, in the language the applicant used. The
page carries the number of the last event the officer saw, so that pressing twice, or two officers
at once, decide once.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from kiosk.forms.descriptor import ServiceDescriptor
from sync.central.casework.access import case_of, for_officers, is_of_office
from sync.central.casework.decisions import (
    BEFORE_DECIDING,
    STATUS_AFTER,
    WORDS_LENGTH_MAX,
    Action,
    Decision,
    act,
    find_correction,
    possible,
)
from sync.central.casework.events import NotPossibleNow, SomebodyElseActed
from sync.central.casework.models import Case, Officer
from sync.central.casework.opening import OpenedLine, open_case, questions_of
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
}
CONFIRMATIONS: Final = {
    Action.HAND_OVER: gettext_lazy("Yes, hand it over"),
    Action.APPROVE: gettext_lazy("Yes, approve it"),
    Action.RETURN: gettext_lazy("Yes, return it"),
    Action.REJECT: gettext_lazy("Yes, reject it"),
}
DONE: Final = {
    Action.TAKE_UP: gettext_lazy("You have taken this application up. It is yours now."),
    Action.HAND_OVER: gettext_lazy("The application is handed over. The kiosks learn of it."),
    Action.APPROVE: gettext_lazy("The application is approved. The answer goes to the kiosks."),
    Action.RETURN: gettext_lazy("The application is returned. The answer goes to the kiosks."),
    Action.REJECT: gettext_lazy("The application is rejected. The answer goes to the kiosks."),
}
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
    if step == "change" or wrong:
        return _form(deciding, draft, wrong)
    if step == "confirm" and draft.words:
        decision = Decision(
            action=deciding.action,
            seen_number=draft.seen,
            words=draft.words,
            reason=draft.reason,
            legal_basis=draft.legal_basis,
            asked=draft.asked,
        )
        return _done(deciding, decision)
    return _confirmation(deciding, draft)


def _done(deciding: Deciding, decision: Decision) -> HttpResponse:
    try:
        act(deciding.case, deciding.officer, decision, timezone.now())
    except (SomebodyElseActed, NotPossibleNow):
        return _too_late(deciding)
    except CannotOpen:
        sentence = _("Your words cannot be sealed for the applicant, so nothing was done.")
        messages.error(deciding.request, sentence, extra_tags="bad")
    else:
        messages.success(deciding.request, DONE[decision.action], extra_tags="good")
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
    }
    return render(deciding.request, "office/decide.html", context)


def _confirmation(deciding: Deciding, draft: Draft) -> HttpResponse:
    case, action = deciding.case, deciding.action
    language = language_of(case)
    status = STATUS_AFTER[action]
    with override(language):
        outcome_to_citizen = str(CITIZEN_HEADINGS[status])
    context = _common(deciding, draft) | {
        "outcome": handing_over(case)
        if action is Action.HAND_OVER
        else dict(Case.STATUSES)[status.value],
        "outcome_to_citizen": outcome_to_citizen,
        "tone": TONES[status.value],
        "reason_words": reason_in_words(case, draft.reason),
        "legal_basis_words": law_in_words(case, draft.legal_basis),
        "words": draft.words or ready_words(case, action, draft.reason, language),
        "marked": [mark for mark in _marks(deciding, draft) if mark.is_marked],
        "words_language": language,
        "button": CONFIRMATIONS[action],
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
    }


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
    return tuple(wrong)


def _reasons(deciding: Deciding) -> list[Choice]:
    case, action = deciding.case, deciding.action
    reader, citizen = reader_language(), language_of(case)
    return [
        Choice(reason.id, reason.name.of(reader), ready_words(case, action, reason.id, citizen))
        for reason in deciding.descriptor.reasons_for(action.value)
    ]


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
