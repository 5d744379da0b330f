"""A machine without Python becomes a kiosk: the packaged program, held as a technician holds it."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from PyInstaller.archive.readers import CArchiveReader

from kiosk.devices.picture import Picture
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from sync.messages import find_compiled
from tests.acceptance.display import Display, first_tile, open_display, share_changed
from tests.acceptance.packaged import packaged_program
from tests.central import ROOT, running_central
from tests.materials import bill

END_S_MAX = 60.0
ANOTHER_PAGE = 0.05  # of the dots differ; a box that is ticked changes fewer
OF_THE_MACHINE = ("libGL", "libEGL", "libX11", "libdrm", "libgbm", "libstdc++", "libgcc_s")
LEFT_OUT = ("django", "pip", "pytest", "_pytest", "setuptools", "tests")
# Runs a script inside the packaged program: as a child of a Python that looks like that program.
INSIDE = """
import multiprocessing, sys
from multiprocessing import resource_tracker
from pathlib import Path
resource_tracker.ensure_running()
program, script = Path(sys.argv[1]), sys.argv[2]
inside = program.parent / "_internal"
sys.frozen, sys.executable = True, str(program)
modules = inside / "python{}.{}".format(*sys.version_info) / "lib-dynload"
sys.path[:] = [str(inside / "base_library.zip"), str(modules), str(inside)]
multiprocessing.set_executable(str(program))
child = multiprocessing.get_context("spawn").Process(target=exec, args=(script, {}))
child.start()
child.join()
sys.exit(child.exitcode)
"""
DEVELOP_A_PHOTO = """
import sys, time
from kiosk.devices.darkroom import Darkroom
from kiosk.resources import assets
darkroom = Darkroom()
darkroom.ask((assets() / "samples" / "family-book.jpg").read_bytes())
while (answer := darkroom.poll()) is None:
    time.sleep(0.05)
darkroom.close()
print(sys.executable, type(answer).__name__, flush=True)
"""
LOAD_THE_CAMERA = """
import av, sys
from kiosk.devices.camera import VIDEO4LINUX
print(sys.executable, av.ContainerFormat(VIDEO4LINUX, "r").is_input, flush=True)
"""


@pytest.fixture(scope="module")
def program() -> Path:
    return packaged_program()


def environment(home: Path, **more: str) -> dict[str, str]:
    """A machine on which no Python, and nothing else, is found by its name."""
    return {"HOME": str(home), "PATH": "/nowhere", **more}


def typed(program: Path, home: Path, *words: str) -> str:
    done = subprocess.run(
        [str(program), *words],
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_says_what_it_can_do(program: Path, tmp_path: Path) -> None:
    told = typed(program, tmp_path, "--help")
    assert all(command in told for command in ("run", "provision", "sync", "printer", "forms"))
    assert "sheet and row" in typed(program, tmp_path, "forms", "--help")


def test_it_brings_what_a_kiosk_shows(program: Path) -> None:
    inside = program.parent / "_internal"
    for pattern in ("assets/**/*", "locales/**/*.po", "kiosk/screens/*.kv"):
        wanted = [path.relative_to(ROOT) for path in ROOT.glob(pattern) if path.is_file()]
        assert wanted
        assert [path for path in wanted if not (inside / path).is_file()] == []
    for catalogue in inside.glob("locales/*/*/kiosk.po"):
        assert find_compiled(catalogue, catalogue.read_bytes()) is not None
    modules = CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz").toc
    screens = {f"kiosk.screens.{path.stem}" for path in ROOT.glob("kiosk/screens/[!_]*.py")}
    assert screens - set(modules) == set()


def test_it_brings_a_bill_of_what_it_is_made_of(program: Path) -> None:
    made_of = json.loads((program.parent / "bom.cdx.json").read_text("utf-8"))
    assert made_of == json.loads(bill(of_here=True))
    listed = {one["name"] for one in made_of["components"]}
    known = packages_distributions()
    modules = CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz").toc
    packages = {name for module in modules for name in known.get(module.partition(".")[0], ())}
    inside = {re.sub(r"[-_.]+", "-", name).lower() for name in packages}
    assert {"kivy", "pynacl", "cbor2"} <= inside
    assert inside - listed - {"one-door-kiosk"} == set()


def test_it_leaves_to_the_machine_what_must_fit_its_display(program: Path) -> None:
    inside = program.parent / "_internal"
    brought = [path.name for path in inside.iterdir()]
    assert [name for name in brought if name.startswith(OF_THE_MACHINE) and "-" not in name] == []
    assert [name for name in brought if name in LEFT_OUT] == []
    assert [path for path in inside.rglob("*") if path.is_symlink() and not path.exists()] == []


def test_a_ministry_checks_a_service_with_it(program: Path, tmp_path: Path) -> None:
    service = ROOT / "assets" / "services" / "residence-certificate"
    assert "nothing to mend" in typed(program, tmp_path, "forms", "check", str(service))


def test_its_darkroom_is_a_process_of_its_own(program: Path) -> None:
    assert inside(program, DEVELOP_A_PHOTO) == [str(program), Picture.__name__]


def test_it_brings_what_a_camera_needs(program: Path) -> None:
    assert inside(program, LOAD_THE_CAMERA) == [str(program), "True"]


def inside(program: Path, script: str) -> list[str]:
    """What a script prints that runs inside the program."""
    asked = subprocess.run(
        [sys.executable, "-c", INSIDE, str(program), script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    return asked.stdout.split()


def test_a_technician_makes_a_kiosk_and_a_citizen_begins(program: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kiosk"
    here = ("--folder", str(folder))
    with running_central(tmp_path) as central:
        with VirtualPrinter(load_profile("generic-58"), link=tmp_path / "printer") as printer:
            words = ("--central", central.base_url, "--code", central.enrolment_code())
            port = ("--printer-port", str(tmp_path / "printer"))
            told = typed(program, tmp_path, *here, "provision", *words, *port)
            assert "la.moha.residence-certificate" in told
            typed(program, tmp_path, *here, "printer", "test")
            assert torn_off(printer) == 1
            assert printer.problems == []
        with open_display() as display, (tmp_path / "log").open("w+") as log:
            window = subprocess.Popen(
                [str(program), *here, "run", "--window"],
                env=environment(tmp_path, DISPLAY=display.name),
                cwd=tmp_path,
                stderr=log,
                start_new_session=True,
            )
            try:
                begin_a_visit(display)
                # A dump of its memory would hold somebody's answers.
                assert resource.prlimit(window.pid, resource.RLIMIT_CORE) == (0, 0)
                window.terminate()
                assert window.wait(END_S_MAX) == 0
                with pytest.raises(ProcessLookupError):  # nothing of it is left running
                    os.killpg(window.pid, 0)
            finally:
                if window.poll() is None:
                    os.killpg(window.pid, signal.SIGKILL)
                    window.wait()
                print((tmp_path / "log").read_text())
            assert "Traceback" not in (tmp_path / "log").read_text()


def torn_off(printer: VirtualPrinter) -> int:
    """How many papers came out of it, once the first has."""
    until_s = time.monotonic() + END_S_MAX
    while not printer.papers and time.monotonic() < until_s:
        time.sleep(0.05)
    return len(printer.papers)


def begin_a_visit(display: Display) -> None:
    """Touch the first language at the entrance, and see that the services follow."""
    entrance = display.waits_for(lambda now: first_tile(now) is not None, "a language to touch")
    tile = first_tile(entrance)
    assert tile is not None
    display.touches(*tile)
    display.waits_for(
        lambda now: share_changed(entrance, now) > ANOTHER_PAGE and first_tile(now) is not None,
        "another page after a language was touched",
    )
