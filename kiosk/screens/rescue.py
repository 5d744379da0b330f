"""When a screen fails: where is written down, the person is forgotten, the next one finds a kiosk.

Kivy would end the program with a traceback that quotes whatever was typed. Should it fail again
at once, nothing is left to rescue: the program ends and whoever watches it starts it anew; what
was handed in lies in the ledger.
"""

import logging
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from kivy.base import ExceptionHandler, ExceptionManager

from kiosk.language import N_, _
from sync.scrubbed import place_of

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell

AGAIN_S = 10.0  # a second failure so soon is not the person's touch
FAILED = N_("Something went wrong here. What you handed in is safe. Please start again.")
log = logging.getLogger(__name__)


class Rescue(ExceptionHandler):
    """Takes what no screen has caught.

    Args:
        shell: what is shown.
        now_s: seconds that only go forward.
    """

    def __init__(self, shell: "Shell", now_s: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._shell = shell
        self._now_s = now_s
        self._failed_s = -AGAIN_S

    def handle_exception(self, inst: BaseException) -> int:
        """Begin anew, or let the program end."""
        if not isinstance(inst, Exception):
            return int(ExceptionManager.RAISE)
        log.error("The screen failed: %s", place_of(inst))
        again = self._now_s() - self._failed_s < AGAIN_S
        self._failed_s = self._now_s()
        if again:
            return int(ExceptionManager.RAISE)
        self._shell.wipe()
        self._shell.notice(_(FAILED), "bad")
        return int(ExceptionManager.PASS)
