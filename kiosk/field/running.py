"""Whether a kiosk works on a folder: then it holds the printer, and its ledger changes.

And whether it is a whole one: see `kiosk.field.reset`.
"""

import fcntl
import os

from kiosk.config import LOCK_NAME, KioskConfig
from kiosk.trouble import Trouble
from sync.sentence import Sentence

BEGUN = "reset.begun"  # in the data folder: it is being erased


class HalfErased(Trouble):
    """A reset was cut off: what is left here is no kiosk."""


def check_whole(config: KioskConfig) -> None:
    """Refuse to work on what is left of a kiosk.

    Raises:
        HalfErased: a reset was cut off.
    """
    if (config.data_dir / BEGUN).exists():
        raise HalfErased(Sentence("A reset of this kiosk was cut off. Finish it: kiosk reset"))


def is_running(config: KioskConfig) -> bool:
    """Whether a kiosk works on this folder now."""
    try:
        handle = os.open(config.data_dir / LOCK_NAME, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
