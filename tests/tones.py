"""Tones in the place of recorded speech, as sample: there is no free Lao speech to ship."""

import io
import math
import struct
import wave

RATE_HZ = 8000


def tone(pitch_hz: int = 440, length_ms: int = 50) -> bytes:
    """A short WAV of one pitch; each pitch is another recording."""
    samples = range(RATE_HZ * length_ms // 1000)
    levels = (round(8000 * math.sin(2 * math.pi * pitch_hz * n / RATE_HZ)) for n in samples)
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(b"".join(struct.pack("<h", level) for level in levels))
    return held.getvalue()
