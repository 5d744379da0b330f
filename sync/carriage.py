"""What this device has given to carriers: for each message, what its answer may change.

An answer on a stick comes days later, when much may have happened by another road. So the ledger
remembers of each message that it gave away where the log and the feed stood then, and takes its
answer once.
"""

from dataclasses import dataclass

from sync.store import Store

_KEPT_MAX = 20_000  # of sticks that never came back, the oldest are forgotten


@dataclass(frozen=True, slots=True)
class CarriedBatch:
    """A slice of the log that was given away."""

    number: int  # the order in which messages were given away
    epoch: bytes | None  # which life of the feed the device read then
    after: int
    through: int
    acknowledged: int  # how far central had acknowledged the log then


@dataclass(frozen=True, slots=True)
class CarriedPiece:
    """A part of a document that was given away."""

    number: int
    sha256: bytes


Carried = CarriedBatch | CarriedPiece


class Carriage(Store):
    """The table `carried`."""

    def note_batch(
        self, message: bytes, epoch: bytes | None, *, after: int, through: int, acknowledged: int
    ) -> None:
        """A batch is about to be given away; inside a transaction."""
        self._write(
            """
            INSERT INTO carried (message, epoch, after, through, acknowledged)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            (message, epoch, after, through, acknowledged),
        )
        self._forget_the_oldest()

    def note_piece(self, message: bytes, sha256: bytes) -> None:
        """A piece is about to be given away; inside a transaction."""
        self._write(
            "INSERT INTO carried (message, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (message, sha256),
        )
        self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        self._write(
            "DELETE FROM carried WHERE number <= (SELECT max(number) FROM carried) - ?",
            (_KEPT_MAX,),
        )

    def find_carried(self, message: bytes) -> Carried | None:
        """What is known of a message by its hash; None where it was answered or is not ours."""
        row = self._first(
            """
            SELECT number, sha256, epoch, after, through, acknowledged FROM carried
            WHERE message = ?
            """,
            (message,),
        )
        match row:
            case None:
                return None
            case (number, None, epoch, after, through, acknowledged):
                return CarriedBatch(number, epoch, after, through, acknowledged)
            case (number, sha256, *_):
                return CarriedPiece(number, sha256)
        raise AssertionError("a row has six columns")

    def answered(self, carried: Carried) -> None:
        """Its answer has been taken in: another one changes nothing; inside a transaction."""
        self._write("DELETE FROM carried WHERE number = ?", (carried.number,))
