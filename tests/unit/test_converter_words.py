"""Nothing that pyxform says reaches a clerk in pyxform's words.

The test walks pyxform's own sources, so that a new release which says something new fails here.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import pyxform
from pyxform.errors import ErrorCode

from kiosk.forms.converter import to_xform
from kiosk.forms.converter_words import BY_CODE, OWN_FAULT, find_known, finding_of
from kiosk.forms.workbook import BadWorkbook, read_workbook
from tests.workbooks import EN, LO, question, workbook

SOURCES = Path(pyxform.__file__).parent
# What a conversion runs through; the rest reads other files, answers or the network
MODULES = (
    *("builder.py", "question.py", "section.py", "survey.py", "survey_element.py", "xls2json.py"),
    *("external_instance.py", "parsing/*.py", "validators/pyxform/**/*.py", "elements/*.py"),
)
RAISED = frozenset(("PyXFormError", "ValidationError"))


def _spoken(node: ast.AST, held: dict[str, ast.expr]) -> str:  # noqa: PLR0911 (a case each)
    """The text that an expression makes, with x for whatever is put into it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_spoken(part, held) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        name = node.value
        # f"{qt_params.ROWS.value} must ...": the parameter's name is in the constant
        if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Attribute):
            return name.value.attr.lower().replace("_", "-")
        return _spoken(name, held) if isinstance(name, ast.Name) and name.id in held else "x"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _spoken(node.left, held) + _spoken(node.right, held)
    if isinstance(node, ast.BinOp):
        return "[row : 3]"
    if isinstance(node, ast.Name) and node.id in held:
        return _spoken(held[node.id], {key: one for key, one in held.items() if key != node.id})
    return "x"


def _messages() -> Iterator[str]:
    """Each sentence without a code that pyxform's converting modules raise or warn with."""
    for pattern in MODULES:
        for path in SOURCES.glob(pattern):
            tree = ast.parse(path.read_bytes())
            constants = dict(named for node in tree.body for named in _named(node))
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef):
                    yield from _messages_of(function, dict(constants))


def _messages_of(function: ast.FunctionDef, held: dict[str, ast.expr]) -> Iterator[str]:
    for node in _in_order(function):
        held |= dict(_named(node))
        if isinstance(node, ast.Call) and node.args and "ErrorCode" not in ast.dump(node):
            called = ast.unparse(node.func)
            if called in RAISED or called == "warnings.append":
                yield _spoken(node.args[0], held)


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        if name not in [part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)]:
            yield name, node.value


def _in_order(function: ast.FunctionDef) -> list[ast.stmt | ast.expr]:
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.stmt | ast.expr)]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


# Made where the walk below does not see it: gathered in lists, or by a function
GATHERED = (
    "Instance names must be unique within a form. The name 'v' was found 2 time(s), under these",
    "[row : 3] Badly formatted table list, list names don't match: a vs. b",
    "[row : 3] Parameter 'app' has an invalid Android package name - package name is missing.",
    "Language 'en' is missing the survey label column.",
    "Language 'en' is missing the choices columns hint, label.",
    "[row : 3] For 'background-geopoint' questions, the 'trigger' column must not be empty.",
)
UNSEEN = 9  # such places in pyxform 4.5


def test_everything_that_the_converter_says_has_a_sentence_of_ours() -> None:
    said = list(_messages())
    unseen = [text for text in said if not text.replace("[row : 3]", "").strip(" x")]
    assert len(said) > 50
    assert len(unseen) <= UNSEEN
    assert [text for text in said if text not in unseen and find_known(text) is None] == []
    assert [text for text in GATHERED if find_known(text) is None] == []


def test_every_code_of_the_converter_has_a_sentence_of_ours() -> None:
    assert [code.name for code in ErrorCode if code.name not in BY_CODE] == []
    places = {name: f"<{name}>" for name in ("row", "value", "name", "column", "sheet", "q")}
    for code in ErrorCode:
        for text in (code.value.format(**places), code.value.name):
            found = find_known(text)
            assert found is not None, code
            assert (
                found[0] is BY_CODE[code.name] or found[0].sentence == BY_CODE[code.name].sentence
            )


def test_what_is_put_into_the_converters_sentence_is_put_into_ours() -> None:
    text = ErrorCode.RANGE_002.value.format(row=7, name="step")
    finding = finding_of(text, {})
    assert str(finding) == "survey, row 7, parameters: step of a range must not be 0."


def test_a_sentence_that_names_only_the_question_is_put_at_its_row() -> None:
    finding = finding_of("The survey element named 'b' has no label or hint.", {"a": 2, "b": 5})
    assert (finding.sheet, finding.row, finding.column) == ("survey", 5, "label")


def test_a_sentence_that_nobody_foresaw_is_shown_whole() -> None:
    finding = finding_of("[row : 4] On the 'survey' sheet, the 'type' value is haunted.", {})
    assert (finding.sheet, finding.row, finding.column) == ("survey", 4, "type")
    assert finding.sentence == "The converter says: %(problem)s"
    assert "is haunted" in finding.message


def test_several_mistakes_in_one_message_are_several_findings() -> None:
    choice = {"list_name": "v", "name": "a", LO: "ກ", EN: "A"}
    book = read_workbook(workbook([question("select_one v", "c")], [choice, choice, choice]))
    with pytest.raises(BadWorkbook) as refused:
        to_xform(book)
    assert [(one.sheet, one.row, one.column) for one in refused.value.findings] == [
        ("choices", 3, "name"),
        ("choices", 4, "name"),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (question("select_one v", "b", parameters="randomize=maybe"), "parameters"),
        (question("image", "b", parameters="max-pixels=large"), "parameters"),
        (question("audit", "b"), "type"),
    ],
)
def test_a_sentence_that_names_no_row_is_put_where_its_words_stand(
    row: dict[str, object], column: str
) -> None:
    choices = [{"list_name": "v", "name": "a", LO: "ກ", EN: "A"}]
    good = question("select_one v", "a", parameters="randomize=true")
    with pytest.raises(BadWorkbook) as refused:
        to_xform(read_workbook(workbook([question("text", "c"), good, row], choices)))
    (finding,) = refused.value.findings
    assert (finding.sheet, finding.row, finding.column) == ("survey", 4, column)


def test_what_the_converter_stumbles_over_is_said_as_its_own_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(*_given: object, **_named: object) -> None:
        raise KeyError("bind")

    monkeypatch.setattr("kiosk.forms.converter.convert", stumble)
    with pytest.raises(BadWorkbook) as refused:
        to_xform(read_workbook(workbook([question("text", "a")])))
    assert refused.value.findings[0].sentence == OWN_FAULT
    assert "KeyError" in refused.value.findings[0].message
