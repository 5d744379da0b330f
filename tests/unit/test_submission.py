"""A recorded application is an ODK submission: the very shape that pyxform gave the form."""

from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from kiosk.forms.compile import compile_form
from kiosk.forms.converter import to_xform
from kiosk.forms.entry import Entry
from kiosk.forms.submission import attachment_name, instance_id, submission_xml
from kiosk.forms.workbook import read_workbook
from tests.forms import TODAY, form, xform
from tests.sample_answers import ANSWERS, BUSINESS, RESIDENCE
from tests.workbooks import SERVICES

APPLICATION = "00112233445566778899aabbccddeeff"
XFORMS = "{http://www.w3.org/2002/xforms}"
FAMILY = """
| survey |              |          |         |
|        | type         | name     | label   |
|        | text         | head     | Head    |
|        | begin group  | home     | Home    |
|        | text         | village  | Village |
|        | begin group  | house    | House   |
|        | integer      | rooms    | Rooms   |
|        | end group    |          |         |
|        | end group    |          |         |
|        | begin repeat | child    | Child   |
|        | text         | name     | Name    |
|        | image        | photo    | Photo   |
|        | end repeat   |          |         |
|        | text         | remarks  | Remarks |
| settings |
|        | form_id | version |
|        | family  | 7       |
"""


def local(name: str) -> str:
    return name.rpartition("}")[2]


def shape(element: ET.Element) -> Any:
    """The names of a tree, a repeat's instances counted once, its template left out."""
    template = "{http://openrosa.org/javarosa}template"
    children: dict[str, Any] = {}
    for child in element:
        if template not in child.attrib:
            children.setdefault(local(child.tag), shape(child))
    return children


def instance_of(xml: str) -> ET.Element:
    """The primary instance of an XForm."""
    found = ET.fromstring(xml).find(f".//{XFORMS}model/{XFORMS}instance")
    assert found is not None
    return found[0]


def family(*children: str) -> Entry:
    filled = Entry(form(FAMILY), language="lo", today=TODAY)
    for path, answer in {
        "/data/head": "ນາງ ຄຳ & ສີ <1>",
        "/data/home/village": "ດົງໂດກ",
        "/data/home/house/rooms": "3",
    }.items():
        filled.answer(path, answer)
    for number, name in enumerate(children, 1):
        if number > 1:
            filled.add_repeat("/data/child")
        filled.answer(f"/data/child[{number}]/name", name)
        filled.attach(f"/data/child[{number}]/photo", b"\xff\xd8\xff\xd9", "image/jpeg")
    return filled


def test_groups_and_repeats_are_nested_as_the_form_nests_them() -> None:
    filled = family("ບຸນ", "ດາວ")
    top = ET.fromstring(submission_xml(filled.definition, filled.record(), APPLICATION))
    assert (top.tag, top.get("id"), top.get("version")) == ("data", "family", "7")
    assert top.findtext("head") == "ນາງ ຄຳ & ສີ <1>"
    assert top.findtext("home/village") == "ດົງໂດກ"
    assert top.findtext("home/house/rooms") == "3"
    assert [child.findtext("name") for child in top.findall("child")] == ["ບຸນ", "ດາວ"]
    assert shape(top) == shape(instance_of(xform(FAMILY)))


def test_attachments_are_named_as_they_will_lie_beside_the_xml() -> None:
    filled = family("ບຸນ", "ດາວ")
    top = ET.fromstring(submission_xml(filled.definition, filled.record(), APPLICATION))
    named = [child.findtext("photo") for child in top.findall("child")]
    assert named == [attachment.name for attachment in filled.attachments()]


def test_the_instance_id_is_the_application_s() -> None:
    filled = family("ບຸນ")
    xml = submission_xml(filled.definition, filled.record(), APPLICATION)
    found = ET.fromstring(xml).findtext("meta/instanceID")
    assert found == instance_id(APPLICATION) == f"uuid:{UUID(APPLICATION)}"
    assert xml == submission_xml(filled.definition, filled.record(), APPLICATION)


def test_what_was_not_answered_stands_there_empty() -> None:
    filled = family("ບຸນ")
    top = ET.fromstring(submission_xml(filled.definition, filled.record(), APPLICATION))
    remarks = top.find("remarks")
    assert remarks is not None
    assert not remarks.text


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("photo-1.jpg", "photo-1.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "attachment"),
        ("ຮູບ.jpg", "___.jpg"),
        ("a" * 300, "a" * 100),
    ],
)
def test_an_attachment_s_name_is_safe_in_any_archive(answer: str, name: str) -> None:
    assert attachment_name(answer) == name


@pytest.mark.parametrize(
    "answers", [None, [], {"child": "text", "home": ["x"], "head": {"a": "b"}}]
)
def test_a_record_of_another_form_still_gives_a_whole_submission(answers: object) -> None:
    definition = form(FAMILY)
    top = ET.fromstring(submission_xml(definition, {"answers": answers}, APPLICATION))
    expected = shape(instance_of(xform(FAMILY)))
    expected.pop("child")  # nobody has any
    assert shape(top) == expected


def test_control_characters_never_break_the_xml() -> None:
    record = {"answers": {"head": "a\x00\x0b\ud800b"}}
    top = ET.fromstring(submission_xml(form(FAMILY), record, APPLICATION))
    assert top.findtext("head") == "ab"


@pytest.mark.parametrize(
    ("folder", "service"), [("residence-certificate", RESIDENCE), ("household-business", BUSINESS)]
)
def test_a_sample_service_s_submission_has_the_shape_of_its_xform(
    folder: str, service: str
) -> None:
    xml, _warnings = to_xform(read_workbook((SERVICES / folder / "form.xlsx").read_bytes()))
    definition = compile_form(xml)
    filled = Entry(definition, language="lo", today=TODAY)
    for name, answer in ANSWERS[service].items():
        assert filled.answer(f"/data/{name}", answer) is None
    top = ET.fromstring(submission_xml(definition, filled.record(), APPLICATION))
    primary = instance_of(xml)
    assert shape(top) == shape(primary)
    assert (top.get("id"), top.get("version")) == (primary.get("id"), primary.get("version"))
    assert top.findtext("full_name") == ANSWERS[service]["full_name"]
