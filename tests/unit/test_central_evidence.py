"""Evidence arrives in pieces, goes on where it was cut, and counts only when it is whole."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from sync.central.intake import evidence
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import EvidenceFile, TroubleNote
from sync.errors import CentralFault, Refused
from sync.protocol import EvidenceAnswer, EvidenceRequest
from sync.records import EvidenceNote
from sync.signed import message_hash
from tests.paper_kiosk import PaperKiosk

DATA = bytes(range(256)) * 40
SHA256 = hashlib.sha256(DATA).digest()


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    kiosk = PaperKiosk(CentralServer())
    kiosk.files(evidence=(EvidenceNote(SHA256, len(DATA)),))
    kiosk.sends()
    return kiosk


def sends(kiosk: PaperKiosk, offset: int, data: bytes, total: int = len(DATA)) -> int:
    message = kiosk.piece(SHA256, data, offset, total)
    answer = EvidenceAnswer.from_bytes(kiosk.server.send_evidence(message), kiosk.answer_keys)
    assert answer.request == message_hash(message)
    return answer.offset


def asks(kiosk: PaperKiosk, sha256: bytes = SHA256) -> int:
    message = EvidenceRequest(kiosk.id, sha256).signed(kiosk.key)
    answer = kiosk.server.evidence_offset(message)
    return EvidenceAnswer.from_bytes(answer, kiosk.answer_keys).offset


def test_a_file_in_one_piece_is_kept(kiosk: PaperKiosk) -> None:
    assert sends(kiosk, 0, DATA) == len(DATA)
    assert evidence.find(SHA256) == DATA
    assert EvidenceFile.objects.get().complete_at is not None


def test_a_cut_off_file_goes_on_where_it_stopped(kiosk: PaperKiosk) -> None:
    assert asks(kiosk) == 0
    assert sends(kiosk, 0, DATA[:1000]) == 1000
    assert asks(kiosk) == 1000
    assert evidence.find(SHA256) is None
    assert sends(kiosk, 1000, DATA[1000:]) == len(DATA)
    assert asks(kiosk) == len(DATA)


def test_a_piece_sent_twice_is_kept_once(kiosk: PaperKiosk) -> None:
    sends(kiosk, 0, DATA[:1000])
    assert sends(kiosk, 0, DATA[:1000]) == 1000
    assert sends(kiosk, 1000, DATA[1000:]) == len(DATA)
    assert sends(kiosk, 1000, DATA[1000:]) == len(DATA)


def test_a_piece_beyond_a_gap_is_not_taken(kiosk: PaperKiosk) -> None:
    assert sends(kiosk, 1000, DATA[1000:]) == 0


def test_a_file_with_another_hash_starts_again(kiosk: PaperKiosk) -> None:
    sends(kiosk, 0, b"\0" * 1000)
    assert sends(kiosk, 1000, DATA[1000:]) == 0
    assert evidence.find(SHA256) is None
    assert sends(kiosk, 0, DATA) == len(DATA)


def test_a_file_that_no_application_names_is_refused(kiosk: PaperKiosk) -> None:
    with pytest.raises(Refused) as problem:
        asks(kiosk, bytes(32))
    assert problem.value.reason == "not-announced"


def test_a_file_of_another_size_is_refused(kiosk: PaperKiosk) -> None:
    with pytest.raises(Refused):
        sends(kiosk, 0, DATA, total=len(DATA) + 1)


def test_another_kiosk_may_bring_the_rest(kiosk: PaperKiosk) -> None:
    sends(kiosk, 0, DATA[:1000])
    other = PaperKiosk(kiosk.server)
    assert sends(other, 1000, DATA[1000:]) == len(DATA)


def test_a_piece_signed_by_another_device_is_refused(kiosk: PaperKiosk) -> None:
    thief = PaperKiosk(kiosk.server)
    thief.id = kiosk.id
    with pytest.raises(Refused) as problem:
        sends(thief, 0, DATA)
    assert problem.value.reason == "bad-message"


def test_a_server_cut_off_before_the_last_name_gives_it_at_the_next_question(
    kiosk: PaperKiosk,
) -> None:
    """All pieces are on the disk: the kiosk must not take that for all is well."""
    sends(kiosk, 0, DATA[:1000])
    part = evidence_folder() / f"{SHA256.hex()}.part"
    part.write_bytes(DATA)
    assert asks(kiosk) == len(DATA)
    assert evidence.find(SHA256) == DATA
    assert not part.exists()


def test_and_what_was_torn_then_starts_again(kiosk: PaperKiosk) -> None:
    sends(kiosk, 0, DATA[:1000])
    (evidence_folder() / f"{SHA256.hex()}.part").write_bytes(bytes(len(DATA)))
    assert asks(kiosk) == 0
    assert sends(kiosk, 0, DATA) == len(DATA)


def test_a_full_disk_acknowledges_nothing_and_says_so(kiosk: PaperKiosk) -> None:
    part = evidence_folder() / f"{SHA256.hex()}.part"
    part.symlink_to("/dev/full")
    with pytest.raises(CentralFault) as problem:
        sends(kiosk, 0, DATA[:1000])
    assert problem.value.retry_after_s == evidence.RETRY_S
    assert TroubleNote.objects.get().sentence == f"The disk of {evidence_folder()} is full."
    part.unlink()
    assert sends(kiosk, 0, DATA) == len(DATA)
    assert not TroubleNote.objects.exists()


def test_a_folder_that_is_none_says_so(kiosk: PaperKiosk) -> None:
    folder = evidence_folder()
    folder.rmdir()
    folder.write_text("a file")
    with pytest.raises(CentralFault):
        sends(kiosk, 0, DATA)
    assert evidence.check() == f"The folder {folder} cannot be used (File exists)."
    folder.unlink()
    assert evidence.check() == ""
    assert sends(kiosk, 0, DATA) == len(DATA)


def evidence_folder() -> Path:
    return Path(settings.EVIDENCE.folder)
