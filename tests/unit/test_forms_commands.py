"""`kiosk forms` on a ministry's own machine: check, publish, show, export."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import language
from kiosk.__main__ import main
from tests.workbooks import EN, LO, SERVICES, folder_with, question, workbook

RESIDENCE = SERVICES / "residence-certificate"


@pytest.fixture(autouse=True)
def language_stays() -> Iterator[None]:
    before = language.language()
    yield
    language.set_language(before)


def run(*arguments: object) -> int:
    return main(["forms", *map(str, arguments)])


def published(tmp_path: Path, *more: object) -> int:
    key, out = tmp_path / "key", tmp_path / "residence.bundle"
    return run("publish", RESIDENCE, "--key", key, "--out", out, *more)


def test_check_says_that_nothing_is_to_be_mended(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", RESIDENCE) == 0
    assert "nothing to mend" in capsys.readouterr().out


def test_an_example_to_begin_with_has_nothing_to_mend_and_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "marriage"
    assert run("new", folder, "--id", "la.moj.marriage") == 0
    assert f"kiosk forms check {folder}" in capsys.readouterr().out
    assert run("check", folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{folder}: nothing to mend."
    assert run("show", folder) == 0
    shown = capsys.readouterr().out
    assert "My service  (la.moj.marriage 2026.1.1)" in shown
    assert "only if ${has_paper} = 'yes'" in shown
    assert "Thank you, ${full_name}." in shown
    before = (folder / "form.xlsx").read_bytes()
    assert run("new", folder) == 1
    assert "is there already" in capsys.readouterr().err
    assert (folder / "form.xlsx").read_bytes() == before
    assert run("new", tmp_path / "other", "--id", "My Service") == 1


def test_check_says_in_lao_what_is_missing_in_a_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = folder_with(tmp_path, workbook([question("text", "a", **{EN: None})]))
    assert run("--language", "lo", "check", bad) == 1
    line = capsys.readouterr().out.splitlines()[0]
    assert f"survey, ແຖວ 2, {EN}: " in line
    assert line.endswith("en.")
    assert "missing" not in line


def test_check_says_in_lao_what_is_wrong_with_a_description(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = folder_with(tmp_path, (RESIDENCE / "form.xlsx").read_bytes())
    text = (bad / "descriptor.yaml").read_text("utf-8")
    (bad / "descriptor.yaml").write_text(text.replace("value: null", "value: five"), "utf-8")
    assert run("--language", "lo", "check", bad) == 1
    assert "costs[1].value ຕ້ອງເປັນຈຳນວນເຕັມ." in capsys.readouterr().out


def test_check_lists_what_nobody_has_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", RESIDENCE) == 0
    said = capsys.readouterr().out
    assert "note: survey: 13 of 13 texts have no recording in the language lo: rows 2-14." in said


def test_check_says_where_to_mend_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = folder_with(tmp_path, workbook([question("text", "a", relevant="${b} = 1")]))
    assert run("check", RESIDENCE, bad) == 1
    assert "error: survey, row 2, relevant: There is no question named 'b'." in (
        capsys.readouterr().out
    )


def test_publish_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    assert published(tmp_path, "--new-key") == 0
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert (tmp_path / "residence.bundle").read_bytes().startswith(b"OneDoor\n")


def test_publish_without_a_key_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published(tmp_path) == 1
    assert "--new-key" in capsys.readouterr().err


def test_publish_does_not_go_back_to_an_older_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key")
    before = (tmp_path / "residence.bundle").read_bytes()
    assert published(tmp_path, "--version", "2025.1") == 1
    assert "higher version than 2026.11.1" in capsys.readouterr().err
    assert (tmp_path / "residence.bundle").read_bytes() == before
    assert published(tmp_path, "--version", "2026.12") == 0


def test_publish_remembers_its_versions_when_the_bundle_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key", "--version", "2026.12")
    (tmp_path / "residence.bundle").unlink()
    assert published(tmp_path) == 1
    assert "higher version than 2026.12" in capsys.readouterr().err
    assert not (tmp_path / "residence.bundle").exists()
    assert published(tmp_path, "--version", "2026.12") == 0  # the same again: nothing new


def test_publish_gives_one_version_one_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key")
    other = folder_with(tmp_path, workbook([question("text", "full_name")]))
    out = tmp_path / "other.bundle"
    assert run("publish", other, "--key", tmp_path / "key", "--out", out) == 1
    assert "published already" in capsys.readouterr().err
    assert not out.exists()


def test_publish_never_replaces_another_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key")
    out = tmp_path / "residence.bundle"
    before = out.read_bytes()
    business = SERVICES / "household-business"
    assert run("publish", business, "--key", tmp_path / "key", "--out", out) == 1
    assert "another service: la.moha.residence-certificate" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_publish_stops_where_it_cannot_read_what_it_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key")
    (tmp_path / "key.published.json").write_text("{", "utf-8")
    assert published(tmp_path, "--version", "2027.1") == 1
    assert "key.published.json cannot be read" in capsys.readouterr().err


def test_publish_of_a_broken_service_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = folder_with(tmp_path, b"%PDF-1.7")
    out = tmp_path / "bad.bundle"
    assert run("publish", bad, "--key", tmp_path / "key", "--new-key", "--out", out) == 1
    assert "not an Excel workbook" in capsys.readouterr().out
    assert not out.exists()


def test_show_reads_a_folder_and_its_bundle_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key")
    public = capsys.readouterr().out.split()[-1]
    assert run("show", RESIDENCE) == 0
    of_folder = capsys.readouterr().out
    assert run("show", tmp_path / "residence.bundle", "--verify-key", public) == 0
    assert capsys.readouterr().out == of_folder
    assert "Sample data: no office has signed it yet." in of_folder
    assert "Fee for the certificate: ask at the desk" in of_folder
    assert "Who is the certificate for?" in of_folder
    assert "only if" in of_folder


def test_show_speaks_lao(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--language", "lo", "show", RESIDENCE) == 0
    assert "ທ່ານຂໍໃບຢັ້ງຢືນໃຫ້ໃຜ?" in capsys.readouterr().out


def test_show_of_a_bundle_needs_the_publishers_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key")
    bundle = tmp_path / "residence.bundle"
    assert run("show", bundle) == 1
    assert run("show", bundle, "--verify-key", "zz") == 1
    assert run("show", bundle, "--verify-key", "00" * 32) == 1
    assert run("show", tmp_path / "nothing.bundle", "--verify-key", "00" * 32) == 1
    errors = capsys.readouterr().err.splitlines()
    assert "--verify-key" in errors[0]
    assert "hexadecimal" in errors[1]
    assert "not known here" in errors[2]
    assert "nothing.bundle" in errors[3]


def test_export_writes_the_description_of_a_folder_and_its_bundle_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "--new-key")
    public = capsys.readouterr().out.split()[-1]
    assert run("export", "--cpsv", RESIDENCE) == 0
    printed = capsys.readouterr().out
    out = tmp_path / "residence.jsonld"
    of_bundle = (tmp_path / "residence.bundle", "--verify-key", public, "--out", out)
    assert run("export", "--cpsv", *of_bundle) == 0
    assert out.read_text("utf-8") == printed
    document = json.loads(printed)
    assert document["@graph"][0]["@type"] == "PublicService"
    assert document["@graph"][0]["@id"] == "urn:one-door:la.moha.residence-certificate"
    assert str(out) in capsys.readouterr().out


def test_export_begins_ids_as_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    file = RESIDENCE / "descriptor.yaml"
    assert run("export", "--cpsv", file, "--base", "https://data.example.la/") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["@graph"][0]["@id"].startswith("https://data.example.la/la.moha.")


def test_export_of_a_broken_description_says_where_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "descriptor.yaml", tmp_path / "out.jsonld"
    file.write_text("id: la.x\nversion: [\n", "utf-8")
    assert run("export", "--cpsv", file, "--out", out) == 1
    assert "descriptor.yaml, row 3: The file has an error near here" in capsys.readouterr().out
    file.write_text("id: la.x\nversion: '1'\n", "utf-8")
    assert run("export", "--cpsv", tmp_path, "--out", out) == 1
    assert "name is missing" in capsys.readouterr().out
    assert run("export", "--cpsv", tmp_path / "nothing.yaml", "--out", out) == 1
    assert "The file is missing." in capsys.readouterr().out
    assert not out.exists()


def test_export_needs_a_format() -> None:
    with pytest.raises(SystemExit):
        run("export", RESIDENCE)


def test_a_report_goes_down_the_workbook_and_ends_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choice = {"list_name": "yes_no", "name": "yes", LO: "ແມ່ນ", EN: "Yes"}
    rows = [question("select_one yesno", "married"), question("text", "b", relevant="${marred}")]
    folder = folder_with(tmp_path, workbook(rows, [choice, choice]))
    (folder / "icon.png").unlink()
    assert run("check", folder) == 1
    said = [line.removeprefix(f"{folder}: ") for line in capsys.readouterr().out.splitlines()]
    errors = [line for line in said if line.startswith("error: ")]
    sheets = [line.removeprefix("error: ").partition(",")[0].partition(":")[0] for line in errors]
    assert list(dict.fromkeys(sheets)) == ["survey", "choices", "icon.png"]
    assert "Is 'yes_no' meant?" in errors[0]
    assert "Is 'married' meant?" in errors[1]
    assert said[-1].startswith(f"errors: {len(errors)}, warnings: ")
    assert said[-1].endswith("mend it, and check again.")
