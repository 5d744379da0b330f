"""systemd is told when the kiosk serves and that it lives; the sample units are whole."""

import os
import re
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.app import at_work, open_ledger
from kiosk.config import KioskConfig
from kiosk.supervisor import ALIVE, READY, STOPPING, VARIABLE, Supervisor
from sync.identity import enrol
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import submit

UNITS = Path(__file__).resolve().parent.parent.parent / "assets" / "systemd"


@pytest.mark.parametrize("kind", ["file", "abstract"])
def test_what_is_told_arrives_at_the_socket_that_is_named(tmp_path: Path, kind: str) -> None:
    path = str(tmp_path / "notify")
    named, bound = (path, path) if kind == "file" else (f"@{path}", f"\0{path}")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as systemd:
        systemd.bind(bound)
        supervisor = Supervisor({VARIABLE: named})
        supervisor.tell(READY)
        supervisor.tell(ALIVE)
        supervisor.close()
        supervisor.tell(ALIVE)  # said to nobody
        heard = [systemd.recv(100).decode() for _ in range(3)]
    assert heard == [READY, ALIVE, STOPPING]


def test_where_nobody_supervises_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with closing(Supervisor()) as supervisor:
        supervisor.tell(READY)
    with closing(Supervisor({VARIABLE: "/nowhere/notify"})) as supervisor:
        supervisor.tell(READY)


def test_programs_that_the_kiosk_starts_do_not_speak_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "/nowhere/notify")
    with closing(Supervisor()), pytest.raises(KeyError):
        os.environ[VARIABLE]


@pytest.mark.parametrize("name", ["kiosk.service", "central.service"])
def test_a_sample_unit_starts_again_always_and_says_that_it_is_a_sample(name: str) -> None:
    text = (UNITS / name).read_text("utf-8")
    assert text.startswith("# SAMPLE")
    for line in ("Type=notify", "Restart=always", "NoNewPrivileges=yes", "ProtectSystem=strict"):
        assert re.search(rf"^{line}$", text, re.MULTILINE), line


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_no_mistake_in_the_sample_units(tmp_path: Path) -> None:
    for unit in UNITS.glob("*.service"):  # the programs and users are not on this machine
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text("utf-8"))
        (tmp_path / unit.name).write_text(re.sub(r"(?m)^User=.*$", "", text), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.glob("*.service")))],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert [line for line in done.stderr.splitlines() if ".service" in line] == []


def test_a_kiosk_that_is_closed_leaves_its_ledger_in_one_file(tmp_path: Path) -> None:
    config = KioskConfig(
        data_dir=tmp_path,
        central_url="https://127.0.0.1:9",
        camera_device="none",
        microphone_device="none",
    )
    with closing(open_ledger(config)) as ledger:
        enrol(ledger, StandInCentral(), "CODE-1", "Front hall")
    with at_work(config):
        with closing(open_ledger(config)) as ledger:
            submit(ledger)
        assert config.ledger_path.with_name("ledger.sqlite3-wal").stat().st_size > 0
    assert not config.ledger_path.with_name("ledger.sqlite3-wal").exists()
