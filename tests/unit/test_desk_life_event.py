"""A life event at the desk: what belongs together, what is known already, which step it is at."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.desk import Submitted
from kiosk.finding import Finding, Found
from kiosk.language import set_language
from kiosk.visit import Visit
from sync.records import ChangeKind, Status, office_audience
from tests.desk_kiosk import DeskKiosk, central_with_services, fill
from tests.sample_answers import ANSWERS, BIRTH, FAMILY_BOOK, RESIDENCE
from tests.stand_ins.central import OFFICE, StandInCentral


@pytest.fixture
def central() -> StandInCentral:
    return central_with_services(BIRTH, FAMILY_BOOK, RESIDENCE)


@pytest.fixture
def kiosk(tmp_path: Path, central: StandInCentral) -> Iterator[DeskKiosk]:
    set_language("en")
    opened = DeskKiosk(tmp_path / "kiosk", central)
    yield opened
    set_language("lo")
    opened.ledger.close()


def test_the_family_book_follows_a_birth(kiosk: DeskKiosk) -> None:
    follows = kiosk.desk.following(BIRTH)
    assert follows is not None
    assert follows.id == FAMILY_BOOK
    assert kiosk.desk.following(FAMILY_BOOK) is None
    assert kiosk.desk.following(RESIDENCE) is None
    assert kiosk.desk.following("la.nobody") is None


def test_what_is_not_offered_here_does_not_follow(tmp_path: Path) -> None:
    kiosk = DeskKiosk(tmp_path / "kiosk", central_with_services(BIRTH))
    assert kiosk.desk.following(BIRTH) is None
    kiosk.ledger.close()


def test_both_applications_have_their_own_reference_paper_and_promise(kiosk: DeskKiosk) -> None:
    birth = kiosk.filled(BIRTH)
    known = birth.facts()
    first = kiosk.desk.submit(birth)
    book = kiosk.desk.begin(FAMILY_BOOK, known)
    fill(book, {"head": "mother"})
    second = kiosk.desk.submit(book)
    assert first.receipt.reference != second.receipt.reference
    assert first.job != second.job
    assert (first.receipt.claims.fee_lak, second.receipt.claims.fee_lak) == (5_000, None)
    kiosk.exchanges()
    services = [one.parsed.service for one in kiosk.central.memory.applications.values()]
    assert services == [BIRTH, FAMILY_BOOK]


def test_a_form_begun_without_knowledge_asks_everything(kiosk: DeskKiosk) -> None:
    page = kiosk.desk.begin(FAMILY_BOOK).page
    assert page is not None
    assert page.of > len(ANSWERS[FAMILY_BOOK]) / 2
    assert page.questions[0].path == "/data/reason"


def found_at(kiosk: DeskKiosk, status: Status, step: str) -> tuple[Submitted, Finding]:
    submitted = kiosk.submits(BIRTH)
    kiosk.exchanges()
    event = replace(kiosk.central.decide(submitted.application, status), step=step)
    kiosk.central.publish(office_audience(OFFICE), ChangeKind.STATUS, event.to_bytes())
    kiosk.exchanges()
    return submitted, kiosk.desk.find(submitted.receipt.reference)


@pytest.mark.parametrize(
    ("status", "step", "words"),
    [
        (Status.TAKEN_UP, "village", "Step 1 of 2: The village chief confirms the birth"),
        (Status.RECEIVED, "decide", "Step 2 of 2: The home affairs office checks and decides"),
        (Status.APPROVED, "decide", None),
        (Status.RECEIVED, "", None),  # news of a central from before the steps
        (Status.RECEIVED, "unheard-of", None),  # of a later version of the service
    ],
)
def test_the_kiosk_tells_which_step_it_is_at(
    kiosk: DeskKiosk, status: Status, step: str, words: str | None
) -> None:
    _submitted, found = found_at(kiosk, status, step)
    assert isinstance(found, Found)
    assert (found.step.words if found.step else None) == words


@pytest.fixture
def visit() -> Visit:
    return Visit(lambda: 0.0, idle_s=60, warning_s=20)


def apply(kiosk: DeskKiosk, visit: Visit, service: str, answers: dict[str, str]) -> set[str]:
    """One application of the visit; the names of what it asked."""
    visit.entry = kiosk.desk.begin(service, visit.knows_for(service))
    asked = set()
    while (page := visit.entry.page) is not None:
        name = page.questions[0].path.rpartition("/")[2]
        asked.add(name)
        if name in answers:
            assert visit.entry.answer(page.questions[0].path, answers[name]) is None
        assert visit.entry.advance() == (), name
    visit.hands_in(kiosk.desk.submit(visit.entry))
    return asked


def test_a_twin_is_asked_for_and_the_family_is_not(kiosk: DeskKiosk, visit: Visit) -> None:
    """Else the second application would be for the first child, unseen."""
    born = ANSWERS[BIRTH]
    apply(kiosk, visit, BIRTH, born)
    apply(kiosk, visit, FAMILY_BOOK, {"head": "mother"})
    second = born | {"child_name": "ທ້າວ ແຝດ", "child_sex": "male"}
    asked = apply(kiosk, visit, BIRTH, second)
    assert {"child_name", "child_sex", "birth_date"} <= asked
    assert not {"mother_name", "mother_nationality", "father_name", "village"} & asked
    assert FAMILY_BOOK not in visit.handed_in  # it is offered again
    book = kiosk.desk.begin(FAMILY_BOOK, visit.knows_for(FAMILY_BOOK))
    assert book.value_of("/data/person[1]/name") == "ທ້າວ ແຝດ"
    assert book.value_of("/data/person[1]/sex") == "male"


def test_the_receipt_of_an_older_child_does_not_name_the_younger(
    kiosk: DeskKiosk, visit: Visit
) -> None:
    older = kiosk.filled(BIRTH)
    visit.uses_again("K7QF-2M8T-9XDC", BIRTH, older.facts())
    younger = kiosk.desk.begin(BIRTH, visit.knows_for(BIRTH))
    assert younger.value_of("/data/child_name") == ""
    assert younger.value_of("/data/mother_name") == ANSWERS[BIRTH]["mother_name"]
    book = kiosk.desk.begin(FAMILY_BOOK, visit.knows_for(FAMILY_BOOK))
    assert book.value_of("/data/person[1]/name") == ANSWERS[BIRTH]["child_name"]


@pytest.mark.parametrize(("informant", "lives_there"), [("mother", True), ("other", False)])
def test_the_home_of_the_parents_is_not_that_of_a_midwife(
    kiosk: DeskKiosk, visit: Visit, informant: str, *, lives_there: bool
) -> None:
    apply(kiosk, visit, BIRTH, ANSWERS[BIRTH] | {"informant": informant, "informant_name": "ໝໍ"})
    book = kiosk.desk.begin(FAMILY_BOOK, visit.knows_for(FAMILY_BOOK))
    own = kiosk.desk.begin(RESIDENCE, visit.knows_for(RESIDENCE))
    village = ANSWERS[BIRTH]["village"]
    assert book.value_of("/data/village") == village
    assert own.value_of("/data/village") == (village if lives_there else "")
