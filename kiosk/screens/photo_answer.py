"""A photo of a document: take one, or choose one of the pictures on large tiles, and look at it.

Where there is a camera, a tile as large as the page shows what it sees, a little behind: a touch
takes the picture that stands on the tile, so that she gets what she saw.

Every picture is decoded in the darkroom, also for its small view: the screen only ever reads what
came out of there. The chosen one goes to the entry, which holds it in memory until it is sealed.
That it is dark or blurred is said as a hint; she decides.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.devices.camera import NO_CAMERA
from kiosk.devices.darkroom import Darkroom, Developed, Refusal
from kiosk.devices.photo import Offer, PhotoSource
from kiosk.devices.picture import MEDIA_TYPE, Flaw, Picture, flaws_in
from kiosk.forms.entry import Question
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.paged import Paged
from kiosk.screens.photo_view import view_of
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

POLL_S = 0.05
LOOK_S = 0.2  # a camera has a new picture about every second time
TILE_PX = 320
VIEW_PX = 800
COLUMNS = 2

ANOTHER = N_("Choose another photo")
AGAIN = N_("Take it again")
KEEP = N_("Keep the photo I had")
LOOKING = N_("Looking at the photo…")
GONE = N_("This photo is no longer there. Please choose another one.")
FAILED = N_("The photo did not come out. Please take it again.")
FLAWS = {
    Flaw.DARK: N_("The photo is dark. Can you read it?"),
    Flaw.BLURRED: N_("The photo is blurred. Can you read it?"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What the darkroom is asked for."""

    offer: Offer
    chosen: bool = False  # to answer with; else for its tile


class PhotoTile(Tappable):
    """One picture to choose."""

    texture = ObjectProperty(None, allownone=True)
    refused = BooleanProperty(False)

    def __init__(self, offer: Offer, **properties: Any) -> None:
        super().__init__(**properties)
        self.offer = offer  # the picture that the tile shows


class LiveTile(PhotoTile):
    """What a camera sees; its picture changes."""

    def __init__(self, offer: Offer, **properties: Any) -> None:
        super().__init__(offer, **properties)
        self.sought = offer  # the newest picture that the darkroom was asked for


class PhotoAnswer(Answer):
    """Choosing, looking, keeping."""

    told = StringProperty("")  # instead of pictures: that there are none, or that we are looking
    advice = StringProperty("")  # what is doubtful about the chosen one
    view = ObjectProperty(None, allownone=True)  # the chosen one's texture
    choosing = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._darkroom = Darkroom()
        self._orders: deque[Order] = deque()
        self._order: Order | None = None
        self._tiles: dict[str, PhotoTile] = {}  # by the name of what they offer
        self._question: Question | None = None
        self._seen: bytes | None = None
        self._flaws: frozenset[Flaw] = frozenset()
        self._polling = Clock.schedule_interval(lambda _dt: self._develop(), POLL_S)
        self._looking = Clock.schedule_interval(lambda _dt: self._look_around(), LOOK_S)

    @property
    def _source(self) -> PhotoSource | None:
        source: PhotoSource | None = self.page.shell.devices.photos
        return source

    def show(self, question: Question) -> None:
        """Show the photo that was chosen, or what there is to choose from."""
        self._question = question
        attachment = self.page.entry.attachment(question.path) if question.value else None
        self._look(attachment.data if attachment else None)
        self.choosing = self.choosing or attachment is None
        if not self.choosing:
            self.aside = _(AGAIN if self._source is not None and self._source.takes else ANOTHER)
        else:
            self.aside = _(KEEP) if attachment else ""
        found = (_(FLAWS[flaw]) for flaw in FLAWS if flaw in self._flaws)
        self.advice = next(found, "")  # one: a dark photo is also blurred, and is looked at large
        self._say_what_there_is()
        self.turns = self.ids.tiles if self.choosing and not self.told else None

    def _look(self, jpeg: bytes | None) -> None:
        if jpeg == self._seen:
            return
        self._seen = jpeg
        self.view = view_of(jpeg, VIEW_PX) if jpeg is not None else None
        self._flaws = flaws_in(jpeg) if jpeg is not None else frozenset()

    def _say_what_there_is(self) -> None:
        self.told = ""
        if not self.choosing:
            return
        if self._order is not None and self._order.chosen:
            self.told = _(LOOKING)
        elif self._source is None:
            self.told = _(NO_CAMERA)
        elif not self._tiles and not self._lay_tiles(self._source.offers()):
            self.told = _(self._source.nothing)
        if self.told and self._order is None and self._question is not None:
            self._let_go_on(self._question)

    def _let_go_on(self, question: Question) -> None:
        """Nobody is turned away because there is no camera."""
        if question.required and not question.value:
            self.page.excuse(question.path)

    def _look_around(self) -> None:
        """Follow what the camera sees; lay the tiles anew when it was plugged in or out."""
        if not self.choosing or self._source is None:
            return
        offers = self._source.offers()
        live = {offer.name: offer for offer in offers if offer.live}
        shown = {name: tile for name, tile in self._tiles.items() if isinstance(tile, LiveTile)}
        if live.keys() != shown.keys() or (offers and not self._tiles):
            self._lay_tiles(offers)
            self._say_what_there_is()
            return
        for name, tile in shown.items():
            if live[name] != tile.sought:
                tile.sought = live[name]
                self._drop_orders(name)
                self._orders.appendleft(Order(tile.sought))

    def _drop_orders(self, *names: str) -> None:
        """Let the darkroom pass over what waits for the tiles of these names."""
        waiting = (one for one in self._orders if one.chosen or one.offer.name not in names)
        self._orders = deque(waiting)

    def _lay_tiles(self, offers: tuple[Offer, ...]) -> bool:
        self._drop_orders(*self._tiles)
        self._tiles = {offer.name: self._tile(offer) for offer in offers}
        rows: list[Widget] = []
        still = []
        for tile in self._tiles.values():
            if isinstance(tile, LiveTile):
                rows.append(LiveRow(tile, self.ids.tiles.__self__))
            else:
                still.append(tile)
        rows += [PhotoRow(still[at : at + COLUMNS]) for at in range(0, len(still), COLUMNS)]
        self.ids.tiles.show(rows)
        self._orders.extend(Order(offer) for offer in offers if not offer.live)
        return bool(offers)

    def _tile(self, offer: Offer) -> PhotoTile:
        tile = LiveTile(offer) if offer.live else PhotoTile(offer)
        tile.bind(on_release=self._touched)
        return tile

    def _touched(self, tile: PhotoTile) -> None:
        if tile.refused or (tile.offer.live and tile.texture is None):
            return
        self._orders.appendleft(Order(tile.offer, chosen=True))
        self._develop()

    def _develop(self) -> None:
        """Take what the darkroom has ready and give it the next; called twenty times a second."""
        if self._order is not None:
            answer = self._darkroom.poll()
            if answer is None:
                return
            order, self._order = self._order, None
            self._take(order, answer)
        while self._order is None and self._orders:
            self._ask(self._orders.popleft())

    def _ask(self, order: Order) -> None:
        data = self._source.read(order.offer) if self._source is not None else None
        if data is None:
            self._take(order, Refusal(GONE))
            return
        self._order = order
        if order.chosen:
            self._darkroom.ask(data)
            self._say_what_there_is()
        else:
            self._darkroom.ask(data, VIEW_PX if order.offer.live else TILE_PX)

    def _take(self, order: Order, answer: Developed) -> None:
        tile = self._tiles.get(order.offer.name)
        live = order.offer.live
        if isinstance(answer, Refusal):
            if tile is not None and not live:  # a camera's next picture may be better
                tile.refused = True
            if order.chosen:
                self.page.complain(FAILED if live else answer.message)
        elif order.chosen:
            self._keep(answer)
        elif tile is not None:
            tile.offer = order.offer
            tile.texture = view_of(answer.data, VIEW_PX if live else TILE_PX)

    def _keep(self, picture: Picture) -> None:
        if self._question is not None:
            self.choosing = False
            self._orders.clear()
            self.page.attach(self._question.path, picture.data, MEDIA_TYPE)

    def take_aside(self) -> None:
        """Look at the others again; or keep the one she had."""
        self.choosing = not self.choosing
        if self.choosing:
            self._tiles = {}  # the folder may have others by now, and the camera sees others
        else:
            self._orders.clear()
        self.page.refresh()

    def close(self) -> None:
        """End the darkroom and forget the pictures."""
        self._polling.cancel()
        self._looking.cancel()
        self._darkroom.close()
        self._orders.clear()
        self._tiles.clear()
        self._seen = None
        self.view = None


class PhotoRow(BoxLayout):
    """Tiles side by side."""

    def __init__(self, tiles: list[PhotoTile]) -> None:
        super().__init__()
        for tile in tiles:
            self.add_widget(tile)
        for _empty in range(COLUMNS - len(tiles)):
            self.add_widget(Widget())


class LiveRow(BoxLayout):
    """A page of its own for what a camera sees."""

    paged = ObjectProperty(None, rebind=True)

    def __init__(self, tile: LiveTile, paged: Paged) -> None:
        super().__init__(paged=paged)
        self.add_widget(tile)


load_rules(__file__)
