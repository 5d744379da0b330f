"""What a phone says of a receipt whose kiosk was stolen or taken out of service."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sync.token import ReceiptClaims, sign
from tests import residence
from tests.acceptance.browser import PHONE, Reader, open_browser
from tests.acceptance.distant_kiosk import DistantKiosk
from tests.central import RunningCentral, running_central

pytestmark = pytest.mark.browser
HOUR_S = 3600


@pytest.fixture
def central(tmp_path: Path) -> Iterator[RunningCentral]:
    with running_central(tmp_path) as running:
        yield running


@pytest.fixture
def phone(central: RunningCentral) -> Iterator[Reader]:
    with open_browser(central.base_url, PHONE) as reader:
        reader.opens("/status")
        reader.driver.add_cookie({"name": "django_language", "value": "en"})
        yield reader


def test_older_receipts_stay_genuine_with_a_remark_and_later_ones_are_not(
    central: RunningCentral, phone: Reader
) -> None:
    with closing(DistantKiosk(central)) as kiosk:
        handed = residence.hands_in(kiosk, kiosk.bundle(residence.SERVICE))
        kiosk.sends()
        central.run("kiosk", "block", str(kiosk.enrolment.kiosk_number))
        later = ReceiptClaims(
            issued_at_s=int(time.time()) + HOUR_S,
            reference=handed.reference,
            service=residence.SERVICE,
            office=handed.office,
            secret=handed.secret,
        )
        phone.opens(f"/r#{residence.receipt_digits(kiosk, handed)}")
        phone.waits_for("This receipt is genuine")
        phone.waits_for("The kiosk that issued it was taken out of service later")
        phone.waits_for("The office has received your application.")
        phone.opens(f"/r#{sign(later, kiosk.key, bytes.fromhex(kiosk.id))}")
        phone.waits_for("This kiosk was out of service")
        assert "genuine" not in phone.reads()
        assert handed.reference in phone.reads()
