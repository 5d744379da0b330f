"""A service's folder becomes a signed bundle, or a list of what to mend and where."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
import zstandard
from nacl.signing import SigningKey

from kiosk.forms import bundle, publish
from kiosk.forms.finding import Finding
from kiosk.forms.folder import read_description
from kiosk.forms.publish import CannotPublish
from kiosk.forms.samples import sample_records, train_dictionary
from tests.screens.every_kind import every_kind
from tests.tones import tone
from tests.workbooks import EN, LO, SERVICES, folder_with, question, workbook

KEY = SigningKey(b"p" * 32)
KEYS = {bundle.key_id(bytes(KEY.verify_key)): bytes(KEY.verify_key)}
SAMPLES = ("residence-certificate", "household-business")
IDS = {
    "residence-certificate": "la.moha.residence-certificate",
    "household-business": "la.moic.household-business",
}

MISTYPED = """\
id: My Service
name: Marriage
version: 2026.11
sample: true
processing_time: 3 days
legal: law 12
audience: [martian, venusian]
costs:
  - id: fee
    value: 5,000
    currency: KIP
    description: {lo: ຄ່າ}
evidence:
  - {name: {lo: ກ, en: B}, required: maybe}
workflow:
  steps:
    - {id: a, name: {lo: ກ, en: A}, office: district, days: 3, decide: true}
contact:
  telephone: 1551
"""
WRONG_AT = {
    (1, "id"): "must be small Latin letters",
    (2, "name"): "must give the words by language",
    (3, "version"): "write it between quotation marks",
    (5, "processing_time"): "must be P1D",
    (6, "legal"): "must be a list",
    (7, "audience[1]"): "is not known",
    (7, "audience[2]"): "is not known",
    (10, "costs[1].value"): "in digits only, such as 5000",
    (11, "costs[1].currency"): "must be one of: LAK",
    (12, "costs[1].description"): "missing in the language en",
    (14, "evidence[1].id"): "is missing",
    (14, "evidence[1].required"): "Write true, false, or a condition",
    (17, "workflow.steps[1].decide"): "Is 'decides' meant?",
    (19, "contact.telephone"): "write it between quotation marks",
    (None, "description"): "is missing",
}


def folder(tmp_path: Path, **changes: object) -> Path:
    """The residence certificate's folder with a changed description; None takes a field away."""
    copy = tmp_path / "service"
    shutil.copytree(SERVICES / "residence-certificate", copy)
    data = yaml.safe_load((copy / "descriptor.yaml").read_text("utf-8")) | changes
    kept = {name: value for name, value in data.items() if value is not None}
    (copy / "descriptor.yaml").write_text(yaml.safe_dump(kept, allow_unicode=True), "utf-8")
    return copy


def one(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


@pytest.mark.parametrize("name", sorted(form.parent.name for form in SERVICES.glob("*/form.xlsx")))
def test_a_sample_service_has_nothing_to_mend(name: str) -> None:
    assert publish.check(SERVICES / name) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_service_is_published_whole(name: str) -> None:
    opened = bundle.open(publish.publish(SERVICES / name, None, KEY), KEYS)
    assert opened.service == IDS[name]
    assert opened.descriptor.sample is True
    assert opened.definition.languages == ("lo", "en")
    assert opened.icon is not None
    assert opened.icon.startswith(b"\x89PNG")
    assert b"<h:html" in opened.file("form.xml")
    assert opened.descriptor.form is not None
    assert opened.descriptor.form.id == name.replace("-", "_")
    note = json.loads(opened.file("descriptor.json"))["form"]
    assert note["hash"].startswith("sha256:")


def test_publishing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    unchanged = folder(tmp_path)  # somebody may be editing the service itself
    first = publish.publish(unchanged, "2026.12", KEY)
    assert first == publish.publish(unchanged, "2026.12", KEY)
    assert bundle.open(first, KEYS).version == "2026.12"


@pytest.mark.parametrize("name", SAMPLES)
def test_the_dictionary_makes_unseen_answers_smaller(name: str) -> None:
    opened = bundle.open(publish.publish(SERVICES / name, None, KEY), KEYS)
    assert opened.dictionary is not None
    dictionary = zstandard.ZstdCompressionDict(opened.dictionary)
    plain = zstandard.ZstdCompressor(level=19)
    trained = zstandard.ZstdCompressor(level=19, dict_data=dictionary)
    unseen = [
        json.dumps(record).encode()
        for record in sample_records(opened.definition, count=30, seed=1)
    ]
    assert len(unseen) >= 20
    with_dictionary = sum(len(trained.compress(data)) for data in unseen)
    without = sum(len(plain.compress(data)) for data in unseen)
    assert with_dictionary < without * 0.8


def test_the_samples_do_not_depend_on_the_hour_of_publishing(tmp_path: Path) -> None:
    timed = workbook(
        [question("text", "full_name"), question("calculate", "at", calculation="string(now())")]
    )
    data = publish.publish(folder_with(tmp_path, timed), None, KEY)
    definition = bundle.open(data, KEYS).definition
    assert sample_records(definition, count=3) == sample_records(definition, count=3)


def test_too_few_samples_still_give_a_dictionary_that_works() -> None:
    records: list[dict[str, object]] = [{"name": "ຄຳ"}]
    dictionary = zstandard.ZstdCompressionDict(train_dictionary(records))
    packed = zstandard.ZstdCompressor(dict_data=dictionary).compress(b"abc")
    assert zstandard.ZstdDecompressor(dict_data=dictionary).decompress(packed) == b"abc"


def test_a_form_without_questions_to_answer_needs_no_dictionary() -> None:
    assert train_dictionary([]) == b""


def test_a_broken_workbook_names_sheet_row_and_column(tmp_path: Path) -> None:
    born = question("date", "a", relevant="${b} = 1", **{LO: "ເກີດມື້ໃດ?", EN: "Born when?"})
    broken = workbook([question("text", "full_name"), born])
    finding = one(publish.check(folder_with(tmp_path, broken)))
    assert (finding.sheet, finding.row, finding.column) == ("survey", 3, "relevant")
    with pytest.raises(CannotPublish, match="survey, row 3, relevant: There is no question"):
        publish.publish(tmp_path / "residence-certificate", None, KEY)


def test_a_circle_of_calculations_names_its_questions_and_their_rows(tmp_path: Path) -> None:
    circle = workbook(
        [
            question("text", "full_name"),
            question("calculate", "a", calculation="${b} + 1"),
            question("calculate", "b", calculation="${a} + 1"),
        ]
    )
    finding = one(publish.check(folder_with(tmp_path, circle)))
    assert (finding.sheet, finding.column) == ("survey", "calculation")
    assert finding.row in (3, 4)
    assert "wait for each other" in finding.message
    assert {"a (3)", "b (4)"} <= set(finding.message.rstrip(".").split(": ")[1].split(" → "))


def test_a_circle_through_a_condition_stands_at_the_condition(tmp_path: Path) -> None:
    circle = workbook(
        [
            question("begin_group", "home", relevant="${there} = 'x'"),
            question("text", "there"),
            {"type": "end_group"},
        ]
    )
    finding = one(publish.check(folder_with(tmp_path, circle)))
    assert (finding.sheet, finding.row, finding.column) == ("survey", 2, "relevant")
    assert finding.message == "This depends on itself."


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    lost = workbook([question("text", "full_name", relevant="/data/nowhere = 1")])
    finding = one(publish.check(folder_with(tmp_path, lost)))
    assert str(finding) == ("survey, row 2, relevant: /data/nowhere leads to nothing in the form.")


def test_a_form_beyond_the_limits_of_a_kiosk_is_refused_before_it_is_packed(
    tmp_path: Path,
) -> None:
    long = workbook([question("note", f"n{number}") for number in range(2_001)])
    finding = one(
        [found for found in publish.check(folder_with(tmp_path, long)) if found.level == "error"]
    )
    assert "more than 2000 rows" in finding.message


def test_recordings_travel_and_what_is_none_is_refused(tmp_path: Path) -> None:
    heading = "audio::Lao (lo)"
    spoken = workbook([question("text", "full_name", **{heading: "name_lo.ogg"})])
    copy = folder_with(tmp_path, spoken)
    finding = one(publish.check(copy))
    assert (finding.row, finding.column) == (2, heading)
    assert "name_lo.ogg is not in the folder media" in finding.message
    (copy / "media").mkdir()
    (copy / "media" / "name_lo.ogg").write_bytes(b"GIF89a")
    assert "no ogg recording" in one(publish.check(copy)).message
    (copy / "media" / "name_lo.ogg").write_bytes(b"OggS sample")
    assert publish.check(copy) == []
    opened = bundle.open(publish.publish(copy, None, KEY), KEYS)
    assert opened.file("name_lo.ogg") == b"OggS sample"
    notes = publish.list_unrecorded(copy)
    assert [(note.sheet, note.places["language"]) for note in notes] == [
        ("survey", "en"),
        ("descriptor.yaml", "lo"),  # nobody has recorded the service sheet
        ("descriptor.yaml", "en"),
    ]


def described(folder: Path, **changed: object) -> None:
    """The folder's description with some fields changed."""
    file = folder / "descriptor.yaml"
    plain = yaml.safe_load(file.read_text("utf-8")) | changed
    file.write_text(yaml.safe_dump(plain, allow_unicode=True), "utf-8")


def test_what_was_recorded_of_the_sheet_travels_in_the_bundle(tmp_path: Path) -> None:
    copy = folder_with(tmp_path, (SERVICES / "residence-certificate" / "form.xlsx").read_bytes())
    described(copy, recordings={"name": {"lo": "name_lo.wav"}, "fee": {"lo": "fee_lo.wav"}})
    missing = publish.check(copy)
    assert {found.column for found in missing} == {"recordings.name", "recordings.fee"}
    assert "The recording name_lo.wav is not in the folder media." in missing[1].message
    (copy / "media").mkdir()
    for name in ("name_lo.wav", "fee_lo.wav"):
        (copy / "media" / name).write_bytes(tone())
    assert publish.check(copy) == []
    opened = bundle.open(publish.publish(copy, None, KEY), KEYS)
    assert opened.descriptor.recording("name", "lo") == "name_lo.wav"
    assert opened.descriptor.recording("name", "en") is None
    assert opened.file("fee_lo.wav") == tone()
    lao, english = (note for note in publish.list_unrecorded(copy) if note.column == "recordings")
    assert (lao.places["language"], lao.places["parts"]) == ("lo", "days, documents, who, purposes")
    assert english.places["parts"] == "name, fee, days, documents, who, purposes"


@pytest.mark.parametrize(
    ("recordings", "column", "sentence"),
    [
        ({"price": {"lo": "a.ogg"}}, "recordings.price", "There is no part 'price'"),
        ({"fee": {"xx": "a.ogg"}}, "recordings.fee", "no texts in the language xx"),
        ({"fee": {"lo": "house.png"}}, "recordings.fee", "house.png is no recording"),
        (["a.ogg"], "recordings", "must give the recordings by part"),
    ],
)
def test_recordings_of_no_part_or_language_are_refused(
    tmp_path: Path, recordings: object, column: str | None, sentence: str
) -> None:
    copy = folder_with(tmp_path, (SERVICES / "residence-certificate" / "form.xlsx").read_bytes())
    (copy / "media").mkdir()
    (copy / "media" / "a.ogg").write_bytes(b"OggS sample")
    (copy / "media" / "house.png").write_bytes((copy / "icon.png").read_bytes())
    described(copy, recordings=recordings)
    finding = one(publish.check(copy))
    assert finding.column == column
    assert sentence in finding.message


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"legal": None}, "legal", "needs this"),
        ({"costs": []}, "costs", "needs this"),
        ({"sample": False}, "checked_by", "which office checked"),
        ({"steps": [{"lo": "ຕອບ"}]}, "steps[1]", "missing in the language en"),
        ({"proccessing_time": "P1D"}, "proccessing_time", "Is 'processing_time' meant?"),
        ({"name": {"lo": "ໃບ\u202eຢັ້ງຢືນ", "en": "x"}}, "name.lo", "U+202E"),
        ({"processing_time": "P1D"}, "workflow", "take 3 days, but 1 are promised"),
        ({"version": "new"}, "version", "version must be numbers"),
        ({"other_way": None}, "other_way", "Write it if there is any"),
        (
            {
                "costs": [
                    {
                        "id": "x",
                        "currency": "LAK",
                        "computed_by": "nobody",
                        "description": {"lo": "ຄ່າ", "en": "Fee"},
                    }
                ]
            },
            "costs[1].computed_by",
            "no question named 'nobody'",
        ),
    ],
)
def test_a_wrong_description_names_the_field(
    tmp_path: Path, change: dict[str, object], column: str | None, sentence: str
) -> None:
    finding = one(publish.check(folder(tmp_path, **change)))
    assert (finding.sheet, finding.column) == ("descriptor.yaml", column)
    assert sentence in finding.message


def test_all_that_is_wrong_with_a_description_is_told_at_once_each_at_its_line(
    tmp_path: Path,
) -> None:
    copy = folder(tmp_path)
    (copy / "descriptor.yaml").write_text(MISTYPED, "utf-8")
    told = {(found.row, found.column): found.message for found in publish.check(copy)}
    for (row, column), words in WRONG_AT.items():
        assert words in told[row, column]
    assert (9, "costs") not in told  # of what could not be read nothing more is said
    assert not any("are promised" in words for words in told.values())


def test_a_broken_workbook_hides_no_mistake_of_the_description_nor_the_other_way_round(
    tmp_path: Path,
) -> None:
    copy = folder(tmp_path, version="new")
    (copy / "form.xlsx").write_bytes(b"%PDF-1.7")
    assert {found.sheet for found in publish.check(copy)} == {"form.xlsx", "descriptor.yaml"}
    (copy / "form.xlsx").write_bytes(workbook([question("txt", "a", hint="=A1")]))
    (copy / "descriptor.yaml").write_text("# nothing yet\n", "utf-8")
    told = [(found.sheet, found.row, found.column) for found in publish.check(copy)]
    assert told[:3] == [("survey", 2, "hint"), ("survey", 2, "type"), ("survey", 2, "hint")]
    assert ("descriptor.yaml", None, None) in told


def test_thousands_of_wrong_fields_are_two_hundred_sentences(tmp_path: Path) -> None:
    wrong = {f"proccessing{number}": 1 for number in range(8_000)}
    findings = publish.check(folder(tmp_path, **wrong))
    assert len(findings) == publish.DESCRIPTION_FINDINGS_MAX + 1
    assert any("More is wrong than is said here" in finding.message for finding in findings)


def test_thousands_of_wrong_rows_are_one_sentence(tmp_path: Path) -> None:
    rows = [question("txt", f"a b {number}", relevant="${zz}") for number in range(2_001)]
    findings = publish.check(folder_with(tmp_path, workbook(rows)))
    assert "more than 2000 rows" in one(findings).message


@pytest.mark.parametrize(
    ("data", "row", "sentence"),
    [
        (b"id: la.x\nid: la.y\n", 2, "stands in row 1 already"),
        (b"name:\n\tlo: x\n", 2, "A tab stands at the start"),
        ("name: ຊື່".encode("utf-16-le"), None, "is no text in UTF-8"),
        (b"\xa1\xa2: x", None, "is no text in UTF-8"),
        (b"a: " + b"[" * 9000, None, "nested too deep"),
        (b"a: " + b"9" * 5000, None, "A number in the file cannot be read"),
        (b"---\n", None, "The file is empty"),
    ],
)
def test_what_is_wrong_with_the_yaml_itself_is_said(
    tmp_path: Path, data: bytes, row: int | None, sentence: str
) -> None:
    file = tmp_path / "descriptor.yaml"
    file.write_bytes(data)
    findings = read_description(file)[1]
    assert (one(findings).row, sentence in one(findings).message) == (row, True)


def test_yaml_that_cannot_be_read_names_the_row(tmp_path: Path) -> None:
    copy = folder(tmp_path)
    (copy / "descriptor.yaml").write_text("id: x\nname: {lo: [\n", "utf-8")
    finding = one(publish.check(copy))
    assert (finding.sheet, finding.row) == ("descriptor.yaml", 3)


def test_yaml_that_unfolds_is_refused(tmp_path: Path) -> None:
    copy = folder(tmp_path)
    (copy / "descriptor.yaml").write_text("a: &a [1]\nb: [*a, *a]\n", "utf-8")
    finding = one(publish.check(copy))
    assert finding.row == 2
    assert "repeat a part" in finding.message


@pytest.mark.parametrize(
    ("icon", "sentence"),
    [
        (b"GIF89a", "must be a PNG"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30", "128 to 1024 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 300_000, "larger than 200 kB"),
    ],
)
def test_an_icon_that_is_none_is_refused(tmp_path: Path, icon: bytes, sentence: str) -> None:
    copy = folder(tmp_path)
    (copy / "icon.png").write_bytes(icon)
    assert sentence in one(publish.check(copy)).message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    copy = folder(tmp_path)
    (copy / "icon.png").unlink()
    finding = one(publish.check(copy))
    assert (finding.sheet, finding.message) == ("icon.png", "The file is missing.")


def test_a_list_must_be_a_table_in_utf_8_whose_rows_have_names(tmp_path: Path) -> None:
    media = folder(tmp_path) / "media"
    media.mkdir()
    (media / "villages.csv").write_text("name,label\nv1,Don\nv2\n,Dong\n", "utf-8")
    (media / "latin.csv").write_bytes(b"name,label\nv1,\xe9\n")
    (media / "..nasty.sh").write_text("rm", "utf-8")
    findings = publish.check(media.parent)
    assert [(finding.sheet, finding.row) for finding in findings] == [
        ("media/..nasty.sh", None),
        ("media/latin.csv", None),
        ("media/villages.csv", 3),
        ("media/villages.csv", 4),
    ]
    assert "has no name" in findings[-1].message
    with pytest.raises(CannotPublish):
        publish.publish(media.parent, None, KEY)


def test_a_long_list_travels_as_a_file_in_the_bundle(tmp_path: Path) -> None:
    form = workbook([question("select_one_from_file villages.csv", "village", required="yes")])
    copy = folder_with(tmp_path, form, "residence-certificate")
    (copy / "media").mkdir()
    villages = "name,label,label::lo\nv1,Don,ດອນ\nv2,Na,ນາ\n"
    (copy / "media" / "villages.csv").write_text(villages, "utf-8")
    assert publish.check(copy) == []
    opened = bundle.open(publish.publish(copy, None, KEY), KEYS)
    assert opened.file("villages.csv") == villages.encode()
    records = sample_records(opened.definition, count=20)
    assert {record["answers"]["village"] for record in records} == {"v1", "v2"}


def test_a_version_that_is_none_is_refused() -> None:
    with pytest.raises(CannotPublish, match="numbers between dots"):
        publish.publish(SERVICES / "residence-certificate", "soon", KEY)


def test_a_form_with_every_kind_of_question_trains_its_dictionary() -> None:
    opened = bundle.open(every_kind(bytes(KEY)), KEYS)
    filled = [record["answers"] for record in sample_records(opened.definition, count=10)]
    assert len(filled) == 10
    assert {name for answers in filled for name in answers} >= {"opens", "needs", "signed", "said"}
    assert len(opened.dictionary or b"") > 1_000
