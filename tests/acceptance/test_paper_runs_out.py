"""The printer is away, is unplugged in the middle of a line, or has no paper.

Paper is never the blocker: the application is kept, the person is told, and what waited comes out
by itself. A real kiosk process prints to a printer at a pseudo-terminal.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.printing.jobs import JobState
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from tests.acceptance.kiosk_machine import KioskMachine, Promise
from tests.acceptance.paper_trail import SeenReceipt, read_papers
from tests.central import RunningCentral
from tests.papers import until

PROFILE = load_profile("generic-80")
AWAY = "The printer does not answer. Receipts are kept and printed later."
NO_PAPER = "The printer has no paper. Receipts are kept and printed later."
OPEN = "The printer is open. Please close it. Receipts are kept."
WAIT_S = 60


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(PROFILE, link=tmp_path / "printer") as plugged:
        yield plugged
    assert plugged.problems == []
    assert plugged.lost_bytes == 0


@pytest.fixture
def kiosk(
    tmp_path: Path, printer: VirtualPrinter, common_central: RunningCentral
) -> Iterator[KioskMachine]:
    machine = KioskMachine(tmp_path / "kiosk")
    machine.provision(
        common_central.base_url,
        common_central.enrolment_code(),
        printer_port=printer.path,
        printer_profile=PROFILE.name,
    )
    machine.start()
    machine.sees(lambda state: state["printer"] == "ready")
    yield machine
    machine.close()


def receipts(kiosk: KioskMachine, printer: VirtualPrinter) -> list[SeenReceipt]:
    with kiosk.ledger() as ledger:
        return read_papers(printer.papers, PROFILE, ledger)


def comes_out(kiosk: KioskMachine, *promises: Promise) -> bool:
    return until(
        lambda: all(kiosk.job_state(promise) is JobState.PRINTED for promise in promises), WAIT_S
    )


@pytest.mark.parametrize(
    ("spoil", "mend", "code", "sentence"),
    [
        (VirtualPrinter.unplug, VirtualPrinter.plug, "missing", AWAY),
        (
            lambda printer: printer.end_paper_after(0),
            VirtualPrinter.load_paper,
            "paper-out",
            NO_PAPER,
        ),
        (
            lambda printer: setattr(printer, "cover_open", True),
            lambda printer: setattr(printer, "cover_open", False),
            "cover-open",
            OPEN,
        ),
    ],
    ids=["unplugged", "no paper", "open"],
)
def test_receipts_are_kept_said_so_and_come_out_unasked(
    kiosk: KioskMachine,
    printer: VirtualPrinter,
    *,
    spoil: Callable[[VirtualPrinter], None],
    mend: Callable[[VirtualPrinter], None],
    code: str,
    sentence: str,
) -> None:
    spoil(printer)
    state = kiosk.sees(lambda state: state["printer"] == code)
    assert state["sentences"] == [sentence]
    kiosk.does("speak lo")
    (in_lao,) = kiosk.status()["sentences"]
    assert in_lao != sentence
    kiosk.does("speak en")
    promises = kiosk.submit(2)
    kiosk.settles(lambda state: state.waiting_count == 0)  # everything else goes on
    assert {kiosk.job_state(promise) for promise in promises} == {JobState.QUEUED}
    assert printer.papers == []
    mend(printer)
    assert comes_out(kiosk, *promises)
    assert receipts(kiosk, printer) == [
        SeenReceipt(promise.reference, copy=0, again=False, opens=True) for promise in promises
    ]
    assert kiosk.sees(lambda state: state["printer"] == "ready")["sentences"] == []


@pytest.mark.parametrize("after_bytes", [900, 4_000, 9_000])
def test_a_receipt_cut_off_in_a_line_comes_out_whole_and_says_so(
    kiosk: KioskMachine, printer: VirtualPrinter, after_bytes: int
) -> None:
    printer.unplug_after_bytes = printer.received_bytes + after_bytes
    (promise,) = kiosk.submit()
    assert kiosk.sees(lambda state: state["printer"] == "missing")["sentences"] == [AWAY]
    assert kiosk.job_state(promise) is JobState.QUEUED
    printer.plug()
    assert comes_out(kiosk, promise)
    *before, last = receipts(kiosk, printer)
    assert last == SeenReceipt(promise.reference, copy=0, again=True, opens=True)
    assert [seen for seen in before if seen.marked] == []
    assert len(before) <= 1  # the code of the first may have come out already


def test_a_roll_that_ends_in_a_receipt_is_followed_by_a_whole_one_that_says_so(
    kiosk: KioskMachine, printer: VirtualPrinter
) -> None:
    printer.end_paper_after(60)
    (promise,) = kiosk.submit()
    assert kiosk.sees(lambda state: state["printer"] == "paper-out")["sentences"] == [NO_PAPER]
    printer.load_paper()
    assert comes_out(kiosk, promise)
    assert receipts(kiosk, printer)[-1] == SeenReceipt(
        promise.reference, copy=0, again=True, opens=True
    )


def test_a_receipt_that_outlives_a_power_cut_proves_and_no_longer_opens(
    kiosk: KioskMachine, printer: VirtualPrinter
) -> None:
    printer.end_paper_after(0)
    kiosk.sees(lambda state: state["printer"] == "paper-out")
    (promise,) = kiosk.submit()
    kiosk.kill()
    kiosk.start()
    assert kiosk.sees(lambda state: state["printer"] == "paper-out")["sentences"] == [NO_PAPER]
    printer.load_paper()
    assert comes_out(kiosk, promise)
    assert receipts(kiosk, printer) == [
        SeenReceipt(promise.reference, copy=0, again=False, opens=False)
    ]


def test_a_kiosk_without_a_printer_says_nothing_of_printers(
    tmp_path: Path, common_central: RunningCentral
) -> None:
    machine = KioskMachine(tmp_path / "kiosk")
    machine.provision(common_central.base_url, common_central.enrolment_code())
    machine.start()
    try:
        machine.submit()
        assert machine.status()["sentences"] == []
        assert machine.status()["printer"] == "none"
    finally:
        machine.close()
