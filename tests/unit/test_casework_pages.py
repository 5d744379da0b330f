"""The officers' pages: what an officer sees and does, and what nobody else does."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kiosk.forms.entry import Entry
from sync.central.accounts import Account, save_officer
from sync.central.casework.attempts import PASSWORD
from sync.central.casework.models import Case, Officer, Opening
from sync.central.intake.exchange import CentralServer
from sync.envelope import open_words
from sync.records import Stamp, TimeQuality
from tests import residence
from tests.officers import browser as anybody
from tests.officers import browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk
from tests.publishers import publisher_s_browser

SECRET_WORD = "a long enough word 7"


pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


@pytest.fixture
def filed(kiosk: PaperKiosk) -> residence.Filed:
    return residence.files(kiosk, picture=residence.photo())


@pytest.fixture
def officer(kiosk: PaperKiosk) -> Officer:
    return new_officer("khamphaeng", kiosk.enrolment.office)


@pytest.fixture
def browser(officer: Officer) -> Client:
    return browser_of(officer)


def address_of(case: Case, action: str = "") -> str:
    return f"/office/cases/{case.application}/{action}"


def takes_up(browser: Client, case: Case) -> None:
    answer = posts(browser, address_of(case, "take-up"), {"seen": "1"}, address_of(case))
    assert answer.status_code == 302


@pytest.mark.parametrize("page", ["/office/", "/office/cases/00/", "/office/cases/00/approve"])
def test_nobody_comes_in_without_signing_in(central: Path, page: str) -> None:
    assert central.is_dir()
    answer = anybody().get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/office/sign-in?next={page}"


def test_an_officer_signs_in_and_comes_to_her_list(kiosk: PaperKiosk) -> None:
    save_officer(Account("bounmy", "ທ້າວ ບຸນມີ", kiosk.enrolment.office), SECRET_WORD)
    browser = anybody()
    fields = {"username": "bounmy", "password": SECRET_WORD}
    answer = posts(browser, "/office/sign-in", fields)
    assert answer.headers["Location"] == "/office/"
    assert browser.get("/office/").status_code == 200


def test_signing_in_never_leads_to_another_site(kiosk: PaperKiosk) -> None:
    save_officer(Account("bounmy", "ທ້າວ ບຸນມີ", kiosk.enrolment.office), SECRET_WORD)
    fields = {"username": "bounmy", "password": SECRET_WORD, "next": "https://evil.example/"}
    answer = posts(anybody(), "/office/sign-in", fields)
    assert answer.headers["Location"] == "/office/"


def test_guessing_a_password_is_stopped_and_said(kiosk: PaperKiosk) -> None:
    save_officer(Account("bounmy", "ທ້າວ ບຸນມີ", kiosk.enrolment.office), SECRET_WORD)
    browser = anybody(checks_forms=False)
    wrong = {"username": "bounmy", "password": "guess"}
    for _ in range(PASSWORD.tries_max):
        assert b"is wrong" in browser.post("/office/sign-in", wrong).content
    answer = browser.post("/office/sign-in", {"username": "Bounmy", "password": SECRET_WORD})
    assert answer.status_code == 429
    assert "Wait 15 minutes" in text_of(answer)


def test_an_account_without_an_office_is_told_so(central: Path) -> None:
    assert central.is_dir()
    officer = new_officer()
    browser = browser_of(officer)
    officer.delete()
    answer = browser.get("/office/")
    assert answer.status_code == 403
    assert "Your account belongs to no office" in text_of(answer)


def test_the_first_page_leads_each_to_her_own_work(central: Path) -> None:
    assert central.is_dir()
    assert 'href="/office/sign-in">For officers' in text_of(anybody().get("/"))
    complaints = new_officer("vanna", "la-vt-complaints", handles_complaints=True)
    for browser, page in (
        (browser_of(new_officer()), "/office/"),
        (browser_of(complaints), "/office/complaints/"),
        (publisher_s_browser(), "/office/catalogue/"),
    ):
        assert browser.get("/office/sign-in").headers["Location"] == page
        assert browser.get(page).status_code == 200


def test_a_publisher_at_the_officers_door_is_led_to_the_catalogue(central: Path) -> None:
    assert central.is_dir()
    publisher = publisher_s_browser()
    assert publisher.get("/office/").headers["Location"] == "/office/catalogue/"
    refused = publisher.get("/office/set-aside")
    assert refused.status_code == 403
    assert 'href="/office/sign-in">To my page' in text_of(refused)


def test_the_list_shows_the_most_urgent_first(kiosk: PaperKiosk, browser: Client) -> None:
    first, second = residence.files(kiosk), residence.files(kiosk)
    Case.objects.filter(pk=second.case.pk).update(due_on="2026-01-05")
    page = text_of(browser.get("/office/"))
    assert page.index(second.reference) < page.index(first.reference)
    assert "Late by" in page


def test_another_office_s_cases_do_not_exist(filed: residence.Filed) -> None:
    stranger = browser_of(new_officer("stranger", "la-lpb-nambak"))
    assert filed.reference not in text_of(stranger.get("/office/"))
    assert stranger.get(address_of(filed.case)).status_code == 404
    assert stranger.get(address_of(filed.case, "approve")).status_code == 404
    assert stranger.get(address_of(filed.case, "documents/0")).status_code == 404
    assert "is in your office" in text_of(stranger.get(f"/office/?find={filed.reference}"))


def test_a_typed_reference_leads_to_its_case(filed: residence.Filed, browser: Client) -> None:
    typed = filed.reference.lower().replace("-", " ")
    answer = browser.get("/office/", {"find": typed})
    assert answer.headers["Location"] == address_of(filed.case)


def test_a_mistyped_reference_is_asked_back(filed: residence.Filed, browser: Client) -> None:
    last = "0" if filed.reference[-1] != "0" else "1"
    page = text_of(browser.get("/office/", {"find": filed.reference[:-1] + last}))
    assert "Did you mean this one?" in page
    assert filed.reference in page


def test_the_case_page_opens_the_answers_and_says_who_did(
    filed: residence.Filed, browser: Client, officer: Officer
) -> None:
    page = text_of(browser.get(address_of(filed.case)))
    assert residence.ANSWERS["/data/applicant_name"] in page
    assert "For my child" in page or "child" in page
    assert "Sample data" in page
    opening = Opening.objects.get()
    assert (opening.case, opening.officer, opening.document) == (filed.case, officer, None)


def test_dates_in_the_answers_are_in_the_officer_s_language(
    kiosk: PaperKiosk, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(residence.ANSWERS, "/data/birth_date", "2009-05-12")
    filed = residence.files(kiosk)
    assert "12 May 2009" in text_of(browser_of(officer, "en").get(address_of(filed.case)))
    assert "12 ພຶດສະພາ 2009" in text_of(browser_of(officer, "lo").get(address_of(filed.case)))


def test_nothing_opened_stays_in_the_database(
    filed: residence.Filed, browser: Client, central: Path
) -> None:
    browser.get(address_of(filed.case))
    name = residence.ANSWERS["/data/applicant_name"].encode()
    files = [path for path in central.rglob("*") if path.is_file()]
    assert not [path for path in files if name in path.read_bytes()]


def test_a_document_on_its_way_is_shown_as_such(filed: residence.Filed, browser: Client) -> None:
    assert "Not here yet" in text_of(browser.get(address_of(filed.case)))
    assert browser.get(address_of(filed.case, "documents/0")).status_code == 404


def test_a_document_is_opened_for_the_officer_alone(
    kiosk: PaperKiosk, filed: residence.Filed, browser: Client, officer: Officer
) -> None:
    residence.sends_photo(kiosk, filed)
    assert "documents/0" in text_of(browser.get(address_of(filed.case)))
    answer = browser.get(address_of(filed.case, "documents/0"))
    assert answer.content == filed.photo
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert Opening.objects.filter(officer=officer, document=0).count() == 1
    assert browser.get(address_of(filed.case, "documents/1")).status_code == 404


def test_a_document_that_is_no_picture_is_never_shown_in_the_page(
    kiosk: PaperKiosk, browser: Client
) -> None:
    filed = residence.files(kiosk, picture=b"<script>alert(1)</script>")
    residence.sends_photo(kiosk, filed)
    answer = browser.get(address_of(filed.case, "documents/0"))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("data", "media_type", "disposition", "shown_by"),
    [
        (b"%PDF-1.7 a lease %%EOF", "application/pdf", "attachment", "Download the document"),
        (b"ID3\4 a recording", "audio/mpeg", "inline", "<audio controls"),
        (b"\xff\xfb\x90 a recording", "audio/mpeg", "inline", "<audio controls"),
        (b"OggS a recording", "audio/ogg", "inline", "<audio controls"),
        (b"RIFF....WAVE a recording", "audio/wav", "inline", "<audio controls"),
        (b"\x89PNG\r\n\x1a\n a signature", "image/png", "inline", 'img class="document"'),
    ],
)
def test_a_document_is_opened_as_what_its_bytes_say(  # noqa: PLR0917
    kiosk: PaperKiosk,
    browser: Client,
    data: bytes,
    media_type: str,
    disposition: str,
    shown_by: str,
) -> None:
    filed = residence.files(kiosk, picture=data, media_type=media_type)
    residence.sends_photo(kiosk, filed)
    assert shown_by in text_of(browser.get(address_of(filed.case)))
    answer = browser.get(address_of(filed.case, "documents/0"))
    assert answer.content == data
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"].startswith(f'{disposition}; filename="document-1.')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_what_the_kiosk_had_no_device_for_is_said_to_be_so(
    kiosk: PaperKiosk, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = residence.entry

    def without_camera(*given: Any) -> Entry:
        entry = fill(*given)
        entry.excuse("/data/family_book")
        return entry

    monkeypatch.setattr(residence, "entry", without_camera)
    filed = residence.files(kiosk)
    assert "Could not be given at the kiosk" in text_of(browser.get(address_of(filed.case)))


def test_the_officer_reads_which_receipt_told_some_of_the_answers(
    kiosk: PaperKiosk, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = residence.entry

    def told_before(*given: Any) -> Entry:
        entry = fill(*given)
        entry.reused = ("0007-ABCD-EFGH",)
        return entry

    monkeypatch.setattr(residence, "entry", told_before)
    filed = residence.files(kiosk)
    page = text_of(browser.get(address_of(filed.case)))
    assert "from an earlier receipt, as she agreed: 0007-ABCD-EFGH" in page


def test_a_program_called_a_recording_is_handed_out_as_a_file(
    kiosk: PaperKiosk, browser: Client
) -> None:
    filed = residence.files(kiosk, picture=b"MZ a program", media_type="audio/mpeg")
    residence.sends_photo(kiosk, filed)
    answer = browser.get(address_of(filed.case, "documents/0"))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_an_approval_is_confirmed_with_the_words_the_citizen_reads(
    filed: residence.Filed, browser: Client
) -> None:
    takes_up(browser, filed.case)
    address = address_of(filed.case, "approve")
    form = text_of(browser.get(address))
    assert "ກະລຸນາມາທີ່" in form  # ready words in the applicant's language, on an English page
    fields = {"seen": "2", "words": "ມາຮັບໄດ້ວັນພຸດ.", "legal_basis": "law-family-registration"}
    page = text_of(posts(browser, address, {**fields, "step": "check"}))
    assert "Nothing has happened yet" in page
    assert "ຄຳຮ້ອງຂອງທ່ານໄດ້ຮັບອະນຸມັດແລ້ວ." in page
    assert "ມາຮັບໄດ້ວັນພຸດ." in page
    filed.case.refresh_from_db()
    assert filed.case.status == "taken-up"
    answer = posts(browser, address, {**fields, "step": "confirm"})
    assert answer.headers["Location"] == address_of(filed.case)
    event = filed.case.events.get(number=3)
    assert (event.status, event.legal_basis) == ("approved", "law-family-registration")
    assert open_words(filed.secret, bytes(event.words or b"")) == "ມາຮັບໄດ້ວັນພຸດ."


@pytest.mark.parametrize("action", ["return", "reject"])
def test_a_reason_is_asked_for_and_gives_ready_words(
    filed: residence.Filed, browser: Client, action: str
) -> None:
    takes_up(browser, filed.case)
    address = address_of(filed.case, action)
    answer = posts(browser, address, {"seen": "2", "step": "check", "words": ""})
    assert "Choose a reason." in text_of(answer)
    reason = {"return": "photo-unreadable", "reject": "not-resident"}[action]
    ready = {"return": "ຮູບຖ່າຍບໍ່ຊັດ", "reject": "ບໍ່ໄດ້ອາໄສຢູ່ໃນບ້ານນີ້"}[action]
    fields = {"seen": "2", "step": "check", "words": "", "reason": reason}
    assert ready in text_of(posts(browser, address, fields))


def test_the_ready_words_are_in_the_language_the_applicant_used(
    kiosk: PaperKiosk, browser: Client
) -> None:
    filed = residence.files(kiosk, language="en")
    takes_up(browser, filed.case)
    page = text_of(browser.get(address_of(filed.case, "approve")))
    assert "The applicant used English." in page
    assert "to collect: Residence certificate" in page


def test_a_form_that_is_too_old_changes_nothing_and_says_so(
    filed: residence.Filed, browser: Client, officer: Officer
) -> None:
    takes_up(browser, filed.case)
    colleague = browser_of(new_officer("colleague", officer.office_id))
    posts(colleague, address_of(filed.case, "take-up"), {"seen": "2"}, address_of(filed.case))
    fields = {"seen": "2", "step": "confirm", "words": "x", "reason": "not-resident"}
    answer = posts(browser, address_of(filed.case, "reject"), fields, address_of(filed.case))
    assert answer.status_code == 302
    assert "has changed in the meantime" in text_of(browser.get(address_of(filed.case)))
    filed.case.refresh_from_db()
    assert filed.case.status == "taken-up"


def test_control_characters_in_words_are_dropped(filed: residence.Filed, browser: Client) -> None:
    takes_up(browser, filed.case)
    words = "ມາຮັບ\x1b[31m\u202eໄດ້\r\nວັນພຸດ"
    fields = {"seen": "2", "step": "confirm", "words": words, "legal_basis": residence.LAW}
    posts(browser, address_of(filed.case, "approve"), fields)
    sealed = bytes(filed.case.events.get(number=3).words or b"")
    assert open_words(filed.secret, sealed) == "ມາຮັບ[31mໄດ້\nວັນພຸດ"


def test_a_broken_record_warns_before_a_decision(filed: residence.Filed, browser: Client) -> None:
    filed.case.events.filter(number=1).update(at="2020-01-01T00:00:00Z")
    assert "event 1 is not what was written" in text_of(browser.get(address_of(filed.case)))


def test_a_corrected_application_points_both_ways(kiosk: PaperKiosk, browser: Client) -> None:
    first = residence.files(kiosk)
    second = residence.files(kiosk, corrects=first)
    assert second.reference in text_of(browser.get(address_of(first.case)))
    assert first.reference in text_of(browser.get(address_of(second.case)))


def test_a_replaced_application_is_no_longer_decided(
    kiosk: PaperKiosk, browser: Client, officer: Officer
) -> None:
    first = residence.files(kiosk)
    takes_up(browser, first.case)
    second = residence.files(kiosk, corrects=first)
    page = browser.get("/office/")
    assert first.reference not in text_of(page)
    assert [filter_.count for filter_ in page.context["filters"]] == [1, 1, 0, 0]  # hers goes on
    assert "Approve" not in text_of(browser.get(address_of(first.case)))
    fields = {"seen": "2", "step": "confirm", "words": "x"}
    posts(browser, address_of(first.case, "approve"), fields, address_of(second.case))
    assert "the corrected application is the one to decide" in text_of(
        browser.get(address_of(first.case))
    )
    assert first.case.events.count() == 2
    takes_up(browser, second.case)
    assert Case.objects.get(pk=second.case.pk).taken_up_by == officer


def test_a_correction_at_another_office_is_named_without_a_way_in(
    kiosk: PaperKiosk, browser: Client
) -> None:
    first = residence.files(kiosk)
    elsewhere = PaperKiosk(kiosk.server, "la-lpb-nambak")
    second = residence.files(elsewhere, corrects=first)
    page = text_of(browser.get(address_of(first.case)))
    assert f"{second.reference}</span> (Nambak" in page
    assert address_of(second.case) not in page


def test_no_free_text_travels_as_a_reason(filed: residence.Filed, browser: Client) -> None:
    takes_up(browser, filed.case)
    fields = {"seen": "2", "step": "confirm", "words": "x", "reason": "her neighbour says"}
    page = address_of(filed.case)
    answer = posts(browser, address_of(filed.case, "approve"), fields, page)
    assert answer.status_code == 404
    assert filed.case.events.count() == 2


def test_an_event_number_that_no_case_has_is_too_old(
    filed: residence.Filed, browser: Client
) -> None:
    for seen in ("9" * 5000, "999999999"):
        answer = posts(
            browser, address_of(filed.case, "take-up"), {"seen": seen}, address_of(filed.case)
        )
        assert answer.status_code == 302


def test_a_supervisor_sees_what_was_set_aside_at_her_office_and_why(
    kiosk: PaperKiosk, officer: Officer
) -> None:
    lost = kiosk.files(service="la.example.unknown")
    kiosk.append(replace(kiosk.files(), header=b"\xff"))
    kiosk.log.pop(-2)
    kiosk.sends()
    assert browser_of(officer).get("/office/set-aside").status_code == 403
    Officer.objects.update(is_supervisor=True)
    hers = browser_of(officer)
    assert "/office/set-aside" in text_of(hers.get("/office/"))
    page = text_of(hers.get("/office/set-aside"))
    assert lost.parsed.reference in page
    assert "It asks for a service that is not published here." in page
    assert "It cannot be read." in page
    stranger = new_officer("stranger", "la-lpb-nambak")
    Officer.objects.update(is_supervisor=True)
    assert "Nothing is set aside." in text_of(browser_of(stranger).get("/office/set-aside"))


def test_pages_speak_lao_by_default_and_english_when_asked(
    filed: residence.Filed, officer: Officer
) -> None:
    lao = browser_of(officer, "lo")
    page = text_of(lao.get(address_of(filed.case)))
    assert '<html lang="lo">' in page
    assert "ຄຳຕອບ" in page
    english = text_of(browser_of(officer, "en").get(address_of(filed.case)))
    assert "What happened" in english


def test_every_page_is_private_and_loads_nothing_from_elsewhere(
    filed: residence.Filed, browser: Client
) -> None:
    for address in ("/office/", address_of(filed.case)):
        answer = browser.get(address)
        page = text_of(answer)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
        assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]* src=)", page)


def test_a_due_date_from_a_wrong_clock_is_marked(kiosk: PaperKiosk, browser: Client) -> None:
    counted = "Counted from the day it came"
    kiosk.files(recorded=Stamp(4_000_000_000_000, TimeQuality.TRUSTED))  # the year 2096
    kiosk.files(recorded=Stamp(1_000, TimeQuality.UNKNOWN))  # 1970
    kiosk.files(recorded=Stamp(1_795_000_000_000, TimeQuality.ESTIMATED))
    kiosk.sends()
    assert text_of(browser.get("/office/")).count(counted) == 2
    shown = [text_of(browser.get(address_of(case))) for case in Case.objects.order_by("pk")]
    assert [counted in page for page in shown] == [True, True, False]
