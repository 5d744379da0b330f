"""A camera as a source of photos: its newest frames, in memory, while somebody looks.

A kiosk stands in a public room, so its camera works only while a page asks for pictures: a few
seconds after the last look it is switched off, its light goes out and its frames are forgotten.
None ever touches a disk. The thread that owns the device lives exactly as long.

PyAV drives it, because its wheels bring FFmpeg with Video4Linux for every machine that we run on;
Kivy 2.3.1 sees cameras through OpenCV or GStreamer only. Where the library is missing, a kiosk has
no camera and says so in its log. Cameras are asked for JPEG: such a frame is handed on as it came,
so that the darkroom, and not this process, decodes what a device on a cable says.

The same class shows whatever else FFmpeg can open; tests give it a picture that FFmpeg makes
(`format_name="lavfi"`, `device="testsrc2=size=1280x720:rate=10,realtime"`).
"""

import io
import logging
import threading
from collections import deque
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, monotonic_ns
from typing import TYPE_CHECKING

from kiosk.devices.photo import Offer
from kiosk.language import N_
from sync.scrubbed import Plain

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

log = logging.getLogger(__name__)

LIBRARY = "av"
VIDEO4LINUX = "v4l2"
NODES = Path("/dev")
NAME = "camera"  # no picture in a folder has this name: theirs end with the kind of file
WAYS: tuple[dict[str, str], ...] = (  # what a camera is asked for, best first
    {"input_format": "mjpeg", "video_size": "1920x1080"},  # an A5 page at 230 dpi
    {"input_format": "mjpeg"},
    {"video_size": "1920x1080"},
    {},
)
JPEG_QUALITY = 90  # of a frame that came without JPEG; the darkroom encodes it again
FRAME_S = 0.4  # between two frames that are offered
FRAMES_KEPT = 6  # the one on the screen is older than the newest by what the darkroom needs
UNWATCHED_S_MAX = 4.0
RETRY_S = 1.0  # between two looks for a camera that is not there
FROZEN_S = 5.0  # without a frame for so long, a camera that is open does not work
STOP_S_MAX = 3.0

NO_CAMERA = N_("There is no camera here. Show the paper to the officer later.")


def library_is_here() -> bool:
    """Whether the library that drives cameras is installed; looking does not load it."""
    return find_spec(LIBRARY) is not None


def nodes() -> tuple[str, ...]:
    """The devices that may be cameras, in the order in which they were plugged in."""
    found = [path for path in NODES.glob("video*") if path.name[5:].isdigit()]
    return tuple(str(path) for path in sorted(found, key=lambda path: int(path.name[5:])))


@dataclass(frozen=True, slots=True)
class Frame:
    """What the camera saw at one moment."""

    offer: Offer
    jpeg: bytes


class CameraPhotos:
    """Offers what the camera sees now, under one name; each frame is an offer of its own.

    Args:
        device: the camera; empty for the first that can be opened.
        format_name: how FFmpeg is to open it.
        unwatched_s_max: how long after the last look it is switched off.
    """

    nothing = NO_CAMERA

    def __init__(
        self,
        device: str = "",
        *,
        format_name: str = VIDEO4LINUX,
        unwatched_s_max: float = UNWATCHED_S_MAX,
    ) -> None:
        self._device = device
        self._format = format_name
        self._unwatched_s_max = unwatched_s_max
        self._lock = threading.Lock()  # for all that follows
        self._frames: deque[Frame] = deque(maxlen=FRAMES_KEPT)
        self._looked_s = -unwatched_s_max
        self._opening_s = 0.0  # since when we wait for its first frame
        self._absent = False  # it was looked for, and none was found
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._said: tuple[str, tuple[str, ...]] | None = None

    @property
    def takes(self) -> bool:
        """Whether a photo can be taken here, as far as is known without switching it on."""
        with self._lock:
            return not self._absent and bool(self._candidates())

    def offers(self) -> tuple[Offer, ...]:
        """The newest frame; one without a time while the camera starts; none without a camera."""
        if self._stopping.is_set():
            return ()
        now_s = monotonic()
        with self._lock:
            self._looked_s = now_s
            if self._thread is None:
                self._absent = not self._candidates()
                self._opening_s = now_s
                self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
                self._thread.start()
            if self._frames:
                newest = self._frames[-1].offer
                frozen = monotonic_ns() - newest.changed_ns > FROZEN_S * 1e9
                return () if frozen else (newest,)
            waits = not self._absent and now_s - self._opening_s < FROZEN_S
            return (Offer(NAME, 0, live=True),) if waits else ()

    def read(self, offer: Offer) -> bytes | None:
        """The very frame that was offered, untrusted; None when it is forgotten."""
        with self._lock:
            return next((frame.jpeg for frame in self._frames if frame.offer == offer), None)

    def stop(self) -> None:
        """Switch the camera off for good."""
        self._stopping.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(STOP_S_MAX)
        self._forget()

    def _candidates(self) -> tuple[str, ...]:
        if self._device:
            return (self._device,)
        return nodes()

    def _is_watched(self) -> bool:
        unwatched_s = monotonic() - self._looked_s
        return unwatched_s <= self._unwatched_s_max and not self._stopping.is_set()

    def _forget(self) -> None:
        with self._lock:
            self._frames.clear()

    # --- the camera's own thread --------------------------------------------------------------

    def _run(self) -> None:
        """Film while somebody looks; look for the camera again when it is unplugged."""
        while not self._is_over():
            try:
                container = self._opened()
                if container is not None:
                    with container:
                        self._film(container)
            except Exception as problem:  # noqa: BLE001 - whatever a driver does, the kiosk goes on
                self._say("The camera failed: %s.", problem)
            self._forget()
            if self._is_watched():  # it was not found, or it is gone
                with self._lock:
                    self._absent = True
                self._stopping.wait(RETRY_S)

    def _is_over(self) -> bool:
        """Whether nobody looks any more; from then on a look starts another thread."""
        with self._lock:
            if self._is_watched():
                return False
            self._thread = None
            return True

    def _opened(self) -> "InputContainer | None":
        """The first camera that can be opened, in the best way that it can."""
        ways = WAYS if self._format == VIDEO4LINUX else ({},)
        devices = self._candidates()
        problems = {}  # what the last way of asking each of them came to
        if devices:
            import av  # noqa: PLC0415 - half a second and 25 MB, not for kiosks without a camera
        for device in devices:
            for way in ways:
                try:
                    container = av.open(device, format=self._format, options=way)
                except (av.FFmpegError, OSError, ValueError) as problem:
                    problems[device] = str(problem)
                    continue
                if container.streams.video:
                    self._say("The camera is %s (%s).", Plain(device), Plain(_shape(container)))
                    return container
                container.close()
        said = "; ".join(problems.values()) or "there is none"
        self._say("No camera can be opened: %s.", Plain(said))  # what drivers say
        return None

    def _film(self, container: "InputContainer") -> None:
        """Keep a frame now and then, until nobody looks or the camera is gone."""
        import av  # noqa: PLC0415 - loaded already

        with self._lock:
            self._opening_s = monotonic()
            self._absent = False
        due_s = 0.0
        try:
            for packet in container.demux(video=0):
                if not self._is_watched():
                    return
                if packet.size and not packet.is_corrupt and monotonic() >= due_s:
                    self._keep(as_jpeg(packet))
                    due_s = monotonic() + FRAME_S
        except (av.FFmpegError, OSError) as problem:
            self._say("The camera is gone (%s).", problem)

    def _keep(self, jpeg: bytes | None) -> None:
        if jpeg is not None:
            with self._lock:
                self._frames.append(Frame(Offer(NAME, monotonic_ns(), live=True), jpeg))

    def _say(self, sentence: str, *places: object) -> None:
        """Log what is new; a camera that is looked for every second says so once."""
        said = (sentence, tuple(map(str, places)))
        if said != self._said:
            self._said = said
            log.info(sentence, *places)


def as_jpeg(packet: "Packet[VideoStream]") -> bytes | None:
    """A frame as JPEG: as it came if it is one, else encoded here; None when it is broken."""
    if packet.stream.codec_context.name == "mjpeg":
        return bytes(packet)
    frames = packet.decode()
    if not frames:
        return None
    out = io.BytesIO()
    image = frames[-1].to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it open
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _shape(container: "InputContainer") -> str:
    codec = container.streams.video[0].codec_context
    return f"{codec.width}x{codec.height}, {codec.name}"
