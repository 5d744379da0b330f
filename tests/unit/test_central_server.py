"""The server as a program: it starts, answers, refuses what it should, and forgets nothing."""

import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from nacl.signing import SigningKey

from sync.client import HttpCentral
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.protocol import BATCH_BYTES_MAX, Answer, Batch
from sync.records import ChangeKind, DeviceId, KeyPurpose, ServiceNote
from sync.worker import sync_once
from tests.central import RunningCentral, running_central
from tests.sample_answers import EVERY_FOLDER
from tests.stand_ins.kiosk import enrolled

CBOR = {"Content-Type": "application/cbor"}
KEY = SigningKey(bytes(range(32)))


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    with running_central(tmp_path_factory.mktemp("server")) as central:
        yield central


def post(central: RunningCentral, path: str, body: bytes, **headers: str) -> requests.Response:
    url = f"{central.base_url}/v1/{path}"
    return requests.post(url, data=body, headers=CBOR | headers, timeout=60)


def enrol(central: RunningCentral, key: SigningKey = KEY) -> Enrolment:
    request = EnrolmentRequest(central.enrolment_code(), bytes(key.verify_key), "Front hall")
    answer = post(central, "enrol", request.signed(key))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/cbor")
    return Enrolment.from_bytes(answer.content)


def exchange(central: RunningCentral, device: DeviceId) -> requests.Response:
    return post(central, "exchange", Batch(device, room_bytes=16 * 1024 * 1024).signed(KEY))


def test_a_kiosk_enrols_and_gets_the_services_over_http(central: RunningCentral) -> None:
    enrolled = enrol(central)
    assert enrolled.portal_url == central.base_url
    answer = exchange(central, enrolled.device)
    keys = {note.id: note.key for note in enrolled.keys if note.purpose is KeyPurpose.ANSWERS}
    changes = Answer.from_bytes(answer.content, keys).changes
    services = {
        ServiceNote.from_bytes(item.payload).service
        for item in changes
        if item.kind is ChangeKind.SERVICE
    }
    assert services == set(EVERY_FOLDER)
    assert "Set-Cookie" not in answer.headers


def test_a_sample_officer_signs_in(central: RunningCentral) -> None:
    session = central.sign_in("sample-xaythany")
    answer = session.get(f"{central.base_url}/office/", timeout=60)
    assert answer.status_code == 200
    assert answer.url == f"{central.base_url}/office/"


def test_pages_come_with_a_strict_policy(central: RunningCentral) -> None:
    headers = requests.get(central.base_url, timeout=60).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_fonts_come_from_this_server(central: RunningCentral) -> None:
    url = f"{central.base_url}/static/fonts/KioskSans-Regular.ttf"
    answer = requests.get(url, timeout=60)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "font/ttf")


@pytest.mark.parametrize("path", ["exchange", "evidence", "evidence/offset", "enrol"])
def test_rubbish_is_refused_in_words(central: RunningCentral, path: str) -> None:
    answer = post(central, path, b"rubbish")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.text.startswith("bad-message: ")


def test_an_unknown_device_is_told_so(central: RunningCentral) -> None:
    stranger = SigningKey.generate()
    answer = post(central, "exchange", Batch(DeviceId("0" * 16)).signed(stranger))
    assert (answer.status_code, answer.text.split(":")[0]) == (401, "unknown-device")


def test_a_browser_form_is_not_taken_for_a_device(central: RunningCentral) -> None:
    answer = requests.post(f"{central.base_url}/v1/exchange", data={"a": "b"}, timeout=60)
    assert answer.status_code == 415
    assert requests.get(f"{central.base_url}/v1/exchange", timeout=60).status_code == 405


@pytest.mark.parametrize(
    ("path", "size"),
    [("exchange", BATCH_BYTES_MAX + 1024), ("evidence", 2**20 + 1024), ("enrol", 8192)],
)
def test_a_body_larger_than_allowed_is_refused(
    central: RunningCentral, path: str, size: int
) -> None:
    answer = post(central, path, bytes(size))
    assert (answer.status_code, answer.text.split(":")[0]) == (413, "too-large")


def test_a_gigabyte_is_refused_before_it_was_sent(central: RunningCentral) -> None:
    with socket.create_connection(("127.0.0.1", central.port), timeout=60) as line:
        line.sendall(
            b"POST /v1/exchange HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/cbor\r\nContent-Length: 1073741824\r\n\r\n"
        )
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_body_of_unknown_length_is_not_taken(central: RunningCentral) -> None:
    url = f"{central.base_url}/v1/exchange"
    answer = requests.post(url, data=iter([b"rub", b"bish"]), headers=CBOR, timeout=60)
    assert answer.status_code == 400


def test_another_host_name_is_refused(central: RunningCentral) -> None:
    answer = requests.get(central.base_url, headers={"Host": "evil.example"}, timeout=60)
    assert answer.status_code == 400


def test_an_unknown_host_name_is_written_down_once_with_the_setting_to_mend(
    central: RunningCentral,
) -> None:
    for host in ("one-door.example", "one-door.example", "a b\tc"):
        requests.get(central.base_url, headers={"Host": host}, timeout=60)
    lines = [line for line in central.log_path.read_text().split("\n") if "for the host" in line]
    told = [line for line in lines if "one-door.example" in line]
    assert len(told) == 1
    assert "CENTRAL_PUBLIC_URL" in told[0]
    assert not any("a b" in line for line in lines)


@pytest.mark.parametrize("path", ["/", "/r", "/no-such-page", "/static/central/central.css"])
def test_whoever_asks_by_head_fills_no_log(central: RunningCentral, path: str) -> None:
    before = central.log_path.read_text()
    whole = requests.get(central.base_url + path, timeout=60)
    answer = requests.head(central.base_url + path, timeout=60)
    assert answer.status_code == whole.status_code
    assert int(answer.headers["Content-Length"]) > 0
    assert central.log_path.read_text() == before


def test_a_server_that_was_not_told_its_address_says_what_that_does(
    central: RunningCentral,
) -> None:
    said = central.log_path.read_text().split("\n")[0]
    assert said.startswith("Receipts will point to an address that only this machine can open.")


def test_an_operator_can_ask_kiosks_to_stay_away(central: RunningCentral) -> None:
    central.run("shed", "30")
    answer = post(central, "exchange", b"anything")
    central.run("shed", "0")
    assert (answer.status_code, answer.text.split(":")[0]) == (503, "busy")
    assert 30 <= int(answer.headers["Retry-After"]) <= 60
    assert post(central, "exchange", b"anything").status_code == 400


def test_keys_and_database_are_for_the_owner_only(central: RunningCentral) -> None:
    private = [*(central.data / "keys").iterdir(), *central.data.glob("central.sqlite3*")]
    assert len(private) >= 4
    for path in [central.data / "secret_key", *private]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_after_a_stop_it_answers_at_the_same_address(tmp_path: Path) -> None:
    with running_central(tmp_path) as central:
        device = enrol(central).device
        url = central.base_url
        central.stop()
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=60)
        central.start()
        assert central.base_url == url
        assert exchange(central, device).status_code == 200


def test_a_server_that_moves_tells_the_kiosks_it_has(tmp_path: Path) -> None:
    with running_central(tmp_path) as central:
        with HttpCentral(central.base_url) as road:
            ledger = enrolled(tmp_path, road, central.enrolment_code())
            assert ledger.enrolled_identity().portal_url == central.base_url
            central.stop()
            central.public_url = "https://one-door.example"
            warned = central.log_path.read_text()
            central.start()
            sync_once(ledger, road)
        assert ledger.enrolled_identity().portal_url == "https://one-door.example"
        assert central.log_path.read_text() == warned
        ledger.close()


def test_after_a_power_cut_it_knows_what_it_knew(tmp_path: Path) -> None:
    with running_central(tmp_path) as central:
        device = enrol(central).device
        central.kill()
        central.start()
        assert exchange(central, device).status_code == 200


def test_a_server_without_init_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sync.central", "serve", "--port", "0"],
        env={"CENTRAL_DATA": str(tmp_path / "nothing")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "python -m sync.central init" in done.stderr
    assert not (tmp_path / "nothing").exists()
