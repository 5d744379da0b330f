"""Two signatories: the first officer's decision is a proposal, a second one confirms it."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from sync.central.casework import signing
from sync.central.casework.audit import first_broken
from sync.central.casework.decisions import DECISIONS, Action, Decision, act, possible
from sync.central.casework.events import Incomplete, NotPossibleNow
from sync.central.casework.models import Case, CaseEvent, Office, Officer, Proposal
from sync.central.casework.proposals import may_sign
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem
from sync.records import ApplicationId, ChangeKind, Stamp, Status, StatusEvent, TimeQuality
from tests import birth
from tests.officers import NOW, WORDS, browser, browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk
from tests.sample_answers import CONSTRUCTION

LAW = "law-construction"
ABOVE = "la-lpb-nambak"  # any that the case has never come to
TITLE, SECOND_TITLE = "ວິຊາການ", "ຫົວໜ້າຫ້ອງການ"

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    birth.put_on_shelf(CONSTRUCTION)
    return PaperKiosk(CentralServer())


@pytest.fixture
def officer(kiosk: PaperKiosk) -> Officer:
    return titled(new_officer("khamphaeng", kiosk.enrolment.office), TITLE)


@pytest.fixture
def second(kiosk: PaperKiosk) -> Officer:
    return titled(new_officer("somsy", kiosk.enrolment.office), SECOND_TITLE)


@pytest.fixture
def case(kiosk: PaperKiosk, officer: Officer) -> Case:
    """A small building, at the step that decides."""
    case = birth.files(kiosk, CONSTRUCTION)
    for name, office in (("sida", birth.VILLAGE), ("thong", "la-vte-xaythany-public-works")):
        one = new_officer(name, office)
        act(case, one, Decision(Action.TAKE_UP, case.last_number), NOW)
        act(case, one, Decision(Action.HAND_OVER, case.last_number, WORDS), NOW)
    act(case, officer, Decision(Action.TAKE_UP, case.last_number), NOW)
    return case


def titled(officer: Officer, title: str) -> Officer:
    officer.title = title
    officer.save()
    return officer


def proposes(case: Case, officer: Officer, action: Action = Action.APPROVE) -> CaseEvent:
    reason = "keeps-the-rules" if action is Action.APPROVE else "too-large"
    decision = Decision(action, case.last_number, WORDS, reason, LAW)
    return act(case, officer, decision, NOW)


def last_news() -> StatusEvent:
    items = FeedItem.objects.filter(kind=ChangeKind.STATUS.value).order_by("position")
    return StatusEvent.from_bytes(bytes(list(items)[-1].payload))


def test_what_the_first_officer_decides_is_a_proposal_of_which_nobody_hears(
    case: Case, officer: Officer, second: Officer
) -> None:
    proposes(case, officer)
    assert case.status == Status.TAKEN_UP.value
    told = last_news()
    assert (told.status, told.reason, told.words, told.law) == (Status.TAKEN_UP, None, None, "")
    assert possible(case, officer) == possible(case, second) == ()


def test_a_second_officer_confirms_and_it_is_decided_in_both_names(
    case: Case, officer: Officer, second: Officer
) -> None:
    proposes(case, officer)
    event = signing.confirm(case, second, case.last_number, NOW)
    assert (event.status, event.officer, event.second) == ("approved", officer, second)
    assert (event.reason, event.legal_basis) == ("keeps-the-rules", LAW)
    told = last_news()
    assert (told.law, told.deciders) == (LAW, (TITLE, SECOND_TITLE))
    assert told.words is not None
    assert first_broken(case) is None
    case.events.filter(number=event.number).update(second=officer)
    assert first_broken(case) == event.number


def test_nobody_confirms_her_own_nor_that_of_another_office(
    case: Case, officer: Officer, kiosk: PaperKiosk
) -> None:
    assert kiosk.enrolment
    proposes(case, officer)
    with pytest.raises(signing.SamePerson):
        signing.confirm(case, officer, case.last_number, NOW)
    stranger = new_officer("stranger", "la-lpb-nambak")
    with pytest.raises(NotPossibleNow):
        signing.confirm(case, stranger, case.last_number, NOW)
    assert Proposal.objects.get().ended_at is None
    assert case.status == Status.TAKEN_UP.value


def test_for_an_office_of_one_officer_the_office_above_signs(case: Case, officer: Officer) -> None:
    above = Office.objects.get(pk=ABOVE)
    Office.objects.filter(pk=officer.office_id).update(complaints_to=above)
    proposes(case, officer)
    chief, page = new_officer("chief", above.pk), f"/office/cases/{case.application}/"
    assert above.name_en in text_of(browser_of(officer).get(page))
    hers = browser_of(chief)
    assert case.reference in text_of(hers.get("/office/?show=to-sign"))
    shown = text_of(hers.get(page))
    assert 'value="confirm"' in shown
    assert 'value="withdraw"' not in shown
    with pytest.raises(NotPossibleNow):
        signing.withdraw(case, chief, case.last_number, NOW)
    posts(hers, f"{page}sign", {"seen": str(case.last_number), "step": "confirm"}, page)
    case.refresh_from_db()
    assert case.status == Status.APPROVED.value
    assert case.events.last().second == chief  # type: ignore[union-attr]  # it has events
    assert hers.get(page).status_code == 200  # she still reads what became of it
    assert case.reference not in text_of(hers.get("/office/?show=to-sign"))
    assert case.reference in text_of(hers.get("/office/?show=done"))


def test_where_a_second_officer_can_sign_in_nothing_is_lent(
    case: Case, officer: Officer, second: Officer
) -> None:
    Office.objects.filter(pk=officer.office_id).update(complaints_to=ABOVE)
    case.office.refresh_from_db()
    chief = new_officer("chief", ABOVE)
    proposes(case, officer)
    assert not may_sign(case, chief)
    second.user.is_active = False
    second.user.save()
    assert may_sign(case, chief)
    signing.confirm(case, chief, case.last_number, NOW)
    assert not may_sign(case, chief)  # it is decided


def test_the_database_refuses_one_person_for_both_and_two_open_proposals(
    case: Case, officer: Officer, second: Officer
) -> None:
    proposes(case, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(confirmed_by=officer, ended_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(confirmed_by=second, withdrawn_by=second, ended_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(case=case, number=9, status="approved", proposed_by=second)


@pytest.mark.parametrize("by_the_second", [False, True])
def test_withdrawn_the_case_is_the_first_officers_again(
    case: Case, officer: Officer, second: Officer, *, by_the_second: bool
) -> None:
    proposes(case, officer)
    signing.withdraw(case, second if by_the_second else officer, case.last_number, NOW)
    assert (case.status, case.taken_up_by) == (Status.TAKEN_UP.value, officer)
    assert possible(case, officer) == DECISIONS
    with pytest.raises(signing.NotNow):
        signing.confirm(case, second, case.last_number, NOW)
    proposes(case, officer, Action.REJECT)
    signing.confirm(case, second, case.last_number, NOW)
    assert case.status == Status.REJECTED.value
    assert first_broken(case) is None


def test_pressing_twice_proposes_once_and_confirms_once(
    case: Case, officer: Officer, second: Officer
) -> None:
    seen = Case.objects.get(pk=case.pk)
    assert proposes(case, officer) == proposes(seen, officer)
    number = case.last_number
    signing.confirm(case, second, number, NOW)
    with pytest.raises(signing.NotNow):
        signing.confirm(Case.objects.get(pk=case.pk), second, number, NOW)
    assert case.events.filter(status="approved").count() == 1


def test_a_return_needs_one_signature(case: Case, officer: Officer) -> None:
    act(case, officer, Decision(Action.RETURN, case.last_number, WORDS, "sketch-unclear"), NOW)
    assert case.status == Status.RETURNED.value


@pytest.mark.parametrize("action", [Action.APPROVE, Action.RETURN, Action.REJECT])
def test_a_decision_names_one_of_the_service_s_reasons_for_it(
    case: Case, officer: Officer, action: Action
) -> None:
    for reason in ("", "road-closed"):
        with pytest.raises(Incomplete):
            act(case, officer, Decision(action, case.last_number, WORDS, reason, LAW), NOW)
    assert case.events.count() == case.last_number


def test_what_became_late_while_it_waited_is_confirmed_with_a_reason(
    case: Case, officer: Officer, second: Officer
) -> None:
    proposes(case, officer)
    case.step_due_on = NOW.date().replace(day=1)
    case.save()
    with pytest.raises(Incomplete):
        signing.confirm(case, second, case.last_number, NOW)
    assert Proposal.objects.get().ended_at is None  # it waits as before
    signing.confirm(case, second, case.last_number, NOW, "officer-away")
    assert case.status == Status.APPROVED.value
    assert case.taken_up_by == officer


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ("Waits for a second officer", "it is decided by both of you")),
        ("lo", ("ລໍຖ້າພະນັກງານຜູ້ທີສອງ", "ທ່ານທັງສອງໄດ້ຕັດສິນ")),
    ],
)
def test_both_sign_in_their_browsers_and_the_public_page_names_law_and_titles(
    case: Case, officer: Officer, second: Officer, language: str, says: tuple[str, str]
) -> None:
    waits, done = says
    first, other = browser_of(officer, language), browser_of(second, language)
    page = f"/office/cases/{case.application}/"
    fields = {"seen": str(case.last_number), "reason": "keeps-the-rules", "legal_basis": LAW}
    posts(first, f"{page}approve", fields | {"words": WORDS, "step": "confirm"})
    case.refresh_from_db()
    seen = {"seen": str(case.last_number)}
    assert 'value="confirm"' not in text_of(first.get(page))
    assert waits in text_of(other.get("/office/"))
    shown = text_of(other.get(page))
    assert waits in shown
    assert WORDS in shown
    posts(first, f"{page}sign", seen | {"step": "confirm"}, page)  # her own: refused
    case.refresh_from_db()
    assert case.status == Status.TAKEN_UP.value
    posts(other, f"{page}sign", seen | {"step": "confirm"}, page)
    assert done in text_of(other.get(page))
    told = text_of(
        browser(language, checks_forms=False).post("/r/status", {"application": case.application})
    )
    assert f"{TITLE} · {SECOND_TITLE}" in told
    assert ("Law on Construction No. 05/NA" in told) is (language == "en")


def test_news_without_law_and_decider_keep_their_bytes_and_older_news_are_read() -> None:
    plain = StatusEvent(
        ApplicationId("00" * 16),
        3,
        Status.APPROVED,
        Stamp(1_795_000_000_000, TimeQuality.TRUSTED),
        "la-vte-xaythany",
        reason="x",
        step="decide",
    )
    older = (
        "a70050000000000000000000000000000000000103020303821b000001a1ee565e00"
        "00046f6c612d7674652d7861797468616e790661780c66646563696465"
    )  # as the release before this one wrote it
    assert plain.to_bytes().hex() == older
    assert StatusEvent.from_bytes(bytes.fromhex(older)) == plain
    signed = StatusEvent.from_bytes(
        StatusEvent(
            plain.application, 3, plain.status, plain.at, plain.office, law=LAW, deciders=(TITLE,)
        ).to_bytes()
    )
    assert (signed.law, signed.deciders) == (LAW, (TITLE,))
