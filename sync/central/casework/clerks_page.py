"""The clerks of an office, for its supervisor: who may sign in at the kiosks to help.

The clerk types her PIN here herself, twice and unseen, so that nobody else knows what signs her in.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sync import pin as pins
from sync.central.casework import clerks
from sync.central.casework.access import for_officers
from sync.central.casework.dates import moment_in_words
from sync.central.casework.models import NAME_LENGTH, Clerk, ClerkAct, Officer


@dataclass(frozen=True, slots=True)
class Row:
    """One account as the list shows it."""

    clerk: Clerk
    since: str
    until: str  # empty: she may sign in


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done with an account."""

    what: str
    who: str
    at: str


@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "POST"])
@for_officers
def list_clerks(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The list, and making an account."""
    hers = _seen_by(officer)
    wrong: dict[str, str] = {}
    name = " ".join(request.POST.get("name", "").split())
    if request.method == "POST":
        wrong = _wrong_name(name) | _wrong_pin(request)
        if not wrong:
            pin = request.POST.get("pin", "")
            clerk = clerks.add(officer.office, name, pin, officer, timezone.now())
            words = _("%(name)s has the number %(number)s. The kiosks of your office learn of it.")
            said = words % {"name": clerk.name, "number": clerk.number}
            messages.success(request, said, extra_tags="good")
            return redirect("casework:clerks")
    context = {
        "officer": officer,
        "heading": _("Clerks"),
        "rows": [_row(clerk) for clerk in hers],
        "name": name,
        "wrong": wrong,
        "broken": clerks.first_broken(),
        **_limits(),
    }
    return render(request, "office/clerks.html", context)


@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "POST"])
@for_officers
def one_clerk(request: HttpRequest, officer: Officer, number: int) -> HttpResponse:
    """One account: what was done with it, giving another PIN, and ending it."""
    clerk = get_object_or_404(_seen_by(officer), pk=number)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            wrong = _changed(request, officer, clerk)
        except clerks.HasEnded:
            words = _("This account has ended already. Nothing was done.")
            messages.warning(request, words, extra_tags="warn")
        if not wrong:
            return redirect("casework:one_clerk", clerk.pk)
    acts = ClerkAct.objects.filter(clerk=clerk).order_by("-number")
    context = {
        "officer": officer,
        "heading": clerk.name,
        "row": _row(clerk),
        "wrong": wrong,
        "history": [
            Done(
                what=act.get_kind_display(),
                who=act.name or _("the person who manages the server"),
                at=moment_in_words(act.at),
            )
            for act in acts
        ],
        **_limits(),
    }
    return render(request, "office/one_clerk.html", context)


def _changed(request: HttpRequest, officer: Officer, clerk: Clerk) -> dict[str, str]:
    """Do what was asked for; what is wrong with it, by field."""
    if request.POST.get("step") == "end":
        if not request.POST.get("sure"):
            return {"sure": _("Say that her account shall end.")}
        clerks.end(clerk, officer, timezone.now())
        words = _("The account is ended. Each kiosk refuses her as soon as it has heard of it.")
        messages.success(request, words, extra_tags="good")
        return {}
    wrong = _wrong_pin(request)
    if not wrong:
        clerks.give_pin(clerk, request.POST.get("pin", ""), officer, timezone.now())
        words = _("She has a new PIN. The kiosks of your office learn of it.")
        messages.success(request, words, extra_tags="good")
    return wrong


def _seen_by(officer: Officer) -> QuerySet[Clerk]:
    """The accounts of her office, those that count first."""
    if not officer.is_supervisor:
        raise PermissionDenied
    return Clerk.objects.filter(office=officer.office).order_by(
        F("ended_at").desc(nulls_first=True), "number"
    )


def _wrong_name(name: str) -> dict[str, str]:
    if name and len(name) <= NAME_LENGTH and name.isprintable():
        return {}
    return {"name": _("Write her name, in at most %(count)s letters.") % {"count": NAME_LENGTH}}


def _wrong_pin(request: HttpRequest) -> dict[str, str]:
    pin = request.POST.get("pin", "")
    try:
        pins.check_strong(pin)
    except pins.PinTooShort:
        words = _("A PIN has %(least)s to %(most)s figures and nothing else.")
        return {"pin": words % {"least": pins.DIGITS_MIN, "most": pins.DIGITS_MAX}}
    except pins.WeakPin:
        return {
            "pin": _("Many people choose this PIN. Take figures that do not follow each other.")
        }
    if request.POST.get("again", "") != pin:
        return {"again": _("The two PINs differ. Type the same one twice.")}
    return {}


def _limits() -> dict[str, Any]:
    return {
        "name_length_max": NAME_LENGTH,
        "digits_min": pins.DIGITS_MIN,
        "digits_max": pins.DIGITS_MAX,
    }


def _row(clerk: Clerk) -> Row:
    return Row(
        clerk=clerk,
        since=moment_in_words(clerk.added_at),
        until=moment_in_words(clerk.ended_at) if clerk.ended_at else "",
    )
