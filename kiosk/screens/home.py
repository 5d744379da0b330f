"""Home: the services as large tiles, then "Where is my application?".

Never more than nine tiles a page; more services make more pages. Every service is one touch away.
"""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.widget import Widget

from kiosk.language import N_, _, language
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Tile

HEADING = N_("What do you want to do?")
WHERE = N_("Where is my application?")
WHERE_DETAIL = N_("Look it up with your receipt")
NOTHING_YET = N_("No services have arrived at this kiosk yet. Please ask at the desk.")
COLUMNS = 2
SERVICES_A_PAGE = 5  # with the tile "Where is my application?" three rows of two


class HomeScreen(Screen):
    """What can be done here."""

    shows_back = False
    page = NumericProperty(0)
    pages = NumericProperty(1)
    is_empty = BooleanProperty(False)

    def refresh(self) -> None:
        """Lay out the services of this page."""
        services = self.desk.services()
        self.is_empty = not services
        self.pages = max(1, -(-len(services) // SERVICES_A_PAGE))
        self.page = min(self.page, self.pages - 1)
        first = self.page * SERVICES_A_PAGE
        grid = self.ids.tiles
        grid.clear_widgets()
        for service in services[first : first + SERVICES_A_PAGE]:
            tile = Tile(
                text=service.descriptor.name.of(language()),
                picture=picture_texture(service.icon),
                icon="document",
            )
            tile.bind(
                on_release=lambda _tile, chosen=service.descriptor.id: self.shell.go(
                    "sheet", service_id=chosen
                )
            )
            grid.add_widget(tile)
        where = Tile(text=_(WHERE), detail=_(WHERE_DETAIL), icon="search")
        where.bind(on_release=lambda _tile: self.shell.go("find"))
        grid.add_widget(where)
        while len(grid.children) % COLUMNS:
            grid.add_widget(Widget())

    def turn(self, by: int) -> None:
        """Show the next or the previous services."""
        self.page = (self.page + by) % self.pages
        self.refresh()

    def spoken(self) -> tuple[str, ...]:
        """The question and what is always offered."""
        return (HEADING, NOTHING_YET, WHERE) if self.is_empty else (HEADING, WHERE)

    def open(self, **given: Any) -> None:
        """Nothing is needed to come home."""
        del given


load_rules(__file__)
