"""Lists of a form: every name that an expression reads of them is there, in every language."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from kiosk.forms import bundle, publish
from kiosk.forms.entry import Entry
from kiosk.forms.finding import Finding, Level
from kiosk.forms.folder import read_folder
from kiosk.forms.lists_check import check_lists, lists_of
from kiosk.forms.workbook import read_workbook
from tests.workbooks import EN, LO, Cells, folder_with, question, workbook

KEY = SigningKey(b"lists of forms................!!")
KEYS = {bundle.key_id(bytes(KEY.verify_key)): bytes(KEY.verify_key)}
PLACES: Sequence[Cells] = [
    {"list_name": "province", "name": "vte", LO: "ນະຄອນຫຼວງ", EN: "Vientiane"},
    {"list_name": "district", "name": "sis", LO: "ສີສັດຕະນາກ", EN: "Sisattanak", "prov": "vte"},
]
VILLAGES = "name,label::Lao (lo),label::English (en),prov\nv1,ດອນ,Don,vte\nv2,ນາ,Na,cps\n"
XML = (
    "<root><item><name>v1</name><label>ດອນ</label><label_en>Don</label_en><prov>vte</prov></item>"
    "<item><name>v2</name><label>ນາ</label><label_en>Na</label_en><prov>cps</prov></item></root>"
)


def found(survey: Sequence[Cells], media: Mapping[str, bytes] | None = None) -> list[Finding]:
    read, files = read_workbook(workbook(survey, PLACES)), media or {}
    return list(check_lists(read, files, lists_of(read, files), ("lo", "en")))


def one(findings: Sequence[Finding]) -> Finding:
    (finding,) = findings
    return finding


def with_media(tmp_path: Path, form: bytes, **files: str) -> Path:
    folder = folder_with(tmp_path, form)
    (folder / "media").mkdir()
    for name, text in files.items():
        (folder / "media" / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("kind", "rule", "column"),
    [
        ("select_one district", {"choice_filter": "prv = ${p}"}, "prv"),
        ("select_one_from_file v.csv", {"choice_filter": "not(prv) or prov = ${p}"}, "prv"),
        ("select_one_from_file v.xml", {"choice_filter": "prv=${p}"}, "prv"),
        ("text", {"constraint": "instance('v')/root/item[prv = ${p}]/name = ."}, "prv"),
        ("text", {"constraint": "instance('v')/root/item[prov = ${p}]/nm = ."}, "nm"),
        ("calculate", {"calculation": "pulldata('v', 'pop', 'name', ${p})"}, "pop"),
        ("calculate", {"calculation": "pulldata('v', 'prov', 'nm', ${p})"}, "nm"),
        ("select_one_from_file v.csv", {"parameters": "value=nm"}, "nm"),
    ],
)
def test_a_column_that_a_list_does_not_have_is_an_error_at_the_cell(
    kind: str, rule: dict[str, str], column: str
) -> None:
    survey = [
        question("select_one province", "p"),
        question("select_one_from_file v.csv", "v"),
        question(kind, "d", **rule),
    ]
    media = {"v.csv": VILLAGES.encode(), "v.xml": XML.encode()}
    finding = one(found(survey, media))
    assert (finding.level, finding.row, finding.column) == (Level.ERROR, 4, next(iter(rule)))
    assert f"has no column {column!r}. It has: name" in finding.message


@pytest.mark.parametrize(
    "rule",
    [
        {"choice_filter": "prov = ${p} and selected(name, current()/../p)"},
        {"choice_filter": "prov = instance('province')/root/item[name = ${p}]/name"},
        {"choice_filter": "position() < 5 and itextId != ''"},
        {"constraint": "count(instance('district')/root/item[prov = 'vte']) > 0"},
    ],
)
def test_columns_that_are_there_are_left_alone(rule: dict[str, str]) -> None:
    select = question("select_one district", "d", **rule)
    assert found([question("select_one province", "p"), select]) == []


def test_a_translated_label_is_read_with_choice_name() -> None:
    rule = "instance('district')/root/item[name = ${d}]/label = 'x'"
    survey = [question("select_one district", "d"), question("text", "b", constraint=rule)]
    assert "jr:choice-name(" in one(found(survey)).message


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("instance('zz')/root/item/name = 1", "no list named 'zz'. The form has: province, "),
        ("pulldata('zz', 'x', 'y', ${d}) = 1", "The list zz.csv is not in the folder media"),
    ],
)
def test_a_list_that_is_not_there_is_an_error_at_the_cell(rule: str, sentence: str) -> None:
    survey = [question("select_one district", "d"), question("text", "b", constraint=rule)]
    finding = one(found(survey))
    assert (finding.row, finding.column) == (3, "constraint")
    assert sentence in finding.message


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("name,label\nv1,ດອນ\n", ["en"]),
        ("name,label,label::English (en)\nv1,ດອນ,Don\n", []),
        ("name,label::English (en)\nv1,Don\n", ["lo"]),
        ("name,label\n1,2026\n", []),
        (VILLAGES, []),
    ],
)
def test_a_file_of_choices_has_its_labels_in_every_language(text: str, missing: list[str]) -> None:
    findings = found([question("select_one_from_file v.csv", "v")], {"v.csv": text.encode()})
    assert [finding.places["language"] for finding in findings] == missing
    assert all(finding.sheet == "media/v.csv" for finding in findings)


@pytest.mark.parametrize("name", ["v_csv", "v_xml"])
def test_people_choose_from_a_file_in_their_language(tmp_path: Path, name: str) -> None:
    kind = f"select_one_from_file {name.replace('_', '.')}"
    survey = [
        question("select_one province", "p"),
        question(kind, "v", choice_filter="prov = ${p}", **{LO: "ບ້ານໃດ?", EN: "Which village?"}),
    ]
    text = VILLAGES if name == "v_csv" else XML
    folder = with_media(tmp_path, workbook(survey, PLACES), **{name: text})
    assert publish.check(folder) == []
    opened = bundle.open(publish.publish(folder, None, KEY), KEYS)
    for language, label in (("lo", "ດອນ"), ("en", "Don")):
        entry = Entry(opened.definition, language=language, today=date(2026, 11, 23))
        entry.answer("/data/p", "vte")
        assert [choice.label for choice in entry.question("/data/v").choices] == [label]


@pytest.mark.parametrize(
    ("text", "row", "sentence"),
    [
        ("<root><item><name>a</name></item></root>", 1, "has no label"),
        ("<root><item><label>A</label></item></root>", 1, "has no name"),
        ("<list><item><name>a</name></item></list>", None, "must be <root>"),
        ("<root><item>", None, "cannot be read"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><root>&b;</root>', None, "ENTITY"),
    ],
)
def test_an_xml_list_that_people_cannot_choose_from_is_refused(
    tmp_path: Path, text: str, row: int | None, sentence: str
) -> None:
    folder = with_media(tmp_path, workbook([question("text", "a")]), v_xml=text)
    finding = read_folder(folder).findings[0]
    assert (finding.sheet, finding.row, finding.level) == ("media/v.xml", row, Level.ERROR)
    assert sentence in finding.message


def test_a_list_too_large_or_named_like_the_form_is_refused(tmp_path: Path) -> None:
    folder = with_media(tmp_path, workbook([question("text", "a")]), form_xml=XML)
    (folder / "media" / "v.xml").write_bytes(b" " * (4 * 2**20 + 1))
    assert [(finding.sheet, finding.level) for finding in read_folder(folder).findings] == [
        ("media/form.xml", Level.ERROR),
        ("v.xml", Level.ERROR),
    ]


@pytest.mark.parametrize(
    ("text", "row", "column", "sentence"),
    [
        ("name,label\na,A\nb,B\u202e\n", 3, "label", "U+202E"),
        ("name,label,name\na,A,a\n", 1, "name", "twice"),
        ("", None, None, "is empty"),
        ('name,label\na,"' + "x" * 2**21 + "\n", 2, None, "quotation mark not closed"),
        ('name,label\na,"A" b\n', 2, None, "quotation mark"),
        ("name;label\na;A\n", 1, None, "semicolons"),
        ("name,label\na,A\nb,B\na,C\n", 4, "name", "row 2 already"),
    ],
)
def test_what_is_wrong_in_a_csv_is_said_once_where_it_stands(
    tmp_path: Path, text: str, row: int | None, column: str | None, sentence: str
) -> None:
    folder = with_media(tmp_path, workbook([question("text", "a")]), v_csv=text)
    finding = one(read_folder(folder).findings)
    assert (finding.row, finding.column) == (row, column)
    assert sentence in finding.message
