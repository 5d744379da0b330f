"""Sentences for the .kv files: `text: tr("Back", tr.lang)` follows the language by itself.

`tr` holds the current language as a Kivy property, so that a rule which names `tr.lang` is
worked out again when it changes: no list of observers that could keep a dropped screen alive.
"""

from kivy.event import EventDispatcher
from kivy.lang import global_idmap
from kivy.properties import StringProperty

from kiosk.language import _, language
from kiosk.screens.panel import (
    PAGE_WIDTH_MM_MAX,
    REACH_MM,
    current_panel,
    font_px,
    glass_mm,
    mm,
    unlarged,
)
from kiosk.screens.theme import theme


class Tr(EventDispatcher):
    """The current language as a property, and the messages in it."""

    lang = StringProperty("lo")

    def __call__(self, message: str, _lang: str | None = None, **places: object) -> str:
        """The message in the current language; `_lang` only makes the rule depend on it."""
        return _(message, **places)

    def follow(self) -> None:
        """Take over the language that is current now."""
        self.lang = language()


tr = Tr()


def install_names() -> None:
    """Give every .kv file the names tr, theme, mm, font_px and their like."""
    global_idmap.update(tr=tr, theme=theme, mm=mm, font_px=font_px, panel=current_panel)
    global_idmap.update(PAGE_WIDTH_MM_MAX=PAGE_WIDTH_MM_MAX, REACH_MM=REACH_MM)
    global_idmap.update(glass_mm=glass_mm, unlarged=unlarged)
