"""The case page: what is known of an application, what happened to it, what she answered."""

from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sync.central.casework.access import case_of, for_officers, known_to
from sync.central.casework.audit import first_broken
from sync.central.casework.clerks import helpers_of
from sync.central.casework.comparing import Comparison, compare, without_comparison
from sync.central.casework.dates import day_in_words, moment_in_words, time_left
from sync.central.casework.decisions import (
    WAITING,
    Action,
    find_corrected,
    find_correction,
    possible,
)
from sync.central.casework.delays import delay_reasons, is_delay, needs_reason
from sync.central.casework.due_dates import urgency, vientiane_day
from sync.central.casework.models import Case, CaseEvent, Officer, Release
from sync.central.casework.opening import (
    ENDINGS,
    Document,
    OpenedCase,
    open_case,
    open_document,
)
from sync.central.casework.overdue import Level
from sync.central.casework.payment_page import kip
from sync.central.casework.payments import find_payment, may_enter
from sync.central.casework.proposals import lent_by, may_sign, open_proposal
from sync.central.casework.sealed import asked_of, words_of
from sync.central.casework.service_words import (
    is_sample,
    law_in_words,
    reader_language,
    reason_in_words,
    service_name,
)
from sync.central.casework.statuses import LEVELS, TONES
from sync.central.casework.workflow import must_confirm, step_called, step_in_words
from sync.central.catalogue import shelf
from sync.central.intake.models import Device
from sync.errors import CannotOpen
from sync.records import Channel, Status, TimeQuality

SHOWN_HERE: Final = ("image/", "audio/")  # anything else is saved, never opened in the page
SEAL_DIGITS: Final = 16  # of the last event's hash: enough to compare two printed pages
ACTION_WORDS: Final = {
    Action.TAKE_UP: gettext_lazy("Take up"),
    Action.HAND_OVER: gettext_lazy("Hand over"),
    Action.APPROVE: gettext_lazy("Approve"),
    Action.RETURN: gettext_lazy("Return to the applicant"),
    Action.REJECT: gettext_lazy("Reject"),
    Action.DELAY: gettext_lazy("Give a new day"),
}
ACTION_TONES: Final = {Action.RETURN: "second", Action.DELAY: "second", Action.REJECT: "danger"}
CHANNEL_WORDS: Final = {
    Channel.KIOSK.value: gettext_lazy("Kiosk"),
    Channel.DESK.value: gettext_lazy("Service desk"),
    Channel.PORTAL.value: gettext_lazy("Web"),
    Channel.API.value: gettext_lazy("Another system"),
    Channel.STICK.value: gettext_lazy("USB stick"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a case."""

    name: str
    words: str
    more: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the timeline shows it."""

    status: str
    at: str
    who: str
    reason: str
    legal_basis: str
    words: str
    asked: list[str] = field(default_factory=list)  # the questions to correct


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision that waits for its second signatory."""

    status: str
    tone: str
    who: str
    reason: str
    legal_basis: str
    words: str
    may_confirm: bool
    may_withdraw: bool
    signs_above: str  # the office whose officer signs second, where there is nobody here
    delay_reasons: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Button:
    """One thing the officer can do."""

    name: str
    words: str
    tone: str
    at_once: bool


@require_safe
@for_officers
def case(request: HttpRequest, officer: Officer, application: str) -> HttpResponse:
    """The page; showing it opens the answers, and that is recorded."""
    found = case_of(officer, application)
    opened = OpenedCase(())
    comparison = without_comparison(opened)
    older = _readable(find_corrected(found), officer)
    closed = ""
    try:
        opened = open_case(found, officer, timezone.now())
        comparison = _beside(found, opened, older, officer)
    except (CannotOpen, shelf.NotPublished):
        closed = _(
            "The answers cannot be opened with the keys of this server. "
            "Tell the person who manages the server; the application itself is safe."
        )
    replaced_by = find_correction(found)
    events = found.events.select_related("officer__user", "second__user", "to_office").order_by(
        "-number"
    )
    context = {
        "officer": officer,
        "case": found,
        "service": service_name(found),
        "sample": is_sample(found),
        "tone": TONES[found.status],
        "broken": first_broken(found),
        "replaced_by": replaced_by,
        "may_read_correction": _readable(replaced_by, officer) is not None,
        "proposal": _proposed(found, officer),
        "actions": [_button(action, found) for action in possible(found, officer)],
        "comparison": comparison,
        "corrects": older,
        "closed": closed,
        "facts": [
            *_facts(found, officer, is_confirmed=opened.is_confirmed),
            *_paid(found, opened, is_open=not closed),
        ],
        "may_enter_payment": may_enter(found, officer),
        "reused": opened.reused,
        "timeline": [_happening(found, event, opened) for event in events],
        "seal": bytes(events[0].hash).hex()[:SEAL_DIGITS],
    }
    return render(request, "office/case.html", context)


@require_safe
@for_officers
def document(request: HttpRequest, officer: Officer, application: str, index: int) -> HttpResponse:
    """A document or photo, opened for this officer and kept nowhere."""
    del request
    opened = open_document(case_of(officer, application), officer, timezone.now(), index)
    return document_response(opened, index)


def document_response(opened: Document, index: int) -> HttpResponse:
    """What was opened, shown as a picture or handed over as a file; nothing in it runs."""
    response = HttpResponse(opened.data, content_type=opened.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    kind = "inline" if opened.media_type.startswith(SHOWN_HERE) else "attachment"
    name = f"document-{index + 1}{ENDINGS.get(opened.media_type, '')}"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    return response


def _beside(found: Case, opened: OpenedCase, older: Case | None, officer: Officer) -> Comparison:
    """The answers beside those of the application that this one corrects, where it does."""
    if older is None:
        return without_comparison(opened)
    asked = {path for event in older.events.all() for path in asked_of(older, event)}
    try:
        before = open_case(older, officer, timezone.now())
    except (CannotOpen, shelf.NotPublished):
        return without_comparison(opened)
    return compare((found, opened), (older, before), asked)


def _button(action: Action, found: Case) -> Button:
    confirms = action is Action.HAND_OVER and must_confirm(found)
    return Button(
        name=action.value,
        words=_("Confirm and hand over") if confirms else str(ACTION_WORDS[action]),
        tone=ACTION_TONES.get(action, ""),
        at_once=action is Action.TAKE_UP,
    )


def _proposed(found: Case, officer: Officer) -> Proposed | None:
    """What waits for a second officer."""
    proposal = open_proposal(found)
    if proposal is None:
        return None
    today = vientiane_day(timezone.now())
    reasons = delay_reasons(found) if needs_reason(found, today) else ()
    is_own = proposal.proposed_by_id == officer.pk
    may_confirm = may_sign(found, officer) and find_correction(found) is None
    above = lent_by(found)
    return Proposed(
        status=proposal.get_status_display(),
        tone=TONES[proposal.status],
        who=str(proposal.proposed_by),
        reason=reason_in_words(found, proposal.reason) if proposal.reason else "",
        legal_basis=law_in_words(found, proposal.legal_basis) if proposal.legal_basis else "",
        words=words_of(found, proposal),
        may_confirm=may_confirm and not is_own,
        may_withdraw=officer.office_id == found.office_id,
        signs_above=above.name if above and officer.office_id == found.office_id else "",
        delay_reasons=[(one.id, one.name.of(reader_language())) for one in reasons],
    )


def helper_facts(found: Case, *, is_confirmed: bool) -> list[Fact]:
    """Who helped to fill it in; nothing where she did it herself."""
    if found.assisted_by is None:
        return []
    more = [_("The applicant confirmed what was entered.")] if is_confirmed else []
    clerk = helpers_of([found]).get(found.pk)
    if clerk is None:
        return [Fact(_("Helped by clerk number"), str(found.assisted_by), " ".join(more))]
    if clerk.ended_at is not None and clerk.ended_at < found.recorded_at:
        more.append(_("Her account had ended before: the kiosk had not heard of it."))
    return [Fact(_("Helped by"), f"{clerk.name} · {clerk.number}", " ".join(more))]


def _paid(found: Case, opened: OpenedCase, *, is_open: bool) -> list[Fact]:
    """The official fee, worked out from the answers, and what was charged."""
    facts = [Fact(_("Official fee"), kip(opened.fee_lak))] if is_open else []
    payment = find_payment(found)
    if payment is not None:
        number = _("Receipt for the money: %(number)s") % {"number": payment.receipt_number}
        more = " · ".join(filter(None, (number, payment.reason, str(payment.officer))))
        facts.append(Fact(_("Charged"), kip(payment.charged_lak), more))
    return facts


def _readable(other: Case | None, officer: Officer) -> Case | None:
    """The other case, where she may read that one as well."""
    known = Case.objects.filter(known_to(officer), pk=other.pk) if other is not None else None
    return other if known is not None and known.exists() else None


def _facts(found: Case, officer: Officer, *, is_confirmed: bool) -> list[Fact]:
    device = Device.objects.filter(pk=found.kiosk).first()
    channel = str(CHANNEL_WORDS.get(found.channel, found.channel))
    quality = TimeQuality(found.recorded_quality)
    facts = [
        Fact(_("Recorded"), moment_in_words(found.recorded_at, quality)),
        Fact(_("Received here"), moment_in_words(found.received_at)),
        _due_fact(found),
        *_step_facts(found),
        Fact(_("Came by"), f"{channel} · {device.name}" if device else channel),
    ]
    facts.extend(helper_facts(found, is_confirmed=is_confirmed))
    if found.taken_up_by is not None:
        waits = found.status == Status.RECEIVED.value
        name = _("Returned before by") if waits else _("Taken up by")
        facts.append(Fact(name, str(found.taken_up_by)))
    facts.extend(_linked(found, officer))
    for one in found.escalations.select_related("office").order_by("level"):
        days = _("On %(day)s") % {"day": day_in_words(vientiane_day(one.at))}
        who = f"{LEVELS[Level(one.level)]}: {one.office.name}"
        facts.append(Fact(_("Late: brought before"), who, days))
    releases = Release.objects.filter(application=found.application, confirmed_by__isnull=False)
    for release in releases.select_related("proposed_by__user", "confirmed_by__user"):
        who = f"{release.proposed_by} · {release.confirmed_by}"
        facts.append(Fact(_("Was set aside, and released by"), who, release.why))
    return facts


def _linked(found: Case, officer: Officer) -> list[Fact]:
    """What this application corrects, and what else corrects the same one."""
    facts = []
    ours = Case.objects.filter(known_to(officer), office=found.office)
    older = _readable(find_corrected(found), officer)
    if older is not None:
        facts.append(Fact(_("Corrects"), older.reference, link=_address_of(older)))
    if found.replaces:
        others = ours.filter(replaces=found.replaces).exclude(pk=found.pk)
        name = _("Corrects the same application")
        facts.extend(Fact(name, other.reference, link=_address_of(other)) for other in others)
    claimed = ours.filter(application=found.claims).first() if found.claims else None
    if claimed is not None:
        more = _("Not proven by its receipt: the other one stays as it is.")
        name = _("Says to correct")
        facts.append(Fact(name, claimed.reference, more, _address_of(claimed)))
    return facts


def _address_of(case: Case) -> str:
    return reverse("casework:case", args=[case.application])


def _due_fact(found: Case) -> Fact:
    if found.due_on is None:
        return Fact(_("Due"), "–")
    more = ""
    if found.status in WAITING:
        today = vientiane_day(timezone.now())
        due = urgency(found.due_on, today, found.office.closed_days)
        more = time_left(due) if due else ""
    if found.has_doubtful_time:
        counted = _("Counted from the day it came: the kiosk's clock was wrong.")
        more = f"{more}. {counted}" if more else counted
    if found.promised_on is not None and found.promised_on != found.due_on:
        first = _("First promised by %(day)s") % {"day": day_in_words(found.promised_on)}
        more = f"{more}. {first}" if more else first
    return Fact(_("Due"), day_in_words(found.due_on), more)


def _step_facts(found: Case) -> list[Fact]:
    """Where it is on its way through the offices; nothing where one office does it all."""
    step = step_in_words(found)
    if not step or found.status not in WAITING:
        return []
    facts = [Fact(_("Step"), step, found.office.name)]
    due = urgency(found.step_due_on, vientiane_day(timezone.now()), found.office.closed_days)
    if due is not None:
        facts.append(Fact(_("This step due"), day_in_words(due.due), time_left(due)))
    return facts


def _proposed_in_words(note: str) -> str:
    """What one of two officers did; `note` is an event's."""
    names = dict(Case.STATUSES)
    leads_to = note.removeprefix("proposed-")
    if leads_to in names:
        return _("Proposed: %(status)s") % {"status": names[leads_to]}
    return _("Proposal withdrawn")


def _moved(event: CaseEvent) -> str:
    """What happened, where the status it led to does not say so."""
    if event.note:
        return _proposed_in_words(event.note)
    if is_delay(event):
        if event.due_on is None:
            return _("Is late")
        return _("Takes longer: until %(day)s") % {"day": day_in_words(event.due_on)}
    if event.number == 1 and event.step:
        step = step_called(event.case, event.step)
        return _("Received; it goes on at the step that asked for it: %(step)s") % {"step": step}
    if event.to_office is None:
        again = event.status == Status.RECEIVED.value and event.number > 1
        return _("Another version of it counts from here on") if again else ""
    return _("Handed over to %(office)s") % {"office": event.to_office.name}


def _happening(found: Case, event: CaseEvent, opened: OpenedCase) -> Happening:
    labels = {line.path: line.label for line in opened.lines}
    return Happening(
        status=_moved(event) or event.get_status_display(),
        at=moment_in_words(event.at),
        who=" · ".join(str(one) for one in (event.officer, event.second) if one),
        reason=reason_in_words(found, event.reason),
        legal_basis=law_in_words(found, event.legal_basis),
        words=words_of(found, event),
        asked=[labels.get(path, path) for path in asked_of(found, event)],
    )
