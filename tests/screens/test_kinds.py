"""Every kind of question is answered by touch and by keys, and its bad days are said."""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kivy.core.window import Window
from PIL import Image

from kiosk.devices.file import PDF_BYTES_MAX
from kiosk.devices.signature import with_stroke
from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Entry
from kiosk.language import NAMES, _
from kiosk.panels import PANELS
from kiosk.screens.panel import mm
from kiosk.screens.pictures import picture_texture
from kiosk.screens.question import KINDS, answer_class
from kiosk.screens.range_answer import Scale
from kiosk.screens.time_answer import odk_time
from sync.envelope import open_answers, open_evidence, open_secret
from tests.memory import holders_of
from tests.screens.driver import Driver
from tests.screens.every_kind import EVERY_KIND
from tests.screens.situations.applying import (
    every_kind,
    field,
    open_form,
    photo_chosen,
    typing,
    wait_for,
)
from tests.screens.situations.kinds import (
    PDF,
    choosing,
    draw,
    file_chosen,
    on,
    pressing,
    recorded,
    recording,
    scanned,
    sheet,
    signed,
    with_folder,
    with_microphone,
    with_player,
    without_camera,
    without_scanner,
)
from tests.screens.touch import Touch

TAB, ENTER = 9, 13


@pytest.fixture
def english(person: Driver) -> Iterator[Driver]:
    person.shell.speak("en")
    person.settle()
    yield person
    person.shell.wipe()


def entry_of(person: Driver) -> Entry:
    entry = person.shell.visit.entry
    assert entry is not None
    return entry


def value(person: Driver, name: str) -> str:
    return entry_of(person).value_of(f"/data/{name}")


def asked(person: Driver) -> str:
    page = entry_of(person).page
    assert page is not None
    return page.questions[0].path.removeprefix("/data/")


# --- each kind by touch -----------------------------------------------------------------------


def test_every_kind_has_a_page_of_its_own_and_is_asked_by_the_every_kind_service(
    english: Driver,
) -> None:
    every_kind("/data/note")(english)
    controls = list(entry_of(english).definition.controls())
    assert {control.kind for control in controls} == set(QuestionKind) == set(KINDS)


def test_a_time_is_two_touches(english: Driver) -> None:
    on("opens")(english)
    english.tap("14")
    english.expect("14:00")
    english.tap("35")
    english.tap("1 minute earlier")
    assert value(english, "opens") == "14:34:00.000+07:00"
    english.tap("Continue")
    assert asked(english) == "moved_in"


def test_a_minute_before_midnight_is_yesterday_evening(english: Driver) -> None:
    on("opens")(english)
    english.tap("00")
    english.tap("1 minute earlier")
    assert value(english, "opens") == "23:59:00.000+07:00"
    english.tap("Back")
    english.expect("Evening")
    assert english.find("23").chosen


def test_a_date_and_time_is_a_date_then_a_time(english: Driver) -> None:
    on("moved_in")(english)
    english.type("2019")
    english.tap("Continue")
    english.tap("May")
    english.tap("12")
    english.tap("Continue")
    english.expect("Morning")
    english.tap("08")
    english.tap("30")
    assert value(english, "moved_in") == "2019-05-12T08:30:00.000+07:00"
    english.tap(NAMES["lo"])
    assert value(english, "moved_in") == "2019-05-12T08:30:00.000+07:00"
    english.tap(NAMES["en"])
    english.tap("Back")  # to the hours
    english.tap("Back")  # to the days
    english.tap("13")
    assert value(english, "moved_in") == "2019-05-13T08:30:00.000+07:00"
    shown = entry_of(english).question("/data/moved_in").shown
    assert shown == "May 13, 2019 08:30"


def test_a_date_without_its_time_is_not_handed_in(english: Driver) -> None:
    on("moved_in")(english)
    english.type("2019")
    english.tap("Continue")
    english.tap("May")
    english.tap("12")
    english.tap("Continue")
    english.tap("Continue")
    english.expect("Please give a date and a time of day.")


def test_a_number_of_few_is_one_touch_and_is_taken_back(english: Driver) -> None:
    on("calm")(english)
    assert value(english, "calm") == ""
    english.tap("7")
    assert value(english, "calm") == "7"
    english.tap("Erase this answer")
    assert value(english, "calm") == ""


def test_a_number_of_many_is_found_on_the_bar(english: Driver) -> None:
    on("slope")(english)
    bar = english.shell.screen._answer.ids.bar
    english.tap(bar.__self__)
    assert value(english, "slope") == "15.0"
    english.tap("+ 0.5")
    english.tap("- 2.5")
    assert value(english, "slope") == "13.0"
    assert entry_of(english).question("/data/slope").shown == "13"


def test_the_bar_ends_where_the_range_ends(english: Driver) -> None:
    pressing(on("slope"), 0)(english)
    english.tap("- 2.5")
    assert value(english, "slope") == "0.0"


@pytest.mark.parametrize(
    ("parameters", "first", "last", "count"),
    [
        ({"start": "0", "end": "1", "step": "0.1"}, "0.0", "1.0", 11),
        ({"start": "5", "end": "1", "step": "2"}, "5", "1", 3),
        ({"start": "1", "end": "10", "step": "4"}, "1", "9", 3),
        ({"start": "-2", "end": "2", "step": "0"}, "-2", "2", 5),
        ({"start": "x", "end": "inf", "step": ""}, "0", "10", 11),
        ({"start": "0", "end": "1e12", "step": "0.001"}, "0", "10", 11),
        ({}, "0", "10", 11),
    ],
)
def test_a_scale_is_what_the_form_says_or_zero_to_ten(
    parameters: dict[str, str], first: str, last: str, count: int
) -> None:
    scale = Scale.of(parameters)
    assert scale.count == count
    assert [float(scale.stop(at)) for at in (0, count - 1)] == [float(first), float(last)]
    assert scale.place(scale.stop(count - 1)) == count - 1


def test_things_are_touched_in_order(english: Driver) -> None:
    on("needs")(english)
    english.expect("Touch what comes first.")
    choosing(lambda _person: None, "power")(english)
    english.expect("Now touch what comes second.")
    assert english.shell.screen.spoken()[0] == "Now touch what comes second."
    choosing(lambda _person: None, "water")(english)
    assert value(english, "needs") == "power water"
    english.tap("Continue")
    english.expect("Please touch the others too")
    choosing(lambda _person: None, "power")(english)  # taken out: the next moves up
    assert value(english, "needs") == "water"
    choosing(lambda _person: None, "road", "power")(english)
    english.tap("Take the last one back")
    english.tap("Electricity")
    assert value(english, "needs") == "water road power"
    english.expect("That is your order.")
    question = entry_of(english).question("/data/needs")
    assert question.shown == "Clean water, A road, Electricity"
    english.tap("Continue")
    assert asked(english) == "many_needs"


def test_pictures_stand_beside_the_question_and_on_its_choices(english: Driver) -> None:
    on("house")(english)
    assert english.shell.screen.picture is not None
    assert all(english.find(f"A house {end}").picture for end in ("on stilts", "with a shop"))


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a"])
def test_a_picture_that_cannot_be_read_is_left_out(data: bytes) -> None:
    assert picture_texture(data) is None


def test_listen_plays_the_questions_own_clip_in_its_language(english: Driver) -> None:
    player = with_player(english)
    on("house")(english)
    english.tap("Listen")
    assert player.heard == [english.shell.screen.medium("house.mp3")]
    english.tap(NAMES["lo"])
    english.tap("ຟັງ")
    assert len(player.heard) == 1  # nobody has recorded it in Lao


def test_a_code_is_read_by_the_scanner_while_its_page_is_open(english: Driver) -> None:
    scanned(on("parcel"), "LA-77214")(english)
    assert value(english, "parcel") == "LA-77214"
    assert field(english).text == "LA-77214"
    english.expect("The code was read.")


def test_a_receipt_is_no_answer(english: Driver) -> None:
    submitted = english.world.submits()
    scanned(on("parcel"), submitted.receipt.token)(english)
    assert value(english, "parcel") == ""
    english.expect("This is the code of a receipt.")


def test_a_code_scanned_on_another_page_is_no_answer(english: Driver) -> None:
    scanned(on("calm"), "LA-77214")(english)
    assert value(english, "calm") == ""


def test_without_a_scanner_the_code_is_typed(english: Driver) -> None:
    without_scanner(on("parcel"))(english)
    english.expect("There is no scanner here.")
    english.tap(field(english))
    english.type("la7")
    english.tap("Continue")
    assert value(english, "parcel") == "la7"


def test_a_signature_is_drawn_and_kept_as_a_small_picture(english: Driver) -> None:
    signed(on("signed"))(english)
    (attachment,) = entry_of(english).attachments()
    assert (attachment.media_type, attachment.name) == ("image/png", "signed-1.png")
    assert len(attachment.data) < 20_000
    image = Image.open(io.BytesIO(attachment.data)).convert("L")
    assert image.getpixel((int(900 * 0.25), int(360 * 0.2))) == 0
    english.tap("Continue")
    english.tap("Back")
    assert sheet(english).texture is not None


def test_a_signature_is_erased_and_drawn_anew(english: Driver) -> None:
    signed(on("signed"))(english)
    english.tap("Erase and sign again")
    assert entry_of(english).attachments() == ()
    english.tap("Continue")
    english.expect("This question needs an answer.")
    draw(english, (0.2, 0.2), (0.8, 0.8))
    assert len(entry_of(english).attachments()) == 1


def test_a_touch_by_mistake_is_no_signature(english: Driver) -> None:
    on("signed")(english)
    draw(english, (0.5, 0.5), (0.505, 0.5))
    english.tap("Continue")
    english.expect("This is very small.")
    assert asked(english) == "signed"


def test_who_cannot_sign_goes_on_without(english: Driver) -> None:
    on("signed")(english)
    english.tap("I cannot sign here")
    assert asked(english) == "said"
    assert "/data/signed" in entry_of(english).record()["excused"]


def test_what_she_says_is_recorded_heard_and_recorded_anew(english: Driver) -> None:
    player = with_player(english)
    recorded(with_microphone(on("said")))(english)
    (first,) = entry_of(english).attachments()
    assert first.media_type == "audio/mpeg"
    english.tap("Listen to it")
    assert player.heard == []  # asked first: others can hear it
    english.tap("Play it")
    assert player.heard == [first.data]
    english.tap("Stop listening")
    assert not player.playing
    english.tap("Record it again")
    english.tap("Keep the recording I had")
    assert entry_of(english).attachments() == (first,)


def test_a_recording_stops_at_its_cap(english: Driver) -> None:
    with_microphone(on("said"), seconds_max=1)(english)
    english.tap("Touch here and speak")
    wait_for(english, entry_of(english).attachments)
    english.expect("It is added.")


def test_continue_stops_the_recording_first(english: Driver) -> None:
    recording(with_microphone(on("said")))(english)
    english.tap("Continue")
    assert asked(english) == "said"
    assert len(entry_of(english).attachments()) == 1


def test_back_drops_the_recording(english: Driver) -> None:
    recording(with_microphone(on("said")))(english)
    english.tap("Back")
    assert entry_of(english).attachments() == ()
    assert not english.shell.devices.microphone.recording


def test_a_microphone_that_fails_is_said(english: Driver) -> None:
    with_microphone(on("said"))(english)
    english.shell.devices.microphone._device = "no such filter"
    english.tap("Touch here and speak")
    wait_for(english, lambda: english.sees("Nothing was recorded."))


def test_without_a_microphone_a_recording_is_chosen(english: Driver) -> None:
    file_chosen(with_folder(on("said")), "voice.mp3")(english)
    (attachment,) = entry_of(english).attachments()
    assert attachment.name == "said-1.mp3"


def test_without_microphone_and_recordings_she_goes_on(english: Driver) -> None:
    on("said")(english)
    english.expect("There is no microphone here.")
    english.tap("Continue")
    assert asked(english) == "paper"


def test_a_pdf_is_added_as_it_is(english: Driver) -> None:
    file_chosen(with_folder(on("paper")), "contract.pdf")(english)
    (attachment,) = entry_of(english).attachments()
    assert attachment.data == PDF
    assert (attachment.media_type, attachment.name) == ("application/pdf", "paper-1.pdf")
    english.expect("PDF document")
    english.tap("Choose another file")
    english.tap("Keep the file I had")
    assert entry_of(english).attachments() == (attachment,)


def test_a_picture_among_files_is_made_anew(english: Driver) -> None:
    file_chosen(with_folder(on("paper")), "page.png")(english)
    (attachment,) = entry_of(english).attachments()
    assert Image.open(io.BytesIO(attachment.data)).format == "JPEG"
    assert english.shell.screen._answer.view is not None


def test_a_picture_that_is_hard_to_read_is_said_to_be(english: Driver) -> None:
    with_folder(on("paper"))(english)
    Image.new("RGB", (800, 500), "#101010").save(folder_of(english) / "page.png")
    english.tap("page.png")
    wait_for(english, entry_of(english).attachments)
    english.expect("The photo is dark.")


def test_enter_ends_a_code_and_she_sees_it(english: Driver) -> None:
    on("parcel")(english)
    english.tap(field(english))
    english.type("la7")
    field(english).dispatch("on_text_validate")
    english.settle()
    assert not english.shell.keyboard.is_open
    assert asked(english) == "parcel"
    english.expect("The code was read.")


def folder_of(person: Driver) -> Path:
    return person.world.folder / "brought"


def test_a_program_called_pdf_is_refused_in_words(english: Driver) -> None:
    with_folder(on("paper"))(english)
    (folder_of(english) / "contract.pdf").write_bytes(b"MZ\x90 a program")
    english.tap("contract.pdf")
    english.expect("This file cannot be read.")
    assert entry_of(english).attachments() == ()


def test_a_picture_called_pdf_is_taken_as_a_picture(english: Driver) -> None:
    with_folder(on("paper"))(english)
    (folder_of(english) / "page.png").rename(folder_of(english) / "contract.pdf")
    english.tap("contract.pdf")
    wait_for(english, entry_of(english).attachments)
    assert entry_of(english).attachments()[0].media_type == "image/jpeg"


def test_a_file_too_large_for_the_line_is_refused_in_words(english: Driver) -> None:
    with_folder(on("paper"))(english)
    large = b"%PDF-1.7" + b"\0" * PDF_BYTES_MAX + b"%%EOF"
    (folder_of(english) / "contract.pdf").write_bytes(large)
    english.tap("contract.pdf")
    english.expect("This file is too large.")


def test_a_stick_that_was_pulled_out_is_said(english: Driver) -> None:
    with_folder(on("paper"))(english)
    (folder_of(english) / "contract.pdf").unlink()
    english.tap("contract.pdf")
    english.expect("no longer there")


def test_an_empty_folder_is_no_dead_end(english: Driver) -> None:
    with_folder(on("paper"), empty=True)(english)
    english.expect("There are no files here.")
    (folder_of(english) / "late.pdf").write_bytes(PDF)
    wait_for(english, lambda: english.sees("late.pdf"))
    (folder_of(english) / "late.pdf").unlink()
    english.tap("Continue")
    assert asked(english) == "film"


@pytest.mark.parametrize(("name", "after"), [("film", "place"), ("place", "day")])
def test_what_no_kiosk_has_a_device_for_is_said_and_led_on(
    english: Driver, name: str, after: str
) -> None:
    on(name)(english)
    english.expect("the office will ask you")
    english.tap("Continue")
    assert asked(english) == after


def test_a_chosen_photo_that_is_hard_to_read_is_said_to_be(english: Driver) -> None:
    photo_chosen(on("front"), 1)(english)
    english.expect("The photo is dark. Can you read it?")
    english.tap("Choose another photo")
    english.tap("Keep the photo I had")
    assert len(entry_of(english).attachments()) == 1


def test_a_photo_is_required_only_where_there_is_a_camera(english: Driver) -> None:
    on("front")(english)
    english.tap("Continue")
    english.expect("This question needs an answer.")
    english.tap("Start over")
    english.tap("Erase and start over")
    english.shell.speak("en")
    without_camera(on("front"))(english)
    english.expect("There is no camera here.")
    english.tap("Continue")
    assert asked(english) == "has"


def test_the_check_page_says_each_answer_in_words(english: Driver) -> None:
    folder = with_folder(with_microphone(on("said")))
    recorded(folder)(english)
    entry = entry_of(english)
    entry.answer("/data/opens", "08:05:00.000+07:00")
    entry.answer("/data/needs", "road water power")
    entry.answer("/data/slope", "12.5")
    entry.attach("/data/signed", with_stroke(None, [(0, 0), (1, 1)]), "image/png")
    entry.attach("/data/paper", PDF, "application/pdf")
    for code, words in {
        "en": ("08:05", "A road, Clean water", "12.5", "Signed", "Recording added", "File added"),
        "lo": ("08:05", "ທາງ, ນ້ຳສະອາດ", "12,5", "ເຊັນແລ້ວ", "ເພີ່ມສຽງແລ້ວ", "ເພີ່ມໄຟລ໌ແລ້ວ"),
    }.items():
        english.shell.speak(code)
        english.shell.go("check", service_id=EVERY_KIND)
        english.settle()
        said = " ".join(english.words())
        while english.turn_page():
            said += " ".join(english.words())
        for word in words:
            assert word in said
        english.shell.back()


# --- the whole service ------------------------------------------------------------------------


def key(person: Driver, code: int, text: str = "") -> None:
    Window.dispatch("on_key_down", code, 0, text, [])
    Window.dispatch("on_key_up", code, 0)
    person.settle()


def held(person: Driver) -> Any:
    """What the keypad's ring is around."""
    return next((w for w in person.visible() if getattr(w, "pointed", False)), None)


def says(widget: object) -> list[str]:
    return [w.text for w in widget.walk(restrict=True) if getattr(w, "text", "")]  # type: ignore[attr-defined]


def reach(person: Driver, text: str) -> None:
    """Press Tab until the ring is around what says this, then Enter."""
    seen: list[list[str]] = []
    for _press in range(80):
        at = held(person)
        if at is not None and (text in says(at) or getattr(at, "name", "") == text):
            key(person, ENTER)
            return
        seen.append(says(at) if at is not None else [])
        key(person, TAB)
    raise AssertionError(f"Tab does not lead to {text!r} but to {seen}.")


def types(person: Driver, text: str) -> None:
    for character in text:
        key(person, ord(character), character)


TOUCHED = {  # what is reached with Tab and pressed with Enter, page by page; then Continue
    "street": ("Touch to answer", "Continue"),
    "opens": ("08", "30"),
    "moved_in": ("Continue", "May", "12", "Continue", "09", "15"),
    "calm": ("7",),
    "slope": ("+ 0.5", "+ 0.5"),
    "needs": ("road", "water", "power"),
    "house": ("shop",),
    "paper": ("contract.pdf",),
    "has": ("water",),
    "agreed": ("I have read this and I agree",),
}
TYPED = {"area": "125", "telephone": "020", "moved_in": "2019"}
WRITTEN = ("street", "long", "short", "parcel")


def by_keys(person: Driver) -> Iterator[str]:
    """Answers question after question without a touch; gives the name of each."""
    while (page := entry_of(person).page) is not None:
        name = page.questions[0].path.rpartition("/")[2]
        yield name
        types(person, TYPED.get(name, ""))
        if name == "said":
            speaks(person)
        for text in TOUCHED.get(name, ()):
            if text == "Continue" and name in WRITTEN:
                writes(person)
            reach(person, text)
        if name in WRITTEN and name not in TOUCHED:
            writes(person)
        wait_for(person, lambda: not is_looking(person))
        reach(person, "I cannot sign here" if name == "signed" else "Continue")


def test_a_long_question_stays_in_view_above_the_keyboard_of_a_low_panel(english: Driver) -> None:
    english.stands_before(PANELS["10in-1024x600"])
    typing(on("long"))(english)
    english.expect("Why do you ask for this")
    written = field(english)
    assert written.width >= mm(55)
    english.shell.speak("lo")
    english.settle()
    english.expect("ເປັນຫຍັງທ່ານຈຶ່ງຂໍໃບຢັ້ງຢືນ")
    assert field(english).width >= mm(55)


def test_what_has_no_room_in_one_language_is_said_in_the_other(english: Driver) -> None:
    english.stands_before(PANELS["10in-1024x600"])
    on("moved_in")(english)
    english.expect("This year is")  # the first of two lines, where both have no room
    assert not english.sees("Buddhist year")
    english.shell.speak("lo")
    english.settle()
    english.expect("ພ.ສ.")


def test_each_stroke_is_seen_while_it_is_drawn_in_strong_contrast_too(english: Driver) -> None:
    english.tap("Contrast")
    on("signed")(english)
    for height in (0.7, 0.4):  # on the dark sheet, then on the white one with the first stroke
        place = sheet(english)
        left, right = place.to_window(place.x, place.y)[0], place.to_window(place.right, place.y)[0]
        y = place.to_window(place.x, place.y + height * place.height)[1]
        finger = Touch(left + 0.2 * place.width, y)
        finger.down()
        finger.to(right - 0.2 * place.width, y)
        english.settle()
        grey = english.picture().convert("L")
        x, down = int((left + right) / 2), int(grey.height - y)
        drawn, beside = grey.getpixel((x, down)), grey.getpixel((x, down - mm(4)))
        assert abs(drawn - beside) > 150  # type: ignore[operator]  # one shade of grey each
        finger.up()
        english.settle()


SAID = {  # by Listen, besides the form's own clips
    "opens": {"Touch the hour."},
    "slope": {"Touch the bar, then use - and +."},
    "needs": {"Touch what comes first."},
    "parcel": {"Hold the code under the scanner. Or touch the field and type it."},
    "signed": {"Sign here with your finger", "I cannot sign here"},
    "said": {"There is no microphone here. Touch Continue: the office will ask you."},
    "film": {"This kiosk cannot film. Touch Continue: the office will ask you."},
    "agreed": {"I have read this and I agree"},
}


@pytest.mark.parametrize("code", ["lo", "en"])
def test_what_to_do_at_each_kind_is_said_aloud_too(person: Driver, code: str) -> None:
    person.shell.speak(code)
    on("note")(person)
    for name, sentences in SAID.items():
        entry_of(person).go_to(f"/data/{name}")
        person.shell.screen._turn()
        person.settle()
        assert sentences <= set(person.shell.screen.spoken()), name
    entry_of(person).go_to("/data/day")
    person.shell.screen._turn()
    person.settle()
    person.type("2027")
    person.tap(_("Continue"))
    assert "Touch the month." in person.shell.screen.spoken()


def test_a_sheet_to_sign_that_has_no_room_yet_is_no_failure(english: Driver) -> None:
    on("signed")(english)
    sheet(english).parent.height = 0  # as while a page is laid out
    assert sheet(english).width > 0


def writes(person: Driver) -> None:
    """The field has the focus, as after Tab; a real keyboard's letters go there."""
    field(person).focus = True
    person.settle()
    field(person).insert_text("words")
    person.settle()


def speaks(person: Driver) -> None:
    reach(person, "Touch here and speak")
    microphone = person.shell.devices.microphone
    wait_for(person, lambda: microphone.seconds > 0.3)
    key(person, ENTER)
    wait_for(person, lambda: value(person, "said"))


def is_looking(person: Driver) -> bool:
    return person.sees("Looking at the file")


def test_the_whole_service_is_answered_and_handed_in_by_keys_alone(english: Driver) -> None:
    without_camera(with_folder(with_microphone(on("note"))))(english)
    asked_for = list(itertools.islice(by_keys(english), 60))
    assert len(asked_for) == len(set(asked_for)) == 23
    english.expect("Check your answers")
    reach(english, "These answers are right")
    reach(english, "Hand in my application")
    english.expect("Your application is handed in")
    english.world.exchanges()
    (envelope,) = english.world.central.memory.applications.values()
    secret = open_secret(envelope.sealed_secret, bytes(english.world.central.box))
    service = english.world.desk.service(EVERY_KIND)
    record = open_answers(envelope, secret, service.bundle.dictionary)
    answers = record["answers"]
    assert answers["opens"] == "08:30:00.000+07:00"
    assert answers["moved_in"] == "2019-05-12T09:15:00.000+07:00"
    assert (answers["calm"], answers["slope"]) == ("7", "0.5")
    assert (answers["needs"], answers["house"]) == ("road water power", "shop")
    excused = ("signed", "film", "place", "front")
    assert record["excused"] == [f"/data/{name}" for name in excused]
    notes = envelope.parsed.evidence
    assert len(notes) == 2
    sealed = english.world.ledger.path.parent / "evidence"
    opened = [
        open_evidence(secret, at, (sealed / note.sha256.hex()).read_bytes())
        for at, note in enumerate(notes)
    ]
    assert opened[0].startswith(b"ID3")
    assert opened[1] == PDF


# --- nothing stays ----------------------------------------------------------------------------


def test_nothing_of_a_file_stays_after_the_visit(english: Driver) -> None:
    with_folder(on("paper"))(english)
    canary = b"a lease of " + str(id(english)).encode()
    (folder_of(english) / "contract.pdf").write_bytes(b"%PDF-1.7 " + canary + b" %%EOF")
    english.tap("contract.pdf")
    assert holders_of(canary)
    (folder_of(english) / "contract.pdf").unlink()
    english.shell.wipe()
    english.settle()
    assert holders_of(canary) == []


def test_nothing_of_signature_and_recording_stays_after_the_visit(english: Driver) -> None:
    signed(on("signed"))(english)
    (signature,) = entry_of(english).attachments()
    drawn = bytes(signature.data[200:260])
    del signature
    assert holders_of(drawn)
    english.shell.wipe()
    english.settle()
    assert holders_of(drawn) == []


def test_a_microphone_is_off_when_she_leaves(english: Driver) -> None:
    recording(with_microphone(on("said")))(english)
    microphone = english.shell.devices.microphone
    english.shell.wipe()
    assert not microphone.recording
    assert microphone.stop() is None


def test_odk_writes_a_time_with_its_zone() -> None:
    from datetime import time  # noqa: PLC0415

    assert odk_time(time(7, 5)) == "07:05:00.000+07:00"


def test_a_shown_answer_needs_no_widget_of_its_kind(english: Driver) -> None:
    open_form(english)
    question = entry_of(english).question("/data/for_whom")
    assert answer_class(question).__name__ == "ChoiceAnswer"
