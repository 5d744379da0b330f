"""Prepares Kivy before its window exists: nothing here may be done later.

Kivy reads its environment when first imported and its configuration when `kivy.core.window` is.
So the program calls `prepare` once, first, and only then imports screens. It also closes the
doors that Kivy leaves open on a desk: settings key, escape key, command line, log files, stray
input devices.
"""

import logging
import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from kiosk.panels import PanelProfile
from kiosk.screens.panel import use_panel

FRAMES_PER_SECOND = 30  # an idle kiosk then uses 1.3 % of a core (60: 2.4 %, unlimited: 87 %)
SAMPLES_PER_DOT = 4  # smooth round corners, where a graphics chip draws them
STYLE = "style.kv"
STYLED = {  # Kivy's widgets that ours are made of, and what a field for text is made of
    "AsyncImage",
    "BubbleButton",
    "BubbleContent",
    "Button",
    "Image",
    "Label",
    "RelativeLayout",
    "Scatter",
    "Selector",
    "TextInput",
    "TextInputCutCopyPaste",
}
GRAPHICS_CHIPS = Path("/dev/dri")  # Linux lists them here; without one the processor draws


def prepare(
    panel: PanelProfile,
    home: Path,
    *,
    fullscreen: bool = False,
    off_screen: bool = False,
    limited: bool = True,
) -> None:
    """Set Kivy up for this panel.

    Args:
        panel: the glass that the window fills.
        home: a folder of ours for Kivy's own files.
        fullscreen: cover everything and hide the pointer, as a kiosk in the field does.
        off_screen: draw for pictures only; no display is needed.
        limited: draw at most FRAMES_PER_SECOND; tests drive frames themselves.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("Kivy was imported before kiosk.screens.bootstrap.prepare was called.")
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_NO_ARGS="1",  # our own command line
        KIVY_NO_CONFIG="1",  # no file that a passer-by or an update may change
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",  # leave the program's logging alone
        KIVY_HOME=str(home),
    )
    if off_screen:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
        os.environ["SDL_AUDIODRIVER"] = "dummy"
    _configure(panel, fullscreen=fullscreen, limited=limited)  # Kivy's clock reads it once
    _read_style(home / "style")
    use_panel(panel)


def _read_style(folder: Path) -> None:
    """Let Kivy read, of its rules of style, those that our widgets need.

    It reads them when its language is first imported, for all its widgets: a tenth of a second at
    each start, most of it for file choosers and colour pickers. It looks in its data folder.
    """
    import kivy  # noqa: PLC0415 - only after the environment is set
    import kivy.resources  # noqa: PLC0415 - remembers the data folder as well, and the right one

    whole = kivy.kivy_data_dir
    with suppress(OSError):  # a full disk: then it reads all of them
        few = few_rules(Path(whole, STYLE).read_text("utf-8"))
        folder.mkdir(exist_ok=True)
        if not (folder / STYLE).exists() or (folder / STYLE).read_text("utf-8") != few:
            (folder / STYLE).write_text(few, "utf-8")
        kivy.kivy_data_dir = str(folder)
    try:
        import kivy.lang  # noqa: PLC0415 - this reads them
    finally:
        kivy.kivy_data_dir = whole


def few_rules(style: str) -> str:
    """Of Kivy's rules of style, those of the widgets that ours are made of."""
    head, *rules = re.split(r"(?m)^(?=<)", style)
    return head + "".join(rule for rule in rules if STYLED & names_of(rule))


def names_of(rule: str) -> set[str]:
    """Which widgets a rule is for, such as `<Image,AsyncImage>:`."""
    listed = rule[1 : rule.index(">")].split(",")
    return {name.strip().lstrip("-").partition("@")[0] for name in listed}


def _configure(panel: PanelProfile, *, fullscreen: bool, limited: bool) -> None:
    from kivy.config import Config  # noqa: PLC0415 - only after the environment is set

    graphics = {
        "width": panel.width_px,
        "height": panel.height_px,
        "fullscreen": "auto" if fullscreen else 0,
        "borderless": int(fullscreen),
        "show_cursor": int(not fullscreen),
        "resizable": 0,
        "maxfps": FRAMES_PER_SECOND if limited else 0,
        "multisamples": SAMPLES_PER_DOT if GRAPHICS_CHIPS.exists() else 0,
    }
    for name, value in graphics.items():
        Config.set("graphics", name, str(value))
    Config.set("kivy", "log_level", "warning")
    logging.getLogger("kivy").addFilter(_is_news)
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "pause_on_minimize", "0")
    Config.set("kivy", "keyboard_mode", "system")  # the screen's keyboard is our own
    # One source of touches: SDL's own. The others would report each touch a second time.
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")


def _is_news(record: logging.LogRecord) -> bool:
    """Kivy reports every kind of input device that this machine does without: leave that out."""
    return not str(record.msg).startswith("Input:")
