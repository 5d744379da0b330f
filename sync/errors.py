"""What can go wrong on the wire and in the ledger; each carries a sentence for a person.

    SyncError
    ├── BadRecord            bytes that are not the record they should be
    ├── BadBatch             a message to central that is not whole, or not from who it says
    ├── CannotOpen           a seal that this key does not open, or altered content
    ├── BadAddress           central's address in the settings cannot be used
    ├── NotEnrolled          this device has no identity at central yet
    ├── WaitingToSend        what waits must be sent before the device's identity may change
    ├── EvidenceMissing      an evidence file is gone or altered on this device's disk
    ├── ExchangeError        an exchange did not happen; it may be run again
    │   ├── Unreachable      no connection, or it broke
    │   │   └── TooSlow      the line is there but the answer did not come in time
    │   ├── NotCentral       somebody else answered: a login page, a proxy
    │   ├── CentralFault     central answered that it cannot work now (HTTP 5xx)
    │   ├── OnTheRoad        the question is on a stick: see `enrolment_stick`
    │   ├── Refused          central understood and said no (HTTP 4xx)
    │   └── BadAnswer        the answer is truncated, forged, or to another question
    └── LedgerError          the device's database
        ├── LedgerFull       the disk is full; nothing was half done
        ├── LedgerBusy       another writer held it too long
        ├── LedgerNewer      a newer program has written it
        ├── LedgerGone       a kiosk was enrolled here, and its ledger is missing or empty
        └── LedgerDamaged    the file or the disk under it is broken
            └── LedgerTorn   the file holds what it should not: see `salvage`

What is expected is not here: an application that central sets aside is an `Outcome`.
"""


class SyncError(Exception):
    """The root: catches whatever this package raises on purpose."""


class BadRecord(SyncError):
    """Bytes that are not the record they should be."""


class BadBatch(SyncError):
    """A message to central that is not whole, not well formed or not signed by its sender."""


class CannotOpen(SyncError):
    """The key does not open this, or it was altered."""


class BadAddress(SyncError):
    """Central's address in the settings cannot be used."""


class NotEnrolled(SyncError):
    """This device has no identity at central yet."""


class WaitingToSend(SyncError):
    """What waits must be sent before the device's identity may change."""


class EvidenceMissing(SyncError):
    """An evidence file is gone or altered on this device's disk."""


class ExchangeError(SyncError):
    """An exchange did not happen; nothing is lost and it may be run again.

    Args:
        sentence: what is wrong and what to do.
        retry_after_s: how long central asks to be left alone, where it says so.
    """

    def __init__(self, sentence: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class Unreachable(ExchangeError):
    """No connection to central, or it broke.

    Args:
        sentence: what is wrong.
        cause: where and why, for the technician.
        retry_after_s: how long central asks to be left alone, where it says so.
    """

    def __init__(
        self, sentence: str, *, cause: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(sentence, retry_after_s=retry_after_s)
        self.cause = cause


class TooSlow(Unreachable):
    """The line is there but the answer did not come in time."""


class NotCentral(ExchangeError):
    """Somebody else answered: the login page of a network, a proxy."""


class CentralFault(ExchangeError):
    """Central answered that it cannot work now."""


class Refused(ExchangeError):
    """Central understood and said no.

    Args:
        sentence: what is wrong and what to do.
        reason: central's short reason, for the technician.
        retry_after_s: how long central asks to be left alone, where it says so.
    """

    def __init__(
        self, sentence: str, *, reason: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(sentence, retry_after_s=retry_after_s)
        self.reason = reason


class BadAnswer(ExchangeError):
    """The answer is truncated, forged, or to another question."""


class LedgerError(SyncError):
    """The device's database cannot do what was asked."""


class LedgerFull(LedgerError):
    """The disk is full; nothing was half done."""


class LedgerBusy(LedgerError):
    """Another writer held the ledger too long."""


class LedgerNewer(LedgerError):
    """A newer program has written this ledger."""


class LedgerDamaged(LedgerError):
    """The ledger's file, or the disk under it, is broken."""


class LedgerTorn(LedgerDamaged):
    """The ledger's file holds what it should not; what is whole in it can be salvaged."""


class LedgerGone(LedgerError):
    """A kiosk was enrolled here, and its ledger is missing or empty."""
