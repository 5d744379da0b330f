"""Before the first frame a kiosk loads and begins only what somebody sees: all else comes after it.

The real program runs here, off-screen, until its first frame is drawn. How long that takes is
measured by `make bench`; what it takes it for is held here, on however busy a machine.
"""

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass

import pytest

from kiosk.app import open_ledger
from kiosk.config import FILE_NAME, KioskConfig, to_toml
from kiosk.language import LANGUAGES
from kiosk.resources import locales
from sync.identity import enrol
from sync.messages import catalogue_path, compile_stale
from tests.central import ROOT
from tests.stand_ins.central import StandInCentral

WAIT_S_MAX = 300
FRAMES = 3
# Tells at the first frame what is loaded and runs by then, and a few frames later who runs.
PROGRAM = """
import json, os, sys, threading
from kiosk import app
from kiosk.__main__ import main

make_window = app._window
app.BEGIN_AFTER_S = 0

def names():
    return sorted(thread.name for thread in threading.enumerate())

def watched(kiosk):
    window = make_window(kiosk)
    window.bind(on_start=watch)
    return window

def watch(_app):
    from kivy.core.window import Window
    flip, told = Window.flip, []
    def flipped():
        flip()
        told.append(names())
        if len(told) == 1:
            told.append(sorted(sys.modules))
        if len(told) > FRAMES:
            print(json.dumps(told), flush=True)
            os._exit(0)
        Window.canvas.ask_update()
    Window.flip = flipped

app._window = watched
main(["--folder", sys.argv[1], "run", "--window"])
"""
# What no frame shows: the road to central, what writes and checks services, the technician's
# commands, and what reads translators' files, dates and figures.
LATER = {
    *("requests", "urllib3", "sync.session", "sync.relay", "sync.thrift"),
    *("django", "openpyxl", "pyxform", "yaml", "kiosk.forms.publish", "kiosk.forms.xpath"),
    *(
        "kiosk.field.doctor",
        "kiosk.field.examined",
        "kiosk.field.self_test",
        "kiosk.field.printers",
    ),
    *("babel", "qrcode", "av", "zxingcpp"),
    *("kiosk.screens.home", "kiosk.screens.question", "kiosk.screens.technician"),
}

WORKERS = {"link", "printing", "sync"}


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """What a start had done by its first frame, and soon after."""

    modules: set[str]
    threads: list[str]
    threads_later: list[str]


@pytest.fixture(scope="module")
def first_frame(tmp_path_factory: pytest.TempPathFactory) -> FirstFrame:
    for code in LANGUAGES:  # as a packaged program brings them, and every start finds them but one
        compile_stale(catalogue_path(locales(), code, "kiosk"))
    folder = tmp_path_factory.mktemp("kiosk")
    config = KioskConfig(
        data_dir=folder / "data",
        central_url="http://127.0.0.1:9",
        printer_port=str(folder / "printer"),
        printer_profile="generic-58",
        disk_reserve_percent=0,
    )
    (folder / FILE_NAME).write_text(to_toml(config), "utf-8")
    with closing(open_ledger(config)) as ledger:
        enrol(ledger, StandInCentral(), "CODE-1", "A kiosk")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("FRAMES", str(FRAMES)), str(folder)],
        cwd=ROOT,
        env=os.environ | {"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"},
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S_MAX,
    )
    assert done.stdout, done.stderr
    threads, modules, *later = json.loads(done.stdout)
    return FirstFrame(set(modules), threads, later[-1])


def test_what_no_frame_shows_is_loaded_after_the_first(first_frame: FirstFrame) -> None:
    assert first_frame.modules & LATER == set()
    assert "kiosk.screens.attract" in first_frame.modules, "it is the entrance that was drawn"


def test_printer_and_line_begin_once_the_first_frame_is_drawn(first_frame: FirstFrame) -> None:
    assert first_frame.threads == ["MainThread"]
    begun = [name for name in first_frame.threads_later if name in WORKERS]
    assert begun == sorted(WORKERS), "each of them once"
