"""An officer at her desk and on her phone, in a real browser, at a real server."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from sync import carried
from sync.clock import wall_now_ms
from sync.envelope import open_asked
from sync.journey import LAYOUT, NO_SERVICE
from sync.records import Kind, Stamp, Status, TimeQuality
from tests import residence
from tests.acceptance.browser import DESK, PHONE, Reader, open_browser
from tests.acceptance.distant_kiosk import DistantKiosk
from tests.central import RunningCentral, running_central

pytestmark = pytest.mark.browser

OFFICER = "sample-xaythany"


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    with running_central(tmp_path_factory.mktemp("officer")) as running:
        yield running


@pytest.fixture(scope="module")
def kiosk(central: RunningCentral) -> Iterator[DistantKiosk]:
    with closing(DistantKiosk(central)) as enrolled:
        yield enrolled


@pytest.fixture(scope="module")
def chromium(central: RunningCentral) -> Iterator[Reader]:
    with open_browser(central.base_url) as reader:
        yield reader


@pytest.fixture
def officer(central: RunningCentral, chromium: Reader) -> Reader:
    """The sample officer, signed in, reading English."""
    chromium.driver.delete_all_cookies()
    chromium.resizes(DESK)
    chromium.opens("/office/")
    chromium.presses("English")
    chromium.waits_for("User name")  # the page in Lao has given way
    chromium.writes("username", OFFICER)
    chromium.writes("password", central.officers[OFFICER])
    chromium.presses("Sign in")
    chromium.waits_for("Applications")
    chromium.complaints()
    return chromium


@pytest.fixture
def handed(kiosk: DistantKiosk) -> residence.Handed:
    """An application with a photograph, at central."""
    bundle = kiosk.bundle(residence.SERVICE)
    now = Stamp(wall_now_ms(), TimeQuality.TRUSTED)  # else it would be late
    application = residence.hands_in(kiosk, bundle, picture=residence.photo(), recorded=now)
    kiosk.sends(kiosk.batch(after=len(kiosk.log) - 1))
    residence.sends_photo(kiosk, application)
    return application


def test_an_officer_approves_and_the_citizen_s_kiosk_learns_her_words(
    officer: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    officer.resizes(PHONE)
    officer.opens("/office/")
    officer.presses(handed.reference)
    officer.waits_for(residence.ANSWERS["/data/applicant_name"])
    (picture,) = officer.sees("img.document")
    assert officer.driver.execute_script("return arguments[0].naturalWidth", picture) > 0
    officer.presses("Take up")
    officer.waits_for("It is yours now.")
    officer.presses("Approve")
    officer.writes("words", "ມາຮັບໄດ້ວັນພຸດ.")
    officer.presses("Continue")
    officer.waits_for("Nothing has happened yet.")
    assert "ມາຮັບໄດ້ວັນພຸດ." in officer.reads()
    officer.presses("Yes, approve it")
    officer.waits_for("The application is approved.")
    assert officer.complaints() == []
    assert [event.status for event in kiosk.events(handed.application)] == [
        Status.RECEIVED,
        Status.TAKEN_UP,
        Status.APPROVED,
    ]
    assert kiosk.words(handed.application, handed.secret) == "ມາຮັບໄດ້ວັນພຸດ."


def test_a_reason_brings_ready_words_but_never_over_the_officer_s_own(
    officer: Reader, handed: residence.Handed
) -> None:
    officer.opens(f"/office/cases/{handed.application}/")
    officer.presses("Take up")
    officer.presses("Return to the applicant")
    words = officer.driver.find_element("name", "words")
    officer.chooses("The address is not complete")
    assert "ທີ່ຢູ່ບໍ່ຄົບຖ້ວນ" in str(words.get_property("value"))
    officer.chooses("The name differs from the family book")
    assert "ຊື່ບໍ່ຄືກັບໃນປຶ້ມສຳມະໂນຄົວ" in str(words.get_property("value"))
    officer.writes("words", "ກະລຸນາມາຫາຂ້ອຍ.")
    officer.chooses("The address is not complete")
    assert words.get_property("value") == "ກະລຸນາມາຫາຂ້ອຍ."
    assert officer.complaints() == []


@pytest.mark.parametrize("language", ["en", "lo"])
def test_what_to_correct_is_marked_on_a_phone_and_the_correction_is_compared(
    officer: Reader, kiosk: DistantKiosk, handed: residence.Handed, language: str
) -> None:
    officer.driver.add_cookie({"name": "django_language", "value": language})
    officer.resizes(PHONE)
    case = f"/office/cases/{handed.application}/"
    officer.opens(case)
    officer.driver.find_element("css selector", "form[action$='take-up'] button").click()
    officer.waits_to_see(".notice.good")
    officer.opens(f"{case}return")
    for field in ("reason", "asked"):
        officer.driver.find_elements("css selector", f"input[name={field}]")[2].click()
    boxes = officer.sees("input[name=asked]")
    assert all(box.size["width"] >= 24 for box in boxes)  # WCAG 2.2, 2.5.8
    assert officer.width_too_much() <= 0
    officer.driver.find_element("css selector", "button[value=check]").click()
    officer.waits_to_see("button[value=confirm]")
    assert officer.width_too_much() <= 0
    officer.driver.find_element("css selector", "button[value=confirm]").click()
    officer.waits_to_see(".notice.good")
    asked = kiosk.events(handed.application)[-1].asked
    assert asked is not None
    assert len(open_asked(handed.secret, asked)) == 1
    answers = residence.ANSWERS | {"/data/full_name": "ທ້າວ ຄຳຫຼ້າ ສີສຸວັນ", "/data/village": "ໂພນທັນ"}
    new = residence.hands_in(
        kiosk,
        kiosk.bundle(residence.SERVICE),
        picture=residence.photo(),
        corrects=handed,
        answers=answers,
    )
    kiosk.sends(kiosk.batch(after=len(kiosk.log) - 1))
    residence.sends_photo(kiosk, new)
    for size in (PHONE, DESK):
        officer.resizes(size)
        officer.opens(f"/office/cases/{new.application}/")
        officer.waits_for(answers["/data/village"])
        officer.waits_for(residence.ANSWERS["/data/village"])  # what it was before
        assert officer.width_too_much() <= 0
        _picture(officer, f"correction-{language}-{size[0]}", size)
    officer.resizes(PHONE)
    officer.opens("/office/?show=decided")
    assert officer.width_too_much() <= 0
    _picture(officer, f"decided-{language}")
    assert officer.complaints() == []


def _picture(officer: Reader, name: str, size: tuple[int, int] = PHONE) -> None:
    """A picture of the whole page, for people to look at."""
    folder = Path("build/central")
    folder.mkdir(parents=True, exist_ok=True)
    whole = officer.driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"captureBeyondViewport": True}
    )
    (folder / f"{name}.png").write_bytes(base64.b64decode(whole["data"]))
    officer.resizes(size)  # a picture of the whole page forgets the size of the window


def test_a_double_click_decides_once(
    officer: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    officer.opens(f"/office/cases/{handed.application}/")
    officer.presses("Take up")
    officer.presses("Reject")
    officer.chooses("The person does not live in this village")
    officer.presses("Continue")
    officer.waits_for("Nothing has happened yet.")
    twice = "const b = document.querySelector('button[value=confirm]'); b.click(); b.click();"
    officer.driver.execute_script(twice)
    officer.waits_for("The application is rejected.")
    rejected = [e for e in kiosk.events(handed.application) if e.status is Status.REJECTED]
    assert [(event.number, event.reason) for event in rejected] == [(3, "not-resident")]


def test_of_two_open_windows_the_second_is_told(officer: Reader, handed: residence.Handed) -> None:
    officer.opens(f"/office/cases/{handed.application}/")
    officer.presses("Take up")
    first = officer.driver.current_window_handle
    officer.driver.switch_to.new_window("tab")
    officer.opens(f"/office/cases/{handed.application}/approve")
    officer.presses("Continue")
    second = officer.driver.current_window_handle
    officer.driver.switch_to.window(first)
    officer.presses("Approve")
    officer.presses("Continue")
    officer.presses("Yes, approve it")
    officer.waits_for("The application is approved.")
    officer.driver.switch_to.window(second)
    officer.presses("Change")
    officer.writes("words", "ບໍ່ຄືກັນ")
    officer.presses("Continue")
    officer.presses("Yes, approve it")
    officer.waits_for(handed.reference)
    assert officer.reads().count("ບໍ່ຄືກັນ") == 0
    officer.driver.close()
    officer.driver.switch_to.window(first)


def test_a_stick_of_many_files_goes_in_by_its_folder_in_portions(
    officer: Reader, kiosk: DistantKiosk, tmp_path: Path
) -> None:
    bundle = kiosk.bundle(residence.SERVICE)
    handed = [residence.hands_in(kiosk, bundle, picture=residence.photo()) for _ in range(3)]
    up = carried.folder(tmp_path, carried.UP, kiosk.id)
    for place in range(len(kiosk.log) - len(handed), len(kiosk.log)):
        message = kiosk.batch(after=place, until=place + 1).signed(kiosk.key)
        carried.write(up, carried.batch_name(place, message), message)
    for photo in (one.sealed_photo for one in handed):
        sha256 = hashlib.sha256(photo).digest()
        piece = kiosk.piece(sha256, photo, 0, len(photo))
        carried.write(up, carried.piece_name(sha256, 0), piece)
    officer.opens("/office/stick")
    officer.driver.execute_script(
        "document.querySelector('form[data-megabytes]').dataset.filesMax = 11"
    )
    officer.driver.find_element(By.ID, "folder").send_keys(str(tmp_path / carried.ROOT))
    officer.presses("Hand in")
    officer.waits_for("Taken in.")
    assert "refused" not in officer.reads()
    assert [count.text for count in officer.sees("td .number")] == ["3", "3"]
    sent = [one for one in officer.requested() if "requestWillBeSent" in one and '"POST"' in one]
    assert len([one for one in sent if '/office/stick"' in one]) >= len(handed)
    assert [event.status for event in kiosk.events(handed[-1].application)] == [Status.RECEIVED]
    assert officer.complaints() == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["lo", "en"])
def test_no_page_is_wider_than_its_window(
    officer: Reader,
    kiosk: DistantKiosk,
    handed: residence.Handed,
    size: tuple[int, int],
    language: str,
) -> None:
    _counts_journeys(kiosk)
    officer.driver.add_cookie({"name": "django_language", "value": language})
    officer.resizes(size)
    case = f"/office/cases/{handed.application}/"
    for address in ("/office/", "/office/?find=abc", case, f"{case}documents/9", "/office/stick"):
        officer.opens(address)
        assert officer.width_too_much() <= 0, address
    officer.complaints()  # of the document that is not there
    officer.opens("/office/journeys")
    assert officer.driver.find_elements(By.CSS_SELECTOR, ".funnel .bar")
    assert officer.width_too_much() <= 0
    assert officer.complaints() == []


def _counts_journeys(kiosk: DistantKiosk) -> None:
    """A day at the kiosk on which somebody stops at each question."""
    version = kiosk.bundle(residence.SERVICE).version
    steps = {path: [20, 10, 1, 5, 0, 0, 15] for path in residence.ANSWERS}
    day = {"service": residence.SERVICE, "version": version, "begun": 20, "questions": steps}
    header: dict[str, Any] = {
        "kind": Kind.JOURNEY,
        "service": NO_SERVICE,
        "service_version": LAYOUT,
    }
    kiosk.files({"journeys": [day]}, reference="", **header)
    kiosk.sends(kiosk.batch(after=len(kiosk.log) - 1))


def test_everything_can_be_reached_by_the_keyboard_alone(
    officer: Reader, handed: residence.Handed
) -> None:
    officer.opens(f"/office/cases/{handed.application}/")
    reached = []
    for _ in range(12):
        officer.driver.switch_to.active_element.send_keys("\ue004")  # Tab
        focused = officer.driver.switch_to.active_element
        reached.append(focused.text)
        outline = focused.value_of_css_property("outline-style")
        shadow = focused.value_of_css_property("box-shadow")
        assert (outline, shadow) != ("none", "none"), f"No focus is visible on {focused.text!r}"
        if focused.text == "Take up":
            focused.send_keys("\ue007")  # Enter
            break
    assert reached[0] == "Skip to the main part"
    officer.waits_for("It is yours now.")


def test_the_figures_fit_a_phone_and_paper_and_need_no_program(
    officer: Reader, handed: residence.Handed
) -> None:
    """The browser runs no program of ours there: the pages have none, and the policy is kept."""
    assert handed
    officer.presses("How it goes")
    officer.waits_for("On time and satisfied")
    officer.resizes(PHONE)
    for page in ("/office/insight/", "/office/insight/ranking", "/statistics/method"):
        officer.opens(page)
        assert officer.width_too_much() <= 0
    officer.opens("/office/insight/")
    officer.presses("Year")
    officer.waits_to_see(".balance svg")
    assert not officer.driver.find_elements(By.TAG_NAME, "script")
    officer.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert officer.sees(".balance svg")
    assert not officer.sees(".top, .filters")
    (heads, *_others) = officer.sees(".figures thead th")
    assert heads.size["height"] > 1  # rows under their headings, though a sheet is narrow
    officer.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert officer.complaints() == []
