"""The technician's page: how the kiosk is, in numbers, and the few things that help it on the spot.

It shows nothing about a person. What has to be done stands first; the rest is in the order in which
a call to the support desk goes through it. Silence leads back to the language page like anywhere.
"""

from math import ceil
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty

from kiosk.condition_words import Part, carried_lines, checks_part, parts_of, stick_part
from kiosk.language import N_, _
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Fact
from sync.errors import LedgerError

HEADING = N_("How this kiosk is")
CONNECT = N_("Connect now")
TEST_PAGE = N_("Test page")
STICK = N_("USB stick")
CONNECTING = N_("The line is being tried. “Line” says soon what came of it.")
RESTS = N_("Central has asked to be called later: in %(minutes)s min the line is tried again.")
PRINTING = N_("The test page is printed after what waits.")
CANNOT_KEEP = N_("This kiosk cannot store anything now.")
SCANNER_READS = N_("The scanner works: it read %(count)s characters.")
LOOK_S = 1.0


class PartLine(Fact):
    """One line about a part of the kiosk; its icon and name stand at the first."""


class TechnicianScreen(Screen):
    """Shows the kiosk's condition."""

    can_print = BooleanProperty(False)
    stick_is_in = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._shown: tuple[Part, ...] = ()
        self._stick: Path | None = None
        self._looked: object = None  # how it was with the stick
        self._told: Any = None  # the Carried that was last said
        self._looking = Clock.schedule_interval(lambda _dt: self._look(), LOOK_S)

    @property
    def _technician(self) -> Any:  # kiosk.technician.Technician: only a PIN of its leads here
        return self.shell.technician

    def open(self, **given: Any) -> None:
        """Nothing is needed."""
        del given
        self.can_print = self._technician.can_print
        self._told = self._technician.carried

    def refresh(self) -> None:
        """Show how the kiosk is now; a page that was turned to stays."""
        technician = self._technician
        self._stick = technician.stick()
        self._looked = self._state()
        self.stick_is_in = self._stick is not None and not technician.is_carrying
        to_do, *parts = parts_of(
            technician.condition(),
            technician.config,
            technician.profile,
            technician.limits(),
            self.desk.office_name(),
        )
        stick = stick_part(
            technician.carried, is_in=self._stick is not None, is_carrying=technician.is_carrying
        )
        matters = stick.lines != stick_part(None, is_in=False, is_carrying=False).lines
        checks = checks_part(technician.findings, is_examining=technician.is_examining)
        first = (*([checks] if checks else ()), to_do)
        shown = (*first, stick, *parts) if matters else (*first, *parts, stick)
        if shown == self._shown:
            return
        self._shown = shown
        rows = [
            PartLine(icon=part.icon, name=part.name, text=line, continues=at > 0, leads=at == 0)
            for part in shown
            for at, line in enumerate(part.lines)
        ]
        self.ids.parts.show(rows, keep_page=True)

    def _look(self) -> None:
        """A stick comes and goes, and carrying ends, without a word in the ledger."""
        technician = self._technician
        carried = technician.carried
        if carried is not None and carried is not self._told:
            self._told = carried
            tone = "bad" if carried.done is None else "good"
            self.shell.notice("\n".join(carried_lines(carried.done)), tone)
        if self._state() != self._looked:
            self.refresh()

    def _state(self) -> object:
        """How far it is with what goes on besides."""
        technician = self._technician
        going_on = (technician.is_carrying, technician.is_examining)
        return (technician.stick(), *going_on, technician.carried, technician.findings)

    def connect_now(self) -> None:
        """Try the line at once."""
        rests_s = self._technician.connect_now()
        if rests_s:
            self.shell.notice(_(RESTS, minutes=ceil(rests_s / 60)), "warn")
        else:
            self.shell.notice(_(CONNECTING))

    def print_test_page(self) -> None:
        """Let the printer show what it can."""
        try:
            self._technician.print_test_page()
        except LedgerError:
            self.shell.notice(_(CANNOT_KEEP), "bad")
        else:
            self.shell.notice(_(PRINTING))

    def examine(self) -> None:
        """Check everything; what is found stands first on the page."""
        self._technician.examine()
        self.ids.parts.page = 0
        self.refresh()

    def carry(self) -> None:
        """Take in what the stick brings, write what waits."""
        if self._stick is not None:
            self._technician.carry(self._stick)
            self.refresh()

    def back(self) -> bool:
        """To the language page."""
        self.shell.wipe()
        return True

    def scanned(self, text: str) -> bool:
        """Whatever is held under the scanner tests it, and is not looked up."""
        self.shell.notice(_(SCANNER_READS, count=len(text)), "good")
        return True

    def close(self) -> None:
        """Stop looking; a stick is written to its end."""
        self._looking.cancel()

    def spoken(self) -> tuple[str, ...]:
        """The heading."""
        return (HEADING,)


load_rules(__file__)
