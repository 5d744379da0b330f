"""Whether a kiosk works on a folder: then it holds the printer, and its ledger changes."""

import fcntl
import os

from kiosk.config import LOCK_NAME, KioskConfig


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
