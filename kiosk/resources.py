"""Where the files that ship with the program lie: fonts, icons, texts, printer profiles.

In a source tree they stand beside the packages; in the frozen program PyInstaller unpacks them
into a folder of its own. Everything asks here, so that no module guesses.
"""

import sys
from pathlib import Path


def program_folder() -> Path:
    """The folder that holds `assets/` and `locales/`."""
    unpacked = getattr(sys, "_MEIPASS", None)
    return Path(unpacked) if unpacked else Path(__file__).resolve().parent.parent


def assets() -> Path:
    """Fonts, icons, sounds, printer profiles and the sample services."""
    return program_folder() / "assets"


def locales() -> Path:
    """The message catalogues, one folder a language."""
    return program_folder() / "locales"
