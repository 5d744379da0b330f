"""What every screen is: it renders what the desk says and reports touches; it keeps no answers.

A screen is built anew each time it is shown and dropped when left, so that nothing of one person
can wait in it for the next. The shell calls `open` once, `refresh` whenever the language or the
ledger has changed, and `close` when it leaves. It may build one a little early (`Shell.prepare`).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screens.rules import load_rules

if TYPE_CHECKING:
    from kiosk.desk import Desk
    from kiosk.screens.shell import Shell
    from kiosk.visit import Visit


class Screen(BoxLayout):
    """The part of the display between the fixed places and the keyboard."""

    shell: "Shell" = ObjectProperty()
    shows_back = True  # whether Back leads anywhere from here
    shows_start_over = True

    @property
    def desk(self) -> "Desk":
        """What can be done here."""
        return self.shell.desk

    @property
    def visit(self) -> "Visit":
        """Who is here."""
        return self.shell.visit

    def foresee(self, **given: Any) -> None:
        """Show what will not change until `open`; called only where the shell was told early."""

    def open(self, **given: Any) -> None:
        """Take what the screen is about; called once, before the first `refresh`."""

    def refresh(self) -> None:
        """Show what the desk says now, in the current language."""

    def close(self) -> None:
        """Leave nothing behind: stop clips, workers, cameras."""

    def back(self) -> bool:
        """Go one step back inside the screen; False lets the shell leave it."""
        return False

    def scanned(self, text: str) -> bool:
        """Take what the scanner read; False lets the shell look it up as a receipt."""
        del text
        return False

    def figure(self, figure: str) -> bool:
        """Take a figure of a keypad; False lets it choose the thing of that number.

        "{backspace}" takes the last figure away; False lets it lead back.
        """
        del figure
        return False

    def clips(self) -> tuple[Path, ...]:
        """The service's own clips for the page; Listen plays them before the sentences."""
        return ()

    def spoken(self) -> tuple[str, ...]:
        """The English sentences of the page, in the order Listen says them."""
        return ()


load_rules(__file__)
