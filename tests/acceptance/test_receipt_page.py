"""The page behind the receipt's QR, on a phone: genuine, altered, unknown, out of reach."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from nacl.signing import SigningKey

from sync.records import device_id
from sync.token import ReceiptClaims, sign
from tests import residence
from tests.acceptance.browser import DESK, PHONE, Reader, open_browser
from tests.acceptance.distant_kiosk import DistantKiosk
from tests.central import RunningCentral, running_central

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    with running_central(tmp_path_factory.mktemp("receipt")) as running:
        yield running


@pytest.fixture(scope="module")
def kiosk(central: RunningCentral) -> Iterator[DistantKiosk]:
    with closing(DistantKiosk(central)) as enrolled:
        yield enrolled


@pytest.fixture(scope="module")
def handed(kiosk: DistantKiosk) -> residence.Handed:
    application = residence.hands_in(kiosk, kiosk.bundle(residence.SERVICE))
    kiosk.sends()
    return application


@pytest.fixture(scope="module")
def chromium(central: RunningCentral) -> Iterator[Reader]:
    with open_browser(central.base_url, PHONE) as reader:
        yield reader


@pytest.fixture
def phone(chromium: Reader) -> Reader:
    """A phone that reads English and has just opened nothing."""
    chromium.resizes(PHONE)
    chromium.opens("/status")
    chromium.driver.add_cookie({"name": "django_language", "value": "en"})
    chromium.complaints()
    chromium.requested()
    return chromium


def test_a_genuine_receipt_says_what_it_proves_and_how_far_it_is(
    phone: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    phone.opens(f"/r#{residence.receipt_digits(kiosk, handed)}")
    phone.waits_for("This receipt is genuine")
    phone.waits_for("The office has received your application.")
    words = phone.reads()
    for stated in (handed.reference, "Residence certificate", "Xaythany", "18 November 2026"):
        assert stated in words
    assert phone.complaints() == []


def test_what_opens_the_answers_never_leaves_the_phone(
    phone: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    digits = residence.receipt_digits(kiosk, handed)
    phone.opens(f"/r#{digits}")
    phone.waits_for("The office has received your application.")
    requested = "\n".join(line for line in phone.requested() if "Network.requestWillBeSent" in line)
    assert f"application={handed.application}" in requested
    assert handed.secret.hex() not in requested
    # Chromium's log keeps the fragment apart from the address that is sent.
    assert digits not in requested.replace(f'"urlFragment":"#{digits}"', "").replace(
        f"/r#{digits}", ""
    )


def test_the_language_is_switched_without_losing_the_receipt(
    phone: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    phone.opens(f"/r#{residence.receipt_digits(kiosk, handed)}")
    phone.waits_for("This receipt is genuine")
    phone.presses("ພາສາລາວ")
    phone.waits_for("ໃບຮັບນີ້ເປັນຂອງແທ້")
    assert "18 ພະຈິກ 2026" in phone.reads()
    assert handed.reference in phone.reads()


@pytest.mark.parametrize("place", [5, 60, 150, 220, 290])
def test_a_changed_receipt_is_never_genuine(
    phone: Reader, kiosk: DistantKiosk, handed: residence.Handed, place: int
) -> None:
    digits = residence.receipt_digits(kiosk, handed)
    changed = str((int(digits[place]) + 1) % 10)
    phone.opens(f"/r#{digits[:place]}{changed}{digits[place + 1 :]}")
    phone.waits_for("This ")
    assert "genuine" not in phone.reads()


def test_a_changed_signature_is_called_by_its_name(
    phone: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    digits = residence.receipt_digits(kiosk, handed)
    phone.opens(f"/r#{digits[:-1]}{(int(digits[-1]) + 1) % 10}")
    phone.waits_for("This receipt was changed")


def test_a_receipt_that_was_cut_off_asks_to_be_scanned_again(
    phone: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    phone.opens(f"/r#{residence.receipt_digits(kiosk, handed)[:-9]}")
    phone.waits_for("This is not a whole receipt")


def test_a_forger_s_own_key_is_not_known(phone: Reader, handed: residence.Handed) -> None:
    key = SigningKey.generate()
    claims = ReceiptClaims(
        1_795_000_000, handed.reference, residence.SERVICE, handed.office, secret=handed.secret
    )
    digits = sign(claims, key, bytes.fromhex(device_id(bytes(key.verify_key))))
    phone.opens(f"/r#{digits}")
    phone.waits_for("This kiosk is not known here")


def test_a_forger_who_names_a_real_kiosk_is_found_out(
    phone: Reader, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    claims = ReceiptClaims(
        1_795_000_000, handed.reference, residence.SERVICE, handed.office, 0, handed.secret
    )
    phone.opens(f"/r#{sign(claims, SigningKey.generate(), bytes.fromhex(kiosk.id))}")
    phone.waits_for("This receipt was changed")


def test_a_receipt_is_genuine_before_its_application_arrives(
    phone: Reader, kiosk: DistantKiosk
) -> None:
    waiting = residence.hands_in(kiosk, kiosk.bundle(residence.SERVICE))
    phone.opens(f"/r#{residence.receipt_digits(kiosk, waiting)}")
    phone.waits_for("This receipt is genuine")
    phone.waits_for("This application has not reached the office yet.")
    kiosk.log.pop()


def test_a_lost_line_is_said_and_accuses_nobody(
    phone: Reader, central: RunningCentral, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    phone.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    phone.opens("/r")
    phone.waits_for("Scan the square code")
    central.kill()
    digits = residence.receipt_digits(kiosk, handed)
    phone.driver.execute_script("location.hash = arguments[0]", digits)
    phone.waits_for("There is no line at the moment")
    central.start()
    phone.driver.refresh()
    phone.waits_for("The office has received your application.")


def test_a_receipt_is_proven_without_a_line_once_its_kiosk_was_seen(
    phone: Reader, central: RunningCentral, kiosk: DistantKiosk, handed: residence.Handed
) -> None:
    digits = residence.receipt_digits(kiosk, handed)
    phone.opens(f"/r#{digits}")
    phone.waits_for("The office has received your application.")
    phone.driver.execute_script("location.hash = ''")
    phone.waits_for("Scan the square code")
    central.kill()
    phone.driver.execute_script("location.hash = arguments[0]", digits)
    phone.waits_for("The receipt is genuine all the same.")
    central.start()
    phone.presses("Try again")
    phone.waits_for("The office has received your application.")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["lo", "en"])
def test_no_public_page_is_wider_than_its_window(
    phone: Reader,
    kiosk: DistantKiosk,
    handed: residence.Handed,
    size: tuple[int, int],
    language: str,
) -> None:
    phone.driver.add_cookie({"name": "django_language", "value": language})
    phone.resizes(size)
    receipt = f"/r#{residence.receipt_digits(kiosk, handed)}"
    for address in ("/", f"/services/{residence.SERVICE}", "/status", "/nowhere", receipt):
        phone.opens(address)
        if address == receipt:
            phone.waits_for(handed.reference)
        assert phone.width_too_much() <= 0, address
