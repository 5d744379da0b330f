"""Prepares Kivy for every test here: off-screen, frames driven by hand, pictures on failure."""

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices import darkroom
from kiosk.panels import PANELS
from kiosk.screens import bootstrap

os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"  # else who is asked to end goes on
_HOME = tempfile.TemporaryDirectory(prefix="kivy-")
bootstrap.prepare(PANELS["10in-1280x800"], Path(_HOME.name), off_screen=True, limited=False)

from tests.screens.driver import SMALL, Driver, start_event_loop  # noqa: E402 - after Kivy is prepared
from tests.screens.world import World  # noqa: E402

del os.environ["SDL_NO_SIGNAL_HANDLERS"]  # the programs that tests start are as they are
_FAILED = pytest.StashKey[bool]()
PICTURES = Path("build/screens/failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


@pytest.fixture(scope="session", autouse=True)
def _event_loop() -> None:
    start_event_loop()


@pytest.fixture(autouse=True)
def _patient_darkroom(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture takes its time on a busy machine."""
    monkeypatch.setattr(darkroom, "PATIENCE_S", 60.0)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=[pytest.param(panel, id=name) for name, panel in SMALL.items()])
def panel(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def person(world: World, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """Somebody before the entrance of the 1280x800 kiosk."""
    with Driver.before(world, PANELS["10in-1280x800"]) as driver:
        yield driver
        if request.node.stash.get(_FAILED, False):
            driver.screenshot(PICTURES / f"{request.node.name}.png")
