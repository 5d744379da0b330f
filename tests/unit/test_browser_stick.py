"""A stick handed in by an officer's browser: the same messages and rules, answers to take home."""

import io
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.test import Client
from django.utils import timezone

from sync import carried
from sync.central.casework import browser_stick
from sync.central.casework.models import Case, Officer, StickVisit
from sync.central.intake.exchange import CentralServer
from sync.ledger import Ledger
from sync.records import Status
from sync.stick import visit
from tests.officers import browser, browser_of, new_officer, text_of
from tests.paper_kiosk import new_code
from tests.sample_service import SERVICE, VERSION
from tests.stand_ins import kiosk

PAGE = "/office/stick"


@pytest.fixture
def officer(central: Path) -> Officer:
    assert central.is_dir()
    return new_officer("khamphaeng")


@pytest.fixture
def hers(officer: Officer) -> Client:
    signed_in = browser_of(officer)
    signed_in.handler.enforce_csrf_checks = False
    return signed_in


@pytest.fixture
def ledger(officer: Officer, tmp_path: Path) -> Iterator[Ledger]:
    assert officer.pk
    opened = kiosk.enrolled(tmp_path, CentralServer(), new_code())
    yield opened
    opened.close()


@pytest.fixture
def stick(ledger: Ledger, tmp_path: Path) -> Path:
    """With an application and its photo, larger than a piece."""
    folder = tmp_path / "stick"
    folder.mkdir()
    photo = bytes(range(256)) * 5000
    kiosk.submit(ledger, evidence=(photo,), service=SERVICE, service_version=VERSION)
    visit(ledger, folder)
    return folder


def files_of(stick: Path, ending: str = "") -> list[Path]:
    return sorted(path for path in stick.rglob(f"*{ending}") if path.is_file())


def uploads(paths: Sequence[Path]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]


def hands_in(hers: Client, paths: Sequence[Path], visit_: str = "", field: str = "files") -> str:
    """The address of the visit's page."""
    answer = hers.post(PAGE, {field: uploads(paths), "visit": visit_})
    assert answer.status_code == 302
    return answer.headers["Location"]


def takes_home(hers: Client, page: str, stick: Path) -> None:
    answer = hers.get(page + "/answers.zip")
    assert isinstance(answer, FileResponse)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        archive.extractall(stick)


def is_settled(ledger: Ledger) -> bool:
    return ledger.waiting_count() == 0 and ledger.evidence_waiting() == ()


def test_a_stick_comes_in_by_a_browser_and_its_answers_go_home(
    ledger: Ledger, stick: Path, hers: Client
) -> None:
    assert PAGE in text_of(hers.get("/office/"))
    (stick / "one-door" / "holiday.jpg").write_bytes(b"a picture")
    page = hands_in(hers, files_of(stick), field="folder")
    shown = text_of(hers.get(page))
    assert "Test kiosk · 1" in shown
    assert "1 other file was passed over" in shown
    case = Case.objects.get()
    takes_home(hers, page, stick)
    home = visit(ledger, stick)
    assert (home.acknowledged, home.unreadable) == (1, 0)
    assert is_settled(ledger)
    (event,) = ledger.status_events(case.application)  # type: ignore[arg-type]
    assert event.status is Status.RECEIVED


def test_in_portions_twice_and_out_of_order_it_is_the_same(
    ledger: Ledger, stick: Path, hers: Client
) -> None:
    copy = stick.with_name("copy")
    shutil.copytree(stick, copy)
    pieces, batches = files_of(stick, carried.PIECE), files_of(stick, carried.BATCH)
    page = hands_in(hers, pieces)  # before the application that they belong to
    assert "2 files were refused" in text_of(hers.get(page))
    number = page.rpartition("/")[2]
    for portion in (batches, pieces[1:], pieces[:1], pieces[1:], batches):
        assert hands_in(hers, portion, number) == page
    takes_home(hers, page, stick)
    assert Case.objects.count() == 1
    visit(ledger, stick)
    assert is_settled(ledger)
    takes_home(hers, hands_in(hers, files_of(copy)), stick)  # the same stick once more, late
    visit(ledger, stick)
    assert (Case.objects.count(), is_settled(ledger)) == (1, True)


def test_what_is_half_copied_or_strange_is_refused_and_the_rest_goes_on(
    stick: Path, hers: Client, tmp_path: Path
) -> None:
    (batch,) = files_of(stick, carried.BATCH)
    torn = tmp_path / batch.name
    torn.write_bytes(batch.read_bytes()[:-1])
    assert "1 file was refused" in text_of(hers.get(hands_in(hers, [torn])))
    torn.write_bytes(b"")
    stranger = tmp_path / ("0" * 10 + "-" + "0" * 16 + ".piece")
    stranger.write_bytes(batch.read_bytes())  # a batch that is called a piece
    page = hands_in(hers, [torn, stranger, batch])
    assert "2 files were refused" in text_of(hers.get(page))
    assert Case.objects.count() == 1
    assert hands_in(hers, []) == PAGE


def test_a_place_for_documents_that_is_away_keeps_the_answers_that_there_are(
    ledger: Ledger, stick: Path, hers: Client
) -> None:
    folder = Path(settings.EVIDENCE.folder)
    folder.rmdir()
    folder.write_text("no folder")
    page = hands_in(hers, files_of(stick))
    assert "Not everything could be taken in now." in text_of(hers.get(page))
    takes_home(hers, page, stick)
    assert visit(ledger, stick).acknowledged == 1
    assert not is_settled(ledger)
    folder.unlink()
    again = hands_in(hers, files_of(stick))
    takes_home(hers, again, stick)
    visit(ledger, stick)
    assert is_settled(ledger)


def test_nobody_else_sees_it_and_it_is_forgotten(stick: Path, hers: Client) -> None:
    page = hands_in(hers, files_of(stick))
    other = browser_of(new_officer("other"))
    assert other.get(page).status_code == 404
    assert other.get(page + "/answers.zip").status_code == 404
    assert browser().get(page).status_code == 302  # to the sign-in
    assert browser(checks_forms=True).post(PAGE, {}).status_code in {302, 403}
    StickVisit.objects.update(at=timezone.now() - timedelta(days=2))
    hands_in(hers, files_of(stick))
    assert StickVisit.objects.count() == 1


def test_what_waits_to_be_taken_home_is_bounded(
    stick: Path, hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_stick, "ANSWERS_BYTES_MAX", 10)
    (batch,) = files_of(stick, carried.BATCH)
    for number in range(2, 4):  # small files that ask for all the news there is
        again = batch.name.replace("0000000001", f"{number:010}")
        shutil.copy(batch, batch.with_name(again))
    page = hands_in(hers, files_of(stick, carried.BATCH))
    assert "Take the answers home first" in text_of(hers.get(page))
    assert StickVisit.objects.get().answers.count() == 1
    hands_in(hers, files_of(stick), page.rpartition("/")[2])
    assert StickVisit.objects.get().answers.count() == 1
    monkeypatch.setattr(browser_stick, "VISITS_MAX", 2)
    for _ in range(3):
        hands_in(hers, files_of(stick, carried.BATCH))
    assert StickVisit.objects.count() == 2
