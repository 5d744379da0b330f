"""The exchange itself: run until both sides have all; it may be cut off anywhere and run again.

First the logs, both ways in each request, until nothing waits here and nothing more is offered
there. Then documents and photos, the smallest first and in pieces; whatever is submitted meanwhile
goes before the next piece, so small news never waits behind a photograph.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sync.budget import FREE, OVER_BUDGET, Budget
from sync.clock import Clock, DeviceClock, Steady, steady_now
from sync.errors import BadAnswer, EvidenceMissing, Refused, Unreachable
from sync.evidence import EvidenceRow, check_whole, read_piece
from sync.ledger import Ledger
from sync.pace import Limits, Pace
from sync.protocol import (
    Answer,
    Batch,
    Central,
    EvidenceAnswer,
    EvidencePiece,
    EvidenceRequest,
)
from sync.records import Audience, KeyPurpose
from sync.sentence import Sentence
from sync.signed import message_hash

PIECE_BYTES_MIN = 1024  # a smaller one costs more around it than in it
PIECE_FRAME_BYTES = 192  # what the message and its signature add to a piece
SETBACKS_MAX = 3  # of one document: pieces after which central has no more of it than before
RESTARTS_MAX = 2  # in one run: a central that forgets again and again is not believed


class _OverBudget(Exception):
    """What the technician allows for documents is spent."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one run brought about."""

    requests: int = 0
    sent: int = 0  # envelopes that central now keeps
    received: int = 0  # items of the feed
    evidence_bytes: int = 0
    evidence_left: int = 0  # files that central refused or that are gone from this disk
    is_over_budget: bool = False  # documents wait for the next hour or day


def sync_once(
    ledger: Ledger,
    central: Central,
    *,
    limits: Limits | None = None,
    pace: Pace | None = None,
    budget: Budget = FREE,
    clock: Clock | None = None,
    steady: Callable[[], Steady] = steady_now,
    proceed: Callable[[], bool] = lambda: True,
) -> Exchanged:
    """Exchange until both sides have all: may be cut off anywhere and simply run again.

    Args:
        ledger: the device's ledger, of this thread.
        central: any road to central.
        limits: how much goes into one request, whatever the line is like.
        pace: follows the line instead; the worker keeps one from run to run.
        budget: how much may be spent on documents.
        clock: tells the hour for the budget; the device's own by default.
        steady: the steady clock that carries on central's signed time.
        proceed: asked before each request; False ends the run early.

    Raises:
        ExchangeError: it did not happen; what was acknowledged before stays so.
        LedgerError: this device's disk or database failed.
        NotEnrolled: central does not know this device.
    """
    pace = Pace(limits, fixed=limits is not None) if pace is None else pace
    run = _Run(ledger, central, pace, steady, proceed)
    run.budget, run.clock = budget, clock or DeviceClock(ledger)
    run.exchange_logs()
    run.send_evidence()
    return run.exchanged


def check_answer(batch: Batch, message: bytes, answer: Answer) -> None:
    """Whether central's signed answer belongs to this batch and follows on from it.

    Raises:
        BadAnswer: it answers another batch, acknowledges what was not sent, or has a hole.
    """
    if answer.batch != message_hash(message):
        raise BadAnswer(Sentence("Central's answer is to another question."))
    _check_acknowledgements(batch, answer)
    positions: dict[Audience, int] = dict(batch.cursor) if answer.epoch == batch.epoch else {}
    for change in answer.changes:
        if change.position != positions.get(change.audience, 0) + 1:
            raise BadAnswer(Sentence("Central's feed has a hole."))
        positions[change.audience] = change.position


def _check_acknowledgements(batch: Batch, answer: Answer) -> None:
    done = answer.acknowledgements
    if len(done) > len(batch.envelopes):
        raise BadAnswer(Sentence("Central acknowledged more than it was sent."))
    sent = zip(batch.envelopes, done, strict=False)
    for number, (envelope, acknowledgement) in enumerate(sent, batch.after + 1):
        if (acknowledgement.sequence, acknowledgement.application) != (
            number,
            envelope.parsed.id,
        ):
            raise BadAnswer(Sentence("Central acknowledged something else than it was sent."))
    if done and answer.through < batch.after + len(done):
        raise BadAnswer(Sentence("Central acknowledged what it says not to hold."))


class _Run:
    """One run of the exchange."""

    def __init__(
        self,
        ledger: Ledger,
        central: Central,
        pace: Pace,
        steady: Callable[[], Steady],
        proceed: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._central = central
        self._pace = pace
        self._steady = steady
        self._proceed = proceed
        self._identity = ledger.enrolled_identity()
        self._restarts = 0
        self.budget = FREE
        self.clock: Clock = DeviceClock(ledger)
        self.exchanged = Exchanged()

    def exchange_logs(self) -> None:
        """Envelopes up and changes down until there are no more of either."""
        while self._proceed():
            if not self._exchange_slice():
                return

    def _exchange_slice(self) -> bool:
        """One request and its answer; whether there is more to do."""
        limits = self._pace.limits
        batch = self._ledger.next_batch(
            limits.envelopes_max, limits.slice_bytes_max, limits.room_bytes
        )
        message = batch.signed(self._identity.signing_key)
        reply = self._asked(self._central.exchange, message)
        answer = Answer.from_bytes(reply, self._ledger.keys(KeyPurpose.ANSWERS))
        check_answer(batch, message, answer)
        progress = self._ledger.accept(batch, answer, self._steady())
        self._count(sent=progress.acknowledged, received=progress.changes)
        if progress.restarted:
            self._restarts += 1
            if self._restarts > RESTARTS_MAX:
                raise BadAnswer(Sentence("Central forgets again and again. Call its operators."))
            return True
        moved = answer.acknowledgements or answer.changes
        if not moved and (batch.envelopes or answer.more):
            raise BadAnswer(
                Sentence("Central took nothing of what it was sent. Call its operators.")
            )
        return answer.more or self._ledger.has_waiting()

    def send_evidence(self) -> None:
        """Documents and photos, smallest first; one that cannot go does not block the others."""
        left: set[bytes] = set()
        while self._proceed():
            waiting = self._ledger.evidence_waiting()
            row = next((row for row in waiting if row.sha256 not in left), None)
            if row is None:
                return
            try:
                self._send_file(row)
            except _OverBudget:  # a smaller one would not fit either: they come in order of size
                self.exchanged = replace(self.exchanged, is_over_budget=True)
                return
            except (Refused, EvidenceMissing):
                self._count(evidence_left=1)
                left.add(row.sha256)

    def _send_file(self, row: EvidenceRow) -> None:
        check_whole(self._ledger.evidence_folder, row)
        self._piece_bytes(row.size - row.sent)
        offset = row.sent
        if row.sent or row.size > self._pace.limits.piece_bytes_max:
            offset = self._ask_offset(row)
        setbacks_left = SETBACKS_MAX
        while offset < row.size and self._proceed():
            if setbacks_left == 0:
                raise Refused(Sentence("Central does not keep this document."), reason="offset")
            piece_bytes = self._piece_bytes(row.size - offset)
            data = read_piece(self._ledger.evidence_folder, row, offset, piece_bytes)
            piece = EvidencePiece(self._identity.device, row.sha256, offset, row.size, data)
            message = piece.signed(self._identity.signing_key)
            self._ledger.spend(self.clock.now(), len(message))
            reply = self._asked(self._handed_over, message)
            kept = self._evidence_answer(row, message, reply)
            setbacks_left -= kept <= offset
            offset = kept
            self._count(evidence_bytes=len(data))
            if self._ledger.has_waiting():
                self.exchange_logs()

    def _asked(self, road: Callable[[bytes], bytes], message: bytes) -> bytes:
        """Central's reply; the pace learns how the line is."""
        started = time.monotonic()
        try:
            reply = road(message)
        except (Unreachable, BadAnswer):
            self._pace.broke()
            raise
        self._pace.came_through(time.monotonic() - started, len(message) + len(reply))
        return reply

    def _handed_over(self, message: bytes) -> bytes:
        """Central's reply to a piece.

        Raises:
            _OverBudget: the neighbour that passes it on has no room in its budget.
        """
        try:
            return self._central.send_evidence(message)
        except Refused as problem:
            if problem.reason != OVER_BUDGET:
                raise
            self._ledger.spend(self.clock.now(), -len(message))  # it never left the village
            raise _OverBudget from problem

    def _piece_bytes(self, left: int) -> int:
        """How much of a document may go now, of what is left of it.

        Raises:
            _OverBudget: nothing more in this hour or on this day.
        """
        most = min(left, self._pace.limits.piece_bytes_max)
        may_spend = self._ledger.may_spend(self.budget, self.clock.now())
        if may_spend is None:
            return most
        allowed = may_spend - PIECE_FRAME_BYTES
        if allowed < min(most, PIECE_BYTES_MIN):
            raise _OverBudget
        return min(most, allowed)

    def _ask_offset(self, row: EvidenceRow) -> int:
        request = EvidenceRequest(self._identity.device, row.sha256)
        message = request.signed(self._identity.signing_key)
        offset = self._evidence_answer(row, message, self._central.evidence_offset(message))
        self._count()
        return offset

    def _evidence_answer(self, row: EvidenceRow, message: bytes, reply: bytes) -> int:
        answer = EvidenceAnswer.from_bytes(reply, self._ledger.keys(KeyPurpose.ANSWERS))
        if answer.request != message_hash(message) or answer.offset > row.size:
            raise BadAnswer(Sentence("Central's answer is to another question."))
        if answer.epoch not in (None, self._ledger.epoch()):
            raise BadAnswer(Sentence("Central's answer is from another life of its feed."))
        self._ledger.evidence_sent(row.sha256, answer.offset)
        return answer.offset

    def _count(
        self, *, sent: int = 0, received: int = 0, evidence_bytes: int = 0, evidence_left: int = 0
    ) -> None:
        done = self.exchanged
        self.exchanged = replace(
            done,
            requests=done.requests + (1 - evidence_left),
            sent=done.sent + sent,
            received=done.received + received,
            evidence_bytes=done.evidence_bytes + evidence_bytes,
            evidence_left=done.evidence_left + evidence_left,
        )
