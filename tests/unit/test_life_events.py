"""Home shows together what belongs to one event of a life."""

from dataclasses import replace

from kiosk.forms.descriptor import LifeEvent, Text
from kiosk.life_events import by_life_event, event_name
from kiosk.services import Service
from tests.desk_kiosk import opened, published
from tests.sample_answers import BIRTH, BUSINESS, FAMILY_BOOK, RESIDENCE


def service(service_id: str, *events: LifeEvent) -> Service:
    bundle = opened(published(BUSINESS))
    descriptor = replace(bundle.descriptor, id=service_id, life_events=events)
    return Service(replace(bundle, service=service_id, descriptor=descriptor))


def event(name: str, *bundle: str) -> LifeEvent:
    return LifeEvent(name, Text({"en": name}), bundle)


def ids(*services: Service) -> list[str]:
    return [one.id for one in by_life_event(services)]


def test_a_bundle_stands_together_in_its_own_order() -> None:
    birth = service("birth", event("a-birth", "birth", "register", "book"))
    assert ids(birth, service("book"), service("market"), service("register")) == [
        "birth",
        "register",
        "book",
        "market",
    ]


def test_services_of_one_event_follow_each_other_and_the_rest_keeps_its_order() -> None:
    home, roof = service("a", event("home")), service("c", event("home"))
    assert ids(home, service("b"), roof, service("d")) == ["a", "c", "b", "d"]


def test_bundles_that_name_each_other_and_what_is_not_here_end() -> None:
    one = service("a", event("x", "a", "b", "gone"))
    other = service("b", event("y", "b", "a"))
    assert ids(one, other) == ["a", "b"]


def test_the_sample_services_of_a_birth_stand_together() -> None:
    found = [Service(opened(published(one))) for one in (BIRTH, RESIDENCE, FAMILY_BOOK)]
    assert [one.id for one in by_life_event(found)] == [BIRTH, FAMILY_BOOK, RESIDENCE]
    assert event_name(found[0], "en") == "A birth"
