"""The technician's door: asks for the PIN before anything about the kiosk is shown.

The figures typed are shown as dots and forgotten when the page is left. Where no PIN is set, the
page says how to set one and opens nothing; where too many were wrong, it says how long to wait.
"""

from math import ceil
from typing import Any

from kivy.clock import Clock

from kiosk.language import N_, _
from kiosk.screens.pad import PadScreen

HEADING = N_("For the technician")
ASK = N_("Type the technician's PIN.")
NOT_SET = N_(
    "No PIN is set, so nobody reaches this page. Set one on this machine: kiosk technician-pin"
)
NOT_HERE = N_("This kiosk has no page for technicians.")
WRONG = N_("This is not the PIN.")
WAIT = N_("This is not the PIN. The next try is possible in %(minutes)s min.")
WRONG_BEFORE = N_("Wrong PINs typed before this: %(count)s.")
LOOK_S = 1.0


class PinScreen(PadScreen):
    """Asks for the PIN; the right one leads to the page."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._was_wrong = False
        self._looking = Clock.schedule_interval(lambda _dt: self.refresh(), LOOK_S)

    def open(self, **given: Any) -> None:
        """Lay out the keys, where there is a PIN to type."""
        del given
        if self._pin is not None and self._pin.is_set:
            self.lay_out_keys()

    @property
    def _pin(self) -> Any:  # kiosk.technician_pin.TechnicianPin
        technician = self.shell.technician
        return None if technician is None else technician.pin

    def refresh(self) -> None:
        """Say what to do, or how long to wait."""
        self.heading = _(HEADING)
        pin = self._pin
        if pin is None or not pin.is_set:
            self.told, self.tone = _(NOT_HERE if pin is None else NOT_SET), "warn"
            return
        wait_s = pin.wait_s()
        if wait_s:
            self.told, self.tone = _(WAIT, minutes=ceil(wait_s / 60)), "bad"
        elif self._was_wrong:
            self.told, self.tone = _(WRONG), "bad"
        else:
            self.told, self.tone = _(ASK), "news"
        self.may_try = bool(self._typed) and not wait_s

    def begins_to_type(self) -> None:
        """Another try begins."""
        self._was_wrong = False

    def try_it(self) -> None:
        """Open the page, if it is the right one."""
        wrong_count, typed = self._pin.wrong_count, self._typed
        self.type("")
        if self._pin.opens(typed):
            self.shell.replace("technician")
            if wrong_count:
                self.shell.notice(_(WRONG_BEFORE, count=wrong_count), "warn")
            return
        self._was_wrong = True
        self.refresh()

    def back(self) -> bool:
        """To the language page: nobody's visit begins with this."""
        self.shell.wipe()
        return True

    def close(self) -> None:
        """Forget what was typed, and stop looking."""
        self._looking.cancel()
        super().close()

    def spoken(self) -> tuple[str, ...]:
        """The heading."""
        return (HEADING,)
