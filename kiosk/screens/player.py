"""Plays clips one after the other through Kivy's sound output."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kivy.core.audio import SoundLoader


class KivyPlayer:
    """The loudspeaker or headset of the machine."""

    def __init__(self) -> None:
        self._waiting: deque[Path] = deque()
        self._sound: Any = None

    @property
    def playing(self) -> bool:
        """Whether something can be heard now."""
        return self._sound is not None

    def play(self, clips: Iterable[Path]) -> None:
        """Play the clips one after the other; what played before stops."""
        self.stop()
        self._waiting.extend(clips)
        self._next()

    def stop(self) -> None:
        """Be silent."""
        self._waiting.clear()
        if self._sound is not None:
            sound, self._sound = self._sound, None
            sound.stop()
            sound.unload()

    def _next(self, *_: object) -> None:
        self._sound = None
        while self._waiting and self._sound is None:
            self._sound = SoundLoader.load(str(self._waiting.popleft()))
        if self._sound is not None:
            self._sound.bind(on_stop=self._next)
            self._sound.play()
