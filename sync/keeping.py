"""For how long sealed content lies on a device: a setting, read without opening a ledger."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Keeping:
    """For how many days sealed content stays after central has it."""

    settled_days: int = 7  # of what is decided or was replaced
    open_days: int = 180  # of what may still come back to be corrected


KEEPING = Keeping()
