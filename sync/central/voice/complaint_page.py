"""One complaint: what was said, whom it is about, what happened to it, and what can be done.

Showing it opens what was sealed, and that is recorded like any opening. What an officer writes is
sealed to the paper of who complained.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sync.central.casework.audit import first_broken
from sync.central.casework.case_page import (
    CHANNEL_WORDS,
    SEAL_DIGITS,
    Button,
    Fact,
    Happening,
    document_response,
    helper_facts,
)
from sync.central.casework.dates import day_in_words, moment_in_words, time_left
from sync.central.casework.decide_page import cleaned
from sync.central.casework.decisions import WORDS_LENGTH_MAX
from sync.central.casework.due_dates import urgency, vientiane_day
from sync.central.casework.events import NotPossibleNow, SomebodyElseActed
from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.casework.opening import OpenedCase, open_case, open_document
from sync.central.casework.payment_page import kip
from sync.central.casework.sealed import language_of, record_of, words_of
from sync.central.casework.service_words import is_sample, reader_language
from sync.central.casework.statuses import TONES
from sync.central.catalogue import shelf
from sync.central.portal.sheet_page import posted_fee
from sync.central.voice.access import complaint_of, for_complaints
from sync.central.voice.steps import (
    Deed,
    answer,
    assign,
    colleagues,
    other_desks,
    possible,
    transfer,
)
from sync.central.voice.words import VERDICTS, category_in_words, service_in_words
from sync.errors import CannotOpen
from sync.records import Status, TimeQuality

DEED_WORDS: Final = {
    Deed.ASSIGN: gettext_lazy("Assign"),
    Deed.ANSWER: gettext_lazy("Answer"),
    Deed.TRANSFER: gettext_lazy("Transfer"),
}
HEADINGS: Final = {
    Deed.ASSIGN: gettext_lazy("Who looks into this complaint?"),
    Deed.ANSWER: gettext_lazy("Answer this complaint"),
    Deed.TRANSFER: gettext_lazy("Transfer this complaint"),
}
DONE: Final = {
    Deed.ASSIGN: gettext_lazy("The complaint is assigned."),
    Deed.ANSWER: gettext_lazy("The complaint is answered. The answer goes to the kiosks."),
    Deed.TRANSFER: gettext_lazy("The complaint has gone to the other office, as it is."),
}
AMOUNT_ASKED: Final = "amount_asked"  # of the complaint's form
_EVENT_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


class _Wrong(Exception):
    """Something in the posted form must be mended; the sentence says what."""


@require_safe
@for_complaints
def complaint(request: HttpRequest, officer: Officer, application: str) -> HttpResponse:
    """The page; showing it opens what was said, and that is recorded."""
    case = complaint_of(officer, application)
    opened = OpenedCase(())
    closed = ""
    try:
        opened = open_case(case, officer, timezone.now())
    except (CannotOpen, shelf.NotPublished):
        closed = _(
            "The complaint cannot be opened with the keys of this server. "
            "Tell the person who manages the server; the complaint itself is safe."
        )
    events = case.events.select_related("officer__user").order_by("-number")
    context = {
        "officer": officer,
        "case": case,
        "category": category_in_words(case),
        "sample": is_sample(case),
        "tone": TONES[case.status],
        "broken": first_broken(case),
        "actions": [
            Button(deed.value, str(DEED_WORDS[deed]), "second" if place else "", at_once=False)
            for place, deed in enumerate(possible(case, officer))
        ],
        "lines": opened.lines,
        "closed": closed,
        "facts": [
            *_facts(case, is_confirmed=opened.is_confirmed),
            *(() if closed else _overcharged(case)),
        ],
        "timeline": [_happening(case, event) for event in events],
        "seal": bytes(events[0].hash).hex()[:SEAL_DIGITS],
    }
    return render(request, "voice/complaint.html", context)


@require_safe
@for_complaints
def document(request: HttpRequest, officer: Officer, application: str, index: int) -> HttpResponse:
    """A photo, opened for this officer and kept nowhere."""
    del request
    case = complaint_of(officer, application)
    return document_response(open_document(case, officer, timezone.now(), index), index)


@require_http_methods(["GET", "POST"])
@for_complaints
def act(request: HttpRequest, officer: Officer, application: str, deed: str) -> HttpResponse:
    """One deed: its form, and doing it."""
    if deed not in tuple(Deed):
        raise Http404
    case, its = complaint_of(officer, application), Deed(deed)
    if request.method == "GET":
        return (
            _form(request, officer, case, its)
            if its in possible(case, officer)
            else _late(request, case)
        )
    posted = request.POST.get("seen", "")
    seen = int(posted) if _EVENT_NUMBER.fullmatch(posted) else case.last_number
    try:
        _DOING[its](request, officer, case, seen, timezone.now())
    except _Wrong as problem:
        return _form(request, officer, case, its, str(problem))
    except (SomebodyElseActed, NotPossibleNow):
        return _late(request, case)
    except CannotOpen:
        sentence = _("Your words cannot be sealed for who complained, so nothing was done.")
        messages.error(request, sentence, extra_tags="bad")
        return redirect("voice:complaint", application)
    messages.success(request, DONE[its], extra_tags="good")
    if its is Deed.TRANSFER:
        return redirect("voice:complaints")
    return redirect("voice:complaint", application)


def _assign(request: HttpRequest, officer: Officer, case: Case, seen: int, now: datetime) -> None:
    chosen = {str(one.pk): one for one in colleagues(officer)}.get(request.POST.get("to", ""))
    if chosen is None:
        raise _Wrong(_("Choose who looks into it."))
    assign(case, officer, chosen, seen, now)


def _transfer(request: HttpRequest, officer: Officer, case: Case, seen: int, now: datetime) -> None:
    chosen = {office.pk: office for office in other_desks(case)}.get(request.POST.get("to", ""))
    if chosen is None:
        raise _Wrong(_("Choose an office."))
    transfer(case, officer, chosen, seen, now)


def _answer(request: HttpRequest, officer: Officer, case: Case, seen: int, now: datetime) -> None:
    words = cleaned(request.POST.get("words", ""))
    if not words:
        raise _Wrong(_("Write the answer."))
    if len(words) > WORDS_LENGTH_MAX:
        raise _Wrong(_("Write at most %(count)s letters.") % {"count": WORDS_LENGTH_MAX})
    answer(case, officer, words, seen, now)


_DOING: Final[dict[Deed, Callable[[HttpRequest, Officer, Case, int, datetime], None]]] = {
    Deed.ASSIGN: _assign,
    Deed.ANSWER: _answer,
    Deed.TRANSFER: _transfer,
}


def _late(request: HttpRequest, case: Case) -> HttpResponse:
    sentence = _("This complaint has changed in the meantime. Nothing was done; look at it again.")
    messages.warning(request, sentence, extra_tags="warn")
    return redirect("voice:complaint", case.application)


def _form(
    request: HttpRequest, officer: Officer, case: Case, deed: Deed, wrong: str = ""
) -> HttpResponse:
    language = language_of(case)
    choices: list[tuple[str, str]] = []
    if deed is Deed.ASSIGN:
        choices = [(str(one.pk), str(one)) for one in colleagues(officer)]
    elif deed is Deed.TRANSFER:
        choices = [(office.pk, office.name) for office in other_desks(case)]
    context = {
        "officer": officer,
        "case": case,
        "sample": is_sample(case),
        "category": category_in_words(case),
        "heading": HEADINGS[deed],
        "deed": deed.value,
        "button": DEED_WORDS[deed],
        "choices": choices,
        "chosen": request.POST.get("to") or (str(officer.pk) if deed is Deed.ASSIGN else ""),
        "seen": request.POST.get("seen", case.last_number),
        "words": request.POST.get("words", ""),
        "words_language": language,
        "words_hint": _("Who complained used Lao.")
        if language == "lo"
        else _("Who complained used English."),
        "words_length_max": WORDS_LENGTH_MAX,
        "wrong": wrong,
    }
    return render(request, "voice/act.html", context)


def _facts(case: Case, *, is_confirmed: bool) -> list[Fact]:
    its = case.complaint
    accused = its.accused.name if its.accused else _("Another office")
    facts = [Fact(_("About the office"), accused)]
    if its.service and its.service != "other":
        facts.append(Fact(_("About the service"), service_in_words(its.service)))
    if its.about:
        facts.append(Fact(_("About the application"), its.about))
    facts += [
        Fact(_("Recorded"), moment_in_words(case.recorded_at, TimeQuality(case.recorded_quality))),
        Fact(_("Received here"), moment_in_words(case.received_at)),
        Fact(_("Came by"), str(CHANNEL_WORDS.get(case.channel, case.channel))),
        _due(case),
        *helper_facts(case, is_confirmed=is_confirmed),
    ]
    if case.taken_up_by is not None:
        facts.append(Fact(_("Looked into by"), str(case.taken_up_by)))
    if its.verdict:
        facts.append(Fact(_("What who complained says"), str(VERDICTS[its.verdict])))
    return facts


def _overcharged(case: Case) -> list[Fact]:
    """The amount that was asked for, beside the tariff of the service."""
    asked = str(record_of(case).get("answers", {}).get(AMOUNT_ASKED, ""))
    if not (asked.isascii() and asked.isdigit()):
        return []
    try:
        about = shelf.find_current(case.complaint.service).descriptor
    except shelf.NotPublished:
        return [Fact(_("Amount asked"), kip(int(asked)))]
    fees = [posted_fee(cost, reader_language()) for cost in about.costs]
    tariff = "; ".join(f"{fee.name}: {fee.amount}" for fee in fees)
    return [
        Fact(_("Amount asked"), kip(int(asked))),
        Fact(_("Official fee"), tariff, " ".join(fee.note for fee in fees if fee.note)),
    ]


def _due(case: Case) -> Fact:
    if case.due_on is None:
        return Fact(_("Due"), "–")
    more = ""
    if case.status != Status.ANSWERED.value:
        due = urgency(case.due_on, vientiane_day(timezone.now()), case.office.closed_days)
        more = time_left(due) if due else ""
    return Fact(_("Due"), day_in_words(case.due_on), more)


def _happening(case: Case, event: CaseEvent) -> Happening:
    return Happening(
        status=event.get_status_display(),
        at=moment_in_words(event.at),
        who=str(event.officer) if event.officer else "",
        reason="",
        legal_basis="",
        words=words_of(case, event),
    )
