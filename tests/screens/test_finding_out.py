"""Somebody chooses a language, reads a service sheet and looks up her application."""

import gc
import json
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from PIL import Image

from kiosk.day_report import CODE
from kiosk.devices.camera_reader import VIEW_PX
from kiosk.devices.photo import PhotoSource
from kiosk.devices.picture import develop
from kiosk.forms.bundle import DESCRIPTOR, pack
from kiosk.language import NAMES, _, language
from kiosk.printing.errors import PrinterCode
from kiosk.printing.layout import render
from kiosk.printing.profile import load_profile
from kiosk.screens.show import Corners
from sync.exchange import sync_once
from sync.records import (
    NATION,
    ApplicationId,
    ChangeKind,
    ServiceNote,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
    device_audience,
)
from sync.reference import compose
from tests.handled_paper import Camera, jpeg
from tests.screens.driver import Driver, frame
from tests.screens.situations.applying import wait_for
from tests.screens.situations.finding_out import late
from tests.screens.situations.kinds import with_player
from tests.screens.situations.photographing import camera as films
from tests.screens.world import PUBLISHER, RESIDENCE
from tests.tones import tone


def types_reference(person: Driver, reference: str) -> None:
    person.tap("Where is my application?")
    for symbol in reference.replace("-", ""):
        person.tap(symbol)
    person.tap("Look up")


def scans(person: Driver, token: str) -> None:
    person.world.scanner.reads(token)
    person.passes_s(0.5)


@pytest.mark.parametrize("code", ["lo", "en"])
def test_a_language_is_chosen_by_its_own_name(person: Driver, code: str) -> None:
    person.tap(NAMES[code])
    assert language() == code
    assert person.world.visit.begun


def test_more_time_is_asked_for_at_the_entrance(person: Driver) -> None:
    person.tap("I need more time for each page")
    person.tap("English")
    assert person.world.visit.calm


def test_home_shows_each_service_and_what_is_always_offered(person: Driver) -> None:
    person.tap("English")
    for words in ("Residence certificate", "Where is my application?", "Help"):
        assert person.find(words)


def test_the_sheet_says_what_nobody_has_confirmed(person: Driver) -> None:
    person.tap("English")
    person.tap("Residence certificate")
    person.expect("ask at the desk")
    person.expect("Sample data")
    person.expect("3 working days")


def test_a_fee_that_grows_with_the_answers_says_so(person: Driver) -> None:
    person.tap("English")
    person.tap("Household business registration")
    person.expect("from: 20,000 kip")
    person.expect("The exact fee is worked out from your answers.")


def test_listen_plays_what_was_recorded_of_the_sheet_and_of_each_name(person: Driver) -> None:
    held = person.world.desk.service(RESIDENCE).bundle
    recordings = {part: {"lo": f"{part}.wav"} for part in ("name", "days", "purposes")}
    plain = json.loads(held.file(DESCRIPTOR)) | {"recordings": recordings, "version": "2027.1"}
    files = {
        **held.files,
        DESCRIPTOR: json.dumps(plain).encode(),
        "name.wav": tone(440),
        "days.wav": tone(660),
        "purposes.wav": tone(880),
    }
    note = ServiceNote(RESIDENCE, "2027.1", pack(files, RESIDENCE, "2027.1", PUBLISHER))
    person.world.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    person.world.exchanges()
    player = with_player(person)
    person.tap(NAMES["lo"])
    person.tap("ຟັງ")
    assert player.heard == [tone(440)]
    person.tap(held.descriptor.name.of("lo"))
    person.tap("ຟັງ")
    assert player.heard[1:] == [tone(440), tone(660)]
    person.tap(_("Apply"))
    person.tap("ຟັງ")
    assert player.heard[3:] == [tone(880)]  # what becomes of her answers
    person.tap(NAMES["en"])
    person.tap("Listen")
    assert len(player.heard) == 4  # nobody has recorded it in English


def test_home_sorts_by_life_event_and_marks_samples(person: Driver) -> None:
    person.tap("English")
    person.expect("Sample data")
    tiles = person.shell.screen.ids.tiles.children[::-1]
    names = [tile.text for tile in tiles]
    assert names[:2] == ["Birth registration", "Family-book change"]  # a birth's bundle
    assert names[-2:] == ["Where is my application?", "Complain"]
    assert [tile.sign for tile in tiles] == ["warning"] * 6 + ["", ""]


def test_the_sheet_says_everything_on_its_pages(person: Driver) -> None:
    person.tap("English")
    person.tap("Residence certificate")
    said = person.words()
    while person.turn_page():
        said += person.words()
    for words in ("Legal basis", "Who decides", "Documents", "What happens", "Who may apply"):
        assert words in said


def test_the_language_changes_on_any_page_and_the_page_stays(person: Driver) -> None:
    person.tap("English")
    person.tap("Residence certificate")
    person.tap("ພາສາລາວ")
    person.expect("ໃບຢັ້ງຢືນທີ່ຢູ່")
    person.expect("ຄ່າທຳນຽມ")
    assert person.shell.place.name == "sheet"


def test_back_returns_to_where_one_was(person: Driver) -> None:
    person.tap("English")
    person.tap("Residence certificate")
    person.tap(person.shell.ids.help)
    person.tap("Back")
    assert person.shell.place.name == "sheet"
    person.tap("Back")
    assert person.shell.place.name == "home"


def test_help_tells_the_staff_what_is_not_yet_sent(person: Driver) -> None:
    person.tap("English")
    for said in ("All that was handed in here has been sent.", "Not yet sent: applications 1,"):
        person.tap(person.shell.ids.help)
        while not person.sees(said):
            assert person.turn_page()
        person.tap("Back")
        person.world.submits()


def test_apply_opens_the_form_of_that_service(person: Driver) -> None:
    person.tap("English")
    person.tap("Residence certificate")
    person.tap("Apply")
    person.reads_the_notice()
    assert person.world.visit.entry is not None
    assert person.shell.place.name == "question"
    assert person.shell.place.given["service_id"] == RESIDENCE


def test_a_typed_reference_finds_the_status_only(person: Driver) -> None:
    submitted = person.world.submits()
    person.world.decides(submitted, Status.APPROVED, words="Please come on Monday.")
    person.tap("English")
    types_reference(person, submitted.receipt.claims.reference)
    person.expect("Approved")
    assert not person.sees("Please come on Monday.")


def test_a_scanned_receipt_opens_the_offices_words(person: Driver) -> None:
    submitted = person.world.submits()
    person.world.decides(submitted, Status.APPROVED, words="Please come on Monday.")
    person.tap("English")
    scans(person, submitted.receipt.token)
    person.expect("Approved")
    person.expect("Please come on Monday.")


def test_a_late_answer_is_said_to_be_late_with_the_telephone_and_the_new_day(
    person: Driver,
) -> None:
    late(date(2020, 11, 20), date(2020, 11, 27))(person)
    person.tap("English")
    said = " ".join(person.words())
    while person.turn_page():
        said += " ".join(person.words())
    for words in ("The answer is late", "You have the right to ask why", "November 27, 2020"):
        assert words in said
    assert "You will get an answer" not in said


def test_a_receipt_held_at_the_entrance_begins_a_visit(person: Driver) -> None:
    submitted = person.world.submits()
    scans(person, submitted.receipt.token)
    assert person.world.visit.begun
    assert person.shell.place.name == "finding"


def test_what_another_office_has_is_asked_for_and_shown_as_soon_as_it_is_known(
    person: Driver,
) -> None:
    elsewhere = compose(4000, 7)
    person.tap("English")
    types_reference(person, elsewhere)
    person.expect("This kiosk has not heard of it yet")
    person.expect("as soon as there is a line")
    assert person.world.ledger.asked_after(9) == (elsewhere,)
    at = Stamp(person.world.central.now_ms(), TimeQuality.TRUSTED)
    event = StatusEvent(
        *(ApplicationId("7" * 32), 1, Status.TAKEN_UP, at, "la-lpb-nambak"), reference=elsewhere
    )
    identity = person.world.ledger.enrolled_identity()
    person.world.central.publish(
        device_audience(identity.device), ChangeKind.STATUS, event.to_bytes()
    )
    sync_once(person.world._worker_ledger, person.world.central)  # as the line's own thread does
    person.passes_s(0.5)
    person.expect("An officer is working on it")
    assert person.world.ledger.asked_after(9) == ()


def test_one_wrong_letter_is_asked_about(person: Driver) -> None:
    reference = person.world.submits().receipt.claims.reference
    other = "8" if reference[0] != "8" else "9"
    person.tap("English")
    types_reference(person, other + reference[1:])
    person.expect(f"Did you mean {reference}?")
    person.tap("Yes, that is it")
    person.expect("Kept safely in this kiosk")


def test_what_was_typed_stays_when_it_is_no_reference(person: Driver) -> None:
    person.tap("English")
    types_reference(person, "ABCD-EFGH-JKMN")
    person.expect("No receipt has this reference.")
    assert person.shell.screen.typed == "ABCDEFGHJKMN"


def test_a_short_reference_says_how_much_is_missing(person: Driver) -> None:
    person.tap("English")
    types_reference(person, "ABCD-EFG")
    person.expect("5 are missing")


def test_an_altered_receipt_is_not_trusted(person: Driver) -> None:
    digits = person.world.submits().receipt.token
    middle = len(digits) // 2
    altered = digits[:middle] + str((int(digits[middle]) + 1) % 10) + digits[middle + 1 :]
    person.tap("English")
    scans(person, altered)
    assert person.sees("cannot be trusted") or person.sees("not a receipt of this service")


def test_a_receipt_of_a_kiosk_that_was_stolen_by_then_is_not_trusted(person: Driver) -> None:
    receipt, ledger = person.world.submits().receipt, person.world.ledger
    with ledger.transaction():
        until = "UPDATE trusted_key SET until_s = ? WHERE purpose = 'receipts'"
        ledger.database.execute(until, (receipt.claims.issued_at_s,))
    person.tap("English")
    scans(person, receipt.token)
    person.expect("This receipt cannot be trusted")
    person.expect("was out of service by then")


def test_missing_paper_is_said_on_every_page(person: Driver) -> None:
    person.tap("English")
    person.world.printer_is(PrinterCode.PAPER_OUT)
    person.passes_s(0.5)
    person.expect("The printer has no paper.")
    person.tap("Residence certificate")
    person.expect("The printer has no paper.")
    person.world.printer_is(PrinterCode.READY)
    person.passes_s(0.5)
    assert not person.sees("The printer has no paper.")


def test_listen_says_that_nobody_has_recorded_the_page_yet(person: Driver) -> None:
    person.tap("English")
    person.tap("Listen")
    person.expect("This page has not been recorded yet.")


def test_a_sheet_is_printed_to_take_along_where_there_is_paper(person: Driver) -> None:
    person.world.printer_is(PrinterCode.PAPER_OUT)
    person.tap("English")
    person.tap("Residence certificate")
    assert not person.sees("Print")
    person.tap("Back")
    person.world.printer_is(PrinterCode.READY)
    person.tap("Residence certificate")
    person.tap("Print")
    person.expect("The page is being printed.")
    job = person.world.jobs.find_oldest()
    assert job is not None
    assert "This is no receipt" in job.paper.slip().text
    assert not person.sees("Print")


def test_an_answer_is_printed_for_whoever_holds_the_receipt(person: Driver) -> None:
    person.world.printer_is(PrinterCode.READY)
    submitted = person.world.submits()
    person.world.decides(submitted, Status.APPROVED, words="ມາຮັບໄດ້")
    receipt = person.world.jobs.find_oldest()
    assert receipt is not None
    person.world.jobs.decline(receipt.id)
    person.tap("English")
    types_reference(person, submitted.receipt.reference)
    assert not person.sees("Print")
    scans(person, submitted.receipt.token)
    person.tap("Print")
    job = person.world.jobs.find_oldest()
    assert job is not None
    assert "ມາຮັບໄດ້" in job.paper.slip().text


def test_an_earlier_day_report_under_the_scanner_prints_todays(person: Driver) -> None:
    person.world.submits()
    person.tap("English")
    for _twice in range(2):
        scans(person, CODE)
    person.expect("The day report is being printed.")
    assert person.shell.place.name == "home"
    jobs = person.world.jobs
    found = [job for number in range(1, 9) if (job := jobs.find(number)) is not None]
    reports = [job for job in found if "Day report" in job.paper.slip().text]
    assert len(reports) == 1
    assert "1 × Residence certificate" in reports[0].paper.slip().text


def before(person: Driver, camera: PhotoSource, *, looks_down: bool = False) -> None:
    """Somebody asks for her application where a camera reads, and no scanner does."""
    person.world.scanner.connected = False
    person.shell.devices = replace(
        person.shell.devices, photos=camera, camera_looks_down=looks_down
    )
    person.tap("English")
    person.tap("Where is my application?")


def test_a_receipt_is_shown_to_the_camera_where_there_is_no_scanner(person: Driver) -> None:
    submitted = person.world.submits()
    camera = Camera()
    before(person, camera)
    person.expect("Show your receipt to the camera or type")
    camera.sees = jpeg(render(submitted.receipt, load_profile("generic-58")))
    wait_for(person, lambda: person.shell.place.name == "finding")
    person.expect("Kept safely in this kiosk")
    looks = camera.frames
    person.passes_s(1)
    assert camera.frames == looks


def two_colours() -> bytes:
    """A picture that is red at its left and blue at its right."""
    picture = Image.new("RGB", (640, 360), "blue")
    picture.paste("red", (0, 0, 320, 360))
    return jpeg(picture)


def left_of(person: Driver) -> str:
    """The colour of the left half of what the glass shows of the camera."""
    mirror = person.shell.screen.ids.mirror
    person.draw()
    x, y = mirror.to_window(mirror.x + mirror.width * 0.15, mirror.center_y)
    red, _green, blue = glReadPixels(int(x), int(y), 1, 1, GL_RGB, GL_UNSIGNED_BYTE)[:3]
    return "red" if red > blue else "blue"


@pytest.mark.parametrize(("looks_down", "left"), [(False, "blue"), (True, "red")])
def test_she_sees_how_she_holds_it_as_in_a_mirror(
    person: Driver,
    looks_down: bool,  # noqa: FBT001 - how the camera is built in
    left: str,
) -> None:
    camera = Camera()
    before(person, camera, looks_down=looks_down)
    person.expect("The camera is starting…")
    camera.sees = two_colours()
    wait_for(person, lambda: person.shell.screen.view)
    person.expect("Keep it still for a moment.")
    assert "inside the frame" in " ".join(person.shell.screen.spoken())
    assert left_of(person) == left


def test_the_square_lies_within_the_picture(person: Driver) -> None:
    camera = Camera()
    camera.sees = two_colours()
    before(person, camera)
    wait_for(person, lambda: person.shell.screen.view)
    mirror = person.shell.screen.ids.mirror
    shown = mirror.width * 360 / 640  # high
    assert 0.6 * shown < mirror.side < shown
    assert person.panel.mm(30) < mirror.side  # as large as the code on paper
    corners = next(w for w in person.visible() if isinstance(w, Corners))
    ends = {(round(line[2]), round(line[3])) for line in corners.lines}
    half = mirror.side / 2
    assert ends == {
        (round(mirror.center_x + across * half), round(mirror.center_y + along * half))
        for across in (-1, 1)
        for along in (-1, 1)
    }


def test_a_view_costs_the_screen_less_than_drawing_it(person: Driver) -> None:
    before(person, Camera())
    screen = person.shell.screen
    screen._looking.cancel()
    small = develop(jpeg(Image.effect_noise((1280, 720), 30)), VIEW_PX).data

    def spent_s(what: Callable[[], None]) -> float:
        began_s = time.thread_time()
        for _time in range(20):
            what()
        return time.thread_time() - began_s

    def draw() -> None:
        frame()
        person.draw()

    screen.look_at(small)
    glass_s = spent_s(draw)
    assert spent_s(lambda: screen.look_at(small)) < glass_s


def test_a_view_is_there_only_while_the_page_is(person: Driver) -> None:
    camera = Camera()
    camera.sees = two_colours()
    before(person, camera)
    wait_for(person, lambda: person.shell.screen.view)
    screen = person.shell.screen
    view = weakref.ref(screen.view)
    reader = screen._reader
    person.tap("Type the reference")
    assert person.shell.place.name == "find"
    assert reader._viewing._process is None
    assert reader._darkroom._process is None
    looks = camera.frames
    del screen
    gc.collect()
    assert view() is None
    person.passes_s(1)
    assert camera.frames == looks
    person.tap("Back")
    assert person.shell.place.name == "show"


def test_a_camera_films_only_while_the_page_is_shown(person: Driver) -> None:
    camera = films()
    before(person, camera)
    wait_for(person, lambda: person.shell.screen.view)
    person.tap("Type the reference")
    wait_for(person, lambda: "camera" not in {thread.name for thread in threading.enumerate()})
    assert not camera._frames


def test_a_camera_that_is_pulled_out_leaves_the_keys(person: Driver) -> None:
    camera = Camera()
    before(person, camera)
    camera.offers = lambda: ()  # type: ignore[method-assign]
    wait_for(person, lambda: person.shell.place.name == "find")
    person.expect("Type or scan your reference")
