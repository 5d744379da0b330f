"""Situations of short groups, whose questions share a page."""

from kiosk.printing.errors import PrinterCode
from tests.screens.driver import Driver
from tests.screens.short_groups import SHORT_GROUPS, publish_short_groups
from tests.screens.situations import Situation
from tests.screens.situations.applying import open_form, wrong
from tests.screens.situations.kinds import audible

FIRST = {  # a question of each page, by the name of its group
    "household": "/data/household/married",
    "water": "/data/water/source",
    "animals": "/data/animals/has_animals",
    "work": "/data/jobs/work1",
}


def sharing(group: str, *, paper: bool = True) -> Situation:
    """At the page of that group."""

    def situation(person: Driver) -> None:
        publish_short_groups(person.world)
        if not paper:
            person.world.printer_is(PrinterCode.PAPER_OUT)
        open_form(person, SHORT_GROUPS)
        entry = person.shell.visit.entry
        assert entry is not None
        assert entry.go_to(FIRST[group])
        person.shell.screen._turn()
        person.settle()

    return situation


SITUATIONS: dict[str, Situation] = {
    "share-page-wrong": wrong(audible(sharing("household"))),
    "share-list": sharing("work", paper=False),
}
