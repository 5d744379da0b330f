"""Two soft notes: the kiosk wants to be looked at, where nobody has recorded the words yet.

Made here, so that no file can be missing and no licence asks for anything.
"""

import io
import math
import wave
from array import array
from functools import cache

RATE_HZ = 22_050
NOTES_HZ = (659.26, 880.0)  # E5, A5: heard through the noise of a market, alarming nobody
NOTE_S = 0.35
LOUDNESS = 0.35  # of the loudest there is
FADES_S = 0.12


@cache
def chime() -> bytes:
    """The notes as a WAV file."""
    samples = array("h")
    for hz in NOTES_HZ:
        for number in range(int(RATE_HZ * NOTE_S)):
            at_s = number / RATE_HZ
            fade = min(1.0, at_s / 0.01) * math.exp(-at_s / FADES_S)
            samples.append(int(32767 * LOUDNESS * fade * math.sin(2 * math.pi * hz * at_s)))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return written.getvalue()
