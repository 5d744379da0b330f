"""What a technician may set: read once, from `kiosk.toml`, when the program starts.

Everything else about a kiosk is either learned at enrolment (its office, its keys) or is data of a
service. A mistake in the file is named with its line of settings, because the reader stands in a
village with a screwdriver.
"""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from kiosk.panels import PANELS
from kiosk.trouble import Trouble
from sync.budget import MEGABYTE, BadHours, Budget, hours_of
from sync.keeping import Keeping
from sync.sentence import N_, Sentence

FILE_NAME = "kiosk.toml"
LOCK_NAME = "running.lock"  # in the data folder: held while a kiosk runs on it
NO_CAMERA = "none"  # for `camera_device`: a camera that is there is left alone
NO_MICROPHONE = "none"  # for `microphone_device`, likewise
LANGUAGES = ("lo", "en")  # see kiosk.language
PORT_MAX = 65535
RESERVE_PERCENT_MAX = 90
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
    name: str = ""  # what the staff call this kiosk; central knows it by its number
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
    technician_language: str = ""  # of the commands: lo or en; empty: as the system's
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
    log_days: int = 30  # what the program writes down stays so long: see kiosk.log_files
    disk_reserve_percent: int = 20  # below that no photos and files are taken: for applications

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
_KINDS = {
    "str": Sentence("must be text in quotes"),
    "int": Sentence("must be a whole number"),
    "bool": Sentence("must be true or false"),
}
_AT_LEAST = N_("must be at least %(least)s")
_AT_LEAST_DAYS = N_("must be at least %(least)s days")
_AT_LEAST_SECONDS = N_("must be at least %(least)s seconds")
_UNITS = {
    "documents_mb_a_day": N_("must be at least %(least)s megabytes"),
    "relay_port": _AT_LEAST,
    "printer_baud": _AT_LEAST,
    "disk_reserve_percent": _AT_LEAST,
}
_DOTS = re.compile(r"[0-9, ]*")
_URL = re.compile(r"https?://[^/]")
_MOST = {"relay_port": PORT_MAX, "disk_reserve_percent": RESERVE_PERCENT_MAX}
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
    "log_days": 1,
    "disk_reserve_percent": 0,
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
            Sentence(
                "The settings %(file)s cannot be read (%(why)s). "
                "Run `kiosk provision` to write them.",
                file=path,
                why=Sentence(str(problem.strerror)),
            )
        ) from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(
            Sentence(
                "The settings %(file)s are no text in UTF-8. Open them in an editor, and save "
                "them so.",
                file=path,
            )
        ) from problem
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(
            Sentence("The settings %(file)s are not valid TOML: %(why)s.", file=path, why=problem)
        ) from problem
    return _checked(settings, path)


def _checked(settings: dict[str, object], path: Path) -> KioskConfig:
    known = {field.name: field for field in fields(KioskConfig)}
    for name in settings:
        if name not in known:
            raise ConfigError(
                Sentence(
                    "%(file)s: there is no setting %(name)s. Known ones are %(known)s.",
                    file=path,
                    name=repr(name),
                    known=", ".join(known),
                )
            )
    values: dict[str, object] = {"data_dir": "data"} | settings
    for name, value in values.items():
        values[name] = checked(name, value, path.parent, str(path))
    try:
        hours_of(str(values.get("documents_mb_by_hour", "")))
    except BadHours as problem:
        fault = Sentence("%(file)s: documents_mb_by_hour: %(why)s.", file=path, why=problem.args[0])
        raise ConfigError(fault) from problem
    return KioskConfig(**values)  # type: ignore[arg-type]  # each was checked against its default


def checked(name: str, value: object, folder: Path, place: str) -> object:
    """A setting's value, known to be usable.

    Args:
        name: of the setting.
        value: as it was written.
        folder: from which relative paths count.
        place: where it was written, for the sentence.

    Raises:
        ConfigError: it is of no use.
    """
    if name in _PATHS:
        if not isinstance(value, str) or not value:
            raise _wrong(place, name, Sentence("must be the path of a file or folder, in quotes"))
        return (folder / value).resolve()
    default = _DEFAULTS[name]
    if type(value) is not type(default):
        raise _wrong(place, name, _KINDS[type(default).__name__])
    if isinstance(value, int) and value < _LEAST.get(name, value):
        words = _AT_LEAST_DAYS if name.endswith("_days") else _UNITS.get(name, _AT_LEAST_SECONDS)
        raise _wrong(place, name, Sentence(words, least=_LEAST[name]))
    fault = _fault_of(name, value)
    if fault:
        raise _wrong(place, name, fault)
    return value


def _wrong(place: str, name: str, fault: str) -> ConfigError:
    return ConfigError(
        Sentence("%(file)s: %(name)s %(fault)s.", file=place, name=name, fault=fault)
    )


def _fault_of(name: str, value: object) -> str:
    """Why a setting of the right kind is of no use; empty where it is."""
    match name, value:
        case "panel", str(panel) if panel not in PANELS:
            return Sentence("must be one of %(known)s", known=", ".join(PANELS))
        case "technician_language", str(code) if code and code not in LANGUAGES:
            return Sentence("must be one of %(known)s", known=", ".join(LANGUAGES))
        case (("relay_port" | "disk_reserve_percent"), int(number)) if number > _MOST[name]:
            return Sentence("must be at most %(most)s", most=_MOST[name])
        case "printer_dead_dots", str(dots) if not _DOTS.fullmatch(dots):
            return Sentence("must be numbers with commas between them, such as 133,200")
        case (("central_url" | "relay_url"), str(url)) if url and not _URL.match(url):
            return Sentence("is %(url)s; write https:// and a name", url=repr(url))
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
