"""Pictures of every situation, for people to look at: `python -m tests.screens.look [name ...]`.

They lie in `build/screens/` by panel, language and situation. The small panels are drawn; name
another, such as 21in-1080x1920, to have that instead.
"""

import sys
import tempfile
from pathlib import Path

from kiosk.panels import PANELS
from kiosk.screens import bootstrap

OUT = Path("build/screens")
PAGES_MAX = 8  # of a list of thousands nobody looks at all


def main(wanted: list[str]) -> None:
    """Draw the situations whose name begins with one of those wanted, or all."""
    named = [PANELS[name] for name in wanted if name in PANELS]
    wanted = [name for name in wanted if name not in PANELS]
    with tempfile.TemporaryDirectory() as home:
        largest = max([*named, PANELS["10in-1280x800"]], key=lambda panel: panel.height_px)
        bootstrap.prepare(largest, Path(home), off_screen=True, limited=False)
        from tests.screens.driver import SMALL, Driver, start_event_loop  # noqa: PLC0415 - Kivy is ready
        from tests.screens.situations import all_situations  # noqa: PLC0415
        from tests.screens.visits import in_situation  # noqa: PLC0415

        start_event_loop()
        for name, situation in all_situations().items():
            if wanted and not any(name.startswith(begin) for begin in wanted):
                continue
            for panel in named or SMALL.values():
                for language in ("lo", "en"):
                    driver: Driver
                    with in_situation(situation, panel, language) as driver:
                        folder = OUT / panel.name
                        print(driver.screenshot(folder / f"{name}-{language}.png"))
                        page = 1
                        while page < PAGES_MAX and driver.turn_page():
                            page += 1
                            print(driver.screenshot(folder / f"{name}-{language}-{page}.png"))


if __name__ == "__main__":
    main(sys.argv[1:])
