"""A list of any length in pages that turn: only the rows of the page that is shown exist.

Its rows are all of one height, so that how many pages there are follows from how many rows there
are. `PageTurner` turns it as it turns a `Paged`.
"""

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.screens.panel import TOUCH_GAP_MM, mm

MakeRow = Callable[[int], Widget]


class ListPages(BoxLayout):
    """Shows `count` rows that `make` makes by number, as many as fit whole; see `show`."""

    page = NumericProperty(0)
    pages = NumericProperty(1)
    is_long = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        self._count = 0
        self._make: MakeRow = lambda _number: Widget()
        self._row_mm = 0.0
        self._rows_max = 0  # of one page, whatever room there is; 0: as many as fit
        self._sought: int | None = None  # stays in view until somebody turns the page
        self._drawn: object = None
        self._rest = Widget()
        self._arrange = Clock.create_trigger(self._arrange_now)
        super().__init__(orientation="vertical", spacing=mm(TOUCH_GAP_MM), **properties)
        self.fbind("size", self._arrange)

    def show(
        self,
        count: int,
        make: MakeRow,
        *,
        row_mm: float,
        sought: int | None = None,
        rows_max: int = 0,
    ) -> None:
        """Put so many rows in the place of the present ones, on the page of the sought one."""
        self._count, self._make, self._row_mm, self._rows_max = count, make, row_mm, rows_max
        self._sought = sought
        self.page = 0
        self._drawn = None
        self._arrange_now()

    def turn(self, by: int) -> None:
        """Show the next page or the one before."""
        self._sought = None
        self.page = max(0, min(self.page + by, self.pages - 1))
        self._arrange_now()

    def on_touch_down(self, touch: Any) -> bool:
        """Rows of a list that has no room are not on the glass: nothing touches them."""
        return bool(self.collide_point(*touch.pos) and super().on_touch_down(touch))

    @property
    def rows(self) -> list[Widget]:
        """The rows that are shown, from the top."""
        return [row for row in reversed(self.children) if row is not self._rest]

    def _arrange_now(self, *_: object) -> None:
        if self.height < mm(1) or not self._row_mm:
            return
        height, gap = mm(self._row_mm), self.spacing
        fitting = max(1, int((self.height + gap) // (height + gap)))
        if self._rows_max:
            fitting = min(fitting, self._rows_max)
        self.pages = max(1, -(-self._count // fitting))
        self.is_long = self.pages > 1
        self.page = min(self.page, self.pages - 1)
        if self._sought is not None:
            self.page = self._sought // fitting
        first = int(self.page) * fitting
        numbers = range(first, min(first + fitting, self._count))
        drawn = (fitting, self.page)
        if drawn != self._drawn:
            self._drawn = drawn
            self.clear_widgets()
            for number in numbers:
                row = self._make(number)
                row.size_hint_y = None
                row.height = height
                self.add_widget(row)
        self._leave_rest(
            is_left=self.height - len(numbers) * (height + gap) - self.padding[1] > mm(1)
        )

    def _leave_rest(self, *, is_left: bool) -> None:
        """Rows stand at the top: something takes what is left below."""
        if is_left and self._rest.parent is None:
            self.add_widget(self._rest)
        elif not is_left and self._rest.parent is not None:
            self.remove_widget(self._rest)
