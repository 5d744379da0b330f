"""The guided story of a complaint: lodged by touch, answered by another office, looked at again.

Real screens off-screen, the real program of central, real pages, a virtual printer and a scanner on
a serial line, as in `journey`: `python -m tests.acceptance.complaint_story --out FOLDER`.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

from kiosk.config import FILE_NAME, NO_CAMERA, read_config
from kiosk.language import NAMES
from kiosk.panels import PANELS
from tests.acceptance.demo import Around, say, surroundings


def main(arguments: list[str] | None = None) -> int:
    """Tell it in Lao, then in English."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True)
    with surroundings(given.out) as around:
        return guided(around)


def guided(around: Around) -> int:
    """Both stories at one kiosk."""
    config = replace(read_config(around.folder / FILE_NAME), camera_device=NO_CAMERA)
    from kiosk.screens import bootstrap  # noqa: PLC0415 - Kivy is prepared before it is imported

    panel = PANELS[config.panel]
    bootstrap.prepare(panel, config.data_dir / "kivy", off_screen=True, limited=False)
    from tests.acceptance import complaint_journey as story  # noqa: PLC0415
    from tests.acceptance.journey import Surroundings, Visitor  # noqa: PLC0415
    from tests.acceptance.kiosk_world import kiosk_world  # noqa: PLC0415
    from tests.screens.driver import Driver, start_event_loop  # noqa: PLC0415
    from tests.screens.world import World  # noqa: PLC0415

    start_event_loop()
    pictures = around.out / "pictures"
    with (
        kiosk_world(config) as world,
        Driver.before(cast(World, world), panel) as person,  # it needs shell and clock only
    ):
        for code in ("lo", "en"):
            answers = story.ANSWERS | {"what_happened": story.TOLD[code]}
            visitor = Visitor(code, "la.sia.complaint", answers, "")
            around_ = Surroundings(
                person, around.central, around.printer, around.scanner, pictures, say
            )
            complaint = story.Complaint(visitor, around_)
            around.central.stop()
            complaint.lodges()
            around.central.start()
            complaint.reaches_central()
            complaint.is_hidden_from_whom_it_is_about()
            complaint.is_answered(story.FIRST[code], assigned=False)
            complaint.reads_and_replies(story.FIRST[code], "No, please look at it again")
            complaint.central_says("Reopened")
            complaint.is_answered(story.SECOND[code], assigned=True)
            complaint.reads_and_replies(story.SECOND[code], "Yes, I am satisfied")
            complaint.central_says("Satisfied with the answer")
            say(f"Her complaint is answered, in {NAMES[code]}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
