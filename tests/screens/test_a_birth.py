"""A birth by touch: certificate and family book from one set of answers, in either language."""

import pytest

from kiosk.language import NAMES, _, language
from kiosk.screens.following import YES
from sync.envelope import open_answers, open_secret
from sync.records import Envelope
from tests.sample_answers import BIRTH, CERTIFICATION, FAMILY_BOOK
from tests.screens.driver import Driver
from tests.screens.situations.a_birth import filled, following, no_thank_you, reported
from tests.screens.situations.applying import field, prints
from tests.screens.world import World

CHILD = "noy vang"


@pytest.fixture(params=["lo", "en"])
def speaker(person: Driver, request: pytest.FixtureRequest) -> Driver:
    person.shell.speak(request.param)
    person.settle()
    return person


def service_name(person: Driver, service: str) -> str:
    return person.world.desk.service(service).descriptor.name.of(language())


def choose(person: Driver, *names: str) -> None:
    """Touch the choices of the question that is asked, by their names in the form."""
    entry = person.shell.visit.entry
    assert entry is not None
    page = entry.page
    assert page is not None
    labels = {choice.name: choice.label for choice in page.questions[0].choices}
    for name in names:
        person.tap(labels[name])
    person.tap(_("Continue"))


def write(person: Driver, text: str) -> None:
    """Type with the Latin keys of the screen."""
    person.shell.speak("en")
    person.settle()
    if not person.shell.keyboard.is_open:
        person.tap(field(person))
    person.type(text)


def put(person: Driver, **answers: str) -> None:
    """What other tests type by touch is put in at once."""
    entry = person.shell.visit.entry
    assert entry is not None
    for name, value in answers.items():
        assert entry.answer(f"/data/{name}", value) is None


def applications(world: World) -> dict[str, dict[str, object]]:
    """What central reads of each application, by service."""
    world.exchanges()
    return {
        envelope.parsed.service: answers_of(world, envelope)
        for envelope in world.central.memory.applications.values()
    }


def answers_of(world: World, envelope: Envelope) -> dict[str, object]:
    secret = open_secret(envelope.sealed_secret, bytes(world.central.box))
    dictionary = world.desk.service(envelope.parsed.service).bundle.dictionary
    answers: dict[str, object] = open_answers(envelope, secret, dictionary)["answers"]
    return answers


def test_a_birth_gives_two_applications_from_one_set_of_answers(speaker: Driver) -> None:
    person = speaker
    spoken = language()
    person.tap(NAMES[spoken])
    person.tap(service_name(person, BIRTH))
    person.tap(_("Apply"))
    person.reads_the_notice()
    choose(person, "mother")
    write(person, CHILD)
    person.shell.speak(spoken)
    person.settle()
    person.tap(_("Continue"))
    choose(person, "female")
    put(person, birth_date="2026-01", mother_name="mai vang", mother_birth_date="1998")
    put(person, mother_nationality="lao")
    put(person, birth_place="home", witness_1="yer", late_reason="far", father_known="no")
    put(person, province="LA01", district="LA0106", village="dongdok")
    entry = person.shell.visit.entry
    assert entry is not None
    assert entry.go_to("/data/late_note")
    person.shell.screen.refresh()
    person.settle()
    person.tap(_("Continue"))
    person.tap(_("These answers are right"))
    person.tap(_("Hand in my application"))
    first = person.shell.visit.submitted
    assert first is not None
    prints(person.world)
    person.passes_s(0.5)
    person.tap(_("Continue"))
    person.expect(service_name(person, FAMILY_BOOK))
    person.tap(_(YES))
    person.reads_the_notice()
    choose(person, "mother")
    person.tap(_("Continue"))  # no number of the book
    person.tap(_("Continue"))  # no photo
    person.expect(_("Check your answers"))
    person.tap(_("These answers are right"))
    person.tap(_("Hand in my application"))
    second = person.shell.visit.submitted
    assert second is not None
    assert second.receipt.reference != first.receipt.reference
    person.tap(_("Continue"))
    person.expect(_("Was it easy to apply here?"))
    told = applications(person.world)
    assert set(told) == {BIRTH, FAMILY_BOOK}
    book = told[FAMILY_BOOK]
    assert book["person"] == [
        {"number": "1", "name": CHILD, "sex": "female", "birth_date": "2026-01"}
    ]
    assert book["applicant_name"] == book["mother_name"] == "mai vang"
    assert book["village"] == "dongdok"
    assert "father_name" not in book


def test_who_wants_only_the_certificate_goes_on(person: Driver) -> None:
    no_thank_you(person)
    person.expect(_("Was it easy to apply here?"))
    assert set(applications(person.world)) == {BIRTH}


def test_the_first_is_promised_before_the_second_is_offered(person: Driver) -> None:
    following(person)
    person.passes_s(10_000)
    assert set(applications(person.world)) == {BIRTH}


def test_the_second_is_not_offered_again(person: Driver) -> None:
    following(person)
    person.tap(_(YES))
    person.reads_the_notice()
    put(person, head="mother")
    filled(person, FAMILY_BOOK)
    person.tap(_("These answers are right"))
    person.tap(_("Hand in my application"))
    person.tap(_("Continue"))
    person.expect(_("Was it easy to apply here?"))


def test_back_leads_home_and_the_other_services_know_the_applicant(person: Driver) -> None:
    reported(person)
    prints(person.world)
    person.passes_s(0.5)
    person.tap(_("Other services"))
    person.tap(service_name(person, CERTIFICATION))
    person.tap(_("Apply"))
    person.reads_the_notice()
    entry = person.shell.visit.entry
    assert entry is not None
    page = entry.page
    assert page is not None
    assert page.questions[0].path == "/data/kind"
    person.tap(_("Back"))
    person.tap(_("Back"))
    person.expect(service_name(person, BIRTH))


def test_the_end_of_the_visit_forgets_what_was_told(person: Driver) -> None:
    no_thank_you(person)
    assert person.shell.visit.facts
    person.tap(_("Skip all"))
    assert not person.shell.visit.facts
    assert not person.shell.visit.handed_in
