"""Home: the services as large tiles, then "Where is my application?".

Never more than eight tiles a page; more services make more pages. Every service is one touch away.
Those of one life event stand together, under its name where there is room; samples carry a sign.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.properties import BooleanProperty

from kiosk.language import N_, _, language
from kiosk.life_events import by_life_event, event_name
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.service_clips import ServiceClips
from kiosk.screens.widgets import Tile

if TYPE_CHECKING:
    from kiosk.services import Service

HEADING = N_("What do you want to do?")
WHERE = N_("Where is my application?")
COMPLAIN = N_("Complain")
MORE = N_("More services")
HELP = N_("Help")
NOTHING_YET = N_("No services have arrived at this kiosk yet. Please ask at the desk.")
COLUMNS = 2  # a third column would cut long names
FEW = 6
TILES_A_PAGE = 8  # four rows are as many as stay large enough to touch; INC-08 allows nine


class HomeScreen(Screen):
    """What can be done here."""

    shows_back = False
    is_empty = BooleanProperty(False)
    is_full = BooleanProperty(False)  # below a banner there is no room for the heading too
    has_samples = BooleanProperty(False)
    page = 0
    _shown: "tuple[Service, ...]" = ()

    def refresh(self) -> None:
        """Lay out the services of this page and what is always offered."""
        services = by_life_event(self.desk.services())
        self.is_empty = not services
        complaints = self.desk.complaints()
        room = TILES_A_PAGE - 1 - (complaints is not None)  # "Where is my application?" and that
        several = len(services) > room
        if several:
            room -= 1  # the tile "More services"
        pages = max(1, -(-len(services) // room))
        self.page %= pages
        self._shown = services[self.page * room :][:room]
        tiles = [self._service_tile(one) for one in self._shown]
        if several:
            tiles.append(_tile(_(MORE), "forward", self.turn))
        tiles.append(_tile(_(WHERE), "search", self.ask_which))
        if complaints is not None:
            form = complaints.id
            tiles.append(
                _tile(_(COMPLAIN), "complain", lambda: self.shell.go("sheet", service_id=form))
            )
        if len(tiles) < TILES_A_PAGE:  # it has its fixed place above in any case
            tiles.append(_tile(_(HELP), "help", self.shell.help))
        self.ids.tiles.clear_widgets()
        for tile in tiles:
            self.ids.tiles.add_widget(tile)
        self.ids.tiles.rows_shown = -(-len(tiles) // COLUMNS)
        self.is_full = len(tiles) > FEW
        self.has_samples = any(one.descriptor.sample for one in self._shown)
        if not self.is_full:  # else there is room for the names only
            for tile, one in zip(tiles, self._shown, strict=False):
                tile.detail = event_name(one, language())

    def turn(self) -> None:
        """Show the next services, then the first again."""
        self.page += 1
        self.refresh()

    def ask_which(self) -> None:
        """Ask for the receipt: before the camera where one reads, else by its letters."""
        from kiosk.screens.show import camera_reads  # noqa: PLC0415 - home must be there at once

        self.shell.go("show" if camera_reads(self.shell.devices) else "find")

    def _service_tile(self, service: "Service") -> Tile:
        tile = _tile(
            service.descriptor.name.of(language()),
            "document",
            lambda: self.shell.go("sheet", service_id=service.id),
        )
        tile.picture = picture_texture(service.icon)
        tile.sign = "warning" if service.descriptor.sample else ""
        return tile

    def clips(self) -> tuple[Path, ...]:
        """The recorded names of the services on this page."""
        return self._clips.of(one.recording("name", language()) for one in self._shown)

    def close(self) -> None:
        """Let go of the recordings."""
        self._clips.close()

    def spoken(self) -> tuple[str, ...]:
        """The question and what is always offered."""
        return (HEADING, NOTHING_YET, WHERE) if self.is_empty else (HEADING, WHERE)

    def open(self, **given: Any) -> None:
        """Nothing is needed to come home."""
        del given
        self._clips = ServiceClips()


def _tile(text: str, icon: str, press: Callable[[], None]) -> Tile:
    tile = Tile(text=text, icon=icon)
    tile.bind(on_release=lambda _tile: press())
    return tile


load_rules(__file__)
