"""A microphone as a source of recordings: in memory, while somebody speaks.

PyAV drives it, as it drives cameras: its wheels bring FFmpeg with ALSA and an MP3 encoder, so that
a kiosk needs no second sound library. It records only between a touch on Record and a touch on
Stop, never longer than the cap, and what it recorded is on no disk. The thread that owns the
device lives exactly as long.

The same class records whatever else FFmpeg can open; tests give it a tone that FFmpeg makes
(`format_name="lavfi"`, `device="sine=frequency=440,arealtime"`).
"""

import io
import logging
import os
import threading
from pathlib import Path

log = logging.getLogger(__name__)

ALSA = "alsa"
ALSA_SETTINGS = Path("/usr/share/alsa/alsa.conf")  # where systems keep them; PyAV's wheels do not
DEFAULT = "default"  # the name of ALSA's own choice
NODES = Path("/dev/snd")
CAPTURING = "pcmC*D*c"  # the kernel's names of what can record
SECONDS_MAX = 120
RATE_HZ = 22_050  # speech is whole at that
BITS_A_SECOND = 48_000  # two minutes are 720 kB
MEDIA_TYPE = "audio/mpeg"  # every browser and the kiosk itself play it
STOP_S_MAX = 3.0


class Microphone:
    """Records one thing at a time.

    Args:
        device: the microphone; empty for ALSA's own choice, if any can record.
        format_name: how FFmpeg is to open it.
        seconds_max: it then stops by itself.
    """

    def __init__(
        self, device: str = "", *, format_name: str = ALSA, seconds_max: float = SECONDS_MAX
    ) -> None:
        self._device = device
        self._format = format_name
        self.seconds_max = seconds_max
        self._lock = threading.Lock()  # for all that follows
        self._seconds = 0.0
        self._recorded: bytes | None = None
        self._failed = False
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def is_here(self) -> bool:
        """Whether there is something to record with, as far as is known without opening it."""
        return bool(self._device) or any(NODES.glob(CAPTURING))

    @property
    def recording(self) -> bool:
        """Whether it listens now."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    @property
    def seconds(self) -> float:
        """How long the present recording is."""
        with self._lock:
            return self._seconds

    @property
    def failed(self) -> bool:
        """Whether the last attempt came to nothing."""
        with self._lock:
            return self._failed

    def start(self) -> None:
        """Begin to listen."""
        self.forget()
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)
        self._thread.start()

    def stop(self) -> bytes | None:
        """Stop listening; what was recorded, once, as MP3. None when that failed."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_S_MAX)
            self._thread = None
        with self._lock:
            recorded, self._recorded = self._recorded, None
        return recorded

    def forget(self) -> None:
        """Stop listening and drop what was recorded."""
        self.stop()
        with self._lock:
            self._seconds = 0.0
            self._failed = False

    # --- the microphone's own thread ----------------------------------------------------------

    def _run(self) -> None:
        recorded: bytes | None = None
        try:
            recorded = self._record()
        except Exception as problem:  # noqa: BLE001 - whatever a driver does, the kiosk goes on
            log.info("The microphone failed: %s.", problem)
        with self._lock:
            self._recorded = recorded
            self._failed = recorded is None

    def _record(self) -> bytes | None:
        """Encode what is heard until somebody stops it; None when nothing was heard."""
        import av  # noqa: PLC0415 - half a second and 25 MB, not for kiosks without a microphone

        if ALSA_SETTINGS.exists():
            os.environ.setdefault("ALSA_CONFIG_PATH", str(ALSA_SETTINGS))
        out = io.BytesIO()
        with (
            av.open(self._device or DEFAULT, format=self._format) as source,
            av.open(out, "w", format="mp3") as target,
        ):
            stream = target.add_stream("libmp3lame", rate=RATE_HZ, layout="mono")
            stream.bit_rate = BITS_A_SECOND
            resampler = av.AudioResampler(format="s16p", layout="mono", rate=RATE_HZ)
            heard = 0
            for frame in source.decode(audio=0):
                for part in resampler.resample(frame):
                    heard += part.samples
                    target.mux(stream.encode(part))
                with self._lock:
                    self._seconds = heard / RATE_HZ
                if self._stopping.is_set() or heard >= self.seconds_max * RATE_HZ:
                    break
            target.mux(stream.encode(None))
        return out.getvalue() if heard else None
