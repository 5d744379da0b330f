"""A code lets one kiosk in, once, within its hours."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from nacl.signing import SigningKey

from sync.central.intake import enrolment
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, EnrolmentCode
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.errors import Refused
from sync.records import (
    NATION,
    ChangeKind,
    KeyNote,
    KeyPurpose,
    OfficeNote,
    device_audience,
    office_audience,
)
from sync.signed import message_hash
from tests.paper_kiosk import PaperKiosk, new_code
from tests.sample_service import OFFICE


@pytest.fixture
def server(central: Path) -> CentralServer:
    assert central.is_dir()
    return CentralServer()


def request(code: str, key: SigningKey) -> bytes:
    return EnrolmentRequest(code, bytes(key.verify_key), "Front hall").signed(key)


def reason_of(server: CentralServer, message: bytes) -> str:
    with pytest.raises(Refused) as problem:
        server.enrol(message)
    return problem.value.reason


def test_a_kiosk_gets_its_number_its_office_and_the_keys_to_trust(server: CentralServer) -> None:
    key = SigningKey.generate()
    message = request(new_code(), key)
    enrolled = Enrolment.from_bytes(server.enrol(message))
    assert enrolled.request == message_hash(message)
    assert (enrolled.kiosk_number, enrolled.office) == (1, OFFICE)
    assert enrolled.office_name["en"] == "Xaythany District One-Door Service Centre"
    assert {note.purpose for note in enrolled.keys} == set(KeyPurpose) - {KeyPurpose.REVOKED}
    assert set(enrolled.audiences) == {
        NATION,
        office_audience(OFFICE),
        device_audience(enrolled.device),
    }


def test_kiosks_are_numbered_one_after_another(server: CentralServer) -> None:
    numbers = [PaperKiosk(server).enrolment.kiosk_number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_kiosks_that_enrol_at_the_same_moment_get_different_numbers(server: CentralServer) -> None:
    numbers: list[int] = []

    def enrol(message: bytes) -> None:
        numbers.append(Enrolment.from_bytes(server.enrol(message)).kiosk_number)
        connections.close_all()

    messages = [request(new_code(), SigningKey.generate()) for _ in range(8)]
    threads = [threading.Thread(target=enrol, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 9))


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), str.strip])
def test_a_code_may_be_typed_carelessly(server: CentralServer, typed: object) -> None:
    assert callable(typed)
    code = new_code()
    Enrolment.from_bytes(server.enrol(request(typed(code), SigningKey.generate())))


def test_look_alikes_in_a_code_do_not_matter() -> None:
    assert enrolment.code_hash("0O1I-lL10") == enrolment.code_hash("0011 1110")


def test_a_lost_answer_is_given_again(server: CentralServer) -> None:
    message = request(new_code(), SigningKey.generate())
    first, second = (Enrolment.from_bytes(server.enrol(message)) for _ in range(2))
    assert first.kiosk_number == second.kiosk_number
    assert Device.objects.count() == 1


def test_a_used_code_lets_no_second_kiosk_in(server: CentralServer) -> None:
    code = new_code()
    server.enrol(request(code, SigningKey.generate()))
    assert reason_of(server, request(code, SigningKey.generate())) == "bad-code"
    assert Device.objects.count() == 1


def test_an_old_code_lets_nobody_in(server: CentralServer) -> None:
    code = new_code(hours=1)
    EnrolmentCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert reason_of(server, request(code, SigningKey.generate())) == "bad-code"


def test_a_guessed_code_lets_nobody_in(server: CentralServer) -> None:
    new_code()
    assert reason_of(server, request("0000-0000-0000", SigningKey.generate())) == "bad-code"


def test_a_code_is_for_its_office(server: CentralServer) -> None:
    assert PaperKiosk(server, "la-lpb-nambak").enrolment.office == "la-lpb-nambak"


def test_an_enrolled_kiosk_does_not_enrol_again_by_another_code(server: CentralServer) -> None:
    key = SigningKey.generate()
    server.enrol(request(new_code(), key))
    assert reason_of(server, request(new_code(), key)) == "already-enrolled"


def test_a_blocked_kiosk_does_not_come_back_by_its_code(server: CentralServer) -> None:
    message = request(new_code(), SigningKey.generate())
    server.enrol(message)
    Device.objects.update(blocked_at=timezone.now())
    assert reason_of(server, message) == "blocked-device"


def test_an_altered_request_is_refused(server: CentralServer) -> None:
    message = bytearray(request(new_code(), SigningKey.generate()))
    message[-1] ^= 1
    assert reason_of(server, bytes(message)) == "bad-message"


def test_a_code_is_not_kept(server: CentralServer, central: Path) -> None:
    code = new_code()
    server.enrol(request(code, SigningKey.generate()))
    kept = b"".join(path.read_bytes() for path in central.glob("central.sqlite3*"))
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept


def test_every_kiosk_learns_the_new_ones_key_and_its_own_office(server: CentralServer) -> None:
    one, two = PaperKiosk(server), PaperKiosk(server)
    changes = one.sends().changes
    notes = [KeyNote.from_bytes(item.payload) for item in changes if item.kind == "device-key"]
    assert {note.key for note in notes} == {bytes(kiosk.key.verify_key) for kiosk in (one, two)}
    (office,) = (item for item in changes if item.kind is ChangeKind.OFFICE)
    assert OfficeNote.from_bytes(office.payload).id == OFFICE
