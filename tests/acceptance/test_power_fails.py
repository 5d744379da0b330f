"""The power fails, forty times, at any moment: what was promised arrives, once, and recovers.

Moments come from a seed that is printed; another run draws others. Five hundred cuts are a
benchmark (`python -m tests.bench power_cuts`).
"""

import random
from collections.abc import Iterator

import pytest

from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.vault import Vault
from tests.acceptance.power_cuts import PowerCuts
from tests.central import running_central

CUTS = 40


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PowerCuts]:
    """A kiosk after forty cuts, when everything has come to rest."""
    folder = tmp_path_factory.mktemp("power")
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    with running_central(folder) as central:
        cuts = PowerCuts(folder, central, seed)
        try:
            for _ in range(CUTS):
                cuts.cut()
            cuts.settle()
            print(cuts.count)
            yield cuts
        finally:
            cuts.close()


def test_everything_promised_is_at_central_once(survived: PowerCuts) -> None:
    assert survived.count.promised > CUTS / 2
    assert survived.count.lost == 0
    assert survived.count.doubled == 0


def test_both_logs_are_the_same(survived: PowerCuts) -> None:
    with survived.machine.ledger() as ledger:
        query = "SELECT application FROM log ORDER BY sequence"
        here = [row[0] for row in ledger.database.execute(query)]
    assert list(survived.books.logs().values()) == [here]
    assert survived.books.set_aside() == []
    assert survived.books.forked() == 0
    assert set(survived.books.received_events().values()) == {1}


def test_references_are_given_once(survived: PowerCuts) -> None:
    references = [promise.reference for promise in survived.machine.promised]
    assert len(set(references)) == len(references)


def test_every_document_is_at_central_whole(survived: PowerCuts) -> None:
    announced, complete = survived.books.documents()
    assert announced == complete > 0


def test_no_receipt_comes_out_twice_in_silence(survived: PowerCuts) -> None:
    assert survived.count.papers > 0
    assert survived.count.papers_doubled == 0
    assert survived.printer.problems == []
    assert survived.printer.lost_bytes == 0


def test_every_promise_has_its_paper_or_is_known_to_be_doubtful(survived: PowerCuts) -> None:
    printed = {seen.reference for seen in survived.papers()}
    with survived.machine.ledger() as ledger:
        jobs = PrintJobs(ledger, Vault())
        for promise in survived.machine.promised:
            job = jobs.find(promise.job)
            assert job is not None
            if job.state is JobState.PRINTED:
                assert promise.reference in printed
            else:
                assert job.state is JobState.UNKNOWN


def test_the_ledger_is_sound(survived: PowerCuts) -> None:
    with survived.machine.ledger() as ledger:
        assert ledger.database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_no_start_left_a_trace_of_trouble(survived: PowerCuts) -> None:
    log = survived.machine.log_path.read_text()
    assert "Traceback" not in log, log
