"""Pictures that come as bytes, such as a service's icon in its bundle, as Kivy textures.

Pillow reads them: the bundle's signature says who made a picture, and a cap on its size says how
much memory it may take.
"""

import io
from functools import lru_cache

from kivy.graphics.texture import Texture
from PIL import Image

SIDE_PX_MAX = 512
PIXELS_MAX = 4096 * 4096
FORMATS = ("PNG", "JPEG", "WEBP")


@lru_cache(maxsize=64)
def picture_texture(data: bytes | None) -> Texture | None:
    """The picture, at most SIDE_PX_MAX a side; None where there is none or it cannot be read."""
    if not data:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                return None
            image.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX))
            pixels = image.convert("RGBA")
    except Exception:  # noqa: BLE001 - Pillow's decoders raise most things that can be raised
        return None
    texture = Texture.create(size=pixels.size, colorfmt="rgba", mipmap=True)
    texture.blit_buffer(pixels.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture
