"""The public pages: service sheets, and a status for who has a reference or a receipt."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.utils.translation import override

from kiosk.forms.descriptor import ServiceDescriptor
from kiosk.sheet import facts
from sync.central.casework.attempts import LOOK_UP, RECEIPT
from sync.central.casework.decisions import Action, Decision, act
from sync.central.casework.models import Case, Officer
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device
from sync.central.portal.sheet_page import posted_fee
from sync.reference import compose
from tests import residence
from tests.officers import NOW, WORDS, new_officer, posts, text_of
from tests.officers import browser as anybody
from tests.paper_kiosk import PaperKiosk
from tests.workbooks import SERVICES


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def filed(kiosk: PaperKiosk) -> residence.Filed:
    return residence.files(kiosk)


@pytest.fixture
def browser() -> Client:
    return anybody()


def asks(browser: Client, typed: str) -> str:
    return text_of(posts(browser, "/status", {"reference": typed}))


def asks_with_receipt(application: str, language: str = "en") -> str:
    return text_of(anybody(language).post("/r/status", {"application": application}))


def returns(case: Case) -> None:
    officer = new_officer("khamphaeng", case.office_id)
    act(case, officer, Decision(Action.TAKE_UP, 1), NOW)
    act(case, officer, Decision(Action.RETURN, 2, WORDS, "photo-unreadable"), NOW)


def test_the_first_page_lists_the_services(kiosk: PaperKiosk, browser: Client) -> None:
    assert kiosk.enrolment
    page = text_of(browser.get("/"))
    assert "Residence certificate" in page
    assert browser.get(f"/services/{residence.SERVICE}/icon").headers["Content-Type"] == "image/png"


def test_lao_is_spoken_until_another_language_is_chosen(central: Path) -> None:
    assert central.is_dir()
    browser = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="lo">' in text_of(browser.get("/"))
    browser.post("/language/setlang/", {"language": "en", "next": "/"})
    assert '<html lang="en">' in text_of(browser.get("/"))


@pytest.mark.parametrize(("language", "word"), [("lo", "ໃຜຍື່ນໄດ້"), ("en", "Who may apply")])
def test_a_sheet_says_what_a_service_takes(kiosk: PaperKiosk, language: str, word: str) -> None:
    assert kiosk.enrolment
    page = text_of(anybody(language).get(f"/services/{residence.SERVICE}"))
    assert word in page
    descriptor = residence.descriptor()
    (purpose,) = descriptor.purposes
    of_answers = (purpose.collects, purpose.why, purpose.seen_by, purpose.kept)
    of_service = (descriptor.outputs[0].name, descriptor.legal[0].name, descriptor.audience)
    for words in (*of_service, *of_answers):
        assert words.of(language) in page


def test_an_unconfirmed_fee_is_never_zero(kiosk: PaperKiosk, browser: Client) -> None:
    assert kiosk.enrolment
    page = text_of(browser.get(f"/services/{residence.SERVICE}"))
    assert "<strong>ask at the desk</strong>" in page
    assert "Sample data" in page


@pytest.mark.parametrize(
    ("language", "fee", "note"),
    [
        ("en", "Birth certificate, from: 5,000 kip", "The exact fee is worked out from your"),
        ("lo", "ຄ່າໃບເກີດ, ເລີ່ມແຕ່: 5.000 ກີບ", "ຄິດໄລ່ຈາກຄຳຕອບຂອງທ່ານ"),
    ],
)
def test_the_web_posts_the_same_tariff_as_the_kiosk(language: str, fee: str, note: str) -> None:
    sheet = yaml.safe_load((SERVICES / "birth-registration" / "descriptor.yaml").read_text())
    about = ServiceDescriptor.from_json(sheet)
    with override(language):
        posted = posted_fee(about.costs[0], language)
    at_the_kiosk = [line for icon, _, lines in facts(about, None, language) for line in lines]
    assert f"{posted.name}: {posted.amount}" == fee
    assert note in posted.note
    assert {fee, posted.note} <= set(at_the_kiosk)


def test_a_service_that_is_not_published_has_no_sheet(central: Path, browser: Client) -> None:
    assert central.is_dir()
    assert browser.get("/services/la.example.none").status_code == 404


def test_a_typed_reference_finds_a_status_and_nothing_personal(
    filed: residence.Filed, browser: Client
) -> None:
    page = asks(browser, filed.reference.lower().replace("-", ""))
    assert "The office has received your application." in page
    assert residence.ANSWERS["/data/applicant_name"] not in page
    assert filed.case.application not in page


def test_who_only_has_the_reference_does_not_read_the_reason(
    filed: residence.Filed, browser: Client
) -> None:
    returns(filed.case)
    assert "The photo cannot be read" not in asks(browser, filed.reference)
    with_receipt = asks_with_receipt(filed.case.application)
    assert "The photo cannot be read" in with_receipt
    assert WORDS not in with_receipt


def test_a_mistyped_reference_is_asked_back(filed: residence.Filed, browser: Client) -> None:
    last = "0" if filed.reference[-1] != "0" else "1"
    page = asks(browser, filed.reference[:-1] + last)
    assert "Did you mean this one?" in page
    assert f'value="{filed.reference}"' in page


@pytest.mark.parametrize("typed", ["", "hello", "0" * 11, "<script>", "x" * 500])
def test_what_is_no_reference_is_said_to_be_none(
    central: Path, browser: Client, typed: str
) -> None:
    assert central.is_dir()
    page = asks(browser, typed)
    assert "This is not a reference." in page
    assert "<script>" not in page


def test_an_unknown_reference_may_still_be_on_its_way(central: Path, browser: Client) -> None:
    assert central.is_dir()
    assert "does not know this reference yet" in asks(browser, compose(9, 9))


def test_walking_through_references_is_stopped(filed: residence.Filed) -> None:
    browser = anybody(checks_forms=False)
    for _ in range(LOOK_UP.tries_max):
        assert browser.post("/status", {"reference": filed.reference}).status_code == 200
    answer = browser.post("/status", {"reference": filed.reference})
    assert answer.status_code == 429
    assert "Try again in 10 minutes" in text_of(answer)
    assert "has received" not in text_of(answer)


def test_walking_through_receipts_is_stopped(central: Path, browser: Client) -> None:
    assert central.is_dir()
    for _ in range(RECEIPT.tries_max):
        assert browser.post("/r/status", {"application": "0" * 32}).status_code == 200
    assert browser.post("/r/status", {"application": "0" * 32}).status_code == 429


def test_a_receipt_of_an_application_still_on_its_way_says_so(central: Path) -> None:
    assert central.is_dir()
    assert "has not reached the office yet" in asks_with_receipt("ab" * 16)


@pytest.mark.parametrize("application", ["", "ab", "AB" * 16, "zz" * 16, "' OR 1=1"])
def test_what_is_no_application_id_is_refused(central: Path, application: str) -> None:
    assert central.is_dir()
    assert anybody().post("/r/status", {"application": application}).status_code == 400


def test_a_late_office_is_said_to_be_late(filed: residence.Filed) -> None:
    Case.objects.filter(pk=filed.case.pk).update(due_on="2026-01-05")
    assert "The promised day has passed." in asks_with_receipt(filed.case.application)


def test_an_approval_says_what_to_bring(filed: residence.Filed) -> None:
    officer: Officer = new_officer("khamphaeng", filed.case.office_id)
    act(filed.case, officer, Decision(Action.TAKE_UP, 1), NOW)
    act(filed.case, officer, Decision(Action.APPROVE, 2, WORDS, legal_basis=residence.LAW), NOW)
    page = asks_with_receipt(filed.case.application)
    assert "Your application is approved." in page
    assert "the family book" in page
    assert WORDS not in page


def test_a_kiosk_s_public_key_is_public(kiosk: PaperKiosk, browser: Client) -> None:
    answer = browser.get(f"/r/keys/{kiosk.id}")
    key = bytes(kiosk.key.verify_key).hex()
    assert json.loads(answer.content) == {"key": key, "blocked_at_s": None}
    assert browser.get(f"/r/keys/{'0' * 16}").status_code == 404


def test_the_key_of_a_blocked_kiosk_says_since_when(kiosk: PaperKiosk, browser: Client) -> None:
    Device.objects.update(blocked_at="2026-11-23T00:00:00Z")
    answer = json.loads(browser.get(f"/r/keys/{kiosk.id}").content)
    assert answer["blocked_at_s"] == 1_795_392_000


def test_the_receipt_page_knows_names_in_the_reader_s_language(kiosk: PaperKiosk) -> None:
    assert kiosk.enrolment
    names = json.loads(anybody("en").get("/r/names").content)
    assert names["services"][residence.SERVICE] == "Residence certificate"
    assert names["offices"][kiosk.enrolment.office].startswith("Xaythany")
    lao = json.loads(anybody("lo").get("/r/names").content)
    assert lao["services"][residence.SERVICE] == "ໃບຢັ້ງຢືນທີ່ຢູ່"


@pytest.mark.parametrize("address", ["/", "/status", "/r", f"/services/{residence.SERVICE}"])
def test_public_pages_load_nothing_from_elsewhere(
    kiosk: PaperKiosk, browser: Client, address: str
) -> None:
    assert kiosk.enrolment
    answer = browser.get(address)
    page = text_of(answer)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]* src=)", page)


def test_a_page_that_does_not_exist_says_what_to_do(central: Path, browser: Client) -> None:
    assert central.is_dir()
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert "Check the address." in text_of(answer)


def test_a_form_of_another_site_is_refused_in_words(central: Path) -> None:
    assert central.is_dir()
    answer = anybody().post("/status", {"reference": "0001-0000-0000"})
    assert answer.status_code == 403
    assert "This page was open for too long" in text_of(answer)
