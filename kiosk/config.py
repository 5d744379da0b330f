"""What a technician may set: read once, from `kiosk.toml`, when the program starts.

Everything else about a kiosk is either learned at enrolment (its office, its keys) or is data of a
service. A mistake in the file is named with its line of settings, because the reader stands in a
village with a screwdriver.
"""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from kiosk.trouble import Trouble
from sync.budget import MEGABYTE, BadHours, Budget, hours_of
from sync.keeping import Keeping

FILE_NAME = "kiosk.toml"
LOCK_NAME = "running.lock"  # in the data folder: held while a kiosk runs on it
NO_CAMERA = "none"  # for `camera_device`: a camera that is there is left alone
NO_MICROPHONE = "none"  # for `microphone_device`, likewise
PANELS = ("10in-1280x800", "10in-1024x600")  # see kiosk.screens.panel
PORT_MAX = 65535
IDLE_S_MIN = 30  # below that people who read slowly are thrown out
WARNING_S_MIN = 20  # WCAG 2.2 success criterion 2.2.1: at least 20 seconds to answer a warning


class ConfigError(Trouble):
    """The configuration cannot be used; the sentence says which line to mend."""


@dataclass(frozen=True, slots=True)
class KioskConfig:
    """The settings of one kiosk. Paths are absolute, times in seconds."""

    data_dir: Path
    central_url: str = ""
    central_ca: Path | None = None  # certificate of the authority that signed central's
    printer_port: str = ""  # empty: no printer is attached
    printer_profile: str = "generic-58"
    printer_baud: int = 0  # 0: as the profile says
    printer_dead_dots: str = ""  # such as 133,200: see `kiosk printer test`
    scanner_port: str = ""  # serial, or a keyboard under /dev/input; empty: no scanner
    camera_device: str = ""  # such as /dev/video0; empty: the first that works; or NO_CAMERA
    camera_looks_down: bool = False  # on papers on a shelf; else its picture is shown as a mirror
    microphone_device: str = ""  # such as plughw:1; empty: the one that ALSA calls default; or none
    panel: str = "10in-1280x800"
    fullscreen: bool = False
    photo_folder: Path | None = None  # pictures and files to choose from, such as a stick's folder
    idle_s: int = 60
    idle_warning_s: int = 60
    exchange_every_s: int = 60
    relay_url: str = ""  # of a kiosk on the LAN that has a line, such as http://192.168.1.20:8470
    relay_port: int = 0  # where this kiosk passes on what others send; 0: it does not
    documents_mb_a_day: int = 0  # that may be sent in a day; 0: as many as there are
    documents_mb_by_hour: str = ""  # such as "7-17: 0, 18-21: 5": MB in each of these hours
    keep_days: int = 7  # sealed content of what is decided stays so long after central has it
    keep_open_days: int = 180  # and of what may come back to be corrected
    keep_unfinished_days: int = 30  # an entry waits so long for its resume slip; 0: none is kept

    @property
    def ledger_path(self) -> Path:
        """The device's database."""
        return self.data_dir / "ledger.sqlite3"

    @property
    def budget(self) -> Budget:
        """What may be spent on documents and photos."""
        day_bytes = self.documents_mb_a_day * MEGABYTE or None
        return Budget(day_bytes, hours_of(self.documents_mb_by_hour))

    @property
    def keeping(self) -> Keeping:
        """How long sealed content lies here."""
        return Keeping(self.keep_days, self.keep_open_days)


_PATHS = {"data_dir", "central_ca", "photo_folder"}
_DEFAULTS = {field.name: field.default for field in fields(KioskConfig)}
_UNITS = {"documents_mb_a_day": " megabytes", "relay_port": "", "printer_baud": ""}
_DOTS = re.compile(r"[0-9, ]*")
_URL = re.compile(r"https?://[^/]")
_LEAST = {
    "idle_s": IDLE_S_MIN,
    "idle_warning_s": WARNING_S_MIN,
    "exchange_every_s": 1,
    "documents_mb_a_day": 0,
    "relay_port": 0,
    "printer_baud": 0,
    "keep_days": 1,
    "keep_open_days": 30,
    "keep_unfinished_days": 0,
}


def read_config(path: Path) -> KioskConfig:
    """The settings in a `kiosk.toml`; relative paths count from its folder.

    Raises:
        ConfigError: the file is missing, is not TOML, or a setting is unknown or unusable.
    """
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise ConfigError(
            f"The settings {path} cannot be read ({problem.strerror}). "
            "Run `kiosk provision` to write them."
        ) from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(
            f"The settings {path} are no text in UTF-8. Open them in an editor, and save them so."
        ) from problem
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"The settings {path} are not valid TOML: {problem}.") from problem
    return _checked(settings, path)


def _checked(settings: dict[str, object], path: Path) -> KioskConfig:
    known = {field.name: field for field in fields(KioskConfig)}
    for name in settings:
        if name not in known:
            raise ConfigError(
                f"{path}: there is no setting {name!r}. Known ones are {', '.join(known)}."
            )
    values: dict[str, object] = {"data_dir": "data"} | settings
    for name, value in values.items():
        values[name] = _value(name, value, path)
    try:
        hours_of(str(values.get("documents_mb_by_hour", "")))
    except BadHours as problem:
        raise ConfigError(f"{path}: documents_mb_by_hour: {problem}.") from problem
    return KioskConfig(**values)  # type: ignore[arg-type]  # each was checked against its default


def _value(name: str, value: object, path: Path) -> object:
    if name in _PATHS:
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{path}: {name} must be the path of a file or folder, in quotes.")
        return (path.parent / value).resolve()
    default = _DEFAULTS[name]
    if type(value) is not type(default):
        kind = {"str": "text in quotes", "int": "a whole number", "bool": "true or false"}
        raise ConfigError(f"{path}: {name} must be {kind[type(default).__name__]}.")
    if isinstance(value, int) and value < _LEAST.get(name, value):
        unit = " days" if name.endswith("_days") else _UNITS.get(name, " seconds")
        raise ConfigError(f"{path}: {name} must be at least {_LEAST[name]}{unit}.")
    fault = _fault_of(name, value)
    if fault:
        raise ConfigError(f"{path}: {name} {fault}.")
    return value


def _fault_of(name: str, value: object) -> str:
    """Why a setting of the right kind is of no use; empty where it is."""
    match name, value:
        case "panel", str(panel) if panel not in PANELS:
            return f"must be one of {', '.join(PANELS)}"
        case "relay_port", int(port) if port > PORT_MAX:
            return f"must be at most {PORT_MAX}"
        case "printer_dead_dots", str(dots) if not _DOTS.fullmatch(dots):
            return "must be numbers with commas between them, such as 133,200"
        case (("central_url" | "relay_url"), str(url)) if url and not _URL.match(url):
            return f"is {url!r}; write https:// and a name"
    return ""


def to_toml(config: KioskConfig) -> str:
    """The settings as a `kiosk.toml` that reads back equal; what is unset is left out."""
    lines = []
    for field in fields(config):
        value = getattr(config, field.name)
        if value is None:
            continue
        if isinstance(value, bool):
            shown = "true" if value else "false"
        elif isinstance(value, int):
            shown = str(value)
        else:
            shown = '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        lines.append(f"{field.name} = {shown}")
    return "\n".join(lines) + "\n"
