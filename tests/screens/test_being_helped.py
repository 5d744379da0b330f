"""A clerk helps at the screen: signed in without a line, named on each page; she confirms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.language import _
from kiosk.panels import PANELS
from kiosk.printing.errors import PrinterCode
from kiosk.screens.shell import Shell
from kiosk.visit import Visit
from sync.central.casework import clerks
from sync.central.casework.models import Case, Office
from sync.central.intake.exchange import CentralServer
from sync.records import Channel, Header
from tests import residence
from tests.desk_kiosk import DeskKiosk, fill
from tests.officers import NOW, browser_of, new_officer, text_of
from tests.paper_kiosk import new_code
from tests.sample_answers import ANSWERS
from tests.sample_answers import RESIDENCE as FORM
from tests.sample_service import OFFICE
from tests.screens.driver import Driver
from tests.screens.situations import applying
from tests.screens.situations.being_helped import (
    NAME,
    NUMBER,
    asking_for_a_clerk,
    at_home,
    at_the_applicant,
    at_the_number,
    gives,
    has_clerk,
)
from tests.screens.situations.looking_after import PIN
from tests.screens.test_keys import figures, press, reach
from tests.screens.world import IDLE_S, WARNING_S

ENTER, ESCAPE = 13, 27
BAR = f"Helped by {NAME}"


@pytest.fixture
def english(person: Driver) -> Driver:
    person.shell.speak("en")
    person.settle()
    return person


def last_header(person: Driver) -> Header:
    """What was handed in last, as central holds it."""
    person.world.exchanges()
    *_others, envelope = person.world.central.memory.applications.values()
    return envelope.parsed


def papers(person: Driver) -> list[Any]:
    """What waits for the printer, but for what filled the disk."""
    submitted = person.shell.visit.submitted
    assert submitted is not None
    jobs = (person.world.jobs.find(submitted.job + number) for number in range(3))
    return [job.paper for job in jobs if job is not None]


def test_help_promises_a_clerk_only_where_the_office_has_one(english: Driver) -> None:
    english.tap("Help")
    english.expect("The staff at the desk help you free of charge.")
    assert not english.sees("A clerk helps me")
    assert not english.sees("fill in the form")
    has_clerk(english.world)
    english.shell.refresh()
    english.settle()
    english.expect("A clerk helps me")
    english.expect("also to fill in the form")
    has_clerk(english.world, "")  # her account has ended
    english.shell.refresh()
    english.settle()
    assert not english.sees("A clerk helps me")


def test_a_wrong_pin_signs_nobody_in_and_the_right_one_is_not_seen(english: Driver) -> None:
    at_the_number(english)
    gives(english, pin="480272")
    english.expect("do not belong together")
    for figure in NUMBER:
        english.tap(figure)
    english.expect(NUMBER)
    english.tap("Continue")
    english.tap("4")
    english.expect("•")
    english.tap("Back")
    english.expect("type your number")
    assert english.shell.visit.clerk is None
    gives(english)
    assert english.shell.place.name == "home"
    english.expect(BAR)


def test_the_applicant_is_asked_before_it_is_handed_in(english: Driver) -> None:
    at_the_applicant(english)
    english.expect(f"To the applicant: {NAME} has helped you.")
    english.tap("Show my answers")
    english.expect("Check your answers")
    english.tap("Help")
    english.tap("Clerk signs out")
    assert english.shell.visit.clerk is None
    english.tap("Go on")
    english.expect(BAR)  # what is being filled in still names her
    english.tap("These answers are right")
    english.tap("Continue")
    assert english.world.ledger.waiting_count() == 0
    with applying.full_disk(english.world):
        english.tap("Print my answers, too")
        english.tap("I have seen or heard it")
    english.expect("Your application is not handed in.")
    english.tap("I have seen or heard it")
    english.expect("Your application is handed in")
    assert [job.slip().text.splitlines()[1] for job in papers(english)] == [
        "Receipt · ໃບຮັບ",
        "Copy of your answers",
    ]
    header = last_header(english)
    assert (header.assisted_by, header.channel) == (int(NUMBER), Channel.DESK)


def test_the_end_of_the_visit_signs_her_out(english: Driver) -> None:
    at_home(english)
    english.shell.finish()
    english.settle()
    assert english.shell.visit.clerk is None
    assert not english.sees(BAR)
    at_home(english)
    english.tap("Start over")
    assert english.shell.visit.clerk is None
    assert not english.sees("Helped by")


def test_silence_signs_her_out_also_on_the_way_in(person: Driver) -> None:
    at_home(person)
    person.passes_s(IDLE_S + WARNING_S + 1)
    assert person.shell.place.name == "attract"
    assert person.shell.visit.clerk is None
    asking_for_a_clerk(person)
    person.tap(_("A clerk helps me"))
    person.tap("1")
    person.passes_s(IDLE_S + WARNING_S + 1)
    assert person.shell.place.name == "attract"


def test_nobody_signs_in_while_somebodys_receipt_lies_in_the_printer(english: Driver) -> None:
    asking_for_a_clerk(english)
    english.world.printer_is(PrinterCode.TICKET_LIES)
    english.tap("A clerk helps me")
    assert english.shell.place.name == "help"
    english.expect("take the receipt out")


def test_all_of_it_goes_with_keys_alone(english: Driver) -> None:
    has_clerk(english.world)
    applying.checking()(english)
    entry = english.shell.visit.entry
    reach(english, "Help")
    reach(english, "A clerk helps me")
    figures(english, NUMBER)
    press(ENTER)
    english.settle()
    figures(english, PIN)
    press(ENTER)
    english.settle()
    assert english.shell.place.name == "check"
    assert english.shell.visit.entry is entry
    english.expect(BAR)
    reach(english, "These answers are right")
    press(ENTER)
    english.settle()
    press(ESCAPE)
    english.settle()
    press(ENTER)
    english.settle()
    english.expect("To the applicant")
    press(ENTER)
    english.settle()
    english.expect("Your application is handed in")
    assert len(papers(english)) == 1  # she was asked, and wanted no copy
    assert last_header(english).assisted_by == int(NUMBER)


class ServedKiosk:
    """A kiosk behind the glass whose central is the real one, in this process."""

    def __init__(self, folder: Path) -> None:
        self.kiosk = DeskKiosk(folder, cast("Any", CentralServer()), new_code())
        self.visit = Visit(lambda: 0.0, idle_s=IDLE_S, warning_s=WARNING_S)

    def shell(self) -> Shell:
        return Shell(self.kiosk.desk, self.visit)


@pytest.fixture
def served(central: Path, tmp_path: Path) -> Iterator[ServedKiosk]:
    assert central.is_dir()
    residence.put_on_shelf()
    made = ServedKiosk(tmp_path / "kiosk")
    yield made
    made.kiosk.ledger.close()


def test_from_the_pin_to_the_case_page_she_is_named(served: ServedKiosk) -> None:
    clerk = clerks.add(Office.objects.get(pk=OFFICE), NAME, PIN, None, NOW)
    served.kiosk.exchanges()
    with Driver.before(cast("Any", served), PANELS["10in-1024x600"]) as person:
        person.shell.speak("en")
        person.shell.help()
        person.settle()
        person.tap("A clerk helps me")
        gives(person, number=str(clerk.number))
        person.tap("Residence certificate")
        person.tap("Apply")
        person.reads_the_notice()
        entry = person.shell.visit.entry
        assert entry is not None
        fill(entry, ANSWERS[FORM])
        person.shell.replace("check", service_id=FORM)
        person.settle()
        person.tap("These answers are right")
        person.tap("Continue")
        person.tap("I have seen or heard it")
        person.expect("Your application is handed in")
    served.kiosk.exchanges()
    case = Case.objects.get()
    officer = browser_of(new_officer("khamphaeng", case.office_id))
    page = text_of(officer.get(f"/office/cases/{case.application}/"))
    assert f"<dt>Helped by</dt><dd>{NAME} · {clerk.number}" in page
    assert "The applicant confirmed what was entered." in page
    assert "Service desk · Test kiosk" in page
