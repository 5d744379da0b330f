"""What was charged against the tariff: entered once, when the paper is fetched; counted by office.

Fewer than ten payments are never shown as a share: in a small office everybody could tell whose
they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, F, Q

from sync.central.casework import seals
from sync.central.casework.access import is_of_office
from sync.central.casework.events import NotPossibleNow, SomebodyElseActed
from sync.central.casework.models import Case, Office, Officer, Payment, Seal
from sync.records import Status

LEAST = 10  # MET-01: below that, nothing is shown


@dataclass(frozen=True, slots=True)
class Charged:
    """What an officer says was charged."""

    amount_lak: int
    receipt_number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Variance:
    """How payments for one service at one office differ from the tariff; None: too few."""

    office: Office
    service: str
    count: int | None
    above_percent: int | None
    below_percent: int | None
    mean_lak: int | None  # charged less official


def find_payment(case: Case) -> Payment | None:
    """What was charged for a case, where that was entered."""
    return Payment.objects.filter(case=case).select_related("officer__user").first()


def may_enter(case: Case, officer: Officer) -> bool:
    """Whether her office hands the paper out, and nobody has entered what was paid."""
    is_fetched = case.status == Status.APPROVED.value and is_of_office(officer, case)
    return is_fetched and find_payment(case) is None


def enter(
    case: Case, officer: Officer, charged: Charged, official_lak: int | None, now: datetime
) -> Payment:
    """Write down what was charged, once.

    Raises:
        NotPossibleNow: it is not approved, or another office's.
        SomebodyElseActed: it was entered already.
    """
    if find_payment(case) is not None:
        raise SomebodyElseActed(f"The payment for {case.reference} was entered already.")
    if not may_enter(case, officer):
        raise NotPossibleNow(f"Nothing is fetched for {case.reference} here.")
    try:
        with transaction.atomic():
            payment = Payment.objects.create(
                case=case,
                service=case.service,
                office=officer.office,
                official_lak=official_lak,
                charged_lak=charged.amount_lak,
                receipt_number=charged.receipt_number,
                reason=charged.reason,
                officer=officer,
                at=now,
            )
            seals.put(Seal.Of.PAYMENT, [payment])
    except IntegrityError as problem:
        raise SomebodyElseActed(f"The payment for {case.reference} was entered.") from problem
    return payment


def variances(offices: Iterable[Office]) -> list[Variance]:
    """The differences by office and service, of the payments whose tariff is known."""
    known = {office.pk: office for office in offices}
    counted = (
        Payment.objects.filter(office__in=known, official_lak__isnull=False)
        .values("office", "service")
        .annotate(
            count=Count("pk"),
            above=Count("pk", filter=Q(charged_lak__gt=F("official_lak"))),
            below=Count("pk", filter=Q(charged_lak__lt=F("official_lak"))),
            mean=Avg(F("charged_lak") - F("official_lak")),
        )
        .order_by("office", "service")
    )
    return [_variance(known[row["office"]], **row) for row in counted]


def _variance(
    to: Office, *, office: str, service: str, count: int, above: int, below: int, mean: float
) -> Variance:
    del office
    if count < LEAST:
        return Variance(to, service, None, None, None, None)
    above_percent, below_percent = round(100 * above / count), round(100 * below / count)
    return Variance(to, service, count, above_percent, below_percent, round(mean))
