"""A visit asks before it ends, waits as long as it said, and forgets everything."""

import pytest

from kiosk.language import language
from kiosk.visit import Presence, Visit


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def visit(clock: Hand) -> Visit:
    return Visit(clock, idle_s=60, warning_s=20)


def test_nobody_there_is_asked_nothing(visit: Visit, clock: Hand) -> None:
    clock.now_s += 10_000
    assert visit.silence().presence is Presence.ACTIVE


def test_after_a_minute_of_silence_she_is_asked(visit: Visit, clock: Hand) -> None:
    visit.begin("lo")
    clock.now_s += 59.9
    assert visit.silence().presence is Presence.ACTIVE
    clock.now_s += 0.2
    assert visit.silence().presence is Presence.WARNING


def test_the_question_waits_at_least_twenty_seconds(visit: Visit, clock: Hand) -> None:
    visit.begin("lo")
    clock.now_s += 60
    assert visit.silence().left_s == 20
    clock.now_s += 19.9
    assert visit.silence().presence is Presence.WARNING
    clock.now_s += 0.2
    assert visit.silence().presence is Presence.OVER


def test_i_am_still_here_may_be_answered_without_end(visit: Visit, clock: Hand) -> None:
    visit.begin("lo")
    for _ in range(25):
        clock.now_s += 75
        assert visit.silence().presence is Presence.WARNING
        visit.touch()
        assert visit.silence().presence is Presence.ACTIVE


def test_take_my_time_makes_the_kiosk_four_times_as_patient(visit: Visit, clock: Hand) -> None:
    visit.begin("lo")
    visit.calm = True
    clock.now_s += 239
    assert visit.silence().presence is Presence.ACTIVE
    clock.now_s += 2
    assert visit.silence().presence is Presence.WARNING
    clock.now_s += 78  # the question waits as much longer
    assert visit.silence().presence is Presence.WARNING
    clock.now_s += 2
    assert visit.silence().presence is Presence.OVER


def test_who_listens_is_not_silent(visit: Visit, clock: Hand) -> None:
    visit.begin("lo")
    for _ in range(5):
        clock.now_s += 50
        visit.listen()
    clock.now_s += 9
    assert visit.silence().presence is Presence.ACTIVE


def test_a_clip_that_hangs_keeps_nobodys_answers_on_the_glass(visit: Visit, clock: Hand) -> None:
    visit.begin("lo")
    for _ in range(20):
        clock.now_s += 20
        visit.listen()
    assert visit.silence().presence is Presence.OVER


def test_a_wiped_visit_has_nothing_and_speaks_lao_again(visit: Visit) -> None:
    visit.begin("en")
    assert language() == "en"
    visit.wipe()
    assert language() == "lo"
    assert visit.entry is None
    assert visit.submitted is None
    assert not visit.begun


def test_what_was_told_is_known_until_the_visit_ends(visit: Visit) -> None:
    visit.begin("lo")
    visit.facts["applicant.name"] = "Mai"
    visit.handed_in.add("la.example.smallest")
    held = visit.facts
    visit.wipe()
    assert held == visit.facts == {}
    assert not visit.handed_in
