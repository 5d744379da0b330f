"""Repeats and long lists by touch: as many children as there are, one village among thousands."""

import pytest

from kiosk.forms.entry import Entry
from kiosk.language import NAMES, in_language
from kiosk.panels import PANELS
from kiosk.screens.check import AnswerRow, PartHeading
from kiosk.screens.choice_answer import Option
from kiosk.screens.list_answer import MANY_FOUND, NONE_FOUND
from tests.screens.driver import Driver
from tests.screens.household import VILLAGES
from tests.screens.situations.applying import NAME_OF_200, field
from tests.screens.situations.applying import checking as check_answers
from tests.screens.situations.listing import at, checking, found, fresh, searching
from tests.screens.world import World

TYPED = {"lo": ("ທ່ານເກີດຢູ່ບ້ານໃດ?", "ນາ"), "en": ("Which village were you born", "noy")}


@pytest.fixture
def english(person: Driver) -> Driver:
    person.shell.speak("en")
    person.settle()
    return person


def entry_of(person: Driver) -> Entry:
    entry = person.shell.visit.entry
    assert entry is not None
    return entry


def place(person: Driver) -> str:
    """What the page asks for, or the repeat that it ends."""
    page = entry_of(person).page
    assert page is not None
    return page.repeat.path if page.repeat is not None else page.questions[0].path


def names_shown(person: Driver) -> list[str]:
    return [card.text for card in person.visible() if isinstance(card, Option)]


def type_words(person: Driver, text: str) -> None:
    if not person.shell.keyboard.is_open:
        person.tap(field(person))
    person.type(text)
    person.tap("Continue")


def test_one_more_is_added_named_and_shown_at_the_repeats_end(english: Driver) -> None:
    at("/data/vehicle")(english)
    english.tap("I have one more vehicle")
    assert place(english) == "/data/vehicle[2]/plate"
    type_words(english, "ab 12")
    english.expect("Vehicle: 2 so far")
    english.expect("ab 12")
    english.tap(NAMES["lo"])
    english.expect("ລົດ 2")
    english.tap("ໝົດແລ້ວ")
    assert entry_of(english).at_end


def test_change_goes_through_that_one_and_back_leads_to_the_list(english: Driver) -> None:
    at("/data/child", children=3)(english)
    english.tap(english.find("Change"))  # the last on the page is found
    assert place(english) == "/data/child[3]/cname"
    english.expect("Child 3")
    english.tap("Back")
    assert place(english) == "/data/child"
    english.tap(english.find("Change"))
    type_words(english, "x")
    english.tap("Continue")  # when born
    english.tap("Continue")  # the school
    english.tap("That is all")  # no vaccination
    assert place(english) == "/data/child"
    assert entry_of(english).value_of("/data/child[3]/cname").endswith("x")


def test_remove_asks_once_and_keeps_or_takes_away(english: Driver) -> None:
    at("/data/child", children=2)(english)
    english.tap(english.find("Remove"))
    english.expect("and everything written there?")
    english.tap("Keep")
    english.expect("Child: 2 so far")
    english.tap(english.find("Remove"))
    english.tap("Remove")
    english.expect("Child: 1 so far")
    assert place(english) == "/data/child"


def test_somebody_without_any_says_so_in_one_touch(english: Driver) -> None:
    fresh("/data/vehicle[1]/plate")(english)
    assert not english.shell.keyboard.is_open
    english.tap("I have no vehicle")
    assert "vehicle" not in entry_of(english).record()["answers"]
    english.expect("Check your answers")
    english.shell.back()
    english.settle()
    english.expect("Vehicle: none")
    english.tap("I have one more vehicle")
    assert place(english) == "/data/vehicle[1]/plate"


def test_more_are_added_from_the_answers_to_check(english: Driver) -> None:
    checking(children=2)(english)
    row = next(w for w in english.shell.screen._rows.values() if w.level == 0 and says_child(w))
    row.dispatch("on_change")
    english.settle()
    assert place(english) == "/data/child"
    english.tap("That is all")
    english.expect("Check your answers")


def says_child(row: object) -> bool:
    return getattr(row, "question", "") == "Child"


def test_the_answers_to_check_stand_under_their_parts(english: Driver) -> None:
    checking(children=2)(english)
    said = [
        (row.level, getattr(row, "question", "") or getattr(row, "text", ""))
        for row in english.shell.screen._rows.values()
    ]
    assert said[:2] == [(0, "About you"), (1, "What is your name?")]
    assert (0, "Child 2") in said
    assert (1, "Vaccination 1") in said
    assert (2, "Against what?") in said
    assert said[-1] == (0, "Vehicle")


def test_two_hundred_children_are_checked_in_volumes(english: Driver) -> None:
    checking(children=60)(english)
    screen = english.shell.screen
    shown = set(screen._rows)
    screen._turn_volume(1)
    english.settle()
    assert not shown & set(screen._rows)
    assert len(screen._rows) <= 120


def test_a_letter_then_a_name_chooses_a_village(english: Driver) -> None:
    fresh("/data/birthplace")(english)
    english.expect("Touch the first letter of the name.")
    assert names_shown(english) == []
    english.tap("K")
    names = names_shown(english)
    assert names
    assert names == sorted(names)
    assert all(name.startswith("K") for name in names)
    english.tap(names[1])
    english.expect(f"Chosen: {names[1]}")
    english.turn_page()
    english.expect(f"Chosen: {names[1]}")
    english.tap("Back")
    assert names_shown(english) == []  # the letters again
    english.tap(NAMES["lo"])
    english.expect("ເລືອກແລ້ວ: ")


def test_a_part_of_a_name_finds_it(english: Driver) -> None:
    fresh("/data/birthplace")(english)
    english.tap("Search")
    english.type("saphang")
    assert all("Saphangthong" in name for name in names_shown(english))
    name = names_shown(english)[0]
    english.tap(name)
    assert not english.shell.keyboard.is_open
    english.expect(f"Chosen: {name}")
    assert name in names_shown(english)


@pytest.mark.parametrize("code", ["lo", "en"])
def test_question_and_matches_are_seen_while_typing(world: World, code: str) -> None:
    with Driver.before(world, PANELS["10in-1024x600"]) as low:
        low.shell.speak(code)
        question, typed = TYPED[code]
        searching(fresh("/data/birthplace"), typed)(low)
        low.expect(question)
        assert len(names_shown(low)) >= 2
        low.expect(in_language(code, "Show %(count)s", count=int(low.shell.screen._answer.found)))
        assert low.shell.screen.spoken()[0] == MANY_FOUND
        field(low).text = "zzz"
        low.settle()
        low.expect(question)
        low.expect(in_language(code, NONE_FOUND).split()[0])
        assert low.shell.screen.spoken()[0] == NONE_FOUND


def test_nothing_found_is_said(english: Driver) -> None:
    found(fresh("/data/birthplace"), "zzz")(english)
    english.expect("No name here has these letters.")


def test_several_are_chosen_while_typing(english: Driver) -> None:
    searching(fresh("/data/fields"), "noy")(english)
    one, other = names_shown(english)[:2]
    english.tap(one)
    english.tap(other)
    assert len(entry_of(english).value_of("/data/fields").split()) == 2
    english.tap("Back")
    english.expect("Chosen: 2")
    assert {one, other} <= set(names_shown(english))


def test_only_the_names_of_one_page_exist(english: Driver) -> None:
    at("/data/birthplace")(english)
    for _turn in range(2):
        cards = [w for w in english.widgets() if isinstance(w, Option)]
        assert 0 < len(cards) <= 9
        english.shell.screen._answer.ids.list.turn(1)
        english.settle()
    page = entry_of(english).page
    assert page is not None
    assert len(page.questions[0].choices) == VILLAGES


def test_the_year_page_says_both_eras(english: Driver) -> None:
    fresh("/data/person/born")(english)
    english.expect("Buddhist year")
    english.type("2533")
    english.expect("Do you mean 1990?")
    english.tap("Yes, 1990")
    english.expect("February")
    english.expect("Year 1990")


def test_instances_are_counted_as_one_question_and_a_repeats_end_is_a_place(
    english: Driver,
) -> None:
    at("/data/child[2]/cname", children=2)(english)
    for path in ("/data/person/who", "/data/child"):
        assert entry_of(english).go_to(path)
        english.shell.screen.refresh()
    english.shell.wipe()
    english.passes_s(0.5)
    ((_day, journeys),) = english.world.ledger.journeys()
    met = {path: steps.numbers()[:3] for path, steps in journeys.questions.items()}
    assert met["/data/child/cname"] == met["/data/person/who"] == (1, 0, 0)
    assert met["/data/child"] == (1, 0, 1), "where a repeat ends is a place too"


def test_the_answers_of_a_child_say_whose_they_are_on_each_page(person: Driver) -> None:
    person.shell.speak("en")
    checking(paper=False)(person)
    tops = []
    while True:
        rows = [one for one in person.visible() if isinstance(one, AnswerRow | PartHeading)]
        top = max(rows, key=lambda row: row.to_window(0, row.top)[1])
        if isinstance(top, AnswerRow) and top.level and top.question:
            tops.append(top)
            person.expect(f"{top.under} · {top.question}")
        if not person.turn_page():
            break
    assert any(top.under.startswith(("Child 1", "Child 2")) for top in tops)


def test_a_count_that_was_wrong_for_a_moment_loses_nothing(english: Driver) -> None:
    at("/data/rooms", empty=True)(english)
    entry = entry_of(english)
    for count in ("3", "2", "3"):
        english.tap(next(w for w in english.visible() if getattr(w, "value", "") == "{backspace}"))
        english.type(count)
        english.tap("Continue")
        for number in range(1, int(count) + 1):
            assert place(english) == f"/data/room[{number}]/use"
            if not entry.value_of(place(english)):
                type_words(english, f"use {number}")
            else:
                english.tap("Continue")
        assert place(english) == "/data/vehicle[1]/plate"
        uses = entry.record()["answers"]["room"]
        assert [one["use"] for one in uses][1:] == ["use 2", "use 3"][: int(count) - 1]
        for _page in range(int(count) + 1):
            english.tap("Back")
        assert place(english) == "/data/rooms"


def test_listen_says_what_may_be_done_at_a_repeats_end(english: Driver) -> None:
    at("/data/child")(english)
    assert english.shell.screen.spoken() == ("Add another", "That is all")
    entry_of(english).go_to("/data/vehicle")  # its words are the form's own
    english.shell.screen._turn()
    assert "Add another" not in english.shell.screen.spoken()


def test_few_rows_stand_at_the_top_of_their_list(english: Driver) -> None:
    at("/data/child")(english)
    answer = english.shell.screen._answer
    (row,) = answer.ids.list.rows
    assert row.top == pytest.approx(answer.ids.list.top, abs=2)


def test_an_answer_that_goes_on_behind_the_page_says_again_what_was_asked(english: Driver) -> None:
    english.stands_before(PANELS["10in-1024x600"])
    check_answers(name=NAME_OF_200)(english)
    asked = []
    for _page in range(9):
        rows = [one for one in english.visible() if isinstance(one, AnswerRow)]
        asked += [one.continued for one in rows[:1] if not one.leads]
        if asked or not english.turn_page():
            break
    assert asked == ["Which full name goes on the certificate?"]
    english.expect(asked[0])
