"""Situations of somebody with children, rooms and fields, in a country of many villages."""

from kiosk.language import _
from kiosk.printing.errors import PrinterCode
from kiosk.screens.list_answer import ListAnswer
from kiosk.screens.text import Field
from tests.screens.driver import Driver
from tests.screens.household import HOUSEHOLD, publish_household
from tests.screens.situations import Situation
from tests.screens.situations.applying import open_form, typing, wrong

GIVEN = {
    "/data/person/who": "ນາງ ສົມພອນ ວົງສະຫວັນ",
    "/data/person/born": "1984-03-09",
    "/data/district": "d5",
    "/data/village": "v155",
    "/data/birthplace": "v4000",
    "/data/fields": "v5 v6 v7",
    "/data/child[1]/cname": "ທ້າວ ຄຳຫຼ້າ",
    "/data/child[1]/cborn": "2015",
    "/data/child[1]/learning/school": "ໂຮງຮຽນດົງໂດກ",
    "/data/child[1]/needle[1]/against": "ໂປລິໂອ",
    "/data/rooms": "2",
    "/data/room[1]/use": "ນອນ",
    "/data/vehicle[1]/plate": "ກກ 1234",
}
OTHER_NAMES = ("ນາງ ມະນີວອນ ພົມມະຈັນ", "ທ້າວ ບຸນມີ", "ນາງ ແກ້ວ", "ທ້າວ ໄຊ", "ນາງ ດາວ", "ທ້າວ ຈັນ")


def begun(person: Driver, *, paper: bool = True, children: int = 1) -> None:
    """The form with everything answered, and so many children."""
    publish_household(person.world)
    if not paper:
        person.world.printer_is(PrinterCode.PAPER_OUT)
    open_form(person, HOUSEHOLD)
    entry = person.shell.visit.entry
    assert entry is not None
    for number in range(2, children + 1):
        entry.add_repeat("/data/child")
        name = OTHER_NAMES[(number - 2) % len(OTHER_NAMES)]
        entry.answer(f"/data/child[{number}]/cname", name)
    for path, value in GIVEN.items():
        entry.answer(path, value)


def at(path: str, *, empty: bool = False, paper: bool = True, children: int = 1) -> Situation:
    """At that question or repeat's end."""

    def situation(person: Driver) -> None:
        begun(person, paper=paper, children=children)
        entry = person.shell.visit.entry
        assert entry is not None
        if empty:
            entry.answer(path, "")
        assert entry.go_to(path)
        person.shell.screen.refresh()
        person.settle()

    return situation


def fresh(path: str, *, paper: bool = True) -> Situation:
    """There for the first time: nothing was answered yet."""

    def situation(person: Driver) -> None:
        publish_household(person.world)
        if not paper:
            person.world.printer_is(PrinterCode.PAPER_OUT)
        open_form(person, HOUSEHOLD)
        entry = person.shell.visit.entry
        assert entry is not None
        assert entry.go_to(path)
        person.shell.screen.refresh()
        person.settle()

    return situation


def without(path: str, instance: str) -> Situation:
    """At a repeat's end with nothing in it."""

    def situation(person: Driver) -> None:
        begun(person, paper=False)
        entry = person.shell.visit.entry
        assert entry is not None
        entry.remove_repeat(instance)
        assert entry.go_to(path)
        person.shell.screen.refresh()
        person.settle()

    return situation


def full(person: Driver) -> None:
    """No more children may be added."""
    at("/data/child", children=2, paper=False)(person)
    entry = person.shell.visit.entry
    assert entry is not None
    while entry.add_repeat("/data/child"):
        pass
    person.shell.screen.refresh()
    person.settle()


def first_touched(before: Situation, text: str) -> Situation:
    """After the first thing that says so was touched; more than one may."""

    def situation(person: Driver) -> None:
        before(person)
        person.tap(text if text in person.words() else _(text))

    return situation


def letter(before: Situation) -> Situation:
    """After the first letter was touched."""

    def situation(person: Driver) -> None:
        before(person)
        answer = next(widget for widget in person.widgets() if isinstance(widget, ListAnswer))
        person.tap(answer.ids.letters.rows[0].children[-1])

    return situation


def searching(before: Situation, text: str) -> Situation:
    """After touching Search and typing."""

    def situation(person: Driver) -> None:
        before(person)
        person.tap(_("Search"))
        assert any(isinstance(widget, Field) for widget in person.visible())
        field = next(widget for widget in person.visible() if isinstance(widget, Field))
        field.text = text
        person.settle()

    return situation


def found(before: Situation, text: str) -> Situation:
    """With the keyboard folded away again."""

    def situation(person: Driver) -> None:
        searching(before, text)(person)
        person.shell.keyboard._hide()
        person.settle()

    return situation


def checking(*, children: int = 2, paper: bool = True, missing: bool = False) -> Situation:
    """On the check-answers page."""

    def situation(person: Driver) -> None:
        begun(person, paper=paper, children=children)
        entry = person.shell.visit.entry
        assert entry is not None
        entry.go_to_end()
        if missing:
            entry.answer("/data/child[2]/cname", "")
        person.shell.go("check", service_id=HOUSEHOLD)
        person.settle()

    return situation


SITUATIONS: dict[str, Situation] = {
    "list-letters": fresh("/data/birthplace", paper=False),
    "list-letter": letter(fresh("/data/birthplace", paper=False)),
    "list-chosen": at("/data/birthplace", paper=False),
    "list-filtered": at("/data/village", paper=False),
    "list-districts": wrong(fresh("/data/district", paper=False)),
    "list-search": searching(fresh("/data/birthplace"), "ນາ"),
    "list-search-latin": searching(fresh("/data/birthplace", paper=False), "noy"),
    "list-found": found(fresh("/data/birthplace", paper=False), "noy"),
    "list-not-found": found(fresh("/data/birthplace", paper=False), "zzzzzzzzzzzz"),
    "list-several": at("/data/fields", paper=False),
    "repeat-first": fresh("/data/vehicle[1]/plate", paper=False),
    "repeat-first-text": fresh("/data/child[1]/cname", paper=False),
    "repeat-question": at("/data/child[1]/cborn", paper=False),
    "repeat-typing": typing(at("/data/child[1]/cname")),
    "repeat-list-page": at("/data/child[1]/learning/school", paper=False),
    "repeat-nested": at("/data/child[1]/needle[1]/against", paper=False),
    "repeat-end": at("/data/child", paper=False),
    "repeat-end-many": at("/data/child", children=7, paper=False),
    "repeat-end-nested": at("/data/child[1]/needle", paper=False),
    "repeat-end-own-words": at("/data/vehicle", paper=False),
    "repeat-end-none": without("/data/child", "/data/child[1]"),
    "repeat-end-full": full,
    "repeat-remove": first_touched(at("/data/child", paper=False), "Remove"),
    "check-parts": checking(paper=False),
    "check-parts-missing": checking(paper=False, missing=True),
}
