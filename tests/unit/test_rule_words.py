"""A form's rules in words, and what a new version of a form changes."""

import json

import pytest
from django.utils.translation import override
from nacl.signing import SigningKey

from kiosk.forms import bundle
from kiosk.forms.bundle import Bundle
from kiosk.forms.form_json import json_of
from sync.central.catalogue.changes import changes_between
from sync.central.catalogue.form_view import FormView
from sync.central.catalogue.preview import rule_words
from tests import sample_service
from tests.forms import form

KEY = SigningKey(bytes(32))
SURVEY = """
| survey | | | | | | |
| | type | name | label::Lao (lo) | label::English (en) | relevant | constraint |
| | select_one yes_no | married | ແຕ່ງງານແລ້ວບໍ? | Are you married? | | |
| | integer | age | ອາຍຸ | How old are you? | {relevant} | {constraint} |
| choices |
| | list_name | name | label::Lao (lo) | label::English (en) |
| | yes_no | yes | ແມ່ນ | Yes |
| | yes_no | no | ບໍ່ | No |
"""


def view(relevant: str = "", constraint: str = "") -> FormView:
    return FormView(form(SURVEY.format(relevant=relevant, constraint=constraint)))


def bundled(shown: FormView, **changed: object) -> Bundle:
    files = sample_service.bundle_files() | {"form.json": json_of(shown.definition)}
    described = json.loads(files["descriptor.json"]) | changed
    files["descriptor.json"] = json.dumps(described).encode()
    data = bundle.pack(files, sample_service.SERVICE, sample_service.VERSION, KEY)
    public = bytes(KEY.verify_key)
    return bundle.open(data, {bundle.key_id(public): public})


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("${married} = 'yes'", "“Are you married?” is “Yes”"),
        ("${married} != 'no'", "“Are you married?” is not “No”"),
        ("${married} != ''", "“Are you married?” is answered"),
        ("selected(${married}, 'no')", "“No” is chosen in “Are you married?”"),
        ("not(${married} = 'no')", "it is not so that: “Are you married?” is “No”"),
        ("true()", "always"),
    ],
)
def test_when_a_question_is_asked_reads_as_a_sentence(rule: str, words: str) -> None:
    shown = view(relevant=rule)
    relevant = shown.bind("/data/age").relevant
    assert relevant is not None
    with override("en"):
        assert rule_words(shown).of(relevant) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (". >= 18 and . < 1200", "the answer is at least 18, and the answer is less than 1,200"),
        ("string-length(.) <= 3", "the number of letters in the answer is at most 3"),
        ("regex(., '^[0-9]+$')", "the answer is written like the pattern ^[0-9]+$"),
        (". > -5 or . = 7", "the answer is more than −5, or the answer is 7"),
        ("count(/data/age) = 1", None),
        ("substr(., 0, 2) = '20'", None),
    ],
)
def test_what_is_accepted_reads_as_a_sentence_or_stays_an_expression(
    rule: str, words: str | None
) -> None:
    shown = view(constraint=rule)
    constraint = shown.bind("/data/age").constraint
    assert constraint is not None
    with override("en"):
        assert rule_words(shown).of(constraint) == words


def test_a_rule_speaks_the_reader_s_language() -> None:
    shown = view(relevant="${married} = 'yes'")
    relevant = shown.bind("/data/age").relevant
    assert relevant is not None
    with override("lo"):
        assert rule_words(shown).of(relevant) == "“ແຕ່ງງານແລ້ວບໍ?” ແມ່ນ “ແມ່ນ”"


def test_the_same_service_changes_nothing() -> None:
    assert changes_between(bundled(view()), bundled(view())).none


def test_a_rewritten_rule_is_a_change_and_an_untouched_one_is_none() -> None:
    before, after = bundled(view(constraint=". > 1")), bundled(view(constraint=". > 2"))
    with override("en"):
        (question,) = changes_between(before, after).questions
    (difference,) = question.differences
    assert (question.name, question.kind) == ("age", "changed")
    assert (difference.before, difference.after) == (
        "the answer is more than 1",
        "the answer is more than 2",
    )


def test_questions_come_go_and_move() -> None:
    lines = SURVEY.format(relevant="", constraint="").splitlines()
    married, age = lines[3], lines[4]
    more = age.replace("age ", "size")
    after = "\n".join([*lines[:3], age, married, more, *lines[5:]])
    before = "\n".join([*lines[:5], age.replace("age ", "gone"), *lines[5:]])
    with override("en"):
        changes = changes_between(
            bundled(FormView(form(before))), bundled(FormView(form(after)))
        ).questions
    kinds = {change.name: change.kind for change in changes}
    assert kinds["size"] == "added"
    assert kinds["gone"] == "removed"
    assert "moved" in {kinds.get("age"), kinds.get("married")}


def test_a_changed_field_of_the_description_is_named_with_its_place() -> None:
    before = bundled(view())
    after = bundled(view(), processing_time="P4D", name={"lo": "ອື່ນ", "en": "Sample service"})
    fields = changes_between(before, after).fields
    assert {field.what: field.after for field in fields} == {
        "processing_time": "P4D",
        "name.lo": "ອື່ນ",
    }
