"""Icons on the glass: the house's pictograms as textures.

A texture is white; the widget gives it a colour of the theme.
"""

from functools import cache

from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget
from PIL import Image

from kiosk.pictograms import icon_of_light


@cache
def icon_texture(name: str, size_px: int) -> Texture:
    """The icon as a white texture with its shape in alpha."""
    mask = icon_of_light(name, size_px)
    pixels = Image.merge("LA", (Image.new("L", mask.size, 255), mask)).convert("RGBA")
    texture = Texture.create(size=mask.size, colorfmt="rgba")
    texture.blit_buffer(pixels.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


class Icon(Widget):
    """One icon, drawn in a colour of the theme as large as its shorter side.

    A `picture`, such as a service's own icon, stands in its place in its own colours.
    """

    name = StringProperty("")
    picture = ObjectProperty(None, allownone=True)
    color = ColorProperty()
    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.fbind("name", self._draw)
        self.fbind("size", self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        size_px = int(min(self.size))
        self.texture = icon_texture(self.name, size_px) if self.name and size_px > 0 else None
