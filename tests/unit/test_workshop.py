"""Hostile or absurd files cost one small process and become a sentence; the server goes on."""

import io
import subprocess
import sys
import zipfile

import pytest

from kiosk.forms.finding import Finding, Level
from sync.central.catalogue import workshop
from sync.central.catalogue.workshop import TOO_MUCH, open_trial, try_out
from tests.publishers import FIELDS, FOLDER, SERVICE
from tests.workbooks import question, workbook

NAMES = set(FIELDS.values())


def files(**changed: bytes) -> dict[str, bytes]:
    """The sample service's files, some of them others."""
    good = {name: (FOLDER / name).read_bytes() for name in NAMES}
    return good | {f"{name}.xlsx": data for name, data in changed.items()}


def test_a_good_service_becomes_a_bundle_that_no_kiosk_trusts() -> None:
    tried = try_out(files())
    assert {finding.level for finding in tried.findings} == {Level.NOTE}  # nobody recorded it
    assert tried.made is not None
    assert open_trial(tried.made).service == SERVICE


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_at_once() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (150 * 2**20))
    tried = try_out(files(form=bomb.getvalue()))
    assert tried.made is None
    assert [finding.level for finding in tried.findings] == [Level.ERROR]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 old", b"<xml/>"])
def test_what_is_no_workbook_is_said_to_be_none(data: bytes) -> None:
    tried = try_out(files(form=data))
    assert tried.made is None
    assert {finding.sheet for finding in tried.findings} == {"form.xlsx"}


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "PATIENCE_S", 0.05)
    tried = try_out(files())
    assert [finding.sentence for finding in tried.findings] == [TOO_MUCH]
    assert tried.made is None


def test_what_wants_too_much_memory_is_stopped_by_itself() -> None:
    greedy = "from sync.central.catalogue.workbench import limit; limit(); bytearray(2 * 2**30)"
    done = subprocess.run([sys.executable, "-c", greedy], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


def test_too_many_at_once_are_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "WAIT_S", 0.01)
    taken = [workshop._places.acquire() for _ in range(workshop.AT_ONCE)]
    try:
        with pytest.raises(workshop.Busy):
            try_out(files())
    finally:
        workshop._places.release(len(taken))


def test_findings_come_back_as_they_were_made() -> None:
    broken = workbook([question("text", "a", relevant="${nobody} = 'x'")])
    (finding,) = [f for f in try_out(files(form=broken)).findings if f.column == "relevant"]
    assert isinstance(finding, Finding)
    assert str(finding) == "survey, row 2, relevant: There is no question named 'nobody'."
