"""A camera in the place of a scanner: looks for a receipt's code in what it sees, while asked.

Each frame is decoded and searched in the darkroom, a process of its own: neither a hostile frame
nor a hard one can hold up the screen. Frames that came meanwhile are passed over. What was read is
given out once; no picture is kept.
"""

from kiosk.devices.darkroom import Darkroom
from kiosk.devices.photo import Offer, PhotoSource


class CameraReader:
    """Reads codes as long as it is polled, until it is closed.

    Args:
        photos: the source whose live pictures are looked at.
    """

    def __init__(self, photos: PhotoSource) -> None:
        self._photos = photos
        self._darkroom = Darkroom()
        self._seen: Offer | None = None

    def poll(self) -> str | None:
        """What a code said that was held before the camera, once; call it often."""
        read = self._darkroom.poll_code()
        if not self._darkroom.busy:
            self._look()
        return read.text if read is not None else None

    def close(self) -> None:
        """Stop looking."""
        self._darkroom.close()

    def _look(self) -> None:
        for offer in self._photos.offers():
            if offer.live and offer.changed_ns and offer != self._seen:
                self._seen = offer
                data = self._photos.read(offer)
                if data is not None:
                    self._darkroom.ask_code(data)
                return
