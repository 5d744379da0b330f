"""The real program with a stop-watch: what `bench_kiosk` measures in processes of their own.

    python -m tests.bench.kiosk_window FOLDER first-frame
    python -m tests.bench.kiosk_window FOLDER idle SECONDS
    python -m tests.bench.kiosk_window FOLDER hand-in COUNT

It is `kiosk run` on a provisioned folder, with its printer and its line at work; only the window's
`flip` is watched, and for hand-in a finger is there. It prints lines of a word and figures. Times
are of the steady clock, the same in every process.

Off-screen a flip does not wait until the frame is drawn, nor does it begin to draw it: the work
would fall on the frame after. So each is finished here, and counts where it belongs.
"""

import sys
import time
from typing import Any

SETTLED_S = 3.0  # after the first frame the workers have said hello to printer and central
READING_S = 1.0  # a person looks at the page before she touches it
SHOWN_S_MAX = 30.0  # a touch that nothing answers is a mistake here, and is said
PRINTING_S = 2.0  # the paper is out before she leaves
ALONE_S = 1.5  # until the next person comes


def main(arguments: list[str]) -> int:
    """One measurement."""
    from kiosk import app  # noqa: PLC0415 - counted as the program's own start
    from kiosk.__main__ import main as kiosk_command  # noqa: PLC0415

    folder, what, number = (*arguments, "0")[:3]
    make_window = app._window

    def watched(kiosk: app.Kiosk) -> Any:
        window = make_window(kiosk)
        watch = {"first-frame": FirstFrame, "idle": Idle, "hand-in": HandIn}[what]

        def begin(_app: object) -> None:  # Kivy takes anything that is returned for "handled"
            watch(window, int(number))

        window.bind(on_start=begin)
        return window

    app._window = watched
    return kiosk_command(["--folder", folder, "run", "--window"])


def say(word: str, *figures: float) -> None:
    """One line."""
    print(word, *map(repr, figures), flush=True)


class FirstFrame:
    """When the first frame with the entrance on it is on the glass."""

    def __init__(self, app: Any, _number: int) -> None:
        from kivy.clock import Clock  # noqa: PLC0415 - it exists now
        from kivy.core.window import Window  # noqa: PLC0415
        from kivy.graphics.opengl import glFinish  # noqa: PLC0415

        flip = Window.flip

        def flipped() -> None:
            flip()
            glFinish()
            if app.root.screen is not None:
                say("first-frame", time.monotonic(), time.process_time())
                Window.flip = flip
                Clock.schedule_once(lambda _dt: app.stop(), 0.1)

        Window.flip = flipped


class Idle:
    """Which share of a core all threads take while nobody comes."""

    def __init__(self, app: Any, seconds: int) -> None:
        from kivy.clock import Clock  # noqa: PLC0415 - it exists now

        def begin(_dt: float) -> None:
            used_s, since_s = time.process_time(), time.monotonic()

            def end(_dt: float) -> None:
                say("idle", (time.process_time() - used_s) / (time.monotonic() - since_s))
                app.stop()

            Clock.schedule_once(end, seconds)

        Clock.schedule_once(begin, SETTLED_S)


class HandIn:
    """From the finger leaving "Hand in my application" to the receipt on the glass.

    The finger leaves just after a frame has looked at the glass, so that a whole frame's interval
    passes until the next one sees it: no touch waits longer.
    """

    def __init__(self, app: Any, count: int) -> None:
        from kivy.clock import Clock  # noqa: PLC0415 - it exists now
        from kivy.core.window import Window  # noqa: PLC0415
        from kivy.graphics.opengl import glFinish  # noqa: PLC0415

        self._app, self._left, self._clock = app, count, Clock
        self._flip, self._finish = Window.flip, glFinish
        self._lifted_s = self._used_s = self._reads_until_s = 0.0
        self._watchdog: Any = None
        Window.flip = self._flipped
        Clock.schedule_once(self._person_comes, SETTLED_S)

    def _person_leaves(self, _dt: float) -> None:
        self._app.root.wipe()
        self._clock.schedule_once(self._person_comes, ALONE_S)

    def _person_comes(self, _dt: float) -> None:
        from tests.acceptance.kiosk_program import Order, fill  # noqa: PLC0415
        from tests.sample_answers import RESIDENCE  # noqa: PLC0415

        shell = self._app.root
        if self._left == 0:
            self._app.stop()
            return
        self._left -= 1
        shell.visit.begin("lo")
        shell.visit.entry = shell.desk.begin(RESIDENCE)
        fill(shell.visit.entry, Order())
        shell.go("confirm", service_id=RESIDENCE)
        self._reads_until_s = time.monotonic() + READING_S
        self._clock.schedule_once(self._touches, READING_S)

    def _touches(self, _dt: float) -> None:
        left_s = self._reads_until_s - time.monotonic()
        if left_s > 0:  # Kivy counts from the frame before, which is long past on a busy machine
            self._clock.schedule_once(self._touches, left_s)
            return
        from kiosk.language import _  # noqa: PLC0415
        from tests.screens.touch import Touch  # noqa: PLC0415

        words = _("Hand in my application")
        said = (one for one in self._app.root.walk() if getattr(one, "text", "") == words)
        button = next(said)  # the words on it say so too
        touch = Touch(*button.to_window(*button.center))
        touch.down()
        self._clock.schedule_once(lambda _dt: self._lifts(touch), 0.1)

    def _lifts(self, touch: Any) -> None:
        self._lifted_s, self._used_s = time.perf_counter(), time.process_time()
        self._clock.schedule_once(lambda _dt: touch.up(), 0)  # seen by the next frame
        self._watchdog = self._clock.schedule_once(self._nothing_happens, SHOWN_S_MAX)

    def _nothing_happens(self, _dt: float) -> None:
        raise AssertionError(f"The touch led nowhere: {self._app.root.place}")

    def _flipped(self) -> None:
        self._flip()
        self._finish()
        if self._lifted_s and self._app.root.place.name == "receipt":
            used_s = time.process_time() - self._used_s
            say("hand-in", time.perf_counter() - self._lifted_s, used_s)
            self._lifted_s = 0.0
            self._watchdog.cancel()
            self._clock.schedule_once(self._person_leaves, PRINTING_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
