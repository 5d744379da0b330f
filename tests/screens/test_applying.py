"""Somebody fills in a form by touch, in either language, and nothing she said is lost."""

import gc
import io
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from kivy.cache import Cache
from kivy.uix.label import Label
from kivy.uix.textinput import TextInput
from PIL import Image

from kiosk.devices.photo import FolderPhotos
from kiosk.forms.entry import Entry, Question
from kiosk.language import NAMES, in_language
from kiosk.panels import PANELS
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState
from kiosk.room import VISIT_BYTES_MAX
from kiosk.screens.check import parts_of
from kiosk.screens.date_answer import common_year
from kiosk.screens.number_answer import pressed
from kiosk.screens.photo_answer import ANOTHER, KEEP
from sync.envelope import open_answers, open_secret
from sync.records import Kind
from tests.screens.driver import Driver, frame
from tests.screens.situations.applying import (
    NAME_OF_200,
    at,
    checking,
    confirming,
    disk_full,
    doubtful,
    every_kind,
    field,
    handed_in,
    open_form,
    photo_chosen,
    prints,
    reserve_reached,
    tiles,
    typing,
    wait_for,
)
from tests.screens.world import ANSWERS, RESIDENCE, World

STEPS_INSIDE_MAX = 5  # of one question: year, month, day
CANARY = "ນາງຄະນາຣີ"
Begun = Callable[[str], None]


@pytest.fixture
def english(person: Driver) -> Driver:
    person.shell.speak("en")
    person.settle()
    return person


def entry_of(person: Driver) -> Entry:
    entry = person.shell.visit.entry
    assert entry is not None
    return entry


def asked(person: Driver) -> str:
    page = entry_of(person).page
    assert page is not None
    return page.questions[0].path


def press(person: Driver, key: str) -> None:
    """A key that does something, such as {backspace}."""
    person.tap(next(w for w in person.visible() if getattr(w, "value", "") == key))


def type_words(person: Driver, text: str) -> None:
    if not person.shell.keyboard.is_open:
        person.tap(field(person))
    person.type(text)
    person.tap("Continue")


def test_a_whole_application_is_made_by_touch(english: Driver) -> None:
    person = english
    open_form(person)
    person.tap("For myself")
    person.tap("Continue")
    type_words(person, "mai vang")
    person.type("2533")
    person.tap("Continue")
    person.tap("I only know the year")
    person.tap("V")
    person.tap("Vientiane Capital")
    person.tap("Continue")
    person.tap("X")
    person.tap("Xaythany")
    person.tap("Continue")
    type_words(person, "dongdok")
    person.tap("Continue")
    person.type("12")
    person.tap("Continue")
    person.tap("School")
    person.tap("Bank")
    person.tap("Continue")
    person.tap("Continue")
    person.expect("mai vang")
    person.tap("These answers are right")
    person.tap("Hand in my application")
    person.expect("Your application is handed in")
    person.world.exchanges()
    (envelope,) = person.world.central.memory.applications.values()
    secret = open_secret(envelope.sealed_secret, bytes(person.world.central.box))
    service = person.world.desk.service(RESIDENCE)
    answers = open_answers(envelope, secret, service.bundle.dictionary)["answers"]
    assert answers["full_name"] == "mai vang"
    assert answers["birth_date"] == "1990"
    assert answers["district"] == "LA0106"
    assert answers["years_here"] == "12"
    assert answers["purposes"] == "school bank"


def test_the_language_changes_while_something_is_typed(english: Driver) -> None:
    typing(at("/data/full_name"))(english)
    english.type("mai")
    english.tap(NAMES["lo"])
    assert field(english).text == "mai"
    assert english.shell.keyboard.is_open
    english.type(" v")
    assert entry_of(english).value_of("/data/full_name") == "mai v"
    english.expect(in_language("lo", "Continue"))


def test_going_back_keeps_every_answer(english: Driver) -> None:
    open_form(english)
    english.tap("For my child")
    english.tap("Continue")
    type_words(english, "mai")
    english.tap("Back")
    assert field(english).text == "mai"
    english.tap("Back")
    assert entry_of(english).value_of("/data/for_whom") == "child"
    assert english.find("For my child").chosen


def test_reading_the_sheet_again_keeps_every_answer(english: Driver) -> None:
    open_form(english)
    english.tap("For my child")
    english.tap("Back")
    english.tap("Apply")
    assert entry_of(english).value_of("/data/for_whom") == "child"
    english.tap("Back")
    english.tap("Back")
    english.tap("Household business")
    english.tap("Apply")
    assert asked(english) == "/data/full_name"


def test_a_problem_is_said_at_the_top_and_at_the_field_and_the_answer_stays(
    english: Driver,
) -> None:
    at("/data/years_here")(english)
    english.type("120")
    english.tap("Continue")
    said = [words for words in english.words() if "cannot be more" in words]
    assert len(said) == 2
    english.expect("120")
    english.tap(NAMES["lo"])
    assert not [words for words in english.words() if "cannot be more" in words]
    assert entry_of(english).value_of("/data/years_here") == "120"


def test_a_problem_goes_when_the_answer_is_mended(english: Driver) -> None:
    at("/data/for_whom")(english)
    english.tap("Continue")
    english.expect("Please choose one.")
    english.tap("For myself")
    assert not english.sees("Please choose one.")


def test_progress_follows_the_skip_logic(english: Driver) -> None:
    open_form(english)
    english.tap("For my child")
    english.expect("Question 1 of 11")
    english.tap("For myself")
    english.expect("Question 1 of 10")


def test_a_letter_leaves_only_the_names_under_it(english: Driver) -> None:
    at("/data/province")(english)
    english.tap("S")
    names = ("Savannakhet", "Salavan", "Sekong")
    assert all(english.sees(name) for name in names)
    assert not english.sees("Phongsaly")
    english.tap("S")
    english.expect("Phongsaly")


def test_the_list_opens_where_the_chosen_one_is(english: Driver) -> None:
    at("/data/district")(english)
    entry_of(english).answer("/data/province", "LA18")
    english.tap("Back")
    assert english.find("Xaisomboon").chosen


def test_several_are_chosen_and_one_taken_back(english: Driver) -> None:
    at("/data/purposes")(english)
    entry_of(english).answer("/data/purposes", "")
    english.tap("Bank")
    english.tap("School")
    english.tap("Bank")
    assert entry_of(english).value_of("/data/purposes") == "school"


@pytest.mark.parametrize(
    ("digits", "year"),
    [("1990", 1990), ("2533", 1990), ("2400", None), ("1899", None), ("25", None), ("2101", None)],
)
def test_a_year_is_understood_in_both_eras(digits: str, year: int | None) -> None:
    assert common_year(digits) == year


def test_a_date_is_known_to_the_day(english: Driver) -> None:
    at("/data/birth_date")(english)
    english.type("1990")
    english.expect("Buddhist year 2533")
    english.tap("Continue")
    english.tap("February")
    assert not english.sees("29")
    english.tap("28")
    english.tap("Continue")
    assert entry_of(english).value_of("/data/birth_date") == "1990-02-28"
    assert asked(english) == "/data/province"


def test_a_date_is_known_to_the_month(english: Driver) -> None:
    at("/data/birth_date")(english)
    english.type("1990")
    english.tap("Continue")
    english.tap("February")
    english.tap("I only know the month and year")
    assert entry_of(english).value_of("/data/birth_date") == "1990-02"
    assert asked(english) == "/data/province"


def test_back_leads_from_the_day_to_the_year(english: Driver) -> None:
    at("/data/birth_date")(english)
    english.type("1990")
    english.tap("Continue")
    english.tap("February")
    english.tap("Back")
    english.expect("September")
    english.tap("Back")
    english.expect("1990")
    assert asked(english) == "/data/birth_date"


def test_a_year_of_two_figures_is_explained(english: Driver) -> None:
    at("/data/birth_date")(english)
    english.type("25")
    english.tap("Continue")
    english.expect("four figures")
    english.expect("25")


@pytest.mark.parametrize(
    ("value", "key", "after"),
    [
        ("", "7", "7"),
        ("12", "{backspace}", "1"),
        ("12", "{clear}", ""),
        ("", ".", "0."),
        ("1.5", ".", "1.5"),
        ("9" * 15, "9", "9" * 15),
    ],
)
def test_a_key_of_the_pad_changes_the_number(value: str, key: str, after: str) -> None:
    assert pressed(value, key) == after


def test_a_telephone_number_keeps_its_first_zero(english: Driver) -> None:
    every_kind("/data/telephone")(english)
    english.type("02055")
    assert entry_of(english).value_of("/data/telephone") == "02055"


def test_the_keyboard_opens_by_itself_where_nothing_else_is_to_be_read(english: Driver) -> None:
    every_kind("/data/short")(english)
    assert english.shell.keyboard.is_open


def test_an_agreement_is_given_and_taken_back(english: Driver) -> None:
    every_kind("/data/agreed")(english)
    english.tap("I have read this")
    assert entry_of(english).value_of("/data/agreed") == "OK"
    english.tap("I have read this")
    assert entry_of(english).value_of("/data/agreed") == ""


def test_a_chosen_photo_is_a_clean_jpeg_in_memory(english: Driver) -> None:
    photo_chosen(at("/data/family_book"), 0)(english)
    (attachment,) = entry_of(english).attachments()
    image = Image.open(io.BytesIO(attachment.data))
    assert (image.format, attachment.media_type) == ("JPEG", "image/jpeg")
    assert not image.getexif()
    english.tap(ANOTHER)
    english.tap(KEEP)
    assert entry_of(english).attachments() == (attachment,)


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """The folder that the kiosk's pictures come from."""
    made = tmp_path / "pictures"
    made.mkdir()
    shell = world.shell

    def with_pictures() -> object:
        glass = shell()
        object.__setattr__(glass.devices, "photos", FolderPhotos(made))
        return glass

    world.shell = with_pictures  # type: ignore[method-assign,assignment]
    return made


def test_a_broken_picture_is_refused_in_words(folder: Path, world: World) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    with Driver.before(world, PANELS["10in-1280x800"]) as person:
        person.shell.speak("en")
        at("/data/family_book")(person)
        wait_for(person, lambda: all(tile.refused for tile in tiles(person)) and tiles(person))
        assert entry_of(person).attachments() == ()


def test_a_picture_that_is_gone_is_said(folder: Path, world: World) -> None:
    Image.new("RGB", (300, 200), "white").save(folder / "a.jpg")
    with Driver.before(world, PANELS["10in-1280x800"]) as person:
        person.shell.speak("en")
        at("/data/family_book")(person)
        wait_for(person, lambda: all(tile.texture for tile in tiles(person)) and tiles(person))
        (folder / "a.jpg").unlink()
        person.tap(tiles(person)[0])
        person.expect("no longer there")


def test_a_kiosk_without_pictures_says_so(folder: Path, world: World) -> None:
    assert not list(folder.iterdir())
    with Driver.before(world, PANELS["10in-1280x800"]) as person:
        person.shell.speak("en")
        at("/data/family_book")(person)
        person.expect("no photos here yet")
        person.tap("Continue")
        person.expect("Check your answers")


def test_change_leads_to_the_question_and_back_to_its_row(english: Driver) -> None:
    checking()(english)
    while not english.sees("How many years"):
        assert english.turn_page()
    row = next(w for w in english.visible() if getattr(w, "question", "").startswith("How many"))
    english.tap(row.children[0])
    press(english, "{clear}")
    english.type("5")
    english.tap("Continue")
    english.expect("Check your answers")
    english.expect("How many years")
    english.expect("5")


def test_what_is_missing_is_said_and_led_to(english: Driver) -> None:
    checking(all_given=False)(english)
    english.expect("still needed 2")
    english.tap("Answer what is missing")
    type_words(english, "dongdok")
    english.expect("still needed 1")
    english.tap("Answer what is missing")
    press(english, "{backspace}")
    english.tap("Continue")
    english.expect("These answers are right")


def test_a_name_of_200_letters_is_shown_whole(english: Driver) -> None:
    checking(name=NAME_OF_200)(english)
    said = "".join(english.words())
    while english.turn_page():
        said += "".join(english.words())
    for part in parts_of(NAME_OF_200):
        assert part in said


def test_what_was_left_out_reads_not_given(english: Driver) -> None:
    checking()(english)
    found = english.sees("not given")
    while not found and english.turn_page():
        found = english.sees("not given")
    assert found


def test_a_full_disk_is_said_and_every_answer_stays(english: Driver) -> None:
    disk_full(english)
    english.expect("storage is full")
    assert entry_of(english).value_of("/data/full_name") == ANSWERS["/data/full_name"]
    english.tap("Hand in my application")
    english.expect("Your application is handed in")


def test_where_the_reserve_is_reached_no_photo_is_taken_and_the_application_is(
    english: Driver,
) -> None:
    reserve_reached(at("/data/family_book"))(english)
    english.expect("No photos or files can be added now. You can apply without them.")
    english.expect("No photos or files can be added here now. Touch Continue")
    assert not tiles(english)
    english.tap("Continue")
    assert entry_of(english).at_end
    assert not any(one.path == "/data/family_book" for one in entry_of(english).violations())


def test_a_photo_that_is_one_too_many_is_said_and_the_others_stay(english: Driver) -> None:
    at("/data/family_book")(english)
    english.world.visit.kept_bytes = VISIT_BYTES_MAX - 1000
    wait_for(english, lambda: all(tile.texture for tile in tiles(english)) and tiles(english))
    english.tap(tiles(english)[0])
    wait_for(english, lambda: english.sees("as much as one visit can hold"))
    assert entry_of(english).attachments() == ()


def test_nothing_leads_back_behind_a_receipt(english: Driver) -> None:
    handed_in()(english)
    english.shell.back()
    english.settle()
    english.expect("Your application is handed in")
    assert english.shell.visit.entry is None


def test_two_touches_on_submit_file_one_application(english: Driver) -> None:
    confirming()(english)
    screen = english.shell.screen
    screen.hand_in()
    screen.hand_in()
    assert english.world.ledger.waiting_count() == 1


def test_the_paper_is_followed_in_words(english: Driver) -> None:
    handed_in()(english)
    english.expect("is being printed")
    prints(english.world)
    english.passes_s(0.5)
    english.expect("is printed")
    english.tap("Print again")
    english.expect("is being printed")


def test_without_paper_it_is_printed_later(english: Driver) -> None:
    english.world.printer_is(PrinterCode.PAPER_OUT)
    handed_in()(english)
    english.expect("Your receipt will be printed later.")
    english.expect("no paper")


def test_a_doubtful_paper_is_asked_about(english: Driver) -> None:
    doubtful(english)
    english.expect("Did the receipt come out whole?")
    english.tap("It came out")
    english.expect("is printed")
    submitted = english.shell.visit.submitted
    assert submitted is not None
    assert english.world.desk.job_state(submitted.job) is JobState.PRINTED


def feedback_count(world: World) -> int:
    world.exchanges()
    return sum(
        envelope.parsed.kind is Kind.FEEDBACK
        for log in world.central.memory.logs.values()
        for envelope in log
    )


def test_an_opinion_takes_three_touches(english: Driver) -> None:
    handed_in()(english)
    english.tap("Continue")
    for answer in ("Very easy", "Mostly", "Good"):
        english.tap(answer)
    english.expect("Thank you")
    assert feedback_count(english.world) == 1


def test_an_opinion_may_be_kept_to_oneself(english: Driver) -> None:
    handed_in()(english)
    english.tap("Continue")
    english.tap("Skip all")
    english.expect("Thank you")
    assert feedback_count(english.world) == 0


def test_nothing_of_a_person_stays_in_a_widget(english: Driver) -> None:
    at("/data/full_name")(english)
    entry_of(english).answer("/data/full_name", CANARY)
    english.shell.screen.refresh()
    english.settle()
    english.expect(CANARY)
    english.shell.go("check", service_id=RESIDENCE)
    english.settle()
    english.shell.wipe()
    english.settle()
    gc.collect()
    assert CANARY not in repr(Cache._objects)
    held = [
        thing
        for thing in gc.get_objects()
        # By `type`: a weak proxy would answer for a widget that is gone.
        if (issubclass(type(thing), Label | TextInput) and CANARY in thing.text)
        or (type(thing) is Question and CANARY in thing.value)
    ]
    assert held == []


def test_no_darkroom_outlives_its_page(english: Driver) -> None:
    photo_chosen(at("/data/family_book"), 0)(english)
    room = english.shell.screen._answer._darkroom
    pid = room._process.pid
    english.shell.wipe()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_change_always_leads_back_and_what_is_empty_reads_not_given(english: Driver) -> None:
    chance = Random(1)
    checking()(english)
    for _step in range(6):
        entry = entry_of(english)
        line = chance.choice(list(entry.lines()))
        english.shell.screen.change(line.path)
        frame()
        assert asked(english) == line.path
        before = entry.value_of(line.path)
        english.shell.screen.give(line.path, chance.choice(["", before]))
        for _inside in range(STEPS_INSIDE_MAX):
            if english.shell.place.name != "question":
                break
            if entry.question(line.path).required and not entry.value_of(line.path):
                english.shell.screen.proceed()
                assert english.shell.place.name == "question", "what is needed is asked for here"
                english.shell.screen.give(line.path, before)
            if english.shell.screen.aside:  # of a year, its month and day are not known
                english.shell.screen.take_aside()
            else:
                english.shell.screen.proceed()
            frame()
        assert english.shell.place.name == "check"
        rows = english.shell.screen._rows
        for told in entry_of(english).lines():
            assert (rows[told.path, 0].answer == "not given") is not told.given
