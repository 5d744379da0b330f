"""The power is failing: who stands here finishes, or her answers are sealed and a slip is printed.

The UPS's program sends SIGPWR while its battery still lasts. What was handed in is on the disk
anyway; this is for what was not. Nobody new begins. After the grace an entry is set aside as when
somebody has to leave, with a moment to take the slip or to photograph its code; then the kiosk
closes as it does on any other day, and the ledger is closed.
"""

from collections.abc import Callable
from typing import Protocol

from kiosk.language import N_, _
from kiosk.visit import Visit

GRACE_S = 60.0  # batteries of small UPSs last some minutes
SLIP_S = 25.0  # to print a slip, or to photograph its code
POWER_GOES = N_(
    "The power is failing: this kiosk closes in %(seconds)s seconds. What was handed in is safe."
)


class Shown(Protocol):
    """What this needs of the shell."""

    visit: Visit

    @property
    def is_outside(self) -> bool:
        """Whether nobody has begun, or she has finished."""
        ...

    def notice(self, text: str, tone: str = "news") -> None:
        """Say a line on the glass."""
        ...

    def set_aside_unasked(self) -> bool:
        """Set aside what she fills in; whether there was something."""
        ...

    def end_silent_visit(self) -> None:
        """Nothing of her stays here, but for a slip, where one can be printed."""
        ...


class Outage:
    """What is left of the time.

    Args:
        shell: the screen.
        close: ends the program as on any other day.
    """

    def __init__(self, shell: Shown, close: Callable[[], None]) -> None:
        self._shell, self._close = shell, close
        self._end_s = shell.visit.now_s() + GRACE_S
        self._has_slip = self._is_over = False

    def look(self) -> None:
        """Say how long it still is, and end what is over; called twice a second."""
        if self._is_over:
            return
        left_s = self._end_s - self._shell.visit.now_s()
        if left_s <= 0 and not self._has_slip:
            self._has_slip = True
            if self._shell.set_aside_unasked():
                left_s = SLIP_S
                self._end_s += SLIP_S
        if left_s <= 0 or self._shell.is_outside:
            self._is_over = True
            self._shell.end_silent_visit()
            self._close()
            return
        self._shell.notice(_(POWER_GOES, seconds=max(1, round(left_s))), "warn")
