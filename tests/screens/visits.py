"""Brings a fresh kiosk into a situation: a new ledger, one panel, one language."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.language import LANGUAGES, set_language
from kiosk.panels import PanelProfile
from tests.screens.driver import Driver
from tests.screens.situations import Situation
from tests.screens.world import World


@contextmanager
def in_situation(situation: Situation, panel: PanelProfile, language: str) -> Iterator[Driver]:
    """Somebody who speaks that language, in the situation."""
    with tempfile.TemporaryDirectory(prefix="kiosk-") as folder:
        world = World(Path(folder))
        try:
            with Driver.before(world, panel) as driver:
                driver.shell.speak(language)
                driver.settle()
                situation(driver)
                driver.settle()
                yield driver
        finally:
            world.close()
            set_language(LANGUAGES[0])
