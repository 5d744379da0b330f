"""How a program that is started for a measurement finds its compiled modules: as an installed one.

Without it each start would compile every module where Python is told to write no bytecode, as in
many containers, and the figure would tell of the compiler.
"""

import os
from pathlib import Path


def with_bytecode(cache: Path) -> dict[str, str]:
    """The environment for such programs; the first of them fills the cache for those after it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(cache)}
