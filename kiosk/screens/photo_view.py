"""A picture on the glass: only ever what came out of the darkroom, and in no cache."""

import io

from kivy.graphics.texture import Texture
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget
from PIL import Image

from kiosk.screens.rules import load_rules


def view_of(jpeg: bytes, side_px: int) -> Texture:
    """A texture of a picture that came out of the darkroom; nothing of it is kept in a cache."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("RGB", (side_px, side_px))
        image.thumbnail((side_px, side_px))
        pixels = image.convert("RGB")
    texture = Texture.create(size=pixels.size, colorfmt="rgb")
    texture.blit_buffer(pixels.tobytes(), colorfmt="rgb", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


class PhotoView(Widget):
    """A picture, as large as its place allows."""

    texture = ObjectProperty(None, allownone=True)


load_rules(__file__)
