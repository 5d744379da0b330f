"""A returned application, by whole programs: one visitor goes the whole road.

Applied for while central is down, returned by an officer who marks two questions, scanned, opened
and corrected by touch, handed in anew while central is down again, and approved in the place of the
old one. Kiosk, central, printer and scanner are those of the demo; so are the officer's pages.
"""

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

from kiosk.config import FILE_NAME, NO_CAMERA, read_config
from kiosk.panels import PANELS
from tests.acceptance.demo import Around, say, surroundings


def main(arguments: list[str] | None = None) -> int:
    """Walk the road with the visitor who speaks that language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where to leave pictures")
    parser.add_argument("--language", choices=("lo", "en"), required=True)
    given = parser.parse_args(arguments)
    out: Path = given.out
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left running
    out.mkdir(parents=True)
    with surroundings(out) as around:
        return walk(around, given.language)


def walk(around: Around, language: str) -> int:
    """One visitor's whole road."""
    config = replace(read_config(around.folder / FILE_NAME), camera_device=NO_CAMERA)
    from kiosk.screens import bootstrap  # noqa: PLC0415 - Kivy is prepared before it is imported

    panel = PANELS[config.panel]
    bootstrap.prepare(panel, config.data_dir / "kivy", off_screen=True, limited=False)
    from tests.acceptance.journey import Surroundings  # noqa: PLC0415
    from tests.acceptance.kiosk_world import kiosk_world  # noqa: PLC0415
    from tests.acceptance.returned_journey import RETURNS, ReturnedJourney  # noqa: PLC0415
    from tests.acceptance.visitors import VISITORS  # noqa: PLC0415
    from tests.screens.driver import Driver, start_event_loop  # noqa: PLC0415
    from tests.screens.world import World  # noqa: PLC0415

    start_event_loop()
    with (
        kiosk_world(config) as world,
        Driver.before(cast(World, world), panel) as person,  # it needs shell and clock only
    ):
        for visitor in (visitor for visitor in VISITORS if visitor.language == language):
            around.central.stop()
            surroundings_ = Surroundings(
                person,
                around.central,
                around.printer,
                around.scanner,
                around.out / "pictures",
                say,
            )
            journey = ReturnedJourney(visitor, surroundings_, RETURNS[visitor.language])
            journey.apply()
            around.central.start()
            journey.reaches_central()
            journey.officer_returns()
            journey.scans_what_came_back()
            around.central.stop()
            journey.corrects()
            around.central.start()
            journey.reaches_central()
            journey.officer_sees_what_changed_and_approves()
            journey.reads_the_answer()
            journey.old_receipt_leads_to_the_new_one()
    return 0


if __name__ == "__main__":
    sys.exit(main())
