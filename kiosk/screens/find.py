"""Find: type the reference of a receipt, or hold its code under the scanner.

The keys are the 32 symbols a reference can have, so no wrong kind of letter can be typed; the check
symbols turn a slip of the finger into "did you mean", never into somebody else's application. Where
a camera reads receipts, `show` comes first.
"""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.finding import DidYouMean, Finding, NotAReference
from kiosk.language import N_, _
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Tappable
from sync.reference import ALPHABET, SYMBOLS

HEADING = N_("Type or scan your reference")
GROUP = 4  # KKKK-RRRR-RRCC


class Slot(BoxLayout):
    """The place of one symbol."""

    text = StringProperty("")
    is_next = BooleanProperty(False)


class SymbolKey(Tappable):
    """A key of the pad."""

    text = StringProperty("")
    icon = StringProperty("")


class FindScreen(Screen):
    """Asks which application."""

    typed = StringProperty("")
    heading = StringProperty("")

    def open(self, **given: Any) -> None:
        """Lay out the places and the keys."""
        self._slots = [Slot() for _number in range(SYMBOLS)]
        for number, slot in enumerate(self._slots):
            if number and number % GROUP == 0:
                self.ids.slots.add_widget(Dash())
            self.ids.slots.add_widget(slot)
        for symbol in ALPHABET:
            key = SymbolKey(text=symbol)
            key.bind(on_release=lambda pressed: self.type(pressed.text))
            self.ids.pad.add_widget(key)
        erase = SymbolKey(icon="backspace")
        erase.bind(on_release=lambda _key: self.erase())
        self.ids.pad.add_widget(erase)
        self.typed = str(given.get("typed", ""))
        self.on_typed()

    def refresh(self) -> None:
        """Say what can be done here, in the current language."""
        self.heading = _(HEADING)

    def on_typed(self, *_: object) -> None:
        """Show what was typed in its places."""
        for number, slot in enumerate(self._slots):
            slot.text = self.typed[number : number + 1]
            slot.is_next = number == len(self.typed)

    def type(self, symbol: str) -> None:
        """Add a symbol while there is room."""
        self.typed = (self.typed + symbol)[:SYMBOLS]

    def erase(self) -> None:
        """Take the last symbol back."""
        self.typed = self.typed[:-1]

    def look_up(self) -> None:
        """Show what the desk knows; a slip is asked about, what was typed stays."""
        missing = SYMBOLS - len(self.typed)
        if missing:
            self.shell.notice(
                _(
                    "A reference has 12 letters and digits. %(missing)s are missing.",
                    missing=missing,
                ),
                "warn",
            )
            return
        finding = self.desk.find(self.typed)
        if isinstance(finding, DidYouMean):
            self.shell.ask(
                _("Did you mean %(reference)s?", reference=finding.reference),
                yes=_("Yes, that is it"),
                no=_("No, let me look again"),
                yes_is_main=True,
                on_yes=lambda: self._show(finding.reference),
            )
        elif isinstance(finding, NotAReference):
            self.shell.notice(
                _("No receipt has this reference. Please compare each letter with your paper."),
                "warn",
            )
        else:
            self._show(self.typed)

    def _show(self, reference: str) -> None:
        def look() -> Finding:
            return self.desk.find(reference)

        self.shell.go("finding", finding=look(), look=look)

    def spoken(self) -> tuple[str, ...]:
        """What to do here."""
        return (HEADING,)


class Dash(BoxLayout):
    """The sign between two groups."""


load_rules(__file__)
