"""A question's pictures and clips follow the language; what no device can answer may stay empty."""

import pytest

from kiosk.forms.entry import Entry
from tests.forms import TODAY, form

FORM = """
| survey | | | | | | | | | |
| | type | name | label::Lao (lo) | label::English (en) | required | image::Lao (lo) | image::English (en) | audio::Lao (lo) | audio::English (en) |
| | select_one f | house | ເຮືອນ | House | | house.png | | house-lo.mp3 | |
| | time | opens | ເປີດ | Opens | | | | | |
| | audio | said | ເວົ້າ | Said | yes | | | | |
| | text | name | ຊື່ | Name | yes | | | | |
| choices | | | | | | | |
| | list_name | name | label::Lao (lo) | label::English (en) | image::Lao (lo) | image::English (en) | audio::Lao (lo) |
| | f | a | ກ | A | a-lo.png | a-en.png | a.mp3 |
| | f | b | ຂ | B | | | |
| settings | |
| | default_language |
| | Lao (lo) |
"""  # noqa: E501 (a table is read by its columns)
DEFINITION = form(FORM)


@pytest.fixture
def filling() -> Entry:
    return Entry(DEFINITION, language="lo", today=TODAY)


def test_a_question_names_its_picture_and_its_clip(filling: Entry) -> None:
    question = filling.question("/data/house")
    assert (question.image, question.audio) == ("house.png", "house-lo.mp3")


def test_a_choice_names_its_picture_and_its_clip(filling: Entry) -> None:
    first, second = filling.question("/data/house").choices
    assert (first.image, first.audio) == ("a-lo.png", "a.mp3")
    assert (second.image, second.audio) == ("", "")


def test_a_picture_is_taken_from_another_language_but_a_clip_never_is(filling: Entry) -> None:
    filling.language = "en"
    question = filling.question("/data/house")
    assert (question.image, question.audio) == ("house.png", "")
    assert question.choices[0].image == "a-en.png"


def test_a_time_is_shown_as_hours_and_minutes(filling: Entry) -> None:
    filling.answer("/data/opens", "08:05:00.000+07:00")
    assert filling.question("/data/opens").shown == "08:05"
    filling.answer("/data/opens", "no time")
    assert filling.question("/data/opens").shown == "no time"


def test_what_cannot_be_answered_here_may_stay_empty(filling: Entry) -> None:
    filling.answer("/data/name", "ສົມ")
    assert [wrong.path for wrong in filling.violations()] == ["/data/said"]
    filling.excuse("/data/said")
    assert filling.violations() == ()
    assert not filling.question("/data/said").required


def test_the_officer_reads_that_it_could_not_be_given(filling: Entry) -> None:
    filling.excuse("/data/said")
    read = Entry.from_record(DEFINITION, filling.record(), language="en")
    assert {line.path: line.excused for line in read.lines()} == {
        "/data/house": False,
        "/data/opens": False,
        "/data/said": True,
        "/data/name": False,
    }


def test_an_excuse_ends_when_it_is_answered_after_all(filling: Entry) -> None:
    filling.excuse("/data/said")
    filling.attach("/data/said", b"ID3 a recording", "audio/mpeg")
    assert "excused" not in filling.record()
    assert filling.question("/data/said").value == "said-1.mp3"


def test_an_excuse_ends_with_the_visit_and_with_correcting(filling: Entry) -> None:
    filling.excuse("/data/said")
    record = filling.record()
    filling.forget()
    assert filling.question("/data/said").required
    corrected = Entry.from_record(DEFINITION, record, language="en", today=TODAY)
    assert corrected.question("/data/said").required


@pytest.mark.parametrize("excused", ["/data/said", 7, [["/data/said"], None, "/data/²[²]"], {}])
def test_an_excuse_of_another_shape_does_no_harm(excused: object, filling: Entry) -> None:
    record = filling.record() | {"excused": excused}
    read = Entry.from_record(DEFINITION, record, language="en")
    assert not any(line.excused for line in read.lines())
