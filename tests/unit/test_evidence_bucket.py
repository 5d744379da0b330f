"""Evidence in S3-compatible storage: a real server of that kind, stopped and broken at will."""

import hashlib
import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from sync.central import commands
from sync.central.arguments import parser
from sync.central.casework.models import Officer
from sync.central.evidence_place import (
    BadPlace,
    Bucket,
    Place,
    place_from_address,
)
from sync.central.intake import evidence
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import EvidenceFile, EvidencePart, TroubleNote
from sync.errors import CentralFault
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.pace import Limits
from sync.protocol import EvidenceAnswer, EvidenceRequest
from sync.records import EvidenceNote
from tests import residence
from tests.object_storage import KEY_ID, SECRET, Storage, running_storage
from tests.officers import browser, browser_of, new_officer, text_of
from tests.paper_kiosk import PaperKiosk, new_code
from tests.sample_service import SERVICE, VERSION
from tests.stand_ins import kiosk as kiosks
from tests.together import at_once

DATA = bytes(range(256)) * 40
SHA256 = hashlib.sha256(DATA).digest()
NAME = SHA256.hex()


@pytest.fixture
def storage(central: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    assert central.is_dir()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with running_storage(tmp_path / "storage") as running:
        monkeypatch.setattr(settings, "EVIDENCE", place_from_address(running.address, central))
        evidence.store.cache_clear()
        yield running
    evidence.store.cache_clear()


@pytest.fixture
def kiosk(storage: Storage) -> PaperKiosk:
    assert storage.port
    kiosk = PaperKiosk(CentralServer())
    kiosk.files(evidence=(EvidenceNote(SHA256, len(DATA)),))
    kiosk.sends()
    return kiosk


def sends(kiosk: PaperKiosk, offset: int, data: bytes) -> int:
    answer = kiosk.server.send_evidence(kiosk.piece(SHA256, data, offset, len(DATA)))
    return EvidenceAnswer.from_bytes(answer, kiosk.answer_keys).offset


def asks(kiosk: PaperKiosk) -> int:
    answer = kiosk.server.evidence_offset(EvidenceRequest(kiosk.id, SHA256).signed(kiosk.key))
    return EvidenceAnswer.from_bytes(answer, kiosk.answer_keys).offset


def another_worker() -> None:
    """The next piece comes to a process that has never seen the first."""
    evidence.store.cache_clear()


def test_pieces_become_one_object_named_by_its_hash(kiosk: PaperKiosk, storage: Storage) -> None:
    assert asks(kiosk) == 0
    assert sends(kiosk, 0, DATA[:1000]) == 1000
    another_worker()
    assert asks(kiosk) == 1000
    assert sends(kiosk, 0, DATA[:1000]) == 1000  # sent twice, kept once
    assert sends(kiosk, 5000, DATA[5000:]) == 1000  # beyond a gap
    assert storage.objects() == {}
    assert sends(kiosk, 1000, DATA[1000:]) == len(DATA)
    assert storage.objects() == {NAME: DATA}
    assert not EvidencePart.objects.exists()
    assert EvidenceFile.objects.get().complete_at is not None
    assert asks(kiosk) == len(DATA)
    assert sends(kiosk, 1000, DATA[1000:]) == len(DATA)
    assert evidence.find(SHA256) == DATA
    assert list((settings.DATA / "evidence").iterdir()) == []


def test_two_workers_that_bring_the_last_piece_at_once_put_one_object(
    kiosk: PaperKiosk, storage: Storage
) -> None:
    sends(kiosk, 0, DATA[:1000])
    last = partial(sends, kiosk, 1000, DATA[1000:])
    assert at_once(last, last, last) == [len(DATA)] * 3
    assert storage.objects() == {NAME: DATA}
    assert not EvidencePart.objects.exists()


def test_a_file_with_another_hash_is_not_put_and_starts_again(
    kiosk: PaperKiosk, storage: Storage
) -> None:
    sends(kiosk, 0, b"\0" * 1000)
    assert sends(kiosk, 1000, DATA[1000:]) == 0
    assert storage.objects() == {}
    assert evidence.find(SHA256) is None
    assert sends(kiosk, 0, DATA) == len(DATA)


def test_storage_that_is_away_acknowledges_nothing_and_says_so(
    kiosk: PaperKiosk, storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    sends(kiosk, 0, DATA[:1000])
    storage.stop()
    logging.getLogger("sync").addHandler(caplog.handler)
    try:
        with pytest.raises(CentralFault) as problem:
            sends(kiosk, 1000, DATA[1000:])
        with pytest.raises(CentralFault):  # and does not believe that all is here
            asks(kiosk)
    finally:
        logging.getLogger("sync").removeHandler(caplog.handler)
    assert problem.value.retry_after_s
    ours = (record for record in caplog.records if record.name.startswith("sync"))
    (said,) = {record.getMessage() for record in ours}  # whatever others say at their levels
    assert said.startswith("Documents cannot be stored: The storage s3://evidence/documents at ")
    assert "cannot be reached" in said
    officer = new_officer("boss")
    Officer.objects.update(is_supervisor=True)
    page = text_of(browser_of(officer).get("/office/kiosks"))
    assert "Documents cannot be stored since" in page
    assert "cannot be reached" in page
    message = kiosk.piece(SHA256, DATA[1000:], 1000, len(DATA))
    answer = browser().post("/v1/evidence", message, content_type="application/cbor")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= evidence.RETRY_S
    storage.start()
    assert asks(kiosk) == len(DATA)  # the last piece is here: it is put now
    assert storage.objects() == {NAME: DATA}
    assert not TroubleNote.objects.exists()


def test_a_kiosk_keeps_its_photo_until_the_storage_is_back(
    storage: Storage, tmp_path: Path
) -> None:
    ledger = kiosks.enrolled(tmp_path, CentralServer(), new_code())
    try:
        storage.stop()
        photo = DATA * 6
        made = kiosks.submit(ledger, evidence=(photo,), service=SERVICE, service_version=VERSION)
        with pytest.raises(CentralFault):
            exchanges(ledger)
        assert (ledger.waiting_count(), ledger.numbers().documents) == (0, 1)
        storage.start()
        exchanges(ledger)
        assert ledger.numbers().documents == 0
        (note,) = made.parsed.evidence
        assert hashlib.sha256(storage.objects()[note.sha256.hex()]).digest() == note.sha256
    finally:
        ledger.close()


def exchanges(ledger: Ledger) -> None:
    sync_once(ledger, CentralServer(), limits=Limits(piece_bytes_max=20_000))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "does not accept our keys"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "There are no keys"),
        ({"bucket": "another"}, "has no such bucket"),
    ],
)
def test_what_is_wrong_with_the_storage_is_a_sentence(
    kiosk: PaperKiosk,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str],
    words: str,
) -> None:
    for name, value in change.items():
        if name == "bucket":
            address = storage.address.replace("evidence", value, 1)
            monkeypatch.setattr(settings, "EVIDENCE", place_from_address(address, settings.DATA))
        else:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    another_worker()
    with pytest.raises(CentralFault):
        sends(kiosk, 0, DATA)
    assert words in TroubleNote.objects.get().sentence
    assert words in evidence.check()
    assert "Traceback" not in TroubleNote.objects.get().sentence
    assert SECRET not in TroubleNote.objects.get().sentence


def test_a_server_cut_off_after_the_put_notices_at_the_next_question(
    kiosk: PaperKiosk, storage: Storage
) -> None:
    sends(kiosk, 0, DATA)
    EvidenceFile.objects.update(complete_at=None)  # as last night's copy of the database has it
    assert asks(kiosk) == len(DATA)
    assert EvidenceFile.objects.get().complete_at is not None
    assert len(storage.objects()) == 1


def test_an_officer_sees_a_photo_from_the_storage_and_is_told_when_it_is_away(
    storage: Storage,
) -> None:
    residence.put_on_shelf()
    kiosk = PaperKiosk(CentralServer())
    filed = residence.files(kiosk, picture=residence.photo())
    residence.sends_photo(kiosk, filed)
    hers = browser_of(new_officer("khamphaeng", kiosk.enrolment.office))
    address = f"/office/cases/{filed.case.application}/"
    assert hers.get(address + "documents/0").content == residence.photo()
    storage.stop()
    assert hers.get(address).status_code == 200  # her list of answers does not wait for it
    answer = hers.get(address + "documents/0")
    assert answer.status_code == 503
    assert "They are safe." in text_of(answer)


def test_what_lies_in_the_folder_moves_into_the_storage(
    kiosk: PaperKiosk, storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = settings.DATA / "evidence"
    (folder / NAME).write_bytes(DATA)
    (folder / ("0" * 64)).write_bytes(b"altered")
    (folder / f"{NAME}.part").write_bytes(b"a piece")
    for moved in (1, 0):
        assert commands.run(parser().parse_args(["evidence", "move"])) == 0
        said = capsys.readouterr().out
        assert said.startswith("Documents that were moved to ")
        assert said.endswith(f": {moved}.\n")
    assert storage.objects() == {NAME: DATA}
    assert (folder / ("0" * 64)).exists()
    assert asks(kiosk) == len(DATA)
    assert commands.run(parser().parse_args(["evidence", "check"])) == 0
    assert "Here: 1. Announced, and not arrived yet: 0." in capsys.readouterr().out
    storage.stop()
    assert commands.run(parser().parse_args(["evidence", "check"])) == 1
    assert "cannot be reached" in capsys.readouterr().err


def test_the_address_of_a_storage_is_one_setting(tmp_path: Path) -> None:
    address = "s3://docs.la/a/b?endpoint=https://s.example:9000&region=la"
    read = place_from_address(address, tmp_path)
    assert read.bucket == Bucket("docs.la", "a/b", "https://s.example:9000", "la", "path")
    assert place_from_address("s3://documents", tmp_path).bucket == Bucket(
        "documents", style="virtual"
    )
    assert place_from_address(None, tmp_path) == Place(tmp_path / "evidence")
    assert place_from_address(str(tmp_path), Path("/x")) == Place(tmp_path)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3://key:secret@bucket", "Keys do not belong"),
        ("https://bucket", "must be a folder or read s3://"),
        ("s3://", "must be a folder"),
        ("s3://bucket?endpoint=storage.example", "must be a folder"),
        ("s3://bucket?endpoint=https://a&regoin=b", "must be a folder"),
    ],
)
def test_another_address_is_refused_in_a_sentence(address: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadPlace, match=words):
        place_from_address(address, tmp_path)
