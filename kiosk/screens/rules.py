"""Loads the .kv file that stands beside a module, once."""

from pathlib import Path

from kivy.lang import Builder


def load_rules(module_file: str) -> None:
    """Load `x.kv` for `x.py`; called at the end of the module with its `__file__`."""
    path = str(Path(module_file).with_suffix(".kv"))
    if path not in Builder.files:
        Builder.load_file(path)
