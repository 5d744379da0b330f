"""A service descriptor is read whole, or refused with a sentence that names the place."""

from typing import Any

import pytest

from kiosk.forms.descriptor import BadDescriptor, ReceiptOpens, ServiceDescriptor, Text
from kiosk.forms.version import Version, is_older


def birth(**changes: object) -> dict[str, Any]:
    """The example of the forms guide, shortened."""
    data: dict[str, Any] = {
        "id": "la.moha.birth-registration",
        "version": "2026.11.1",
        "name": {"lo": "ການຂຶ້ນທະບຽນເກີດ", "en": "Birth registration"},
        "description": {"lo": "ຂຶ້ນທະບຽນເດັກເກີດໃໝ່", "en": "Register a newborn child"},
        "competent_authority": {
            "id": "la.moha",
            "name": {"lo": "ກະຊວງພາຍໃນ", "en": "Ministry of Home Affairs"},
            "spatial": "LA",
        },
        "life_events": [{"id": "having-a-child", "name": {"lo": "ມີລູກ", "en": "Having a child"}}],
        "audience": ["citizen"],
        "processing_time": "P3D",
        "costs": [
            {"id": "form", "value": 5000, "currency": "LAK", "description": {"en": "Form"}},
            {"id": "late", "value": None, "currency": "LAK", "description": {"en": "Fine"}},
        ],
        "evidence": [
            {
                "id": "hospital",
                "name": {"en": "Hospital note"},
                "required": "${place} = 'hospital'",
            },
            {"id": "family_book", "name": {"en": "Family book"}, "required": True},
        ],
        "legal": [{"id": "law-12-NA-2009", "name": {"en": "Law on Family Registration"}}],
        "sample": True,
    }
    return data | changes


def test_the_example_of_the_guide_is_read() -> None:
    service = ServiceDescriptor.from_json(birth())
    assert service.name.of("lo") == "ການຂຶ້ນທະບຽນເກີດ"
    assert service.processing_days == 3
    assert service.competent_authority.id == "la.moha"
    assert service.audience.of("en") == "Citizens of Lao PDR"
    assert service.sample is True
    assert service.receipt_opens is ReceiptOpens.ANSWERS
    assert [item.required for item in service.evidence] == [False, True]
    assert service.evidence[0].required_expression == "${place} = 'hospital'"


def test_a_service_says_whether_it_must_be_left_quickly() -> None:
    assert not ServiceDescriptor.from_json(birth()).leave_quickly  # older ones say nothing of it
    assert ServiceDescriptor.from_json(birth() | {"leave_quickly": True}).leave_quickly


def test_an_unknown_fee_stays_unknown_and_never_becomes_zero() -> None:
    service = ServiceDescriptor.from_json(birth())
    assert [cost.value for cost in service.costs] == [5000, None]


def test_the_fee_is_the_sum_and_unknown_when_one_part_is() -> None:
    form = {"id": "form", "value": 5000, "currency": "LAK", "description": {"en": "Form"}}
    late = form | {"id": "late", "value": 0, "computed_by": "fine"}
    at_the_counter = form | {"id": "stamp", "value": None, "channel": "counter"}
    service = ServiceDescriptor.from_json(birth(costs=[form, late, at_the_counter]))
    assert service.fee_lak({"/data/fine": "20000"}.__getitem__) == 25000
    assert service.fee_lak({"/data/fine": ""}.__getitem__) is None
    assert ServiceDescriptor.from_json(birth()).fee_lak(str) is None


def test_a_service_without_a_workflow_is_decided_by_the_district_in_the_promised_days() -> None:
    step = ServiceDescriptor.from_json(birth()).decide_step()
    assert (step.office, step.days, step.decides) == ("district", 3, True)


def test_words_fall_back_to_lao_then_english_then_any() -> None:
    assert Text({"lo": "ດີ", "en": "good"}).of("hmn") == "ດີ"
    assert Text({"en": "good"}).of("lo") == "good"
    assert Text({"kjg": "x"}).of("lo") == "x"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": None}, "name is missing."),
        ({"id": "La Moha/../x"}, "id must be small Latin letters, digits, dots and hyphens."),
        ({"review_by": "next year"}, "review_by must be a day, such as 2027-12-31."),
        ({"version": "1.0-beta"}, "version must be numbers between dots, such as 2026.11.1."),
        ({"name": {"lo": "ດີ", "en": " "}}, "name.en must be text."),
        ({"processing_time": "3 days"}, "processing_time must be P1D to P365D (working days)."),
        ({"processing_time": "P0D"}, "processing_time must be P1D to P365D (working days)."),
        (
            {
                "costs": [
                    {"id": "f", "value": "5000", "currency": "LAK", "description": {"en": "F"}}
                ]
            },
            "costs[1].value must be a whole number",
        ),
        (
            {"costs": [{"id": "f", "value": True, "currency": "LAK", "description": {"en": "F"}}]},
            "costs[1].value must be a whole number",
        ),
        ({"evidence": [{"id": "e", "name": {"en": "E"}}]}, "evidence[1].required is missing."),
        ({"life_events": {"id": "x"}}, "life_events must be a list."),
        ({"id": 16**9_000}, "id must be text: write it between quotation marks"),
        ({"name": {"lo": "ດີ", False: "god"}}, "name has a name that is no text"),
        ({"legal": [{"id": "x", "name": {}}]}, "legal[1].name must give the words by language"),
        ({"sample": "yes"}, "sample must be true or false."),
        ({"leave_quickly": "yes"}, "leave_quickly must be true or false."),
        ({"receipt_opens": "all"}, "receipt_opens must be one of: answers, status."),
        ({"workflow": {"steps": []}}, "workflow must have a step with decides: true."),
        ({"audience": ["martian"]}, "audience[1] is not known"),
        ({"description": {"en": "x" * 5000}}, "description.en is longer than 4000 characters."),
        ({"steps": [{"en": "a"}] * 501}, "steps has more than 500 entries."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadDescriptor) as refused:
        ServiceDescriptor.from_json(birth(**change))
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_something_else_than_a_document_is_refused(data: object) -> None:
    with pytest.raises(BadDescriptor, match="must have named fields"):
        ServiceDescriptor.from_json(data)


def test_a_field_of_the_future_does_not_disturb() -> None:
    service = ServiceDescriptor.from_json(birth(telepathy=True))
    assert service.id == "la.moha.birth-registration"


def test_versions_are_compared_as_numbers() -> None:
    assert is_older("2026.9.12", "2026.11.1")
    assert not is_older("2026.11.1", "2026.11")
    assert not is_older("1.0", "1")
    assert str(Version.parse("2026.11.1")) == "2026.11.1"


@pytest.mark.parametrize("text", ["", "1.", "v1", "1.2.3.4.5.6", "-1", "١", "1" * 30])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="numbers between dots"):
        Version.parse(text)
