"""What kiosks sent that could not become a case, and its two ways out: filed after all, or closed.

Each was acknowledged and is kept whole; the person who holds its receipt is told to come to the
office. Here an officer finds its reference and why it waits, and proposes what becomes of it; a
second one confirms (`releases`). Nothing sealed is shown.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sync.central.casework import releases
from sync.central.casework.access import for_officers, known_to
from sync.central.casework.case_page import Fact
from sync.central.casework.dates import moment_in_words
from sync.central.casework.decide_page import cleaned
from sync.central.casework.models import Case, Officer, Release, ReleaseAct
from sync.central.casework.releases import Deed
from sync.central.casework.set_aside import (
    is_hers,
    offices_of,
    one_of,
    reference_of,
    seen_by,
)
from sync.central.casework.worklist import Filter
from sync.central.intake.judgement import UNKNOWN_APPLICATION
from sync.central.intake.models import SetAside

ROWS_ON_A_PAGE: Final = 50
SHOWN: Final = ("waiting", "proposed", "closed", "released")
CONFIRMATIONS: Final = {
    Deed.FILE: gettext_lazy("Yes, make an application of it"),
    Deed.CLOSE: gettext_lazy("Yes, close it"),
}
DONE: Final = {
    Deed.FILE: gettext_lazy("It is an application now. The kiosks learn of it."),
    Deed.CLOSE: gettext_lazy("It is closed and stays kept. The kiosks learn of it."),
}
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """An envelope that waits for a person, or was released."""

    reference: str
    kiosk: str
    why: str
    at: str
    number: int | None  # of its page; none: it is no longer set aside
    application: str = ""  # the case it became, where she may see it
    who: str = ""
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did with it."""

    what: str
    who: str
    at: str
    why: str


@require_safe
@for_officers
def set_aside(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The list, the newest first."""
    hers = seen_by(officer)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "waiting"
    listed = _released(officer) if show == "released" else _listed(hers, show)
    page: Page[Any] = Paginator(listed, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(officer, one) for one in page.object_list]
    context = {
        "officer": officer,
        "heading": _("Set aside"),
        "show": show,
        "filters": [
            Filter("waiting", _("Waiting")),
            Filter("proposed", _("Wait for a second person")),
            Filter("closed", _("Closed")),
            Filter("released", _("Became applications")),
        ],
        "rows": [row for row in rows if row is not None],
        "page": page,
        "broken": releases.first_broken(),
    }
    return render(request, "office/set_aside.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def one_set_aside(request: HttpRequest, officer: Officer, number: int) -> HttpResponse:
    """One of them: what is known, and proposing, confirming or withdrawing."""
    row = one_of(officer, number)
    if request.method == "GET":
        return _page(request, officer, row)
    step = request.POST.get("step")
    try:
        if step == "propose":
            return _proposed(request, officer, row)
        return _ended(request, officer, row, is_confirmed=step == "confirm")
    except releases.SamePerson:
        words = _("You proposed it yourself: another person must confirm it.")
        messages.warning(request, words, extra_tags="warn")
    except releases.NotNow:
        words = _("This has changed in the meantime. Nothing was done; look at it again.")
        messages.warning(request, words, extra_tags="warn")
    if SetAside.objects.filter(pk=row.pk).exists():
        return redirect("casework:one_set_aside", row.pk)
    return redirect("casework:set_aside")


def _proposed(request: HttpRequest, officer: Officer, row: SetAside) -> HttpResponse:
    why = cleaned(request.POST.get("why", ""))
    chosen = request.POST.get("deed", "")
    wrong = {}
    if chosen not in _choices(row):
        wrong["deed"] = _("Choose what becomes of it.")
    if not why or len(why) > releases.WHY_LENGTH_MAX:
        limit = {"count": releases.WHY_LENGTH_MAX}
        wrong["why"] = _("Write why, in at most %(count)s letters.") % limit
    if wrong:
        return _page(request, officer, row, wrong)
    releases.propose(row, officer, Deed(chosen), why, timezone.now())
    words = _("Proposed. It happens when a second person has confirmed it.")
    messages.success(request, words, extra_tags="good")
    return redirect("casework:one_set_aside", row.pk)


def _ended(
    request: HttpRequest, officer: Officer, row: SetAside, *, is_confirmed: bool
) -> HttpResponse:
    """Confirm or withdraw the very proposal that she saw."""
    seen = request.POST.get("release", "")
    release = row.releases.filter(pk=int(seen) if _NUMBER.fullmatch(seen) else 0).first()
    if release is None:
        raise releases.NotNow
    if not is_confirmed:
        releases.withdraw(release, officer, timezone.now())
        messages.success(request, _("Withdrawn. It waits as before."), extra_tags="good")
        return redirect("casework:one_set_aside", row.pk)
    releases.confirm(release, officer, timezone.now())
    deed = Deed(release.deed)
    messages.success(request, DONE[deed], extra_tags="good")
    return redirect("casework:set_aside")


def _page(
    request: HttpRequest, officer: Officer, row: SetAside, wrong: dict[str, str] | None = None
) -> HttpResponse:
    proposal = releases.open_proposal(row)
    choices = _choices(row)
    wrong = wrong or {}
    context = {
        "officer": officer,
        "heading": reference_of(row) or _("Set aside"),
        "row": row,
        "facts": _facts(row),
        "again": _handed_in_again(row),
        "hindrance": "" if Deed.FILE in choices else releases.hindrance(row),
        "lives_twice": row.reason == SetAside.Reason.FORK,
        "proposal": proposal,
        "is_own": proposal is not None and proposal.proposed_by_id == officer.pk,
        "confirmation": CONFIRMATIONS[Deed(proposal.deed)] if proposal else "",
        "is_closing": proposal is not None and proposal.deed == Deed.CLOSE,
        "choices": choices.items(),
        "chosen": request.POST.get("deed", ""),
        "why": request.POST.get("why", ""),
        "why_length_max": releases.WHY_LENGTH_MAX,
        "wrong": wrong,
        "wrong_deed": wrong.get("deed", ""),
        "wrong_why": wrong.get("why", ""),
        "history": _history(row),
    }
    return render(request, "office/one_set_aside.html", context)


def _handed_in_again(row: SetAside) -> Case | None:
    """What the person who holds its receipt has sent since."""
    if row.application in {"", UNKNOWN_APPLICATION}:
        return None
    named = Q(claims=row.application) | Q(replaces=row.application)
    return Case.objects.filter(named).order_by("-pk").first()


def _choices(row: SetAside) -> dict[str, str]:
    """What may be proposed, and in which words."""
    choices = {}
    if not releases.hindrance(row):
        choices[Deed.FILE.value] = str(Deed.FILE.label)
    if row.closed_at is None:
        choices[Deed.CLOSE.value] = str(Deed.CLOSE.label)
    return choices


def _facts(row: SetAside) -> list[Fact]:
    kiosk = f"{row.device.name} · {row.device.kiosk_number}"
    return [
        Fact(_("Why"), row.get_reason_display(), row.detail),
        Fact(_("Kiosk"), kiosk, row.device.office.name),
        Fact(_("Place in its log"), str(row.sequence)),
        Fact(_("Received"), moment_in_words(row.received_at)),
    ]


def _history(row: SetAside) -> list[Done]:
    acts = ReleaseAct.objects.filter(release__set_aside=row).select_related("release")
    return [
        Done(
            what=f"{act.get_kind_display()}: {act.release.get_deed_display()}",
            who=act.name,
            at=moment_in_words(act.at),
            why=act.release.why if act.kind == ReleaseAct.Kind.PROPOSED else "",
        )
        for act in acts.order_by("-number")
    ]


def _listed(hers: QuerySet[SetAside], show: str) -> QuerySet[SetAside]:
    kept = hers.defer("body", "sealed_secret").order_by("-received_at", "-pk")
    if show == "proposed":
        return kept.filter(releases__in=Release.objects.filter(ended_at=None))
    return kept.filter(closed_at__isnull=show == "waiting")


def _row(officer: Officer, one: SetAside | Release) -> Row | None:
    """A row of the list; None where it is not for her eyes."""
    if isinstance(one, Release):
        return _released_row(officer, one)
    if not is_hers(officer, one):
        return None
    return Row(
        reference=reference_of(one),
        kiosk=f"{one.device.name} · {one.device.kiosk_number}",
        why=one.get_reason_display(),
        at=moment_in_words(one.received_at),
        number=one.pk,
        is_proposed=one.releases.filter(ended_at=None).exists(),
    )


def _released(officer: Officer) -> QuerySet[Release]:
    """What two people made an application of, the last first."""
    done = Release.objects.filter(
        deed=Deed.FILE.value,
        confirmed_by__isnull=False,
        device__office__in=offices_of(officer),
        application__in=Case.objects.values("application"),  # no complaint, whoever looks
    )
    return done.select_related("device", "proposed_by__user", "confirmed_by__user").order_by(
        "-ended_at"
    )


def _released_row(officer: Officer, release: Release) -> Row:
    case = Case.objects.filter(known_to(officer), application=release.application).first()
    return Row(
        reference=release.reference,
        kiosk=f"{release.device.name} · {release.device.kiosk_number}",
        why=release.why,
        at=moment_in_words(release.ended_at) if release.ended_at else "",
        number=None,
        application=case.application if case else "",
        who=f"{release.proposed_by} · {release.confirmed_by}",
    )
