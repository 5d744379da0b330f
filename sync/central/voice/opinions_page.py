"""What people say, in numbers, for whoever works here; and how complaints are answered."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kiosk.forms.voice import AFTER_DECISION
from sync.central.casework.access import for_officers
from sync.central.casework.models import Officer
from sync.central.catalogue import shelf
from sync.central.voice import counts
from sync.central.voice.words import service_in_words

QUESTIONS = {
    "accessible": gettext_lazy("Easy to reach"),
    "affordable": gettext_lazy("Affordable"),
    "fair": gettext_lazy("Fair"),
    "easy": gettext_lazy("Easy"),
    "timely": gettext_lazy("In good time"),
    "overall": gettext_lazy("All in all"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A question's share: the percentage and of how many, or that they are too few."""

    question: str
    share: counts.Share


@dataclass(frozen=True, slots=True)
class Row:
    """What people think of one service."""

    service: str
    moment: str
    source: str  # whose questions they are
    cells: list[Cell]


UN_FORM: Final = "sdg_16_6_2"  # the form of the indicator's own questions


def _source(one: counts.Opinion) -> str:
    """Whose questions were asked: shares of different questions are not compared."""
    if one.moment != AFTER_DECISION:
        return _("Three short questions of our own; they are not the UN's indicator.")
    try:
        form = shelf.find_current(one.service).descriptor.feedback_form
    except shelf.NotPublished:
        form = None
    if form == UN_FORM:
        return _("The questions of the UN's SDG indicator 16.6.2.")
    return _("The questions of the form that the service names.")


@require_safe
@for_officers
def opinions(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The page, about the officer's own office."""
    rows = [
        Row(
            service_in_words(one.service),
            _("after the decision") if one.moment == AFTER_DECISION else _("after applying"),
            _source(one),
            [Cell(str(QUESTIONS[question]), share) for question, share in one.shares.items()],
        )
        for one in counts.opinions(officer.office)
    ]
    context = {
        "officer": officer,
        "rows": rows,
        "least": counts.LEAST,
        "answers": counts.answers() if officer.handles_complaints else (),
    }
    return render(request, "voice/opinions.html", context)
