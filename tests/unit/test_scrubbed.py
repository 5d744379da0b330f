"""Central's log says what happened and where, and nothing that anybody wrote."""

import io
import logging

from sync.scrubbed import Scrubbed

CANARY = "ນາງ ຄຳປຸ້ຍ"


def test_a_traceback_has_its_frames_and_no_message() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Scrubbed("%(message)s"))
    logger = logging.getLogger("tests.central_logs")
    logger.addHandler(handler)
    try:
        int(CANARY)
    except ValueError:
        logger.exception("It failed.")
    logger.removeHandler(handler)
    said = written.getvalue()
    assert "ValueError in " in said
    assert "test_a_traceback_has_its_frames_and_no_message" in said
    assert CANARY not in said


def test_every_line_of_central_is_written_so() -> None:
    for name in ("", "django", "django.request", "sync"):
        handlers = [
            handler
            for handler in logging.getLogger(name).handlers
            if type(handler) is logging.StreamHandler
        ]
        assert handlers
        assert {type(handler.formatter) for handler in handlers} == {Scrubbed}
