"""An entry asks what is relevant, keeps every answer, and says what is wrong."""

from time import process_time

import pytest

from kiosk.forms.entry import Entry, Page, Violation
from tests.forms import TODAY, entry, form

FORM = """
| survey | | | | | | | | | | | |
| | type | name | label::ລາວ (lo) | label::English (en) | required | required_message::English (en) | constraint | constraint_message::English (en) | relevant | calculation | appearance | choice_filter |
| | text | name | ຊື່ | Name | yes | Please say your name. | string-length(.) <= 200 | Too long. | | | | |
| | text | born | ເກີດ | Born on, ${name} | | | | | | | partial-date | |
| | select_one yn | married | ແຕ່ງງານ | Married? | yes | | | | | | | |
| | text | spouse | ຜົວເມຍ | Spouse of ${name} | yes | | | | ${married} = 'y' | | | |
| | select_one_from_file provinces.csv | province | ແຂວງ | Province | | | | | | | | |
| | select_one_from_file districts.csv | district | ເມືອງ | District | | | | | ${province} != '' | | | province = ${province} |
| | begin_group | shop | ຮ້ານ | Shop | | | | | | | field-list | |
| | integer | workers | ຄົນງານ | Workers | | | . < 50 | | | | | |
| | select_multiple goods | goods | ສິນຄ້າ | Goods | | | | | | | | |
| | end_group | | | | | | | | | | | |
| | calculate | fee | | | | | | | | if(${workers} > 5, 100000, 50000) | | |
| | note | fee_note | ຄ່າ ${fee} | Fee: ${fee} | | | | | | | | |
| | image | photo | ຮູບ | Photo | | | | | ${married} = 'n' | | | |
| | date | since | ຕັ້ງແຕ່ | Since | | | . <= today() | | | | | |
| choices | | | |
| | list_name | name | label::ລາວ (lo) | label::English (en) |
| | yn | y | ແມ່ນ | Yes |
| | yn | n | ບໍ່ | No |
| | goods | rice | ເຂົ້າ | Rice |
| | goods | silk | ໄໝ | Silk |
| settings | |
| | default_language |
| | ລາວ (lo) |
"""  # noqa: E501 (a table is read by its columns)
FILES = {
    "provinces.csv": "name,label,label_lo\nvte,Vientiane,ວຽງຈັນ\nlpb,Luang Prabang,ຫຼວງພະບາງ\n",
    "districts.csv": (
        "name,label,label::ລາວ (lo),province\n"
        "xt,Xaythany,ໄຊທານີ,vte\nnx,Naxaithong,ນາຊາຍທອງ,vte\nnb,Nambak,ນ້ຳບາກ,lpb\n"
    ),
}
DEFINITION = form(FORM, FILES)


@pytest.fixture
def filling() -> Entry:
    return Entry(DEFINITION, language="en", today=TODAY)


def page(filling: Entry) -> Page:
    assert filling.page is not None
    return filling.page


def labels(filling: Entry) -> list[str]:
    return [question.label for question in page(filling).questions]


def walk_to(filling: Entry, path: str) -> None:
    assert filling.go_to(path)


def test_one_question_a_page_in_the_forms_order(filling: Entry) -> None:
    assert labels(filling) == ["Name"]
    assert (page(filling).number, page(filling).of) == (1, 7)
    filling.answer("/data/name", "ສົມສີ")
    assert filling.advance() == ()
    assert labels(filling) == ["Born on, ສົມສີ"]
    assert filling.retreat()
    assert not filling.retreat()
    assert labels(filling) == ["Name"]


def test_a_field_list_shares_one_page(filling: Entry) -> None:
    walk_to(filling, "/data/shop/goods")
    assert labels(filling) == ["Workers", "Goods"]
    assert page(filling).title == "Shop"


def test_the_language_changes_without_losing_an_answer(filling: Entry) -> None:
    filling.answer("/data/name", "Som")
    filling.answer("/data/province", "vte")
    filling.language = "lo"
    assert labels(filling) == ["ຊື່"]
    shown = {line.label: line.shown for line in filling.lines()}
    assert shown["ຊື່"] == "Som"
    assert shown["ແຂວງ"] == "ວຽງຈັນ"


def test_a_required_question_holds_the_page_and_says_why(filling: Entry) -> None:
    wanted = Violation("/data/name", "Please say your name.", "required")
    assert filling.answer("/data/name", "   ") is None
    assert filling.advance() == (wanted,)
    assert labels(filling) == ["Name"]
    walk_to(filling, "/data/married")
    assert [v.message for v in filling.advance()] == ["This question needs an answer."]


def test_a_broken_constraint_says_its_message_and_keeps_the_answer(filling: Entry) -> None:
    name = "ກ" * 201
    assert filling.answer("/data/name", name) == Violation("/data/name", "Too long.", "constraint")
    assert page(filling).questions[0].value == name
    assert filling.answer("/data/name", "ກ" * 200) is None


def test_an_answer_of_the_wrong_kind_is_kept_and_reads_as_empty(filling: Entry) -> None:
    violation = filling.answer("/data/shop/workers", "many")
    assert violation is not None
    assert (violation.kind, violation.message) == (
        "type",
        "Please give a whole number, for example 12.",
    )
    assert filling.question("/data/shop/workers").value == "many"
    assert filling.value_of("/data/shop/workers") == ""


def test_an_empty_answer_breaks_no_constraint(filling: Entry) -> None:
    assert filling.answer("/data/since", "") is None
    assert filling.answer("/data/since", "2026-11-24") is not None
    assert filling.answer("/data/since", "2026-11-23") is None


def test_what_is_not_relevant_is_not_asked_but_keeps_its_answer(filling: Entry) -> None:
    filling.answer("/data/married", "y")
    filling.answer("/data/spouse", "ບຸນມີ")
    filling.answer("/data/married", "n")
    assert not filling.go_to("/data/spouse")
    assert filling.value_of("/data/spouse") == ""
    assert "spouse" not in filling.record()["answers"]
    filling.answer("/data/married", "y")
    assert filling.value_of("/data/spouse") == "ບຸນມີ"


def test_a_page_that_an_answer_takes_away_gives_way_to_the_next(filling: Entry) -> None:
    filling.answer("/data/married", "y")
    walk_to(filling, "/data/spouse")
    filling.answer("/data/married", "n")
    assert labels(filling) == ["Province"]


def test_a_choice_that_a_filter_removes_is_blanked_and_comes_back(filling: Entry) -> None:
    filling.answer("/data/province", "vte")
    filling.answer("/data/district", "xt")
    filling.answer("/data/province", "lpb")
    assert filling.question("/data/district").value == ""
    assert [choice.label for choice in filling.question("/data/district").choices] == ["Nambak"]
    filling.answer("/data/province", "vte")
    assert filling.question("/data/district").shown == "Xaythany"


def test_a_choice_that_is_not_offered_is_refused_and_kept_out(filling: Entry) -> None:
    violation = filling.answer("/data/married", "perhaps")
    assert violation is not None
    assert violation.message == "Please choose from the list."


def test_a_row_without_a_value_is_not_offered_for_nobody_could_choose_nothing() -> None:
    files = {"provinces.csv": "name,label\nvte,Vientiane\n,Nowhere\n"}
    filling = Entry(form(FORM, {**FILES, **files}), language="en", today=TODAY)
    assert [choice.name for choice in filling.question("/data/province").choices] == ["vte"]


def test_a_calculated_fee_follows_its_answers(filling: Entry) -> None:
    assert filling.value_of("/data/fee") == "50000"
    filling.answer("/data/shop/workers", "12")
    assert filling.value_of("/data/fee") == "100000"
    walk_to(filling, "/data/fee_note")
    assert labels(filling) == ["Fee: 100000"]


def test_values_are_shown_as_people_write_them(filling: Entry) -> None:
    filling.answer("/data/born", "1990-05")
    filling.answer("/data/since", "2026-01-09")
    filling.answer("/data/shop/goods", "rice silk")
    shown = {line.path: line.shown for line in filling.lines()}
    assert shown["/data/born"] == "5/1990"
    assert shown["/data/since"] == "9/1/2026"
    assert shown["/data/shop/goods"] == "Rice, Silk"


def test_lines_say_what_was_not_given_and_leave_notes_out(filling: Entry) -> None:
    filling.answer("/data/name", "Som")
    given = {line.path: line.given for line in filling.lines()}
    assert given["/data/name"]
    assert not given["/data/born"]
    assert "/data/fee_note" not in given


def test_the_end_is_reached_and_change_comes_back_to_it(filling: Entry) -> None:
    filling.answer("/data/name", "Som")
    filling.answer("/data/married", "y")
    assert [violation.path for violation in filling.go_to_end()] == ["/data/spouse"]
    filling.answer("/data/spouse", "Bua")
    assert filling.go_to_end() == ()
    assert filling.at_end
    assert filling.page is None
    assert filling.violations() == ()
    walk_to(filling, "/data/name")
    assert not filling.at_end
    assert filling.go_to_end() == ()
    assert filling.retreat()
    assert labels(filling) == ["Since"]


def test_walking_every_page_ends_at_the_end(filling: Entry) -> None:
    answers = {"/data/name": "Som", "/data/married": "y", "/data/spouse": "Bua"}
    numbers = []
    while filling.page is not None:
        numbers.append(filling.page.number)
        for question in filling.page.questions:
            if question.path in answers:
                filling.answer(question.path, answers[question.path])
        assert filling.advance() == ()
    assert numbers == list(range(1, 9))


def test_a_photo_stays_in_memory_and_goes_with_its_question(filling: Entry) -> None:
    filling.answer("/data/married", "n")
    filling.attach("/data/photo", b"bytes", "image/jpeg")
    (attachment,) = filling.attachments()
    assert (attachment.path, attachment.name, attachment.data) == (
        "/data/photo",
        "photo-1.jpg",
        b"bytes",
    )
    assert filling.record()["answers"]["photo"] == "photo-1.jpg"
    filling.answer("/data/married", "y")
    assert filling.attachments() == ()
    filling.answer("/data/married", "n")
    filling.answer("/data/photo", "")
    assert filling.attachments() == ()
    assert filling.attachment("/data/photo") is None


def test_a_photo_that_is_not_there_cannot_be_submitted(filling: Entry) -> None:
    filling.answer("/data/married", "n")
    violation = filling.answer("/data/photo", "other.jpg")
    assert violation is not None
    assert violation.kind == "type"


def test_control_characters_never_reach_the_record(filling: Entry) -> None:
    filling.answer("/data/name", " \x1b[31mSom\u202e\x00 ")
    assert filling.record()["answers"]["name"] == "[31mSom"


def test_a_record_opens_as_it_was(filling: Entry) -> None:
    filling.answer("/data/name", "Som")
    filling.answer("/data/married", "y")
    filling.answer("/data/province", "vte")
    filling.answer("/data/district", "xt")
    filling.answer("/data/shop/workers", "12")
    record = filling.record()
    record["answers"]["fee"] = "77"  # what was true that day, whatever the form says now
    opened = Entry.from_record(DEFINITION, record, language="lo")
    assert opened.value_of("/data/fee") == "77"
    assert {**opened.record(), "language": "en"} == record
    assert [line.given for line in opened.lines()] == [line.given for line in filling.lines()]


def test_a_record_opened_for_correcting_works_again(filling: Entry) -> None:
    filling.answer("/data/name", "Som")
    filling.answer("/data/shop/workers", "12")
    again = Entry.from_record(DEFINITION, filling.record(), language="en", today=TODAY)
    assert again.value_of("/data/fee") == "100000"
    again.answer("/data/shop/workers", "2")
    assert again.value_of("/data/fee") == "50000"
    assert page(again).questions[0].value == "Som"


@pytest.mark.parametrize(
    "answers",
    [None, [], "x", {"name": 5, "shop": "x", "unknown": {"a": {}}}, {"name": ["x"], "shop": []}],
)
def test_a_record_of_another_shape_does_no_harm(answers: object) -> None:
    opened = Entry.from_record(DEFINITION, {"answers": answers, "today": "?"}, language="en")
    assert opened.value_of("/data/name") == ""


def test_forgetting_leaves_no_answer_behind(filling: Entry) -> None:
    filling.answer("/data/name", "Som")
    filling.answer("/data/married", "n")
    filling.attach("/data/photo", b"bytes", "image/png")
    filling.forget()
    assert filling.record()["answers"] == {"fee": "50000"}
    assert filling.attachments() == ()
    assert labels(filling) == ["Name"]


def test_messages_of_the_kiosk_are_said_in_its_language() -> None:
    said = {"required": "ກະລຸນາຕອບຄຳຖາມນີ້."}
    filling = Entry(DEFINITION, language="lo", today=TODAY, messages=said)
    filling.go_to("/data/married")
    assert [violation.message for violation in filling.advance()] == ["ກະລຸນາຕອບຄຳຖາມນີ້."]


REPEAT = """
| survey | | | | | |
| | type | name | label | calculation | relevant |
| | integer | factor | Factor | | |
| | begin_repeat | child | Child | | |
| | text | name | Name | | |
| | integer | age | Age | | |
| | calculate | place | | position(..) | |
| | calculate | grown | | ${age} * ${factor} | |
| | text | school | School of ${name} | | ${age} < 18 |
| | end_repeat | | | | |
| | calculate | total | | sum(${age}) | |
| | calculate | many | | count(${child}) | |
"""


def test_a_repeat_grows_and_shrinks_with_everything_that_counts_it() -> None:
    filling = entry(REPEAT)
    filling.answer("/data/child[1]/age", "9")
    assert filling.add_repeat("/data/child") == "/data/child[2]"
    filling.answer("/data/child[2]/age", "30")
    filling.answer("/data/factor", "2")
    values = [filling.value_of(f"/data/{name}") for name in ("total", "many", "child[2]/grown")]
    assert values == ["39", "2", "60"]
    assert filling.go_to("/data/child[1]/school")
    assert not filling.go_to("/data/child[2]/school")
    assert filling.record()["answers"]["child"][1] == {"age": "30", "place": "2", "grown": "60"}
    assert filling.remove_repeat("/data/child[1]")
    values = [filling.value_of(f"/data/{name}") for name in ("total", "many", "child[1]/place")]
    assert values == ["30", "1", "1"]


def test_a_record_with_repeats_opens_with_all_of_them() -> None:
    filling = entry(REPEAT)
    for number in (1, 2, 3):
        if number > 1:
            filling.add_repeat("/data/child")
        filling.answer(f"/data/child[{number}]/name", f"N{number}")
    opened = Entry.from_record(filling.definition, filling.record(), language="en")
    assert [opened.value_of(f"/data/child[{n}]/name") for n in (1, 2, 3)] == ["N1", "N2", "N3"]
    assert opened.record()["answers"] == filling.record()["answers"]


def test_repeats_are_bounded() -> None:
    filling = entry(REPEAT)
    added = sum(1 for _ in range(300) if filling.add_repeat("/data/child"))
    assert added == 199
    hostile = {"answers": {"child": [{"name": "x"}] * 10_000}}
    opened = Entry.from_record(filling.definition, hostile, language="en")
    assert opened.value_of("/data/child[200]/name") == "x"
    assert opened.value_of("/data/child[201]/name") == ""


CHILDREN = """
| survey | | | | | |
| | type | name | label::ລາວ (lo) | label::English (en) | appearance | relevant | required |
| | text | who | ຊື່ຂອງທ່ານ | Your name | | | |
| | select_one yn | has | ມີລູກບໍ່ | Do you have children? | | | |
| | begin_repeat | child | ລູກ | Child | | ${has} != 'n' | |
| | text | cname | ຊື່ | Name | | | yes |
| | begin_group | more | ອື່ນໆ | More | field-list | | |
| | integer | age | ອາຍຸ | Age | | | |
| | begin_repeat | toy | ຂອງຫຼິ້ນ | Toy of ${cname} | | | |
| | text | tname | ຫຍັງ | What | | | |
| | end_repeat | | | | | | |
| | text | school | ໂຮງຮຽນ | School | | | |
| | end_group | | | | | | |
| | note | again | ເພີ່ມອີກຄົນ | One more of them | repeat-add | false() | |
| | end_repeat | | | | | | |
| | text | last | ສຸດທ້າຍ | Last | | | |
| choices | | | |
| | list_name | name | label::ລາວ (lo) | label::English (en) |
| | yn | y | ແມ່ນ | Yes |
| | yn | n | ບໍ່ | No |
"""


def road(filling: Entry) -> list[str]:
    """The pages from here on, each by what it asks; a repeat's end by its path."""
    seen = []
    while (now := filling.page) is not None:
        asked = "+".join(question.path for question in now.questions)
        seen.append(asked if now.repeat is None else f"{now.repeat.path}?")
        assert filling.advance() == ()
    return seen


def test_a_repeat_ends_in_the_question_whether_one_more() -> None:
    filling = entry(CHILDREN, language="en")
    filling.answer("/data/child[1]/cname", "Noy")
    assert road(filling) == [
        *("/data/who", "/data/has", "/data/child[1]/cname", "/data/child[1]/more/age"),
        *("/data/child[1]/more/toy[1]/tname", "/data/child[1]/more/toy?"),
        *("/data/child[1]/more/school", "/data/child?", "/data/last"),
    ]
    assert filling.go_to("/data/child")
    repeat = page(filling).repeat
    assert repeat is not None
    assert [(i.part.label, i.part.number, i.shown) for i in repeat.instances] == [
        ("Child", 1, "Noy")
    ]
    assert (repeat.add, repeat.done, repeat.may_add) == ("One more of them", "", True)
    filling.language = "lo"
    repeat = page(filling).repeat
    assert repeat is not None
    assert (repeat.label, repeat.add) == ("ລູກ", "ເພີ່ມອີກຄົນ")


def test_a_page_says_which_instance_it_is_about() -> None:
    filling = entry(CHILDREN, language="en")
    filling.answer("/data/child[1]/cname", "Noy")
    assert filling.add_repeat("/data/child[1]/more/toy") == "/data/child[1]/more/toy[2]"
    assert filling.go_to("/data/child[1]/more/toy[2]")
    parts = page(filling).parts
    said = [(part.path, part.label, part.number, part.is_named) for part in parts]
    assert said == [
        ("/data/child[1]", "Child", 1, False),
        ("/data/child[1]/more", "More", 0, False),
        ("/data/child[1]/more/toy[2]", "Toy of Noy", 2, True),
    ]


def test_a_repeat_may_be_empty_and_grow_again() -> None:
    filling = entry(CHILDREN, language="en")
    assert filling.remove_repeat("/data/child[1]")
    assert road(filling) == ["/data/who", "/data/has", "/data/child?", "/data/last"]
    assert "child" not in filling.record()["answers"]
    opened = Entry.from_record(filling.definition, filling.record(), language="en", today=TODAY)
    assert opened.go_to("/data/child")
    assert opened.add_repeat("/data/child") == "/data/child[1]"
    assert opened.go_to("/data/child[1]")
    assert labels(opened) == ["Name"]


def test_a_repeat_that_is_not_relevant_is_not_asked_about() -> None:
    filling = entry(CHILDREN, language="en")
    filling.answer("/data/has", "n")
    assert road(filling) == ["/data/who", "/data/has", "/data/last"]
    filling.remove_repeat("/data/child[1]")
    assert not filling.go_to("/data/child")
    filling.answer("/data/has", "y")
    assert filling.go_to("/data/child")


COUNTED = """
| survey | | | | | |
| | type | name | label | repeat_count | appearance |
| | integer | many | How many | | |
| | begin_repeat | room | Room | ${many} | |
| | text | use | Used for | | |
| | end_repeat | | | | |
"""


def test_a_counted_repeat_does_not_ask_for_more() -> None:
    filling = entry(COUNTED)
    filling.answer("/data/many", "2")
    assert road(filling) == ["/data/many", "/data/room[1]/use", "/data/room[2]/use"]
    assert filling.go_to("/data/room[2]/use")
    assert [(part.label, part.number) for part in page(filling).parts] == [("Room", 2)]


def test_the_answers_to_check_are_told_part_by_part() -> None:
    filling = entry(CHILDREN, language="en")
    filling.answer("/data/child[1]/cname", "Noy")
    told = [
        (line.path, *(part.path for part in line.parts)) for line in filling.lines_and_repeats()
    ]
    assert ("/data/child[1]/cname", "/data/child[1]") in told
    assert ("/data/child[1]/more/toy", "/data/child[1]", "/data/child[1]/more") in told
    assert told[-2:] == [("/data/child",), ("/data/last",)]
    assert {line.path for line in filling.lines()} == {
        *("/data/who", "/data/has", "/data/child[1]/cname", "/data/child[1]/more/age"),
        *("/data/child[1]/more/toy[1]/tname", "/data/child[1]/more/school", "/data/last"),
    }


def test_finding_a_page_costs_no_more_for_each_of_two_hundred_instances_than_of_twenty() -> None:
    few, many = pages_among(20), pages_among(200)
    assert page(many).of == 2 + 200 * 5 + 2
    assert page_s(many) < 40 * page_s(few)  # ten times as many


def pages_among(count: int) -> Entry:
    """At the last but one of so many children."""
    filling = entry(CHILDREN, language="en")
    for _child in range(count - 1):
        filling.add_repeat("/data/child")
    assert filling.go_to(f"/data/child[{count - 1}]")
    return filling


def page_s(filling: Entry) -> float:
    """The fastest of a few times: whatever else happens in the process takes longer."""
    times = []
    for _time in range(5):
        began = process_time()
        page(filling)
        times.append(process_time() - began)
    return min(times)
