"""The doctor's checks 1 to 23: settings, program, folders, disk and machine."""

import os
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from PIL import ImageFont

from kiosk.field.check import Check, Found, NotHere, broken, warning
from kiosk.field.examined import Examined
from kiosk.language import LANGUAGES, N_
from kiosk.log_files import FOLDER as LOGS
from kiosk.log_files import day_of, too_old
from kiosk.panels import PANELS
from kiosk.printing.profile import ProfileError
from kiosk.printing.typeset import CannotSetLao
from kiosk.room import Disk
from sync import marker
from sync.durable import UNFINISHED
from sync.ledger import FILE_NAME as LEDGER

MEGABYTE = 10**6
FREE_FILES_LOW = 1_000
TEMPORARY_BYTES_MIN = 50 * MEGABYTE  # a copy of a ledger, a picture while it is read
MEMORY_KB_MIN = 150_000  # a window with photos needs as much
LEFT_OVER_S = 3600  # whoever writes a file is done by then
HEAT_MILLIDEGREES_MAX = 80_000  # processors slow themselves down from there on
BATTERY_PERCENT_LOW = 20
FILES_LOOKED_AT = 5_000
LAO_LINE = "ຂ້າພະເຈົ້າຂໍໃບຢັ້ງຢືນທີ່ຢູ່"
FONTS = ("KioskSans-Regular.ttf", "KioskSans-Bold.ttf")
OTHERS = stat.S_IRWXG | stat.S_IRWXO
OWNER_WORKS = stat.S_IRUSR | stat.S_IWUSR
KEEPS_TO_THE_LIMIT = "systemd-coredump"  # it stores nothing of who set its limit to nothing

INSTALL_AGAIN = N_("Copy the whole folder of the program to this machine again.")
MEND_RIGHTS = N_("Give the folder to the kiosk's own user: chown -R USER %(folder)s")
FREE_ROOM = N_("Remove what is not the kiosk's, or put in a larger card.")
KEEP_CARD = N_(
    "Keep this card. Bring what waits onto a stick: kiosk queue export DIR. Then take a new card."
)


def _settings(examined: Examined) -> Found | None:
    problem = examined.settings_trouble
    if problem is None:
        return None
    return broken(
        N_("The settings cannot be used. %(problem)s"),
        N_("Mend that line of kiosk.toml, or write the file anew: kiosk provision"),
        problem=problem,
    )


def _fonts(examined: Examined) -> Found | None:
    for name in FONTS:
        try:
            ImageFont.truetype(examined.machine.assets / "fonts" / name, 20)
        except OSError:
            return broken(N_("The letters %(name)s are missing."), INSTALL_AGAIN, name=name)
    return None


def _shaping(examined: Examined) -> Found | None:
    try:
        examined.machine.shapes()
    except CannotSetLao:
        return broken(
            N_("Lao letters cannot be set: libraqm or libfribidi is missing. Nothing is printed."),
            N_("Install it: apt-get install libfribidi0"),
        )
    return None


def _line_breaks(examined: Examined) -> Found | None:
    if len(examined.machine.breaks(LAO_LINE)) > 1:
        return None
    return warning(
        N_("Lao lines are broken at spaces only: the ICU library is missing."), INSTALL_AGAIN
    )


def _languages(examined: Examined) -> Found | None:
    for code in LANGUAGES:
        path = examined.machine.locales / code / "LC_MESSAGES" / "kiosk.po"
        if not path.exists():
            return warning(
                N_("The language %(language)s is missing."), INSTALL_AGAIN, language=code
            )
        missing = _untranslated(path, code, path.stat().st_mtime_ns)
        if missing:
            return warning(
                N_("Sentences without a translation into %(language)s: %(count)s."),
                INSTALL_AGAIN,
                language=code,
                count=missing,
            )
    return None


@lru_cache(maxsize=8)
def _untranslated(path: Path, code: str, _changed_ns: int) -> int:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=code)
    return sum(1 for message in catalogue if message.id and not message.string)


def _printer_profile(examined: Examined) -> Found | None:
    try:
        if examined.config.printer_port:
            _known = examined.profile
    except ProfileError as problem:
        return broken(
            N_("The printer's settings cannot be used. %(problem)s"),
            N_("Choose a kind that is known: kiosk printer profiles, then kiosk printer set"),
            problem=problem,
        )
    return None


def _screen(examined: Examined) -> Found | None:
    modes = list(_screen_modes(examined.machine.sys / "class" / "drm"))
    if not modes:
        raise NotHere
    panel = PANELS[examined.config.panel]
    size = (panel.width_px, panel.height_px)
    if size in modes or size[::-1] in modes:
        return None
    return warning(
        N_("The screen has %(real)s dots, and kiosk.toml says %(set)s."),
        N_("Set the panel that is there: kiosk provision --panel NAME"),
        real="x".join(map(str, modes[0])),
        set=examined.config.panel,
    )


def _screen_modes(folder: Path) -> Iterator[tuple[int, int]]:
    """What each connected screen shows best."""
    for state in sorted(folder.glob("card*-*/status")):
        if _text(state) != "connected":
            continue
        match = re.match(r"(\d+)x(\d+)", _text(state.with_name("modes")))
        if match:
            yield int(match[1]), int(match[2])


def _text(path: Path) -> str:
    """What the kernel says in a file; empty where it says nothing."""
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""


def _data_folder(examined: Examined) -> Found | None:
    folder = examined.data_dir
    if folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
        return None
    return broken(
        N_("The folder with the kiosk's data is not there or not for you: %(folder)s."),
        N_("Look for the card, and run this as the kiosk's user. A new machine: kiosk provision"),
        folder=folder,
    )


def _owner(examined: Examined) -> Found | None:
    folder = examined.data_dir
    owner = folder.stat().st_uid
    for path in (folder, *_files_in(folder)):
        try:
            status = path.stat()
        except OSError:
            continue
        if status.st_uid != owner or status.st_mode & OWNER_WORKS != OWNER_WORKS:
            return broken(
                N_("The kiosk may not read and write its own file %(name)s."),
                MEND_RIGHTS,
                name=path.name,
                folder=folder,
            )
    return None


def _files_in(folder: Path) -> Iterator[Path]:
    """The files of the data, as many as are looked at."""
    count = 0
    for place in (folder, folder / "evidence", folder / LOGS):
        if not place.is_dir():
            continue
        for path in place.iterdir():
            yield path
            count += 1
            if count >= FILES_LOOKED_AT:
                return


def _privacy(examined: Examined) -> Found | None:
    folder = examined.data_dir
    for path in (folder, examined.config.ledger_path, folder / marker.NAME):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & OTHERS:
            return warning(
                N_("Other users of this machine may read %(name)s."),
                N_("Close it to them: chmod -R go= %(folder)s"),
                name=path.name,
                folder=folder,
            )
    return None


def _disk_space(examined: Examined) -> Found | None:
    room = examined.machine.room(examined.data_dir)
    sizes = (room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize)
    disk = Disk(*sizes, examined.config.disk_reserve_percent)
    if not disk.can_keep:
        return broken(N_("This disk is full: nothing can be handed in."), FREE_ROOM)
    if not disk.has_room():
        return warning(
            N_("Only %(mb)s MB of this disk are free: photos and files are not taken."),
            FREE_ROOM,
            mb=disk.free_bytes // MEGABYTE,
        )
    return None


def _disk_files(examined: Examined) -> Found | None:
    room = examined.machine.room(examined.data_dir)
    if not room.f_files or room.f_favail >= FREE_FILES_LOW:  # some file systems do not count
        return None
    return warning(N_("This disk takes only %(count)s more files."), FREE_ROOM, count=room.f_favail)


def _disk_writable(examined: Examined) -> Found | None:
    if not examined.machine.room(examined.data_dir).f_flag & os.ST_RDONLY:
        return None
    return broken(N_("This disk takes no writing any more: cards do so when they die."), KEEP_CARD)


def _temporary_folder(examined: Examined) -> Found | None:
    folder = examined.machine.temporary
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        room = os.statvfs(folder)
        if room.f_bavail * room.f_frsize >= TEMPORARY_BYTES_MIN:
            return None
    return warning(
        N_("The folder for short-lived files is missing or full: %(folder)s."),
        N_("Free some space there, or name another folder in TMPDIR."),
        folder=folder,
    )


def _leftovers(examined: Examined) -> Found | None:
    now_s = examined.machine.wall_ms() / 1000
    left = [
        path
        for place in (examined.folder, examined.data_dir, examined.data_dir / "evidence")
        if place.is_dir()
        for path in place.glob(f"{UNFINISHED}*")
        if now_s - path.stat().st_mtime > LEFT_OVER_S
    ]
    if not left:
        return None
    return warning(
        N_("Files lie here that were never finished: %(count)s, such as %(name)s."),
        N_("Remove those whose names begin with .unfinished-; nothing needs them."),
        count=len(left),
        name=left[0].name,
    )


def _core_files(examined: Examined) -> Found | None:
    places = {examined.folder, examined.data_dir, Path.cwd()}
    found = [
        path
        for place in sorted(places)
        if place.is_dir()
        for path in place.iterdir()
        if re.fullmatch(r"core(\.[0-9]+)?", path.name) and path.is_file()
    ]
    if not found:
        return None
    return warning(
        N_("A program that crashed left its memory here, with people's words in it: %(path)s."),
        N_("Erase it, and send it to nobody: shred -u %(path)s"),
        path=found[0],
    )


def _core_dumps(examined: Examined) -> Found | None:
    pattern = _text(examined.machine.proc / "sys" / "kernel" / "core_pattern")
    if not pattern.startswith("|") or KEEPS_TO_THE_LIMIT in pattern:
        return None
    return warning(
        N_("A crash would hand the program's memory, with people's words, to %(program)s."),
        N_("Take that program off this machine, or run: sysctl -w kernel.core_pattern=core"),
        program=pattern.lstrip("|").split(maxsplit=1)[0],
    )


def _swap(examined: Examined) -> Found | None:
    rows = _text(examined.machine.proc / "swaps").splitlines()[1:]
    open_ones = [row.split()[0] for row in rows if not re.match(r"/dev/(zram|dm-|mapper/)", row)]
    if not open_ones:
        return None
    return warning(
        N_("What people type may be written to the disk in clear: %(place)s is used as memory."),
        N_("Switch it off: swapoff -a, and take it out of /etc/fstab."),
        place=open_ones[0],
    )


def _memory(examined: Examined) -> Found | None:
    match = re.search(
        r"^MemAvailable:\s+(\d+) kB", _text(examined.machine.proc / "meminfo"), re.MULTILINE
    )
    if match is None:
        raise NotHere
    if int(match[1]) >= MEMORY_KB_MIN:
        return None
    return warning(
        N_("Only %(mb)s MB of memory are free."),
        N_("Close other programs, or switch the machine off and on."),
        mb=int(match[1]) // 1000,
    )


def _heat(examined: Examined) -> Found | None:
    zones = (examined.machine.sys / "class" / "thermal").glob("thermal_zone*/temp")
    degrees = [int(said) for said in map(_text, zones) if said.isdigit()]
    if not degrees:
        raise NotHere
    if max(degrees) < HEAT_MILLIDEGREES_MAX:
        return None
    return warning(
        N_("The machine is hot: %(degrees)s °C."),
        N_("Take it out of the sun, and clean its fan and openings."),
        degrees=max(degrees) // 1000,
    )


def _power(examined: Examined) -> Found | None:
    supplies = list((examined.machine.sys / "class" / "power_supply").glob("*"))
    levels = [_text(one / "capacity") for one in supplies if _text(one / "type") == "Battery"]
    if not levels:
        raise NotHere
    is_fed = any(_text(one / "online") == "1" for one in supplies)
    level = min(int(said) for said in levels if said.isdigit()) if any(levels) else 100
    if is_fed or level >= BATTERY_PERCENT_LOW:
        return None
    return warning(
        N_("There is no mains power, and the battery has %(percent)s %% left."),
        N_("Bring power, or close the kiosk: what was handed in is safe."),
        percent=level,
    )


def _ledger_copies(examined: Examined) -> Found | None:
    own = {LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm"}
    copies = [path for path in examined.data_dir.glob(f"{LEDGER}*") if path.name not in own]
    copies += [
        path
        for path in examined.folder.glob(f"*/{marker.NAME}")
        if path.parent.resolve() != examined.data_dir
    ]
    if not copies:
        return None
    return warning(
        N_("A copy of this kiosk's ledger lies here: %(path)s. Used, it would live twice."),
        N_("Carry it to central on a stick if it may hold more than the ledger; else erase it."),
        path=copies[0],
    )


def _log_files(examined: Examined) -> Found | None:
    folder = examined.data_dir / LOGS
    if not folder.is_dir():
        raise NotHere
    names = [path.name for path in folder.iterdir()]
    today = examined.machine.wall_ms() // 1000
    old = [name for name in names if too_old(day_of(name), today, examined.config.log_days + 1)]
    if not old:
        return None
    return warning(
        N_("What the program wrote down is kept too long: %(name)s."),
        N_("Start the kiosk: it erases what is old. If it stays, erase it by hand."),
        name=min(old),
    )


CHECKS = (
    Check(1, "settings", _settings),
    Check(2, "fonts", _fonts),
    Check(3, "shaping", _shaping),
    Check(4, "line-breaks", _line_breaks),
    Check(5, "languages", _languages),
    Check(6, "printer-settings", _printer_profile, ("settings",)),
    Check(7, "screen", _screen, ("settings",)),
    Check(8, "data-folder", _data_folder),
    Check(9, "owner", _owner, ("data-folder",)),
    Check(10, "privacy", _privacy, ("data-folder",)),
    Check(11, "disk-space", _disk_space, ("data-folder",)),
    Check(12, "disk-files", _disk_files, ("data-folder",)),
    Check(13, "disk-writing", _disk_writable, ("data-folder",)),
    Check(14, "temporary-folder", _temporary_folder),
    Check(15, "leftovers", _leftovers),
    Check(16, "core-files", _core_files),
    Check(17, "core-dumps", _core_dumps),
    Check(18, "swap", _swap),
    Check(19, "memory", _memory),
    Check(20, "heat", _heat),
    Check(21, "power", _power),
    Check(22, "ledger-copies", _ledger_copies, ("data-folder",)),
    Check(23, "log-files", _log_files, ("data-folder",)),
)
