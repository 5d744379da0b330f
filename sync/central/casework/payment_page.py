"""What was paid, entered when the paper is fetched; and how payments differ from the tariff."""

import re
from dataclasses import dataclass
from typing import Final

from babel.numbers import format_decimal
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kiosk.forms.fees import ASK, FREE, KIP
from sync.central.casework.access import case_of, for_officers
from sync.central.casework.dates import babel_locale
from sync.central.casework.decide_page import Wrong, cleaned
from sync.central.casework.events import NotPossibleNow, SomebodyElseActed
from sync.central.casework.models import Case, Office, Officer
from sync.central.casework.opening import fee_of
from sync.central.casework.payments import LEAST, Charged, enter, may_enter, variances
from sync.central.casework.service_words import is_sample, reader_language, service_name
from sync.central.catalogue import shelf
from sync.central.catalogue.form_sentences import translated
from sync.errors import CannotOpen

AMOUNT: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
SEPARATORS: Final = str.maketrans("", "", " .,\u00a0")
NUMBER_LENGTH_MAX: Final = 40
REASON_LENGTH_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """The differences of one service at one office."""

    office: str
    service: str
    count: int | None
    above: int | None
    below: int | None
    mean: str


@require_http_methods(["GET", "POST"])
@for_officers
def payment(request: HttpRequest, officer: Officer, application: str) -> HttpResponse:
    """The form, and entering it."""
    case = case_of(officer, application)
    if not may_enter(case, officer):
        return _too_late(request, case)
    official = _official(case)
    typed = {name: cleaned(request.POST.get(name, "")) for name in ("charged", "receipt", "reason")}
    wrong: tuple[Wrong, ...] = ()
    if request.method == "POST":
        wrong = _wrong(typed, official)
        if not wrong:
            charged = Charged(_amount(typed["charged"]), typed["receipt"], typed["reason"])
            try:
                enter(case, officer, charged, official, timezone.now())
            except (NotPossibleNow, SomebodyElseActed):
                return _too_late(request, case)
            messages.success(request, _("What was paid is written down."), extra_tags="good")
            return redirect("casework:case", application)
    context = {
        "officer": officer,
        "case": case,
        "service": service_name(case),
        "sample": is_sample(case),
        "official": kip(official),
        "is_known": official is not None,
        "typed": typed,
        "wrong": wrong,
        "sentences": {problem.name: problem.sentence for problem in wrong},
        "number_length_max": NUMBER_LENGTH_MAX,
        "reason_length_max": REASON_LENGTH_MAX,
    }
    return render(request, "office/payment.html", context)


@require_safe
@for_officers
def fees(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The differences: of her own office; of every office to who looks after all of them."""
    sees_all = officer.is_supervisor or officer.handles_complaints
    offices = Office.objects.all() if sees_all else [officer.office]
    rows = [
        Row(
            office=one.office.name,
            service=_service(one.service),
            count=one.count,
            above=one.above_percent,
            below=one.below_percent,
            mean="" if one.mean_lak is None else _signed(one.mean_lak),
        )
        for one in variances(offices)
    ]
    return render(request, "office/fees.html", {"officer": officer, "rows": rows, "least": LEAST})


def kip(amount: int | None) -> str:
    """An amount in the words of the sheets; an unknown one is never 0."""
    if amount is None:
        return translated(ASK)
    if amount == 0:
        return translated(FREE)
    return translated(KIP, amount=format_decimal(amount, locale=babel_locale()))


def _signed(amount: int) -> str:
    number = format_decimal(amount, locale=babel_locale())
    return translated(KIP, amount=f"+{number}" if amount > 0 else number)


def _official(case: Case) -> int | None:
    try:
        return fee_of(case)
    except (CannotOpen, shelf.NotPublished):
        return None


def _amount(typed: str) -> int:
    return int(typed.translate(SEPARATORS))


def _wrong(typed: dict[str, str], official: int | None) -> tuple[Wrong, ...]:
    wrong = []
    is_amount = AMOUNT.fullmatch(typed["charged"].translate(SEPARATORS)) is not None
    if not is_amount:
        wrong.append(Wrong("charged", _("Write what was charged, in kip; 0 where nothing was.")))
    if not 0 < len(typed["receipt"]) <= NUMBER_LENGTH_MAX:
        wrong.append(Wrong("receipt", _("Write the number of the receipt for the money.")))
    differs = is_amount and official is not None and _amount(typed["charged"]) != official
    if (differs and not typed["reason"]) or len(typed["reason"]) > REASON_LENGTH_MAX:
        sentence = _("Write why it is not the official fee, in at most %(count)s letters.")
        wrong.append(Wrong("reason", sentence % {"count": REASON_LENGTH_MAX}))
    return tuple(wrong)


def _service(service: str) -> str:
    try:
        return shelf.find_current(service).descriptor.name.of(reader_language())
    except shelf.NotPublished:
        return service


def _too_late(request: HttpRequest, case: Case) -> HttpResponse:
    sentence = _("Nothing can be entered: it is not approved, or was entered already.")
    messages.warning(request, sentence, extra_tags="warn")
    return redirect("casework:case", case.application)
