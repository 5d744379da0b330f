"""The fee charged against the tariff: shown, entered once with a reason, counted by office."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.http.response import HttpResponseBase
from django.test import Client

from sync.central.casework.decisions import Action, Decision, act
from sync.central.casework.models import Case, Office, Payment
from sync.central.casework.payments import Charged, enter, variances
from sync.central.intake.exchange import CentralServer
from tests import birth, residence
from tests.officers import NOW, WORDS, browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk
from tests.sample_answers import BIRTH
from tests.sample_service import OFFICE

OFFICIAL = 5_000

LAW = "law-family-registration"  # of the sample service


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    birth.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def approved(kiosk: PaperKiosk) -> Case:
    """A birth that both offices have done with; the certificate waits at the front desk."""
    case = birth.files(kiosk)
    for username, office, last in (
        ("sida", birth.VILLAGE, Action.HAND_OVER),
        ("chanda", birth.HOME_AFFAIRS, Action.APPROVE),
    ):
        officer = new_officer(username, office)
        for action in (Action.TAKE_UP, last):
            law = LAW if action is Action.APPROVE else ""
            act(case, officer, Decision(action, case.last_number, WORDS, legal_basis=law), NOW)
    return case


@pytest.fixture
def desk(kiosk: PaperKiosk) -> Client:
    assert kiosk.enrolment
    return browser_of(new_officer("khamphaeng"))


def address_of(case: Case, what: str = "") -> str:
    return f"/office/cases/{case.application}/{what}"


def enters(desk: Client, case: Case, charged: str, reason: str = "") -> HttpResponseBase:
    fields = {"charged": charged, "receipt": "A 0117", "reason": reason}
    return posts(desk, address_of(case, "payment"), fields)


def test_the_case_shows_the_official_fee_worked_out_from_the_answers(
    kiosk: PaperKiosk, desk: Client
) -> None:
    case = birth.files(kiosk)
    page = text_of(desk.get(address_of(case)))
    assert "<dt>Official fee</dt><dd>5,000 kip" in page
    assert "Enter what was paid" not in page  # nothing is fetched before it is approved


def test_an_unknown_fee_reads_ask_at_the_desk(kiosk: PaperKiosk, desk: Client) -> None:
    residence.put_on_shelf()
    page = text_of(desk.get(address_of(residence.files(kiosk).case)))
    assert "<dt>Official fee</dt><dd>ask at the desk" in page


def test_what_was_paid_is_entered_once(approved: Case, desk: Client) -> None:
    assert "Enter what was paid" in text_of(desk.get(address_of(approved)))
    assert enters(desk, approved, "5 000").status_code == 302
    paid = Payment.objects.get()
    assert (paid.official_lak, paid.charged_lak, paid.receipt_number) == (
        OFFICIAL,
        OFFICIAL,
        "A 0117",
    )
    page = text_of(desk.get(address_of(approved)))
    assert "Receipt for the money: A 0117" in page
    assert "Enter what was paid" not in page
    assert desk.get(address_of(approved, "payment")).status_code == 302


def test_a_difference_needs_a_reason(approved: Case, desk: Client) -> None:
    page = text_of(enters(desk, approved, "7,000"))
    assert "Write why it is not the official fee" in page
    assert not Payment.objects.exists()
    assert enters(desk, approved, "7,000", "two copies").status_code == 302
    assert "two copies" in text_of(desk.get(address_of(approved)))
    with pytest.raises(IntegrityError), transaction.atomic():  # the database holds it, too
        Payment.objects.update(reason="")


@pytest.mark.parametrize("charged", ["", "free", "-5000", "5000 kip", "99999999999"])
def test_what_is_no_amount_is_said_to_be_none(approved: Case, desk: Client, charged: str) -> None:
    assert "Write what was charged, in kip" in text_of(enters(desk, approved, charged))


def test_only_the_office_that_hands_the_paper_out_enters_it(approved: Case) -> None:
    chief = Office.objects.get(pk=birth.VILLAGE).officers.get()
    hers = browser_of(chief)  # she confirmed it, and may read on
    assert "Enter what was paid" not in text_of(hers.get(address_of(approved)))
    assert hers.get(address_of(approved, "payment")).status_code == 302
    assert not Payment.objects.exists()


def pays(kiosk: PaperKiosk, count: int, charged: int) -> None:
    officer = Office.objects.get(pk=OFFICE).officers.get(user__username="khamphaeng")
    for _ in range(count):
        case = birth.files(kiosk)
        Case.objects.filter(pk=case.pk).update(status="approved")
        case.refresh_from_db()
        reason = "" if charged == OFFICIAL else "said so"
        enter(case, officer, Charged(charged, "1", reason), OFFICIAL, NOW)


def test_differences_are_counted_from_ten_payments_on(kiosk: PaperKiosk, desk: Client) -> None:
    pays(kiosk, 7, OFFICIAL)
    pays(kiosk, 2, 2 * OFFICIAL)
    page = text_of(desk.get("/office/fees"))
    assert "fewer than 10" in page
    assert "%" not in page
    pays(kiosk, 1, 0)
    (one,) = variances([Office.objects.get(pk=OFFICE)])
    assert (one.service, one.count, one.above_percent, one.below_percent) == (BIRTH, 10, 20, 10)
    assert one.mean_lak == 500
    page = text_of(desk.get("/office/fees"))
    assert "20 %" in page
    assert "+500 kip" in page
    elsewhere = browser_of(new_officer("noy", birth.VILLAGE))
    assert "No payment has been entered yet." in text_of(elsewhere.get("/office/fees"))
