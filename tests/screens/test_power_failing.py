"""The UPS says that the power is failing: she finishes, or keeps her answers; then it closes."""

from kiosk.printing.jobs import JobState
from kiosk.screens.power import GRACE_S, SLIP_S
from tests.screens.driver import Driver
from tests.screens.situations import setting_aside as situations

FAILING = "The power is failing"


def test_where_nobody_is_it_closes_at_once(person: Driver) -> None:
    closed: list[str] = []
    person.shell.power_goes(lambda: closed.append("closed"))
    person.shell.power_goes(lambda: closed.append("again"))  # the signal comes twice
    assert closed == ["closed"]
    assert person.shell.place.name == "attract"


def test_who_finishes_in_time_is_thanked_and_then_it_closes(person: Driver) -> None:
    closed: list[str] = []
    person.tap("English")
    person.shell.power_goes(lambda: closed.append("closed"))
    person.settle()
    person.expect(f"{FAILING}: this kiosk closes in 60 seconds.")
    person.shell.touched()
    person.passes_s(10)
    person.expect("in 50 seconds")
    assert closed == []
    person.shell.finish()
    person.passes_s(0.5)
    assert closed == ["closed"]
    assert not person.world.visit.begun


def test_what_is_not_finished_is_kept_with_a_slip(person: Driver) -> None:
    closed: list[str] = []
    person.shell.speak("en")
    situations.LEAVING(person)
    person.shell.power_goes(lambda: closed.append("closed"))
    for _second in range(2):
        person.shell.touched()
        person.passes_s(GRACE_S / 2)
    person.expect("Nothing is handed in yet.")
    person.expect("in 25 seconds")
    aside = person.world.visit.aside
    assert aside is not None
    assert aside.job is not None
    job = person.world.jobs.find(aside.job)
    assert job is not None
    assert job.state is JobState.QUEUED
    assert closed == []
    person.passes_s(SLIP_S)
    assert closed == ["closed"]
    assert person.shell.place.name == "attract"
    assert person.world.visit.entry is None
