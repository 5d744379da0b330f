"""A clerk signs in to help: her number, then her PIN, on the pad; no line is needed.

From then on each page says who helps, until the visit ends or she signs out. Which of number and
PIN was wrong is not said.
"""

from math import ceil
from typing import Any

from kiosk.clerks import Clerk, Refusal, Refused
from kiosk.desk import NOT_NOW
from kiosk.language import N_, _
from kiosk.screens.pad import PadScreen
from sync.errors import LedgerError

HEADING = N_("A clerk signs in")
ASK_NUMBER = N_("Clerk: type your number.")
ASK_PIN = N_("Clerk %(number)s: type your PIN.")
WRONG = N_("This number and this PIN do not belong together. Type your number again.")
WAIT = N_("Too many wrong PINs. The next try is possible in %(minutes)s min.")
LOCKED = N_("This clerk's PIN was wrong too often. Her supervisor must give her a new one.")
NUMBER_DIGITS_MAX = 9


class ClerkScreen(PadScreen):
    """Asks for number and PIN; the right ones lead back to where help was asked for."""

    def open(self, **given: Any) -> None:
        """Lay out the keys."""
        del given
        self._number = 0  # not typed yet
        self._refused: Refused | None = None
        self.lay_out_keys()

    def refresh(self) -> None:
        """Say what to type, or why she is not signed in."""
        self.heading = _(HEADING)
        if self._refused is not None:
            self.told, self.tone = _refusal_words(self._refused), "bad"
        elif self._number:
            self.told, self.tone = _(ASK_PIN, number=self._number), "news"
        else:
            self.told, self.tone = _(ASK_NUMBER), "news"
        self.may_try = bool(self._typed)

    def begins_to_type(self) -> None:
        """Another try begins."""
        self._refused = None

    def shows(self, typed: str) -> str:
        """Her number is seen, her PIN is not."""
        return super().shows(typed) if self._number else typed

    def try_it(self) -> None:
        """From the number to the PIN, and with both to the page where help was asked for."""
        typed = self._typed
        if self._number:
            number, self._number = self._number, 0
            self.type("")
            self._sign_in(number, typed)
        else:
            self._number = int(typed[:NUMBER_DIGITS_MAX])
            self.type("")

    def _sign_in(self, number: int, pin: str) -> None:
        try:
            answer = self.desk.clerks.sign_in(number, pin)
        except LedgerError:
            self.shell.notice(_(NOT_NOW), "bad")
            return
        if isinstance(answer, Clerk):
            self.shell.clerk_signs_in(answer)
        else:
            self._refused = answer
            self.refresh()

    def back(self) -> bool:
        """From the PIN to the number; from there to the page before."""
        if not self._number:
            return False
        self._number = 0
        self.type("")
        return True

    def spoken(self) -> tuple[str, ...]:
        """The heading."""
        return (HEADING,)


def _refusal_words(refused: Refused) -> str:
    match refused.why:
        case Refusal.WAIT:
            return _(WAIT, minutes=ceil(refused.wait_s / 60))
        case Refusal.LOCKED:
            return _(LOCKED)
        case Refusal.WRONG:
            return _(WRONG)
