"""A camera in the place of a scanner: looks for a receipt's code in what it sees, while asked.

Each frame is decoded and searched in the darkroom, a process of its own: neither a hostile frame
nor a hard one can hold up the screen. Frames that came meanwhile are passed over. What was read is
given out once; no picture is kept.

Whoever holds the paper may look on: a second darkroom makes small views of the same frames, so that
a search that takes long does not make the picture stand still.
"""

from kiosk.devices.darkroom import Darkroom
from kiosk.devices.photo import Offer, PhotoSource
from kiosk.devices.picture import Picture

VIEW_PX = 320  # 24 ms of a core for each frame of 1080 lines; a search in it takes 200 to 2000


class CameraReader:
    """Reads codes as long as it is polled, until it is closed.

    Args:
        photos: the source whose live pictures are looked at.
    """

    def __init__(self, photos: PhotoSource) -> None:
        self._photos = photos
        self._darkroom, self._viewing = Darkroom(), Darkroom()
        self._seen: Offer | None = None
        self._viewed: Offer | None = None

    def poll(self) -> str | None:
        """What a code said that was held before the camera, once; call it often."""
        read = self._darkroom.poll_code()
        if not self._darkroom.busy:
            offer = self._new_since(self._seen)
            if offer is not None:
                self._seen = offer
                data = self._photos.read(offer)
                if data is not None:
                    self._darkroom.ask_code(data)
        return read.text if read is not None else None

    def poll_view(self) -> bytes | None:
        """A small JPEG of what the camera sees, each once; call it often."""
        view = self._viewing.poll()
        if not self._viewing.busy:
            offer = self._new_since(self._viewed)
            if offer is not None:
                self._viewed = offer
                data = self._photos.read(offer)
                if data is not None:
                    self._viewing.ask(data, VIEW_PX)
        return view.data if isinstance(view, Picture) else None

    @property
    def has_camera(self) -> bool:
        """Whether a camera sees something, or is about to."""
        return any(offer.live for offer in self._photos.offers())

    def close(self) -> None:
        """Stop looking."""
        self._darkroom.close()
        self._viewing.close()

    def _new_since(self, seen: Offer | None) -> Offer | None:
        """What the camera sees now, if that was not looked at."""
        for offer in self._photos.offers():
            if offer.live:
                return offer if offer.changed_ns and offer != seen else None
        return None
