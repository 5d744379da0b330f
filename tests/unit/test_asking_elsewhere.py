"""A receipt shown at another office's kiosk: it asks central, and hears of it as of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import cbor
from sync.asking import WAITING_MAX
from sync.central.casework.decisions import Action, Decision, act
from sync.central.casework.models import Case, Follower
from sync.central.intake.exchange import CentralServer
from sync.errors import BadBatch
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.protocol import ASKED_MAX, Batch
from sync.records import ApplicationId, Status
from sync.signed import MessageKind, Signed
from tests import residence
from tests.ledgers import accept
from tests.officers import NOW, WORDS, new_officer
from tests.paper_kiosk import PaperKiosk, new_code
from tests.stand_ins import kiosk as kiosks

ELSEWHERE = "la-lpb-nambak"

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    """The kiosk that took the application."""
    assert central.is_dir()
    return PaperKiosk(CentralServer())


@pytest.fixture
def case(kiosk: PaperKiosk) -> Case:
    kiosk.files()
    kiosk.sends()
    return Case.objects.get()


@pytest.fixture
def ledger(case: Case, tmp_path: Path) -> Iterator[Ledger]:
    """Of a kiosk of another office, which has heard all that it hears by itself."""
    opened = kiosks.enrolled(tmp_path, CentralServer(), new_code(ELSEWHERE))
    sync_once(opened, CentralServer())
    assert opened.find_by_reference(case.reference) is None
    yield opened
    opened.close()


def statuses(ledger: Ledger, case: Case) -> list[Status]:
    return [event.status for event in ledger.status_events(ApplicationId(case.application))]


def test_it_hears_what_happened_and_what_happens_next(ledger: Ledger, case: Case) -> None:
    officer = new_officer()
    act(case, officer, Decision(Action.TAKE_UP, case.last_number), NOW)
    ledger.ask_after(case.reference)
    sync_once(ledger, CentralServer())
    assert statuses(ledger, case) == [Status.RECEIVED, Status.TAKEN_UP]
    found = ledger.find_by_reference(case.reference)
    assert found is not None
    assert found.application == case.application
    act(case, officer, Decision(Action.APPROVE, case.last_number, WORDS), NOW)
    sync_once(ledger, CentralServer())
    assert statuses(ledger, case)[-1] is Status.APPROVED


def test_it_is_asked_once_and_told_once(ledger: Ledger, case: Case) -> None:
    ledger.ask_after(case.reference)
    ledger.ask_after(case.reference)
    assert ledger.asked_after(ASKED_MAX) == (case.reference,)
    sync_once(ledger, CentralServer())
    assert ledger.asked_after(ASKED_MAX) == ()
    ledger.ask_after(case.reference)  # she asks again, before she has read the answer
    before = ledger.cursor()
    sync_once(ledger, CentralServer())
    assert Follower.objects.count() == 1
    assert ledger.cursor() == before


def test_what_central_does_not_know_is_no_mistake(ledger: Ledger) -> None:
    ledger.ask_after("0000-0000-0000")
    sync_once(ledger, CentralServer())
    assert Follower.objects.count() == 0
    assert ledger.find_by_reference("0000-0000-0000") is None


def test_a_kiosk_of_the_office_hears_without_asking(kiosk: PaperKiosk, case: Case) -> None:
    kiosk.sends(kiosk.batch(after=1, asked=(case.reference,)))
    assert Follower.objects.count() == 0


def test_who_follows_an_application_follows_its_correction(
    ledger: Ledger, kiosk: PaperKiosk
) -> None:
    residence.put_on_shelf()
    first = residence.files(kiosk)
    ledger.ask_after(first.case.reference)
    sync_once(ledger, CentralServer())
    officer = new_officer()
    act(first.case, officer, Decision(Action.TAKE_UP, 1), NOW)
    act(first.case, officer, Decision(Action.RETURN, 2, WORDS, "name-differs"), NOW)
    second = residence.files(kiosk, corrects=first)
    sync_once(ledger, CentralServer())
    correction = ledger.find_correction(first.application)
    assert correction is not None
    assert correction.reference == second.case.reference


def test_somebody_who_plays_with_the_keys_fills_no_ledger(ledger: Ledger) -> None:
    with ledger.transaction():
        ledger._connection.executemany(
            "INSERT INTO asked_after VALUES (?)", [(f"{number}",) for number in range(WAITING_MAX)]
        )
    ledger.ask_after("one more")
    assert len(ledger.asked_after(2 * WAITING_MAX)) == WAITING_MAX
    assert len(ledger.next_batch(100, 10**6, 10**6).asked) == ASKED_MAX
    accept(ledger)
    assert len(ledger.asked_after(2 * WAITING_MAX)) == WAITING_MAX - ASKED_MAX


def test_a_batch_that_asks_nothing_is_as_before_and_asking_is_bounded(kiosk: PaperKiosk) -> None:
    batch = kiosk.batch()
    message = Signed.from_bytes(batch.signed(kiosk.key), MessageKind.BATCH, 10**6)
    fields = cbor.decode(message.opened(bytes(kiosk.key.verify_key)), 10**6)
    assert isinstance(fields, dict)
    assert 9 not in fields
    for asked in (("x",) * (ASKED_MAX + 1), ("",), (7,)):
        signed = kiosk.batch(asked=asked).signed(kiosk.key)
        with pytest.raises(BadBatch):
            Batch.from_bytes(signed, bytes(kiosk.key.verify_key))
