"""The sample services, filled as a citizen would, from the bundle a kiosk holds."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

import pytest
import yaml
from nacl.signing import SigningKey

from kiosk.forms import bundle, publish
from kiosk.forms.bundle import Bundle
from kiosk.forms.definition import Control, QuestionKind, Section
from kiosk.forms.entry import Entry
from tests.sample_answers import (
    ANSWERS,
    BIRTH,
    BUSINESS,
    COMPLAINT,
    CONSTRUCTION,
    EVERY_FOLDER,
    FAMILY_BOOK,
    FOLDERS,
    RESIDENCE,
)
from tests.workbooks import SERVICES

TODAY = date(2026, 11, 23)
KEY = SigningKey(b"s" * 32)
KEYS = {bundle.key_id(bytes(KEY.verify_key)): bytes(KEY.verify_key)}
JPEG = b"\xff\xd8\xff\xd9"

LIVES_HERE = {
    "for_whom": "self",
    "full_name": "ນາງ ຄຳແພງ ວົງສາ",
    "birth_date": "1990",
    "province": "LA01",
    "district": "LA0106",
    "village": "ດົງໂດກ",
    "years_here": "12",
    "purposes": "school bank",
}
SHOP = ANSWERS[BUSINESS]


@cache
def sample(service: str) -> Bundle:
    """A sample service as a kiosk opens it."""
    return bundle.open(publish.publish(SERVICES / EVERY_FOLDER[service], None, KEY), KEYS)


def sections(body: Iterable[Control | Section]) -> Iterator[Section]:
    for item in body:
        if isinstance(item, Section):
            yield item
            yield from sections(item.children)


@pytest.fixture(scope="module")
def residence() -> Bundle:
    return sample(RESIDENCE)


@pytest.fixture(scope="module")
def business() -> Bundle:
    return sample(BUSINESS)


def begin(service: Bundle, language: str = "lo") -> Entry:
    return Entry(service.definition, language=language, today=TODAY)


def fill(entry: Entry, answers: dict[str, str], photo: str | None = None) -> list[str]:
    """Walk page by page to the end; the names of the questions in the order they were asked."""
    asked: list[str] = []
    while (page := entry.page) is not None:
        (question,) = page.questions
        name = question.path.rpartition("/")[2]
        asked.append(name)
        if name in answers:
            assert entry.answer(question.path, answers[name]) is None, name
        if name == photo:
            entry.attach(question.path, JPEG, "image/jpeg")
        assert entry.advance() == (), name
    return asked


def test_the_shortest_way_through_the_residence_certificate(residence: Bundle) -> None:
    entry = begin(residence)
    assert fill(entry, LIVES_HERE) == [
        "for_whom",
        "full_name",
        "birth_date",
        "province",
        "district",
        "village",
        "house_number",
        "years_here",
        "purposes",
        "family_book",
    ]
    assert entry.violations() == ()
    assert entry.record()["answers"] == LIVES_HERE
    assert residence.descriptor.fee_lak(entry.value_of) is None


def test_the_longest_way_through_the_residence_certificate(residence: Bundle) -> None:
    answers = LIVES_HERE | {
        "for_whom": "child",
        "applicant_name": "Xiong Mai Vang",
        "years_here": "0",
        "previous_province": "LA06",
        "purposes": "work other",
        "purpose_other": "ຂໍທຶນການສຶກສາ",
        "house_number": "12 ໜ່ວຍ 3",
    }
    entry = begin(residence, "en")
    asked = fill(entry, answers, photo="family_book")
    assert len(asked) == 13
    shown = {line.path: line.shown for line in entry.lines()}
    assert shown["/data/for_whom"] == "For my child"
    assert shown["/data/district"] == "Xaythany"
    assert "Something else" in shown["/data/purposes"]
    (photo,) = entry.attachments()
    assert photo.data == JPEG


def test_an_officer_reads_the_same_answers_in_the_other_language(residence: Bundle) -> None:
    entry = begin(residence, "lo")
    fill(entry, LIVES_HERE)
    opened = Entry.from_record(residence.definition, entry.record(), language="en")
    shown = {line.label: line.shown for line in opened.lines()}
    assert shown["Who is the certificate for?"] == "For myself"
    assert shown["In which province is the home?"] == "Vientiane Capital"


def test_changing_ones_mind_hides_a_question_and_its_answer(residence: Bundle) -> None:
    entry = begin(residence)
    fill(entry, LIVES_HERE | {"for_whom": "child", "applicant_name": "ທ້າວ ຄຳ"})
    entry.answer("/data/for_whom", "self")
    assert "applicant_name" not in entry.record()["answers"]
    entry.answer("/data/for_whom", "child")
    assert entry.record()["answers"]["applicant_name"] == "ທ້າວ ຄຳ"


def test_districts_are_those_of_the_province(residence: Bundle) -> None:
    entry = begin(residence)
    districts = 0
    provinces = entry.question("/data/province").choices
    for province in provinces:
        entry.answer("/data/province", province.name)
        choices = entry.question("/data/district").choices
        assert all(choice.name.startswith(province.name) for choice in choices)
        assert all(choice.label != choice.name for choice in choices)
        districts += len(choices)
    assert (len(provinces), districts) == (18, 148)


def test_a_district_of_another_province_must_be_chosen_again(residence: Bundle) -> None:
    entry = begin(residence)
    fill(entry, LIVES_HERE)
    entry.answer("/data/province", "LA06")
    assert [violation.path for violation in entry.violations()] == ["/data/district"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("full_name", "ກ" * 201, "A name has 1 to 200 characters."),
        ("birth_date", "2027", "The date of birth cannot be in the future."),
        ("birth_date", "2026-11-24", "The date of birth cannot be in the future."),
        ("years_here", "-1", "The years cannot be more than the person's age."),
        ("years_here", "37", "The years cannot be more than the person's age."),
    ],
)
def test_a_wrong_answer_is_told_in_words(
    residence: Bundle, name: str, value: str, message: str
) -> None:
    entry = begin(residence, "en")
    entry.answer("/data/birth_date", "1990")
    violation = entry.answer(f"/data/{name}", value)
    assert violation is not None
    assert violation.message == message


@pytest.mark.parametrize("value", ["ກ" * 200, "X", "Nguyễn Văn Ánh", "王小明", "Ксения"])
def test_a_name_is_one_field_of_any_script(residence: Bundle, value: str) -> None:
    assert begin(residence).answer("/data/full_name", value) is None


@pytest.mark.parametrize("value", ["1954", "1954-02", "1954-02-28", "2026-11-23"])
def test_a_birth_date_may_be_a_year_only(residence: Bundle, value: str) -> None:
    assert begin(residence).answer("/data/birth_date", value) is None


def test_the_shortest_way_through_the_household_business(business: Bundle) -> None:
    entry = begin(business)
    asked = fill(entry, SHOP)
    assert {"activity_other", "market_name", "started_when", "identity_page"}.isdisjoint(asked)
    assert asked[-2:] == ["bring_document", "fee_note"]
    assert entry.value_of("/data/fee") == "30000"
    assert business.descriptor.fee_lak(entry.value_of) == 30_000


def test_the_longest_way_through_the_household_business(business: Bundle) -> None:
    answers = SHOP | {
        "activities": "craft transport other",
        "activity_other": "ເຊົ່າລົດຖີບ",
        "place": "market",
        "market_name": "ຕະຫຼາດເຊົ້າ",
        "started": "yes",
        "started_when": "2020",
        "capital": "50000001",
        "telephone": "02055512345",
        "has_document": "yes",
    }
    entry = begin(business, "en")
    asked = fill(entry, answers, photo="identity_page")
    assert "bring_document" not in asked
    assert asked[-2:] == ["identity_page", "fee_note"]
    assert business.descriptor.fee_lak(entry.value_of) == 20_000 + 2 * 10_000 + 30_000
    entry.go_to("/data/fee_note")
    assert entry.page is not None
    assert entry.page.questions[0].label == "The fee is 70000 kip. Pay nothing else."


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("birth_date", "2009", "The owner must be 18 years or older."),
        ("activities", "shop food farm craft", "Choose three at most."),
        ("workers", "11", "Write 1 to 10. If there are more, please ask the officer."),
        ("telephone", "123", "A number begins with 0 and has 9 to 11 digits."),
    ],
)
def test_a_wrong_answer_about_the_business_is_told_in_words(
    business: Bundle, name: str, value: str, message: str
) -> None:
    violation = begin(business, "en").answer(f"/data/{name}", value)
    assert violation is not None
    assert violation.message == message


def test_nobody_needs_a_telephone_to_register(business: Bundle) -> None:
    assert not begin(business).question("/data/telephone").required


def test_no_camera_is_no_dead_end(business: Bundle) -> None:
    entry = begin(business)
    fill(entry, SHOP)
    entry.answer("/data/has_document", "yes")
    assert not entry.question("/data/identity_page").value
    assert entry.violations() == ()


@pytest.mark.parametrize("service", FOLDERS)
def test_nothing_is_to_be_mended_in_a_sample_service(service: str) -> None:
    assert publish.check(SERVICES / FOLDERS[service]) == []


@pytest.mark.parametrize("service", FOLDERS)
@pytest.mark.parametrize("language", ["lo", "en"])
def test_the_sample_answers_go_through_every_service(service: str, language: str) -> None:
    opened = sample(service)
    assert opened.descriptor.sample
    entry = begin(opened, language)
    fill(entry, ANSWERS[service])
    assert entry.violations() == ()
    given = {line.path.rpartition("/")[2] for line in entry.lines() if line.given}
    assert given == {name for name, answer in ANSWERS[service].items() if answer}


@pytest.mark.parametrize("service", FOLDERS)
def test_every_page_asks_one_thing_and_offers_at_most_nine_tiles(service: str) -> None:
    opened = sample(service)
    assert not any(section.is_field_list for section in sections(opened.definition.body))
    entry = begin(opened)
    for control in opened.definition.controls():
        if "province" in control.path or "district" in control.path:
            continue  # shown as list pages
        first = control.path.replace("/person/", "/person[1]/")
        assert len(entry.question(first).choices) <= 9


@pytest.mark.parametrize("service", FOLDERS)
def test_at_most_two_photos_are_asked_for_and_none_is_required(service: str) -> None:
    opened = sample(service)
    entry = begin(opened)
    photos = [one for one in opened.definition.controls() if one.kind is QuestionKind.IMAGE]
    assert len(photos) <= 2
    assert not any(entry.question(photo.path).required for photo in photos)


@pytest.mark.parametrize("name", ["residence", "business"])
def test_every_kind_of_question_that_the_first_road_needs_is_there(
    name: str, request: pytest.FixtureRequest
) -> None:
    service: Bundle = request.getfixturevalue(name)
    kinds = {control.kind for control in service.definition.controls()}
    assert {
        QuestionKind.TEXT,
        QuestionKind.INTEGER,
        QuestionKind.PARTIAL_DATE,
        QuestionKind.SELECT_ONE,
        QuestionKind.SELECT_MULTIPLE,
        QuestionKind.IMAGE,
    } <= kinds


@pytest.mark.parametrize("service", [BUSINESS, BIRTH, FAMILY_BOOK, CONSTRUCTION])
def test_places_are_spelt_alike_in_every_service(service: str, residence: Bundle) -> None:
    other = sample(service)
    for name in ("province", "district"):
        assert residence.definition.lists[name] == other.definition.lists[name]
    texts = [
        {key: value for key, value in one.definition.texts["lo"].items() if "district-" in key}
        for one in (residence, other)
    ]
    assert texts[0] == texts[1]


def test_one_can_complain_about_every_sample_service() -> None:
    entry = begin(sample(COMPLAINT))
    offered = {choice.name for choice in entry.question("/data/service").choices}
    assert set(FOLDERS) <= offered


def test_the_sample_offices_stand_in_districts_that_exist(residence: Bundle) -> None:
    data = yaml.safe_load((SERVICES / "offices.yaml").read_text("utf-8"))
    entry = begin(residence)
    assert data["sample"] is True
    ids = [office["id"] for office in data["offices"]]
    assert ids[:2] == ["la-vte-xaythany", "la-lpb-nambak"]
    assert {office["complaints_to"] for office in data["offices"][:2]} <= set(ids[2:])
    roles = {office["role"] for office in data["offices"] if office["district"] == "LA0106"}
    steps = {step.office for name in FOLDERS for step in sample(name).descriptor.workflow}
    assert steps - roles == {"district-justice"}  # there the centre itself does the step
    for office in data["offices"]:
        entry.answer("/data/province", office["district"][:4])
        assert entry.answer("/data/district", office["district"]) is None
    days = [holiday["date"] for holiday in data["holidays"]]
    assert days == sorted(days)
    assert all(day.weekday() < 5 for day in days)
    assert {day.year for day in days} == {2026, 2027}
