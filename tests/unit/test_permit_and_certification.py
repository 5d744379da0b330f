"""Small construction permit and document certification: fees from the answers, skip logic."""

import pytest

from kiosk.forms.entry import Entry
from tests.sample_answers import ANSWERS, CERTIFICATION, CONSTRUCTION, RESIDENCE
from tests.unit.test_sample_services import TODAY, fill, sample

HOUSE = ANSWERS[CONSTRUCTION]
COPIES = ANSWERS[CERTIFICATION]


def begin(service: str, language: str = "en") -> Entry:
    return Entry(sample(service).definition, language=language, today=TODAY)


def fee_for(service: str, answers: dict[str, str]) -> int | None:
    entry = begin(service)
    fill(entry, answers)
    return sample(service).descriptor.fee_lak(entry.value_of)


@pytest.mark.parametrize(
    ("changed", "fee"),
    [
        ({}, 78_000),
        ({"area": "48.2"}, 79_000),
        ({"storeys": "2"}, 128_000),
        ({"work": "repair", "area": "20"}, 50_000),
        ({"work": "fence", "length": "40"}, 28_000),
    ],
)
def test_the_permit_costs_by_its_size(changed: dict[str, str], fee: int) -> None:
    assert fee_for(CONSTRUCTION, HOUSE | changed) == fee


def test_a_fence_is_measured_by_its_length() -> None:
    asked = fill(begin(CONSTRUCTION), HOUSE | {"work": "fence", "length": "40"})
    assert "length" in asked
    assert not {"area", "storeys"} & set(asked)


def test_changing_from_house_to_fence_forgets_the_storeys_in_the_fee() -> None:
    entry = begin(CONSTRUCTION)
    fill(entry, HOUSE | {"storeys": "2"})
    entry.answer("/data/work", "fence")
    entry.answer("/data/length", "10")
    assert entry.value_of("/data/fee") == "22000"


def test_neighbours_who_were_not_told_stop_nobody() -> None:
    entry = begin(CONSTRUCTION)
    assert "tell_neighbours" in fill(entry, HOUSE | {"neighbours": "no"})
    assert entry.violations() == ()


def test_who_does_not_own_the_land_names_its_owner() -> None:
    asked = fill(begin(CONSTRUCTION), HOUSE | {"land": "rented", "owner_name": "ທ່ານ ທອງ"})
    assert "owner_name" in asked
    assert "owner_name" not in fill(begin(CONSTRUCTION), HOUSE)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("area", "201", "Write at most 200. If it is more, please ask the officer."),
        ("area", "0", "Write at most 200. If it is more, please ask the officer."),
        ("storeys", "3", "Write 1 or 2. If it is higher, please ask the officer."),
        ("months", "25", "Write 1 to 24 months."),
    ],
)
def test_what_is_too_large_for_a_small_permit_is_told_in_words(
    name: str, value: str, message: str
) -> None:
    entry = begin(CONSTRUCTION)
    entry.answer("/data/work", "house")
    violation = entry.answer(f"/data/{name}", value)
    assert violation is not None
    assert violation.message == message


@pytest.mark.parametrize(
    ("changed", "fee"),
    [
        ({}, 30_000),
        ({"copies": "1"}, 10_000),
        ({"kind": "contract", "copies": "2"}, 40_000),
        ({"kind": "other", "kind_other": "ໃບຂັບຂີ່"}, 30_000),
    ],
)
def test_certification_costs_by_kind_and_copy(changed: dict[str, str], fee: int) -> None:
    assert fee_for(CERTIFICATION, COPIES | changed) == fee


def test_too_many_copies_are_refused_in_words() -> None:
    violation = begin(CERTIFICATION).answer("/data/copies", "21")
    assert violation is not None
    assert violation.message.startswith("Write 1 to 20.")


def test_the_photo_is_asked_only_of_who_has_the_original() -> None:
    with_it = fill(begin(CERTIFICATION), COPIES | {"original": "yes"})
    assert "first_page" in with_it
    assert "bring_original" not in with_it


def test_use_abroad_is_said_to_need_more_stamps() -> None:
    assert "abroad_note" in fill(begin(CERTIFICATION), COPIES | {"used": "abroad"})


def test_services_of_one_visit_ask_for_the_applicant_once() -> None:
    entry = begin(CERTIFICATION)
    fill(entry, COPIES)
    permit = begin(CONSTRUCTION)
    permit.know(entry.facts())
    assert "applicant_name" not in fill(permit, HOUSE)
    residence = begin(RESIDENCE)
    residence.know(entry.facts())
    child = ANSWERS[RESIDENCE] | {"for_whom": "child"}
    assert "applicant_name" not in fill(residence, child)
    assert residence.value_of("/data/applicant_name") == COPIES["applicant_name"]
