"""When central cannot work now, a kiosk hears when to come back, and never a 200."""

from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from sync.central.intake.exchange import CentralServer
from tests.paper_kiosk import PaperKiosk

CBOR = "application/cbor"


def test_a_locked_database_is_a_moments_pause(
    central: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert central.is_dir()
    kiosk = PaperKiosk(CentralServer())

    def locked(_self: CentralServer, _batch: bytes) -> bytes:
        raise OperationalError("database is locked")

    monkeypatch.setattr(CentralServer, "exchange", locked)
    message = kiosk.batch().signed(kiosk.key)
    answer = Client().post("/v1/exchange", message, content_type=CBOR)
    assert answer.status_code == 503
    assert 5 <= int(answer["Retry-After"]) <= 10
    assert answer.content.startswith(b"busy: ")
