"""Print jobs: what is to come out of the printer, and how far each came.

A job is written in the same transaction as the application it belongs to, and moves one way:
`queued → sending → printed | unknown`. `sending` is on the disk before the first byte is on the
wire, so after a crash nobody claims to know: the job is `unknown`, nothing prints by itself, and a
person is asked whether the receipt came out. Where the printer itself said that it broke off (no
paper, cover, unplugged in the middle) it is known not to be complete: the job goes back to `queued`
and is printed whole, marked as printed again. Copies carry the same proof and are counted.

Other slips go the same way. What is private in one lies sealed under the vault's key: after a power
cut it can no longer be printed, and nobody is asked about it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kiosk.printing import receipt_record, slip_record
from kiosk.printing.errors import PrinterCode, PrinterState
from kiosk.printing.profile import Proof
from kiosk.printing.receipt import Receipt
from kiosk.printing.slip import Slip
from kiosk.printing.vault import Vault
from sync.ledger import Ledger
from sync.store import our_words

PRIVATE = ("sealed_secret", "slip", "sealed_slip")  # kept no longer than the paper needs them

__all__ = ["JobState", "PrintJob", "PrintJobs", "PrinterCode", "PrinterState", "Vault"]


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    UNKNOWN = "unknown"  # it may have come out: ask the person
    DECLINED = "declined"  # no paper is wanted


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One paper. Its receipt has no token yet: that is signed when it is printed."""

    id: int
    state: JobState
    paper: Receipt | Slip
    proof: Proof | None  # once printed
    retracted_ms: int | None = None  # when the printer took the untaken paper back

    @property
    def receipt(self) -> Receipt:
        """The receipt that this paper is."""
        assert isinstance(self.paper, Receipt), "This job prints another slip."
        return self.paper


class PrintJobs:
    """The print jobs in a ledger, of the thread that opened it.

    Args:
        ledger: opened with `kiosk.printing.tables.MIGRATIONS`.
        vault: the program's only one.
    """

    def __init__(self, ledger: Ledger, vault: Vault) -> None:
        self._ledger = ledger
        self._vault = vault

    def add(self, receipt: Receipt) -> int:
        """Have a receipt printed; inside the caller's transaction. Later ones are copies."""
        application = receipt.application_id
        copy = self._one(
            "SELECT count(*) FROM print_jobs WHERE application = ? AND state != 'declined'",
            application,
        )
        secret = receipt.claims.secret
        row = (
            "INSERT INTO print_jobs (application, state, receipt, sealed_secret) "
            "VALUES (?, 'queued', ?, ?) RETURNING id"
        )
        sealed = None if secret is None else self._vault.seal(secret)
        return int(
            self._one(
                row, application, receipt_record.to_bytes(replace(receipt, copy=copy)), sealed
            )
        )

    def add_slip(self, slip: Slip, *, private: bool) -> int:
        """Have another slip printed; inside the caller's transaction.

        Args:
            slip: what stands on it.
            private: it says something about a person: the disk has it only sealed.
        """
        data = slip_record.to_bytes(slip)
        row = (
            "INSERT INTO print_jobs (application, state, receipt, slip, sealed_slip) "
            "VALUES ('', 'queued', x'', ?, ?) RETURNING id"
        )
        return int(
            self._one(row, None if private else data, self._vault.seal(data) if private else None)
        )

    def find(self, job_id: int) -> PrintJob | None:
        """The job of that id."""
        return self._first("WHERE id = ?", job_id)

    def find_oldest(self) -> PrintJob | None:
        """What to print next."""
        return self._first("WHERE state = 'queued' ORDER BY id")

    def waiting_count(self) -> int:
        """How many papers are still to come out."""
        query = "SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending')"
        return int(self._one(query))

    def has_slip_waiting(self) -> bool:
        """Whether a slip that is no receipt is still to come out."""
        query = "SELECT EXISTS (SELECT 1 FROM print_jobs WHERE state = 'queued' AND receipt = x'')"
        return bool(self._one(query))

    def begin(self, job_id: int) -> bool:
        """Write down that the job is being sent, before its first byte; False: no longer wanted."""
        return self._move(job_id, JobState.SENDING, "state = 'queued'")

    def printed(self, job_id: int, proof: Proof) -> None:
        """It came out; the secret's work is done."""
        self._move(job_id, JobState.PRINTED, "state = 'sending'", proof)

    def came_out(self, job_id: int) -> None:
        """A person says that the paper came out after all."""
        self._move(job_id, JobState.PRINTED, "state = 'unknown'")

    def lost_sight(self, job_id: int) -> None:
        """Nobody knows whether it came out."""
        self._move(job_id, JobState.UNKNOWN, "state = 'sending'")

    def retracted(self, job_id: int, now_ms: int) -> None:
        """Nobody took the paper: the printer pulled it back into the kiosk."""
        with self._ledger.transaction():
            self._run("UPDATE print_jobs SET retracted_ms = ? WHERE id = ?", now_ms, job_id)

    def put_back(self, job_id: int, *, again: bool) -> None:
        """It did not come out whole: it will be printed from its beginning.

        Args:
            job_id: the job.
            again: some of it did come out, so the next paper says that it is another one.
        """
        with self._ledger.transaction():
            self._run(
                "UPDATE print_jobs SET state = 'queued', again = max(again, ?) "
                "WHERE id = ? AND state = 'sending'",
                int(again),
                job_id,
            )

    def decline(self, job_id: int) -> bool:
        """The person wants no paper; False: it is printing already, or done."""
        return self._move(job_id, JobState.DECLINED, "state = 'queued'")

    def recover(self) -> int:
        """After a start: whatever was being sent then is unknown now. How many those are."""
        with self._ledger.transaction():
            self._drop_what_cannot_be_opened()
            return self._run(
                "UPDATE print_jobs SET state = 'unknown', sealed_secret = NULL, slip = NULL, "
                "sealed_slip = NULL WHERE state = 'sending'"
            )

    def find_interrupted(self) -> int | None:
        """Before `recover`: what an earlier program was printing when it ended."""
        found = self._first("WHERE state = 'sending' ORDER BY id DESC")
        return found.id if found else None

    def _drop_what_cannot_be_opened(self) -> None:
        """Private slips of an earlier program: their words are gone, and with them the job."""
        waiting = self._ledger.database.execute(
            "SELECT id, sealed_slip FROM print_jobs "
            "WHERE state = 'queued' AND sealed_slip IS NOT NULL"
        ).fetchall()
        for job_id, sealed in waiting:
            if self._vault.find(sealed) is None:
                self._run(
                    "UPDATE print_jobs SET state = 'declined', sealed_slip = NULL WHERE id = ?",
                    job_id,
                )

    def printer_state(self) -> PrinterState:
        """How the printer is, as the worker last saw it."""
        with our_words():
            row = self._ledger.database.execute("SELECT code, since_ms FROM printer_state")
            code, since_ms = row.fetchone()
        return PrinterState(PrinterCode(code), since_ms)

    def note_printer(self, code: PrinterCode, now_ms: int) -> None:
        """Keep how the printer is; the moment stays while nothing changes."""
        if self.printer_state().code is code:
            return
        with self._ledger.transaction():
            self._run("UPDATE printer_state SET code = ?, since_ms = ?", code.value, now_ms)

    def _move(self, job_id: int, state: JobState, only_if: str, proof: Proof | None = None) -> bool:
        """Change a job's state where it is what it should be; erase the secret when it is done."""
        over = state is not JobState.SENDING
        wiped = "".join(f", {column} = NULL" for column in PRIVATE) if over else ""
        with self._ledger.transaction():
            moved = self._run(
                f"UPDATE print_jobs SET state = ?, proof = ?{wiped} "  # noqa: S608 - our own words
                f"WHERE id = ? AND {only_if}",
                state.value,
                proof.value if proof else None,
                job_id,
            )
        return moved == 1

    def _first(self, which: str, *values: object) -> PrintJob | None:
        with our_words():
            row = self._ledger.database.execute(
                "SELECT id, state, receipt, sealed_secret, again, proof, retracted_ms, slip, "  # noqa: S608 - our own words
                f"sealed_slip FROM print_jobs {which} LIMIT 1",
                values,
            ).fetchone()
        return None if row is None else self._job(row)

    def _job(self, row: tuple[Any, ...]) -> PrintJob:
        job_id, state, receipt, sealed, again, proof, retracted_ms, *slip = row
        paper: Receipt | Slip
        if receipt:
            secret = None if sealed is None else self._vault.find(sealed)
            paper = replace(receipt_record.from_bytes(receipt, secret), again=bool(again))
        else:
            paper = self._slip(*slip)
        return PrintJob(
            id=job_id,
            state=JobState(state),
            paper=paper,
            proof=Proof(proof) if proof else None,
            retracted_ms=retracted_ms,
        )

    def _slip(self, clear: bytes | None, sealed: bytes | None) -> Slip:
        """A slip that is still to be printed; of one that is over nothing is left."""
        data = clear if sealed is None else self._vault.find(sealed)
        return slip_record.from_bytes(data) if data else Slip(())

    def _one(self, query: str, *values: object) -> Any:  # noqa: ANN401 - one column of one row
        with our_words():
            return self._ledger.database.execute(query, values).fetchone()[0]

    def _run(self, statement: str, *values: object) -> int:
        return int(self._ledger.database.execute(statement, values).rowcount)
