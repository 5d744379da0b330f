"""Before the first question she sees, and can hear, what becomes of her answers; she may refuse."""

import pytest

from kiosk.language import _, language
from kiosk.notice import ASKED, OPTIONAL
from kiosk.screens.notice import HEADING
from kiosk.sheet import LAW
from tests.sample_answers import BUSINESS
from tests.screens.driver import Driver
from tests.screens.situations.applying import on_the_notice
from tests.screens.world import RESIDENCE


@pytest.mark.parametrize("code", ["lo", "en"])
def test_nothing_is_asked_before_all_of_it_was_shown(person: Driver, code: str) -> None:
    person.shell.speak(code)
    person.settle()
    on_the_notice(person)
    seen: set[str] = set()
    while person.shell.place.name == "notice":
        person.expect(_(HEADING))
        seen |= set(person.words())
        person.tap(_("Continue"))
    sheet = person.world.desk.service(BUSINESS).descriptor
    said = "\n".join(seen).replace("\u200b", "")
    for purpose in sheet.purposes:
        for words in (purpose.seen_by, purpose.kept):
            assert words.of(code).split()[0] in said
    assert person.shell.place.name == "question"
    person.tap(_("Back"))
    assert person.shell.place.name == "sheet"
    person.tap(_("Apply"))
    assert person.shell.place.name == "question"  # it was told already
    assert language() == code


def test_listen_says_the_headings_that_stand_there(person: Driver) -> None:
    """What the office has recorded of it comes first: see `test_finding_out`."""
    on_the_notice(person, RESIDENCE)
    spoken = person.shell.screen.spoken()
    assert spoken[:3] == (HEADING, ASKED, LAW)
    assert OPTIONAL not in spoken  # nothing rests on consent here
