"""The case page: what is known of an application, what happened to it, what she answered."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sync.central.casework.access import case_of, for_officers
from sync.central.casework.audit import first_broken
from sync.central.casework.dates import day_in_words, moment_in_words, time_left
from sync.central.casework.decisions import WAITING, Action, find_correction, possible
from sync.central.casework.due_dates import urgency, vientiane_day
from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.casework.opening import ENDINGS, OpenedLine, open_case, open_document
from sync.central.casework.sealed import words_of
from sync.central.casework.service_words import (
    is_sample,
    law_in_words,
    reason_in_words,
    service_name,
)
from sync.central.casework.statuses import TONES
from sync.central.catalogue import shelf
from sync.central.intake.models import Device
from sync.errors import CannotOpen
from sync.records import Channel, TimeQuality

SHOWN_HERE: Final = ("image/", "audio/")  # anything else is saved, never opened in the page
SEAL_DIGITS: Final = 16  # of the last event's hash: enough to compare two printed pages
ACTION_WORDS: Final = {
    Action.TAKE_UP: gettext_lazy("Take up"),
    Action.APPROVE: gettext_lazy("Approve"),
    Action.RETURN: gettext_lazy("Return to the applicant"),
    Action.REJECT: gettext_lazy("Reject"),
}
ACTION_TONES: Final = {Action.RETURN: "second", Action.REJECT: "danger"}
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
    lines: tuple[OpenedLine, ...] = ()
    closed = ""
    try:
        lines = open_case(found, officer, timezone.now()).lines
    except (CannotOpen, shelf.NotPublished):
        closed = _(
            "The answers cannot be opened with the keys of this server. "
            "Tell the person who manages the server; the application itself is safe."
        )
    events = found.events.select_related("officer__user").order_by("-number")
    context = {
        "officer": officer,
        "case": found,
        "service": service_name(found),
        "sample": is_sample(found),
        "tone": TONES[found.status],
        "broken": first_broken(found),
        "replaced_by": find_correction(found),
        "actions": [_button(action) for action in possible(found, officer)],
        "lines": lines,
        "closed": closed,
        "facts": _facts(found),
        "timeline": [_happening(found, event) for event in events],
        "seal": bytes(events[0].hash).hex()[:SEAL_DIGITS],
    }
    return render(request, "office/case.html", context)


@require_safe
@for_officers
def document(request: HttpRequest, officer: Officer, application: str, index: int) -> HttpResponse:
    """A document or photo, opened for this officer and kept nowhere."""
    del request
    opened = open_document(case_of(officer, application), officer, timezone.now(), index)
    response = HttpResponse(opened.data, content_type=opened.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    kind = "inline" if opened.media_type.startswith(SHOWN_HERE) else "attachment"
    name = f"document-{index + 1}{ENDINGS.get(opened.media_type, '')}"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    return response


def _button(action: Action) -> Button:
    return Button(
        name=action.value,
        words=str(ACTION_WORDS[action]),
        tone=ACTION_TONES.get(action, ""),
        at_once=action is Action.TAKE_UP,
    )


def _facts(found: Case) -> list[Fact]:
    device = Device.objects.filter(pk=found.kiosk).first()
    channel = str(CHANNEL_WORDS.get(found.channel, found.channel))
    quality = TimeQuality(found.recorded_quality)
    facts = [
        Fact(_("Recorded"), moment_in_words(found.recorded_at, quality)),
        Fact(_("Received here"), moment_in_words(found.received_at)),
        _due_fact(found),
        Fact(_("Came by"), f"{channel} · {device.name}" if device else channel),
    ]
    if found.assisted_by is not None:
        facts.append(Fact(_("Helped by clerk number"), str(found.assisted_by)))
    if found.taken_up_by is not None:
        facts.append(Fact(_("Taken up by"), str(found.taken_up_by)))
    if found.replaces:
        older = Case.objects.filter(office=found.office, application=found.replaces).first()
        if older is not None:
            link = reverse("casework:case", args=[older.application])
            facts.append(Fact(_("Corrects"), older.reference, link=link))
    return facts


def _due_fact(found: Case) -> Fact:
    if found.due_on is None:
        return Fact(_("Due"), "–")
    more = ""
    if found.status in WAITING:
        today = vientiane_day(timezone.now())
        due = urgency(found.due_on, today, found.office.closed_days)
        more = time_left(due) if due else ""
    return Fact(_("Due"), day_in_words(found.due_on), more)


def _happening(found: Case, event: CaseEvent) -> Happening:
    return Happening(
        status=event.get_status_display(),
        at=moment_in_words(event.at),
        who=str(event.officer) if event.officer else "",
        reason=reason_in_words(found, event.reason),
        legal_basis=law_in_words(found, event.legal_basis),
        words=words_of(found, event),
    )
