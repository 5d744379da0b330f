"""Show: hold the receipt before the camera, and see on the glass how to hold it.

The picture is a mirror, because that is what people expect of a glass that shows them: a paper
moved to the left moves to the left. Where the camera looks down on a shelf, the left hand already
moves on the left, and the picture stands as it is (`camera_looks_down` in kiosk.toml). A square of
corners is where the code belongs: so large that a folded and worn one is still read.

The camera works only while this page is shown. Its frames are decoded in the darkroom; the one
small view on the glass gives way to the next and is dropped with the page.
"""

from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.properties import AliasProperty, NumericProperty, ObjectProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.devices.camera_reader import VIEW_PX, CameraReader
from kiosk.devices.code import library_is_here
from kiosk.language import N_
from kiosk.screens.photo_view import view_of
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen

if TYPE_CHECKING:
    from kiosk.screens.shell import Devices

HEADING = N_("Show your receipt to the camera or type")
HOLD = N_("Hold the square code of your receipt inside the frame.")
STILL = N_("Keep it still for a moment.")
STARTING = N_("The camera is starting…")
TYPE = N_("Type the reference")
LOOK_S = 0.1
ARM_SHARE = 0.25  # of a side of the square
FRAME_SHARE = 0.7  # of the picture's height; a code has then 10 dots a module of 1080 lines


def camera_reads(devices: "Devices") -> bool:
    """Whether a camera reads receipts here: where no scanner does."""
    has_scanner = devices.scanner is not None and devices.scanner.connected
    if has_scanner or devices.photos is None or not devices.photos.takes:
        return False
    return library_is_here()


class Corners(Widget):
    """Four corners, in two colours: one of them is seen on any picture."""

    def _lines(self) -> list[list[float]]:
        """The three points of each corner."""
        arm = self.width * ARM_SHARE
        return [
            [x + right * arm, y, x, y, x, y + up * arm]
            for x, right in ((self.x, 1), (self.right, -1))
            for y, up in ((self.y, 1), (self.top, -1))
        ]

    lines = AliasProperty(_lines, bind=("pos", "size"))


class Mirror(FloatLayout):
    """What the camera sees, with the place for the code."""

    texture = ObjectProperty(None, allownone=True)
    side = NumericProperty(0)

    def on_size(self, *_: object) -> None:
        """The square is as large as the picture allows."""
        self._measure()

    def on_texture(self, *_: object) -> None:
        """A picture may be lower than its place."""
        self._measure()

    def _measure(self) -> None:
        height = self.height
        if self.texture is not None:
            height = min(height, self.width * self.texture.height / self.texture.width)
        self.side = min(height, self.width) * FRAME_SHARE


class ShowScreen(Screen):
    """Reads the receipt that is held before the camera."""

    view = ObjectProperty(None, allownone=True)

    def open(self, **given: Any) -> None:
        """Switch the camera on."""
        del given
        self._reader = CameraReader(self.shell.devices.photos)
        self._looking = Clock.schedule_interval(lambda _dt: self._look(), LOOK_S)

    def close(self) -> None:
        """The camera is on only while somebody looks for a receipt."""
        self._looking.cancel()
        self._reader.close()
        self.view = None

    def _look(self) -> None:
        text = self._reader.poll()
        if text is not None:
            self.shell.take_scan(text)
            return
        jpeg = self._reader.poll_view()
        if jpeg is not None:
            self.look_at(jpeg)
        elif not self._reader.has_camera:  # it was unplugged
            self.shell.replace("find")

    def look_at(self, jpeg: bytes) -> None:
        """Show what the camera sees: a mirror, unless it looks down."""
        view = view_of(jpeg, VIEW_PX)
        if not self.shell.devices.camera_looks_down:
            view.flip_horizontal()
        self.view = view

    def type(self) -> None:
        """Type what stands on the receipt; Back leads here again."""
        self.shell.go("find")

    def spoken(self) -> tuple[str, ...]:
        """How to hold it."""
        return (HEADING, HOLD, STILL)


load_rules(__file__)
