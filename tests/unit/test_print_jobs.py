"""Print jobs move one way, and the disk never holds what opens an application."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.printing.dialogue import Proof
from kiosk.printing.errors import SENTENCES, PrinterCode
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.slip import Slip, Square, Words
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from sync.ledger import Ledger
from sync.records import ApplicationId
from tests.papers import sample_receipt


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path / "ledger.sqlite3", MIGRATIONS)
    yield ledger
    ledger.close()


@pytest.fixture
def jobs(ledger: Ledger) -> PrintJobs:
    return PrintJobs(ledger, Vault())


def added(jobs: PrintJobs, ledger: Ledger, number: int = 1) -> int:
    with ledger.transaction():
        return jobs.add(sample_receipt(number))


def state(jobs: PrintJobs, job: int) -> JobState:
    found = jobs.find(job)
    assert found is not None
    return found.state


def test_a_job_keeps_the_whole_receipt_but_its_token(jobs: PrintJobs, ledger: Ledger) -> None:
    job = jobs.find(added(jobs, ledger))
    assert job is not None
    assert job.receipt == replace(sample_receipt(), token="")


def test_a_sensitive_receipt_keeps_only_the_id(jobs: PrintJobs, ledger: Ledger) -> None:
    claims = replace(sample_receipt().claims, secret=None, application=ApplicationId("cd" * 16))
    with ledger.transaction():
        job = jobs.find(jobs.add(sample_receipt(claims=claims)))
    assert job is not None
    assert job.receipt.claims == claims


def test_a_job_that_is_rolled_back_never_was(jobs: PrintJobs, ledger: Ledger) -> None:
    def crashes_on_the_way() -> None:
        with ledger.transaction():
            jobs.add(sample_receipt())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crashes_on_the_way()
    assert jobs.find_oldest() is None


def test_the_disk_holds_neither_secret_nor_token(jobs: PrintJobs, ledger: Ledger) -> None:
    secret = bytes.fromhex("c0ffee00c0ffee11c0ffee22c0ffee33")
    claims = replace(sample_receipt().claims, secret=secret)
    receipt = sample_receipt(claims=claims, token="81726354" * 30)
    with ledger.transaction():
        jobs.add(receipt)
    gc.collect()
    found = b"".join(path.read_bytes() for path in ledger.path.parent.iterdir())
    assert claims.reference.encode() in found  # so the search looks at the right bytes
    assert secret not in found
    assert secret.hex().encode() not in found
    assert b"81726354" not in found


def test_the_oldest_job_comes_first(jobs: PrintJobs, ledger: Ledger) -> None:
    first, second = added(jobs, ledger, 1), added(jobs, ledger, 2)
    oldest = jobs.find_oldest()
    assert oldest is not None
    assert oldest.id == first
    assert jobs.begin(first)
    oldest = jobs.find_oldest()
    assert oldest is not None
    assert oldest.id == second
    assert jobs.waiting_count() == 2


def test_a_declined_job_is_not_begun_and_its_secret_is_gone(
    jobs: PrintJobs, ledger: Ledger
) -> None:
    job = added(jobs, ledger)
    assert jobs.decline(job)
    assert not jobs.begin(job)
    found = jobs.find(job)
    assert found is not None
    assert found.receipt.claims.secret is None


def test_a_job_that_is_printing_cannot_be_declined(jobs: PrintJobs, ledger: Ledger) -> None:
    job = added(jobs, ledger)
    jobs.begin(job)
    assert not jobs.decline(job)
    assert state(jobs, job) is JobState.SENDING


def test_what_was_being_sent_at_a_crash_is_unknown(jobs: PrintJobs, ledger: Ledger) -> None:
    sending, waiting = added(jobs, ledger, 1), added(jobs, ledger, 2)
    jobs.begin(sending)
    assert jobs.recover() == 1
    assert state(jobs, sending) is JobState.UNKNOWN
    assert state(jobs, waiting) is JobState.QUEUED
    jobs.came_out(sending)
    assert state(jobs, sending) is JobState.PRINTED


def test_a_job_put_back_keeps_its_secret_and_says_that_it_is_printed_again(
    jobs: PrintJobs, ledger: Ledger
) -> None:
    job = added(jobs, ledger)
    jobs.begin(job)
    jobs.put_back(job, again=True)
    jobs.begin(job)
    jobs.put_back(job, again=False)
    found = jobs.find(job)
    assert found is not None
    assert found.state is JobState.QUEUED
    assert found.receipt.again
    assert found.receipt.claims.secret == sample_receipt().claims.secret


def test_what_may_have_come_out_makes_the_next_one_a_copy(jobs: PrintJobs, ledger: Ledger) -> None:
    first = added(jobs, ledger)
    jobs.decline(first)
    second = added(jobs, ledger)
    jobs.begin(second)
    jobs.printed(second, Proof.PROCESSED)
    third = added(jobs, ledger)
    copies = [found.receipt.copy for job in (first, second, third) if (found := jobs.find(job))]
    assert copies == [0, 0, 1]


def test_another_paper_asked_for_before_the_first_came_out_is_a_copy(
    jobs: PrintJobs, ledger: Ledger
) -> None:
    asked = [added(jobs, ledger) for _ in range(3)]
    copies = [found.receipt.copy for job in asked if (found := jobs.find(job))]
    assert copies == [0, 1, 2]


def test_the_printers_state_keeps_the_moment_it_began(jobs: PrintJobs) -> None:
    assert jobs.printer_state().code is PrinterCode.NONE
    jobs.note_printer(PrinterCode.PAPER_OUT, 5)
    jobs.note_printer(PrinterCode.PAPER_OUT, 9)
    assert jobs.printer_state().since_ms == 5
    assert jobs.printer_state().sentence == SENTENCES[PrinterCode.PAPER_OUT]


def test_every_state_of_the_printer_has_a_sentence() -> None:
    assert set(SENTENCES) == set(PrinterCode)


def test_a_receipts_secret_does_not_show_in_a_log() -> None:
    receipt = sample_receipt()
    assert receipt.token not in repr(receipt)
    assert repr(receipt.claims.secret) not in repr(receipt)
    assert repr(receipt.claims.secret) not in repr(receipt.claims)


def test_a_slip_waits_like_a_receipt_and_nothing_of_it_stays(
    jobs: PrintJobs, ledger: Ledger
) -> None:
    slip = Slip((Words("ໃບທົດສອບ"), Square("1")))
    with ledger.transaction():
        job = jobs.add_slip(slip, private=False)
    oldest = jobs.find_oldest()
    assert oldest is not None
    assert (oldest.id, oldest.paper) == (job, slip)
    assert jobs.has_slip_waiting()
    jobs.begin(job)
    jobs.printed(job, Proof.PROCESSED)
    done = jobs.find(job)
    assert done is not None
    assert (done.state, done.paper) == (JobState.PRINTED, Slip(()))
    assert not jobs.has_slip_waiting()


def test_the_disk_does_not_hold_a_private_slip(jobs: PrintJobs, ledger: Ledger) -> None:
    with ledger.transaction():
        job = jobs.add_slip(Slip((Words("words to her alone"),)), private=True)
    found = b"".join(path.read_bytes() for path in ledger.path.parent.iterdir())
    assert b"words to her alone" not in found
    waiting = jobs.find(job)
    assert waiting is not None
    assert waiting.paper.slip().text == "words to her alone"


def test_a_private_slip_does_not_outlive_the_program_and_blocks_nothing(
    jobs: PrintJobs, ledger: Ledger
) -> None:
    with ledger.transaction():
        private = jobs.add_slip(Slip((Words("hers"),)), private=True)
        plain = jobs.add_slip(Slip((Words("a sheet"),)), private=False)
    later = PrintJobs(ledger, Vault())
    with ledger.transaction():
        new = later.add_slip(Slip((Words("hers too"),)), private=True)
    later.recover()
    assert [state(later, job) for job in (private, plain, new)] == [
        JobState.DECLINED,
        JobState.QUEUED,
        JobState.QUEUED,
    ]
    oldest = later.find_oldest()
    assert oldest is not None
    assert oldest.id == plain
