"""Somebody complains by touch, reads the answer with her paper, and says what she thinks."""

import pytest

from kiosk.desk import Submitted
from kiosk.forms.voice import path_of
from kiosk.language import NAMES, _
from sync.envelope import open_answers, open_secret
from sync.records import Envelope, Kind, Status
from sync.reply import Reply, Verdict
from tests.screens.driver import Driver
from tests.screens.world import RESIDENCE

LANGUAGES = pytest.mark.parametrize("code", ["lo", "en"])


def scans(person: Driver, submitted: Submitted) -> None:
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)


def chooses(person: Driver, path: str, name: str) -> None:
    """Touch the choice of that name, then Continue."""
    entry = person.shell.visit.entry
    assert entry is not None
    person.tap({one.name: one.label for one in entry.question(path).choices}[name])
    person.tap(_("Continue"))


def sent(person: Driver) -> list[tuple[Envelope, dict[str, object]]]:
    """What has reached central, opened with its key."""
    person.world.exchanges()
    central = person.world.central
    opened = []
    for log in central.memory.logs.values():
        for envelope in log:
            header = envelope.parsed
            service = person.world.desk.service(header.service)
            secret = open_secret(envelope.sealed_secret, bytes(central.box))
            opened.append((envelope, open_answers(envelope, secret, service.bundle.dictionary)))
    return opened


@LANGUAGES
def test_she_complains_from_home_without_her_name(person: Driver, code: str) -> None:
    person.tap(NAMES[code])
    person.tap(_("Complain"))
    person.tap(person.shell.screen.main_action)
    person.reads_the_notice()
    chooses(person, path_of("category"), "behaviour")
    person.tap(_("Continue"))  # no reference
    chooses(person, path_of("office"), "la-lpb-nambak")
    chooses(person, path_of("service"), RESIDENCE)
    entry = person.shell.visit.entry
    assert entry is not None
    entry.answer(path_of("what_happened"), "ເວົ້າບໍ່ດີ")  # typing is test_keyboard's
    for _page in ("what_happened", "happened_when", "photo"):
        person.shell.screen.refresh()
        person.tap(_("Continue"))
    chooses(person, path_of("name_given"), "no")
    chooses(person, path_of("answer_by"), "receipt")
    person.tap(_("These answers are right"))
    person.tap(_("Hand in my complaint"))
    person.expect(_("Your complaint is handed in"))
    reference = person.shell.screen.reference
    person.tap(_("Continue"))
    person.expect(_("Thank you"))
    ((envelope, record),) = sent(person)
    header = envelope.parsed
    assert (header.kind, header.reference) == (Kind.COMPLAINT, reference)
    assert record["answers"] == {
        "category": "behaviour",
        "office": "la-lpb-nambak",
        "service": RESIDENCE,
        "what_happened": "ເວົ້າບໍ່ດີ",
        "name_given": "no",
        "answer_by": "receipt",
    }


@LANGUAGES
def test_she_complains_about_an_application_with_its_receipt(person: Driver, code: str) -> None:
    submitted = person.world.submits()
    person.tap(NAMES[code])
    scans(person, submitted)
    person.tap(_("Complain"))
    person.tap(person.shell.screen.main_action)
    person.reads_the_notice()
    entry = person.shell.visit.entry
    assert entry is not None
    assert entry.definition.id == "complaint"
    assert entry.value_of(path_of("about_reference")) == submitted.receipt.reference
    chooses(person, path_of("category"), "delay")
    person.expect(submitted.receipt.reference)
    person.tap(_("Continue"))
    assert entry.page is not None
    assert entry.page.questions[0].path == path_of("what_happened")


def test_one_does_not_complain_about_a_complaint(person: Driver) -> None:
    submitted = person.world.complains()
    person.tap("English")
    scans(person, submitted)
    assert "Complain" not in person.words()
    person.expect("Other services")


@LANGUAGES
@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("Yes, I am satisfied", Verdict.SATISFIED),
        ("No, please look at it again", Verdict.AGAIN),
        ("No, but leave it at that", Verdict.NOT_SATISFIED),
    ],
)
def test_she_reads_the_answer_and_says_what_she_thinks_once(
    person: Driver, code: str, words: str, verdict: Verdict
) -> None:
    submitted = person.world.complains()
    event = person.world.decides(submitted, Status.ANSWERED, words="We looked into it.")
    person.tap(NAMES[code])
    scans(person, submitted)
    person.expect("We looked into it.")
    person.tap(_("Reply"))
    person.tap(_(words))
    person.expect(_("Thank you. The office will read what you said."))
    envelope, record = sent(person)[-1]
    header = envelope.parsed
    assert (header.kind, header.reference, header.replaces) == (Kind.REPLY, "", None)
    reply = Reply.from_record(record)
    assert (reply.complaint, reply.answer) == (submitted.application, event.number)
    assert reply.verdict is verdict
    scans(person, submitted)
    assert not person.sees(_("Reply"))


def test_a_typed_reference_reads_no_answer_and_replies_nothing(person: Driver) -> None:
    submitted = person.world.complains()
    person.world.decides(submitted, Status.ANSWERED, words="We looked into it.")
    person.tap("English")
    person.tap("Where is my application?")
    for symbol in submitted.receipt.reference.replace("-", ""):
        person.tap(symbol)
    person.tap("Look up")
    person.expect("There is an answer")
    assert not person.sees("We looked into it.")
    assert not person.sees("Reply")


@LANGUAGES
def test_after_a_decision_she_is_asked_once(person: Driver, code: str) -> None:
    submitted = person.world.submits()
    person.world.decides(submitted, Status.APPROVED, words="Come.")
    person.tap(NAMES[code])
    scans(person, submitted)
    person.tap(_("Finish"))
    form = person.shell.visit.entry
    assert form is not None
    labels = {one.name: one.label for one in form.question(path_of("fair")).choices}
    person.tap(labels["4"])
    person.tap(labels["1"])
    person.tap(labels["dont-know"])
    person.tap(_("Skip"))
    person.tap(labels["3"])
    satisfied = {one.name: one.label for one in form.question(path_of("overall")).choices}
    person.tap(satisfied["2"])
    person.expect(_("Thank you"))
    envelope, record = sent(person)[-1]
    header = envelope.parsed
    assert (header.kind, header.service, header.reference) == (Kind.FEEDBACK, RESIDENCE, "")
    assert record["answers"] == {"accessible": 4, "affordable": 1, "timely": 3, "overall": 2}
    assert record["moment"] == "after-decision"
    assert record["language"] == code
    scans(person, submitted)
    person.tap(_("Finish"))
    person.expect(_("Thank you"))


def test_she_may_skip_all_of_it(person: Driver) -> None:
    submitted = person.world.submits()
    person.world.decides(submitted, Status.REJECTED, reason="other-district", words="No.")
    person.tap("English")
    scans(person, submitted)
    person.tap("Finish")
    before = len(sent(person))
    person.tap("Skip all")
    person.expect("Thank you")
    assert len(sent(person)) == before


def test_an_application_that_waits_asks_nothing(person: Driver) -> None:
    submitted = person.world.submits()
    person.tap("English")
    scans(person, submitted)
    person.tap("Finish")
    person.expect("Thank you")


def test_nothing_of_a_complaint_is_left_when_she_goes(person: Driver) -> None:
    person.tap("English")
    person.tap("Complain")
    person.tap(person.shell.screen.main_action)
    person.reads_the_notice()
    entry = person.shell.visit.entry
    assert entry is not None
    entry.answer(path_of("what_happened"), "ຄຳລັບ")
    person.shell.wipe()
    assert person.shell.visit.entry is None
    assert entry.value_of(path_of("what_happened")) == ""
