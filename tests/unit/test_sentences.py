"""Every sentence about a form or a bundle can be translated: it is marked, and never put together.

A sentence with a name already in it (an f-string) is none that a catalogue can hold. So each error
and finding is raised with a marked sentence, and what it names stands apart.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from kiosk.field.service_tools import show_service
from kiosk.forms.bundle import BUNDLE_SIZE_MAX, BundleError
from kiosk.forms.bundle import open as open_bundle
from kiosk.forms.errors import BadForm, Said
from kiosk.forms.finding import Finding, Place, error
from kiosk.forms.form_json import definition_of
from kiosk.language import language, set_language
from sync.central.catalogue.plain_findings import from_plain, to_plain
from tests.messages import ROOT

SENTENCE_AT = {"error": 1, "warning": 1, "note": 1, "wrong": 0, "_wrong": 0, "_refusal": 0}
LAO = range(0x0E80, 0x0F00)


@pytest.fixture
def in_lao() -> Iterator[None]:
    before = language()
    set_language("lo")
    yield
    set_language(before)


def _subclasses(of: type) -> Iterator[str]:
    yield of.__name__
    below: list[type] = of.__subclasses__()
    for each in below:
        yield from _subclasses(each)


def _unmarked(path: Path) -> Iterator[str]:
    """Places where a sentence is said that no catalogue can have."""
    places = SENTENCE_AT | dict.fromkeys(_subclasses(Said), 0)
    for node in ast.walk(ast.parse(path.read_bytes())):
        sentences: list[ast.expr] = []
        if isinstance(node, ast.Call):
            at = places.get(ast.unparse(node.func).rpartition(".")[2])
            sentences = [] if at is None else node.args[at : at + 1]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "sentence":
            sentences = [node.value]
        for sentence in sentences:
            choices = (
                [sentence.body, sentence.orelse] if isinstance(sentence, ast.IfExp) else [sentence]
            )
            for choice in choices:
                if isinstance(choice, ast.JoinedStr | ast.BinOp) or (
                    isinstance(choice, ast.Constant) and choice.value
                ):
                    yield f"{path.relative_to(ROOT)}:{choice.lineno}"


def test_every_sentence_about_a_form_is_marked_for_the_catalogues() -> None:
    folders = (ROOT / "kiosk" / "forms", ROOT / "sync" / "central" / "catalogue")
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    assert [place for path in paths for place in _unmarked(path)] == []


def test_a_problem_within_a_finding_is_translated_in_centrals_report_too() -> None:
    inner = BadForm("It is %(what)s.", what=Said("too %(how)s", how=3))
    finding = error(Place("survey", 2), "Wrong: %(problem)s", problem=inner)
    kept = from_plain(json.loads(json.dumps(to_plain(finding))))
    assert isinstance(kept, Finding)
    assert kept.message == finding.message == "Wrong: It is too 3."
    assert kept.words(lambda sentence, **places: f"<{sentence % places}>") == (
        "<Wrong: <It is <too 3>.>>"
    )


def test_a_draft_kept_by_an_older_server_is_read() -> None:
    plain = to_plain(error(Place("survey", 2), "Wrong: %(problem)s", problem="x"))
    assert from_plain(plain).message == "Wrong: x"


@pytest.mark.usefixtures("in_lao")
@pytest.mark.parametrize(
    "data",
    [b"PDF", b"\0" * (BUNDLE_SIZE_MAX + 1), b"OneDoor\n\x09" + b"\0" * 90],
    ids=["no bundle", "too large", "too new"],
)
def test_a_technician_reads_in_lao_why_a_bundle_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    file = tmp_path / "service.bundle"
    file.write_bytes(data)
    assert show_service(file, bytes(SigningKey(b"p" * 32).verify_key).hex()) == 1
    said = capsys.readouterr().err
    with pytest.raises(BundleError) as refused:
        open_bundle(data, {})
    assert said.strip() != str(refused.value)
    assert any(ord(letter) in LAO for letter in said)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"id": 5}, "'5' should be text"),
        ({"title": None}, "'None' should be text"),
        ({"lists": {"v": {"columns": ["a"], "rows": [[1]]}}}, "a row of a list is not texts"),
        ({"binds": 7}, "something in it is not what its place needs"),
        ({"binds": [{}]}, "'path' is missing"),
    ],
)
def test_what_is_wrong_in_a_forms_data_is_said_with_its_place_kept_apart(
    changed: dict[str, object], sentence: str
) -> None:
    good = {
        "format": 1,
        "id": "f",
        "version": "1",
        "title": "T",
        "languages": ["lo"],
        "default_language": "lo",
        "language_names": {},
        "root": ["data"],
        "binds": [],
        "set_values": [],
        "body": [],
        "texts": {},
        "lists": {},
    }
    assert definition_of(json.dumps(good).encode()).id == "f"
    with pytest.raises(BadForm, match=sentence) as refused:
        definition_of(json.dumps(good | changed).encode())
    assert refused.value.sentence == "The form's data has the wrong shape: %(problem)s."
    assert isinstance(refused.value.places["problem"], Said)
