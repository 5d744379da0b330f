"""Rows on short pages instead of a long scroll: Up and Down turn them.

Scrolling is a hidden gesture that many people at a kiosk do not know; a page that turns shows that
there is more and how much. Rows are never cut in the middle: they are packed whole, by the height
each has at the present width.
"""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.screens.panel import mm
from kiosk.screens.rules import load_rules


class Paged(BoxLayout):
    """Shows rows, as many as fit whole; give them with `show`.

    Up and Down stand at its right, or, with `turner` False, in a `PageTurner` elsewhere.
    """

    turner = BooleanProperty(True)
    rows_max = NumericProperty(0)  # of one page, whatever room there is; 0: as many as fit

    page = NumericProperty(0)
    pages = NumericProperty(1)
    is_long = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        self._rows: list[Widget] = []
        self._sought: Widget | None = None  # stays in view until somebody turns the page
        self.turned_from: set[Widget] = set()  # rows that stood on a page somebody turned away from
        self._arrange = Clock.create_trigger(self._arrange_now)
        super().__init__(**properties)

    def show(self, rows: list[Widget], *, keep_page: bool = False) -> None:
        """Put these rows in the place of the present ones."""
        for row in self._rows:
            row.unbind(height=self._arrange)
        self._rows = rows
        self.turned_from.intersection_update(rows)
        for row in rows:
            row.bind(height=self._arrange)
        if not keep_page:
            self.page = 0
            self._sought = None
        self.remeasure()

    def turn(self, by: int) -> None:
        """Show the next page or the one before."""
        self._sought = None
        self.turned_from.update(self.shown)
        self.page = max(0, min(self.page + by, self.pages - 1))
        self._arrange_now()

    @property
    def shown(self) -> list[Widget]:
        """The rows of the page that is shown."""
        return [row for row in self._rows if row.parent is self.ids.area.__self__]

    def turn_to(self, row: Widget) -> None:
        """Show the page that holds the row, also when the rows find their heights later."""
        self._sought = row
        self._arrange_now()

    def remeasure(self, *_: object) -> None:
        """The room has changed: tell the rows their width and pack them anew."""
        for row in self._rows:
            row.width = self.ids.area.width
        self._arrange()

    def _packed(self) -> list[list[Widget]]:
        room, gap = self.ids.area.height, self.ids.area.spacing
        packed: list[list[Widget]] = [[]]
        used = 0.0
        for row in self._rows:
            is_full = bool(self.rows_max) and len(packed[-1]) >= self.rows_max
            if packed[-1] and (is_full or used + gap + row.height > room):
                packed.append([])
                used = 0.0
            used += row.height + (gap if packed[-1] else 0)
            packed[-1].append(row)
        return packed

    def _arrange_now(self, *_: object) -> None:
        area, rest = self.ids.area, self.ids.rest.__self__  # rest lives by this name while moved
        if area.height < mm(1):
            return
        packed = self._packed()
        self.pages = len(packed)
        self.is_long = self.pages > 1
        self.page = min(self.page, self.pages - 1)
        for number, rows in enumerate(packed):
            if self._sought in rows:
                self.page = number
        shown = packed[self.page]
        if list(reversed(area.children)) == [*shown, rest]:
            return
        area.clear_widgets()
        for number, row in enumerate(shown):
            if getattr(row, "continues", False):
                row.leads = number == 0
            if hasattr(row, "at_top"):
                row.at_top = number == 0
            area.add_widget(row)
        area.add_widget(rest)


class PageTurner(BoxLayout):
    """Up, "1 / 3", Down for a `Paged` elsewhere on the screen, such as beside the main action."""

    paged = ObjectProperty(None, allownone=True, rebind=True)

    def on_touch_down(self, touch: Any) -> bool:
        """One that is hidden is not on the glass, though its buttons lie somewhere."""
        return bool(self.opacity) and bool(super().on_touch_down(touch))


load_rules(__file__)
