"""The publishers' pages: from a ministry's files over report and preview to a ring of kiosks."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.test import Client

from kiosk.forms.bundle import DESCRIPTOR
from kiosk.forms.starter import starter
from sync.central.catalogue import drafts, shelf, workshop
from sync.central.catalogue.acts import first_broken
from sync.central.catalogue.models import Act, Draft, PublishedService
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device
from sync.central.intake.rings import Ring
from sync.central.uploads import UPLOAD_BYTES_MAX
from tests.officers import browser, browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk
from tests.publishers import (
    CATALOGUE,
    FOLDER,
    GOOD,
    SERVICE,
    hands_in,
    publisher_s_browser,
    report,
)
from tests.sample_service import SERVICE as SMALLEST
from tests.sample_service import VERSION, put_on_shelf
from tests.tones import tone
from tests.workbooks import EN, LO, SERVICES, question, workbook

BROKEN = workbook([question("text", "first", relevant="${nobody} = 'x'")])
PAGES = (
    CATALOGUE,
    f"{CATALOGUE}new",
    f"{CATALOGUE}example.zip",
    f"{CATALOGUE}drafts/1/",
    f"{CATALOGUE}drafts/1/look",
    f"{CATALOGUE}drafts/1/sign",
    f"{CATALOGUE}services/{SMALLEST}/",
    f"{CATALOGUE}services/{SMALLEST}/1/",
    f"{CATALOGUE}services/{SMALLEST}/1/workbook",
    f"{CATALOGUE}services/{SMALLEST}/1/release",
    f"{CATALOGUE}services/{SMALLEST}/1/roll-back",
    f"{CATALOGUE}kiosks",
    f"{CATALOGUE}acts",
)


@cache
def _tried_once(files: frozenset[tuple[str, bytes]]) -> workshop.Tried:
    return workshop.try_out(dict(files))


@pytest.fixture(autouse=True)
def each_set_of_files_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real workbench answers; what it said of the very same files is asked once in a run."""
    remembered = lambda files: _tried_once(frozenset(files.items()))  # noqa: E731
    monkeypatch.setattr(drafts, "try_out", remembered)


@pytest.fixture
def publisher(central: Path) -> Client:
    assert central.is_dir()
    return publisher_s_browser()


@pytest.fixture
def draft(publisher: Client) -> Draft:
    """The sample service, handed in and without errors."""
    hands_in(publisher)
    return Draft.objects.get()


def signs(publisher: Client, draft: Draft, version: str = "", ring: str = "first") -> str:
    """Go the last step as the page offers it; the page that follows."""
    address = f"{CATALOGUE}drafts/{draft.pk}/sign"
    page = text_of(publisher.get(address))
    offered = dict(re.findall(r'name="(seen|version)" value="([^"]*)"', page))
    fields = offered | {"ring": ring} | ({"version": version} if version else {})
    return text_of(publisher.get(CATALOGUE)) + text_of(posts(publisher, address, fields))


@pytest.mark.parametrize("page", PAGES)
def test_nobody_comes_in_without_signing_in(central: Path, page: str) -> None:
    assert central.is_dir()
    answer = browser().get(page)
    assert answer.headers["Location"] == f"/office/sign-in?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_an_officer_without_the_right_is_refused(central: Path, page: str) -> None:
    assert central.is_dir()
    assert browser_of(new_officer()).get(page).status_code == 403


def test_a_publisher_of_no_office_sees_no_case(publisher: Client) -> None:
    assert publisher.get("/office/").headers["Location"] == CATALOGUE
    assert publisher.get("/office/stick").status_code == 403


def test_a_publisher_lands_at_the_catalogue(publisher: Client) -> None:
    answer = publisher.get("/office/sign-in")
    assert answer.headers["Location"] == CATALOGUE


def test_a_good_service_goes_from_files_to_the_first_ring(publisher: Client, draft: Draft) -> None:
    page = text_of(publisher.get(f"{CATALOGUE}drafts/{draft.pk}/"))
    assert "No errors were found." in page
    looked = text_of(publisher.get(f"{CATALOGUE}drafts/{draft.pk}/look"))
    assert "This service is new: no kiosk has it." in looked
    signs(publisher, draft)
    row = PublishedService.objects.get(service=SERVICE)
    assert row.signed_by is not None
    assert (row.version, row.signed_by.username) == ("2026.11.1", "vilay")
    first, everywhere = shelf.in_force(SERVICE, Ring.FIRST), shelf.in_force(SERVICE, Ring.ALL)
    assert (first, everywhere) == (row, None)
    kinds = list(Act.objects.order_by("number").values_list("kind", flat=True))
    assert kinds[-3:] == ["uploaded", "signed", "released"]
    assert first_broken() is None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "There is no question named &#x27;nobody&#x27;."),
        ("lo", "ບໍ່ມີຄຳຖາມຊື່ &#x27;nobody&#x27;"),
    ],
)
def test_a_broken_workbook_is_told_with_sheet_row_and_column(
    central: Path, language: str, sentence: str
) -> None:
    assert central.is_dir()
    publisher = publisher_s_browser(language)
    page = report(hands_in(publisher, **(GOOD | {"workbook": ("form.xlsx", BROKEN)})), publisher)
    row = re.search(rf"<tr>(?:(?!</tr>).)*{sentence}.*?</tr>", page)
    assert row is not None
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0])
    assert cells[:3] == ["survey", "2", "relevant"]


def test_a_draft_with_errors_goes_no_further(publisher: Client) -> None:
    hands_in(publisher, workbook=("form.xlsx", BROKEN))
    number = Draft.objects.get().pk
    for step in ("look", "sign"):
        answer = publisher.get(f"{CATALOGUE}drafts/{number}/{step}")
        assert answer.headers["Location"] == f"{CATALOGUE}drafts/{number}/"
    assert not PublishedService.objects.filter(service=SERVICE).exists()


def test_only_the_mended_file_is_handed_in_again(publisher: Client) -> None:
    hands_in(publisher, **(GOOD | {"workbook": ("form.xlsx", BROKEN)}))
    page = f"{CATALOGUE}drafts/{Draft.objects.get().pk}/"
    answer = hands_in(publisher, page, workbook=GOOD["workbook"])
    assert "No errors were found." in report(answer, publisher)
    assert Draft.objects.get().service == SERVICE


def test_the_example_comes_back_as_one_zip_and_is_ready(publisher: Client) -> None:
    answer = publisher.get(f"{CATALOGUE}example.zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-service.zip"'
    sent = {"folder": ("holiday.zip", answer.content)}
    assert "No errors were found." in report(hands_in(publisher, **sent), publisher)
    assert set(Draft.objects.get().files.values_list("name", flat=True)) == set(starter())
    page = text_of(hands_in(publisher, folder=("holiday.zip", b"%PDF-1.7")))
    assert "This is not a zip." in page


def test_the_name_of_an_uploaded_file_is_never_used(publisher: Client) -> None:
    data = (FOLDER / "form.xlsx").read_bytes()
    hands_in(publisher, workbook=("../../../etc/passwd", data))
    assert [file.name for file in Draft.objects.get().files.all()] == ["form.xlsx"]


@pytest.mark.parametrize("name", ["..csv", "ບ້ານ.csv", "villages.csv.exe", "a b.csv"])
def test_a_list_with_an_odd_name_is_refused_in_words(publisher: Client, name: str) -> None:
    data = (FOLDER / "form.xlsx").read_bytes()
    answer = hands_in(publisher, workbook=("form.xlsx", data), lists=(name, b"name,label\n"))
    assert "A list must have a name such as villages.csv" in text_of(answer)
    assert not Draft.objects.exists()


SPOKEN = workbook(
    [
        question(
            "select_one size",
            "house",
            **{"audio::Lao (lo)": "house_lo.wav", "image::Lao (lo)": "house.png"},
        )
    ],
    [
        {"list_name": "size", "name": "small", LO: "ນ້ອຍ", EN: "Small"},
        {"list_name": "size", "name": "big", LO: "ໃຫຍ່", EN: "Big", "image::Lao (lo)": "big.png"},
    ],
)


def sent(publisher: Client, **media: tuple[str, bytes]) -> str:
    """A service that speaks, handed in with some of its files; the report."""
    residence = SERVICES / "residence-certificate"
    plain = yaml.safe_load((residence / "descriptor.yaml").read_text("utf-8"))
    plain |= {"recordings": {"name": {"lo": "house_lo.wav"}}}
    sheet = yaml.safe_dump(plain, allow_unicode=True).encode()
    drafts_before = set(Draft.objects.values_list("pk", flat=True))
    page = f"{CATALOGUE}drafts/{max(drafts_before)}/" if drafts_before else f"{CATALOGUE}new"
    first = (
        {}
        if drafts_before
        else {
            "workbook": ("form.xlsx", SPOKEN),
            "descriptor": ("descriptor.yaml", sheet),
            "icon": ("icon.png", (residence / "icon.png").read_bytes()),
        }
    )
    return report(hands_in(publisher, page, **first, **media), publisher)


def test_recordings_and_pictures_are_handed_in_played_and_shown(publisher: Client) -> None:
    picture = (SERVICES / "residence-certificate" / "icon.png").read_bytes()
    page = sent(publisher, recordings=("house_lo.wav", tone()))
    assert "The picture house.png is not in the folder media." in page
    sent(publisher, pictures=("house.png", picture))
    page = sent(publisher, pictures=("big.png", picture))
    assert "No errors were found." in page
    assert "no recording in the language en of: name, fee, days, documents, who" in page
    address = f"{CATALOGUE}drafts/{Draft.objects.get().pk}/"
    shown = text_of(publisher.get(f"{address}look"))
    assert shown.count(f'<audio controls preload="none" src="{address}media/house_lo.wav"') == 2
    for name in ("house.png", "big.png"):
        assert f'<img src="{address}media/{name}"' in shown
    heard = publisher.get(f"{address}media/house_lo.wav")
    assert (heard.content, heard.headers["Content-Type"]) == (tone(), "audio/wav")
    assert "sandbox" in heard.headers["Content-Security-Policy"]
    assert publisher.get(f"{address}media/form.json").status_code == 404
    signs(publisher, Draft.objects.get())
    version = PublishedService.objects.latest("pk")
    held = f"{CATALOGUE}services/{version.service}/{version.version}/media/big.png"
    assert publisher.get(held).headers["Content-Type"] == "image/png"


def test_a_recording_may_be_as_long_as_a_minute_of_speech(publisher: Client) -> None:
    data = b"OggS" + bytes(512 * 1024)
    answer = hands_in(publisher, workbook=("form.xlsx", SPOKEN), recordings=("long.ogg", data))
    assert "The file long.ogg is larger than 512 kB." in text_of(answer)


def test_files_that_are_too_large_are_refused_before_they_are_read(publisher: Client) -> None:
    large = b"x" * (10 * 2**20 + 1)
    answer = hands_in(publisher, workbook=("form.xlsx", large))
    assert "The file form.xlsx is larger than 10240 kB." in text_of(answer)


def test_a_request_that_is_too_large_is_refused_whoever_sends_it(central: Path) -> None:
    assert central.is_dir()
    answer = browser(checks_forms=False).post(
        "/office/sign-in",
        b"--x--",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(UPLOAD_BYTES_MAX + 1),
    )
    assert answer.status_code == 400
    assert "What was sent is too large" in text_of(answer)


def test_the_preview_shows_every_question_in_both_languages_with_its_rules(
    publisher: Client, draft: Draft
) -> None:
    page = text_of(publisher.get(f"{CATALOGUE}drafts/{draft.pk}/look"))
    assert "What is the business called?" in page
    assert "ທຸລະກິດຊື່ຫຍັງ?" in page
    assert "the answer is at least 1, and the answer is at most 10" in page
    assert "“Something else” is chosen in “What does the business do?”" in page
    assert "1. Check and decide · district · 5 working days · decides" in page
    assert "Sample data" in page


def test_the_preview_shows_what_changes_against_the_last_version(
    publisher: Client, draft: Draft
) -> None:
    signs(publisher, draft)
    descriptor = (FOLDER / "descriptor.yaml").read_text("utf-8").replace("P5D", "P4D")
    descriptor = descriptor.replace("days: 5", "days: 4")
    hands_in(publisher, **(GOOD | {"descriptor": ("descriptor.yaml", descriptor.encode())}))
    number = Draft.objects.get(published=None).pk
    page = text_of(publisher.get(f"{CATALOGUE}drafts/{number}/look"))
    assert "Against version 2026.11.1" in page
    assert "<strong>processing_time</strong>" in page
    assert "<del>P5D</del>" in page
    assert "<ins>P4D</ins>" in page


def test_what_changed_since_it_was_looked_at_is_not_signed(publisher: Client, draft: Draft) -> None:
    address = f"{CATALOGUE}drafts/{draft.pk}/sign"
    page = text_of(publisher.get(address))
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    data = (FOLDER / "icon.png").read_bytes()
    hands_in(publisher, f"{CATALOGUE}drafts/{draft.pk}/", icon=("icon.png", data))
    fields = {"seen": seen[1], "version": "2026.11.1", "ring": "all"}
    assert "The draft changed since you looked at it." in text_of(posts(publisher, address, fields))
    assert not PublishedService.objects.filter(service=SERVICE).exists()


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        ("2026.11.1", "Kiosks never go back: give a higher version."),
        ("1", "Kiosks never go back: give a higher version."),
        ("newest", "A version is numbers between dots"),
    ],
)
def test_a_version_that_is_not_higher_is_refused_in_words(
    publisher: Client, draft: Draft, version: str, problem: str
) -> None:
    signs(publisher, draft)
    hands_in(publisher)
    again = Draft.objects.get(published=None)
    assert problem in signs(publisher, again, version)


def test_the_page_offers_the_next_version_by_itself(publisher: Client, draft: Draft) -> None:
    signs(publisher, draft)
    hands_in(publisher)
    signs(publisher, Draft.objects.get(published=None))
    assert shelf.find(SERVICE, "2026.11.2").version == "2026.11.2"
    kept = shelf.find(SERVICE, "2026.11.2").file(DESCRIPTOR)
    assert b'"version":"2026.11.2"' in kept


def test_the_workbook_of_a_version_can_be_had_again(publisher: Client, draft: Draft) -> None:
    signs(publisher, draft)
    answer = publisher.get(f"{CATALOGUE}services/{SERVICE}/2026.11.1/workbook")
    assert answer.content == (FOLDER / "form.xlsx").read_bytes()


def test_a_draft_is_removed_and_that_is_recorded(publisher: Client, draft: Draft) -> None:
    page = f"{CATALOGUE}drafts/{draft.pk}/"
    posts(publisher, f"{page}remove", {}, page)
    assert not Draft.objects.exists()
    assert Act.objects.order_by("-number")[0].kind == "removed"


def test_a_version_is_released_further(publisher: Client) -> None:
    put_on_shelf("2", ring=Ring.FIRST)
    page = f"{CATALOGUE}services/{SMALLEST}/2/release"
    assert text_of(publisher.get(page)).count('type="radio"') == 2  # the first have it already
    posts(publisher, page, {"ring": "all"})
    assert shelf.find_current(SMALLEST).version == "2"
    posts(publisher, page, {"ring": "all"})  # pressed twice
    assert Act.objects.filter(kind="released", version="2").count() == 2


def test_rolling_back_says_what_it_does_and_does_it_once(publisher: Client) -> None:
    put_on_shelf("2")
    page = f"{CATALOGUE}services/{SMALLEST}/{VERSION}/roll-back"
    told = text_of(publisher.get(page))
    assert "The content of version 1 is signed again as version <strong>3</strong>." in told
    assert "It goes to: All kiosks (0 kiosks)" in told
    for _ in range(2):
        posts(publisher, page, {"seen": "2"})
    assert [row.version for row in PublishedService.objects.order_by("pk")] == ["1", "2", "3"]
    act = Act.objects.get(kind="rolled-back")
    assert (act.version, act.detail, act.actor and act.actor.username) == (
        "3",
        "content of 1",
        "vilay",
    )


def test_kiosks_are_put_into_a_ring_on_a_page(publisher: Client) -> None:
    for _ in range(3):
        PaperKiosk(CentralServer())
    page = f"{CATALOGUE}kiosks"
    posts(publisher, page, {"kiosk": ["1", "3"], "ring": "first"})  # type: ignore[dict-item]
    rings = list(Device.objects.order_by("kiosk_number").values_list("ring", flat=True))
    assert rings == ["first", "all", "first"]
    assert "3 Test kiosk" in text_of(publisher.get(f"{CATALOGUE}acts"))


def test_a_kiosk_is_found_by_its_number(publisher: Client) -> None:
    for _ in range(3):
        PaperKiosk(CentralServer())
    page = text_of(publisher.get(f"{CATALOGUE}kiosks?find=2"))
    assert re.findall(r'id="kiosk-(\d+)"', page) == ["2"]


def test_a_record_that_was_changed_says_so(publisher: Client) -> None:
    Act.objects.filter(number=1).update(service="la.example.other")
    page = text_of(publisher.get(f"{CATALOGUE}acts"))
    assert "This record has been changed: act 1 is not what was written." in page
