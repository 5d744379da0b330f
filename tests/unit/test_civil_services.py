"""Birth and family book: what they ask, what lateness costs, and that one tells the other."""

from datetime import date

import pytest

from kiosk.forms.entry import Entry
from tests.sample_answers import ANSWERS, BIRTH, FAMILY_BOOK, RESIDENCE
from tests.unit.test_sample_services import TODAY, fill, sample

BORN = ANSWERS[BIRTH]
CHANGE = ANSWERS[FAMILY_BOOK]
AT_HOME = BORN | {"birth_place": "home", "witness_1": "ໝໍຕຳແຍ ຄຳ"}


def begin(service: str, language: str = "en", today: date = TODAY) -> Entry:
    return Entry(sample(service).definition, language=language, today=today)


def family_book_after(entry: Entry, language: str = "en") -> Entry:
    follows = begin(FAMILY_BOOK, language)
    follows.know(entry.facts())
    return follows


def test_the_birth_names_the_family_book_as_what_follows() -> None:
    assert sample(BIRTH).descriptor.following() == (FAMILY_BOOK,)
    assert sample(FAMILY_BOOK).descriptor.following() == ()


def test_after_a_birth_the_family_book_asks_only_what_nobody_told() -> None:
    entry = begin(BIRTH)
    fill(entry, BORN)
    follows = family_book_after(entry)
    assert fill(follows, {"head": "mother"}) == ["head", "book_number", "family_book"]
    assert follows.violations() == ()
    answers = follows.record()["answers"]
    assert (answers["reason"], answers["people"]) == ("birth", "1")
    (child,) = answers["person"]
    assert (child["name"], child["sex"]) == (BORN["child_name"], BORN["child_sex"])
    assert child["birth_date"] == BORN["birth_date"]
    for name in ("mother_name", "father_name", "province", "district", "village"):
        assert answers[name] == BORN[name]
    assert answers["applicant_name"] == BORN["mother_name"]


@pytest.mark.parametrize(
    "answers",
    [
        BORN,
        AT_HOME,
        BORN | {"informant": "father"},
        BORN | {"informant": "family", "informant_name": "ນາງ ສີ"},
        BORN | {"informant": "other", "informant_name": "ໝໍ ຄຳ", "father_known": "no"},
        BORN | {"birth_place": "other", "other_place": "ກາງທາງ", "witness_1": "ທ້າວ ດີ"},
        BORN | {"birth_date": "2026-01-05", "late_reason": "far", "house_number": "12"},
    ],
)
def test_nothing_is_asked_twice_for_a_birth(answers: dict[str, str]) -> None:
    entry = begin(BIRTH)
    asked_first = fill(entry, answers)
    follows = family_book_after(entry)
    asked_then = fill(follows, {"head": "other", "head_name": "ທ່ານ ທອງ", "relation": "grandchild"})
    assert set(asked_then) == {"head", "head_name", "book_number", "relation", "family_book"}
    assert not set(asked_first) & set(asked_then)
    assert follows.violations() == ()


def test_what_is_known_may_still_be_changed() -> None:
    entry = begin(BIRTH)
    fill(entry, BORN)
    follows = family_book_after(entry)
    assert follows.go_to("/data/village")
    page = follows.page
    assert page is not None
    assert page.questions[0].value == BORN["village"]
    follows.answer("/data/village", "ທ່າງ່ອນ")
    shown = {line.path: line.shown for line in follows.lines()}
    assert shown["/data/village"] == "ທ່າງ່ອນ"
    assert entry.value_of("/data/village") == BORN["village"]


def test_a_known_answer_that_no_longer_fits_is_asked_for() -> None:
    entry = begin(BIRTH)
    fill(entry, BORN)
    follows = family_book_after(entry)
    follows.answer("/data/province", "LA06")
    assert "district" in fill(follows, {"head": "mother", "district": "LA0605"})


@pytest.mark.parametrize(
    ("born", "fine"),
    [
        ("2026-10-24", 0),  # 30 days ago
        ("2026-10-23", 10_000),
        ("2026-09-24", 10_000),  # 60 days
        ("2026-09-23", 20_000),
        ("2026-06-01", 50_000),
        ("1990", 50_000),
        ("2026", 0),  # the last day that it can have been: doubt costs nothing
        ("2026-10", 0),
        ("2026-09", 10_000),
        ("2026-11-23", 0),
    ],
)
def test_late_reporting_costs_by_the_started_month(born: str, fine: int) -> None:
    mothers_birth = {"mother_birth_date": "1970", "father_birth_date": "1970"}
    entry = begin(BIRTH)
    asked = fill(entry, BORN | mothers_birth | {"birth_date": born, "late_reason": "ill"})
    assert ("late_reason" in asked) is bool(fine)
    assert sample(BIRTH).descriptor.fee_lak(entry.value_of) == 5_000 + fine


def test_a_month_may_have_been_its_last_day() -> None:
    entry = begin(BIRTH, today=date(2026, 11, 28))
    assert "late_reason" not in fill(entry, BORN | {"birth_date": "2026-10"})


def test_who_is_late_is_told_the_fine_and_may_still_report() -> None:
    entry = begin(BIRTH)
    fill(entry, BORN | {"birth_date": "2026-09-01", "late_reason": "far"})
    entry.go_to("/data/late_note")
    assert entry.page is not None
    label = entry.page.questions[0].label
    assert label.startswith("25000 kip in all, of which 20000 kip is the fine")


def test_a_birth_needs_no_father() -> None:
    entry = begin(BIRTH)
    asked = fill(entry, BORN | {"father_known": "no"})
    assert not {"father_name", "father_birth_date"} & set(asked)
    assert entry.violations() == ()


def test_a_father_who_reports_is_not_asked_whether_he_is_known() -> None:
    asked = fill(begin(BIRTH), BORN | {"informant": "father"})
    assert "father_known" not in asked
    assert "father_name" in asked


def test_a_birth_at_home_needs_a_witness_and_no_hospital_paper() -> None:
    entry = begin(BIRTH)
    asked = fill(entry, AT_HOME)
    assert {"witness_1", "witness_2"} <= set(asked)
    assert not {"facility", "birth_notice"} & set(asked)
    entry.answer("/data/witness_1", "")
    assert [violation.path for violation in entry.violations()] == ["/data/witness_1"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("birth_date", "2026-11-24", "The date of birth cannot be in the future."),
        ("mother_birth_date", "2020", "The mother's date of birth cannot be right."),
        ("child_name", "ກ" * 201, "A name has 1 to 200 characters."),
    ],
)
def test_a_wrong_answer_about_a_birth_is_told_in_words(name: str, value: str, message: str) -> None:
    entry = begin(BIRTH)
    entry.answer("/data/birth_date", "2026")
    violation = entry.answer(f"/data/{name}", value)
    assert violation is not None
    assert violation.message.startswith(message)


def test_a_family_book_change_asks_for_each_person() -> None:
    entry = begin(FAMILY_BOOK)
    asked = fill(entry, CHANGE | {"people": "3"})
    assert asked.count("name") == asked.count("relation") == 3
    assert len(entry.record()["answers"]["person"]) == 3
    labels = [line.label for line in entry.lines()]
    assert "Person 3: what is the full name?" in labels


@pytest.mark.parametrize(
    ("reason", "asked_for", "not_asked_for"),
    [
        ("marriage", {"event_date", "proof"}, {"other_province", "mother_name"}),
        ("death", {"event_date", "proof"}, {"other_province", "mother_name"}),
        ("move-in", {"event_date", "other_province"}, {"proof"}),
        ("move-out", {"other_province"}, {"event_date", "proof"}),
        ("birth", {"mother_name", "father_known"}, {"event_date", "proof", "other_province"}),
    ],
)
def test_the_reason_decides_what_a_change_asks(
    reason: str, asked_for: set[str], not_asked_for: set[str]
) -> None:
    parents = {"mother_name": "ນາງ ມະນີ", "father_known": "no"}
    answers = CHANGE | parents | {"reason": reason, "relation": "sibling"}
    asked = set(fill(begin(FAMILY_BOOK), answers))
    assert asked_for <= asked
    assert not not_asked_for & asked


def test_parents_head_the_family_only_for_a_birth() -> None:
    entry = begin(FAMILY_BOOK)
    entry.answer("/data/reason", "move-in")
    names = [choice.name for choice in entry.question("/data/head").choices]
    assert names == ["applicant", "other"]


def test_the_fee_of_a_family_book_change_is_not_known() -> None:
    entry = begin(FAMILY_BOOK)
    fill(entry, CHANGE)
    assert sample(FAMILY_BOOK).descriptor.fee_lak(entry.value_of) is None


def test_who_does_not_know_the_parents_years_still_reports() -> None:
    answers = BORN | {"informant": "other", "informant_name": "ໝໍ ຄຳ", "mother_birth_date": ""}
    entry = begin(BIRTH)
    fill(entry, answers | {"father_birth_date": ""})
    assert entry.violations() == ()


def test_a_parent_of_another_country_is_asked_which() -> None:
    entry = begin(BIRTH)
    asked = fill(entry, BORN | {"father_nationality": "other", "father_country": "ຫວຽດນາມ"})
    assert "father_country" in asked
    assert "mother_country" not in asked


@pytest.mark.parametrize(
    ("reason", "born", "fits"),
    [
        ("death", "2026-11", False),  # after the day
        ("death", "2026-10", True),  # perhaps the same day
        ("death", "2026", True),
        ("marriage", "1990", True),
        ("move-out", "2026-11", True),  # no day is asked
    ],
)
def test_nobody_dies_or_marries_before_being_born(reason: str, born: str, fits: bool) -> None:  # noqa: FBT001 - the outcome
    entry = begin(FAMILY_BOOK)
    for name, value in (CHANGE | {"reason": reason, "event_date": "2026-10-15"}).items():
        if name in ("reason", "event_date"):
            entry.answer(f"/data/{name}", value)
    assert (entry.answer("/data/person[1]/birth_date", born) is None) is fits


def test_who_comes_from_abroad_is_no_dead_end() -> None:
    entry = begin(FAMILY_BOOK)
    fill(entry, CHANGE | {"other_province": ""})
    assert entry.violations() == ()
    newcomer = begin(RESIDENCE)
    fill(newcomer, ANSWERS[RESIDENCE] | {"years_here": "0"})
    assert newcomer.violations() == ()


def test_a_newborn_heads_no_family_and_the_dead_do_not_apply() -> None:
    entry = begin(FAMILY_BOOK)
    entry.answer("/data/reason", "birth")
    relations = [choice.name for choice in entry.question("/data/person[1]/relation").choices]
    assert relations == ["child", "grandchild", "sibling", "other"]
    entry.answer("/data/reason", "death")
    entry.answer("/data/head", "applicant")
    assert entry.answer("/data/person[1]/relation", "spouse") is None
    violation = entry.answer("/data/person[1]/relation", "head")
    assert violation is not None
    assert violation.message.startswith("This does not fit")
