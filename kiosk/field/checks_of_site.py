"""The doctor's checks 43 to 58: the line to central, and the devices of the site."""

import os
import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.condition_words import PROBLEMS
from kiosk.config import NO_CAMERA, NO_MICROPHONE
from kiosk.devices.camera import library_is_here
from kiosk.devices.microphone import CAPTURING
from kiosk.field.check import Check, Found, NotHere, broken, warning
from kiosk.field.checks_of_ledger import EXCHANGE
from kiosk.field.examined import Examined
from kiosk.language import N_, local_date
from kiosk.printing.errors import PrinterCode
from kiosk.printing.paper import PaperRoll
from sync.client import HttpCentral
from sync.errors import BadAddress
from sync.facts import Problem
from sync.records import TimeQuality
from sync.retention import DAY_MS

CONNECT_S_MAX = 5.0
LINE_S_MAX = 20.0  # a name, a connection and a handshake on a slow line
HEARD_DAYS_MAX = 2
CERTIFICATE_DAYS_MIN = 30
PLAYING = "pcmC*D*p"  # the kernel's names of what can play

LOOK_AT_LINE = N_("Look at the modem, cable and SIM card. What was handed in waits and is safe.")
NAME_CENTRAL = N_("Write it: kiosk provision --central https://ADDRESS")
PORT_OF_PRINTER = N_("Look at its cable, then let it be found: kiosk printer detect --keep")
SEE_PRINTER = N_("Mend it, then look again: kiosk printer status")
PLUG_IN_OR_SET = N_("Plug it in, or change %(setting)s in kiosk.toml.")
JOIN_GROUP = N_("Let the kiosk's user use it: usermod -aG %(group)s USER, then start it again.")


def _central_address(examined: Examined) -> Found | None:
    if not examined.config.central_url:
        return broken(N_("Central's address is not set."), NAME_CENTRAL)
    try:
        HttpCentral(examined.config.central_url).close()
    except BadAddress:
        return broken(
            N_("Central's address cannot be used: %(address)s."),
            NAME_CENTRAL,
            address=examined.config.central_url,
        )
    return None


def _central_certificate(examined: Examined) -> Found | None:
    path = examined.config.central_ca
    if path is None:
        return None
    give_another = N_("Get it from central again: kiosk provision --central-ca FILE")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(path)
    except (OSError, ssl.SSLError):
        return broken(
            N_("The certificate that tells central from others cannot be read: %(path)s."),
            give_another,
            path=path,
        )
    ends = [
        ssl.cert_time_to_seconds(str(one["notAfter"]))
        for one in context.get_ca_certs()
        if "notAfter" in one
    ]
    left_days = (min(ends, default=0) - examined.machine.wall_ms() / 1000) // 86_400
    if not ends or left_days >= CERTIFICATE_DAYS_MIN:
        return None
    day = datetime.fromtimestamp(min(ends), UTC).date().isoformat()
    if left_days < 0:
        return broken(
            N_("The certificate that tells central from others ended on %(day)s."),
            give_another,
            day=day,
        )
    return warning(
        N_("The certificate that tells central from others ends on %(day)s."), give_another, day=day
    )


def _central_line(examined: Examined) -> Found | None:
    parts = urlsplit(examined.config.central_url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with examined.machine.connect((host, port), CONNECT_S_MAX) as line:
            if parts.scheme == "https":
                context = ssl.create_default_context(cafile=examined.config.central_ca)
                with context.wrap_socket(line, server_hostname=host):
                    return None
    except ssl.SSLCertVerificationError as problem:
        return broken(
            N_(
                "Somebody else answers at central's address, or with a wrong certificate (%(why)s)."
            ),
            N_("Look at the clock and at central_ca in kiosk.toml; else call central."),
            why=problem.verify_message,
        )
    except OSError:
        return warning(N_("There is no line to %(host)s."), LOOK_AT_LINE, host=f"{host}:{port}")
    return None


def _neighbour(examined: Examined) -> Found | None:
    url = examined.config.relay_url
    if not url:
        raise NotHere
    parts = urlsplit(url)
    try:
        address = (parts.hostname or "", parts.port or 80)
        with examined.machine.connect(address, CONNECT_S_MAX):
            return None
    except OSError:
        return warning(
            N_("The neighbour that passes on what is sent does not answer: %(address)s."),
            N_("Look whether that kiosk runs, and at the cable or network between the two."),
            address=url,
        )


def _last_exchange(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        problem = ledger.exchange_state().last_problem
    if problem is None or problem.problem is Problem.REFUSED:
        return None
    return warning(
        N_("The last exchange failed (%(detail)s)."),
        PROBLEMS[problem.problem],
        detail=problem.detail,
    )


def _last_heard(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        heard, now = ledger.exchange_state().last_success, examined.now(ledger)
    if heard is None:
        return warning(N_("Central has never been heard."), EXCHANGE)
    days = (now.at_ms - heard.at_ms) // DAY_MS
    if now.quality is TimeQuality.UNKNOWN or days <= HEARD_DAYS_MAX:
        return None
    return warning(N_("Central was last heard %(days)s days ago."), EXCHANGE, days=days)


def _printer_set(examined: Examined) -> Found | None:
    if examined.config.printer_port:
        return None
    return warning(
        N_("No printer is set: people get no paper."),
        N_("Plug one in and let it be found: kiosk printer detect --keep"),
    )


def _printer_port(examined: Examined) -> Found | None:
    port = examined.config.printer_port
    try:
        is_port = stat.S_ISCHR(Path(port).stat().st_mode)
    except OSError:
        is_port = False
    if not is_port:
        return warning(N_("There is no printer's port %(port)s."), PORT_OF_PRINTER, port=port)
    return _for_user(port, "dialout")


def _for_user(path: str | Path, group: str) -> Found | None:
    if os.access(path, os.R_OK | os.W_OK):
        return None
    return warning(N_("This user may not use %(path)s."), JOIN_GROUP, path=path, group=group)


def _printer_answers(examined: Examined) -> Found | None:
    if examined.printer not in (PrinterCode.SILENT, PrinterCode.MISSING):
        return None
    return warning(
        N_("The printer does not answer."),
        N_("Switch it on, look at its cable and its speed: kiosk printer detect"),
    )


def _printer_ready(examined: Examined) -> Found | None:
    match examined.printer:
        case PrinterCode.PAPER_OUT:
            return warning(N_("The printer has no paper."), N_("Put in a new roll."))
        case PrinterCode.COVER_OPEN:
            return warning(N_("The printer's cover is open."), N_("Close it."))
        case PrinterCode.FAULT:
            return warning(
                N_("The printer cannot go on."),
                N_("Look for a jam, then switch it off and on."),
            )
        case PrinterCode.COOLING:
            return warning(N_("The printer is too hot."), N_("Let it cool down."))
    return None


def _paper(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        ends_soon = PaperRoll(ledger).state(local_date(examined.now(ledger))).ends_soon
    if examined.printer is not PrinterCode.PAPER_LOW and not ends_soon:
        return None
    return warning(
        N_("The paper will soon be used up."),
        N_("Bring a new roll. After a change: kiosk printer set --new-roll"),
    )


def _scanner(examined: Examined) -> Found | None:
    port = examined.config.scanner_port
    if not port:
        raise NotHere
    if not Path(port).exists():
        return warning(
            N_("The scanner is not there: %(path)s."),
            PLUG_IN_OR_SET,
            path=port,
            setting="scanner_port",
        )
    if os.access(port, os.R_OK):
        return None
    group = "input" if port.startswith("/dev/input/") else "dialout"
    return warning(N_("This user may not use %(path)s."), JOIN_GROUP, path=port, group=group)


def _camera(examined: Examined) -> Found | None:
    device = examined.config.camera_device
    if device == NO_CAMERA:
        raise NotHere
    nodes = [Path(device)] if device else sorted(examined.machine.dev.glob("video*"))
    if not nodes:
        raise NotHere
    if not nodes[0].exists():
        return warning(
            N_("The camera is not there: %(path)s."),
            PLUG_IN_OR_SET,
            path=device,
            setting="camera_device",
        )
    if not library_is_here():
        return warning(
            N_("There is a camera, and the library that drives it is missing."),
            N_("Install the program that was made with its camera part."),
        )
    return _for_user(nodes[0], "video")


def _microphone(examined: Examined) -> Found | None:
    device = examined.config.microphone_device
    if device in ("", NO_MICROPHONE):
        raise NotHere
    if any((examined.machine.dev / "snd").glob(CAPTURING)):
        return None
    return warning(
        N_("The microphone is not there: %(path)s."),
        PLUG_IN_OR_SET,
        path=device,
        setting="microphone_device",
    )


def _sound(examined: Examined) -> Found | None:
    if any((examined.machine.dev / "snd").glob(PLAYING)):
        return None
    return warning(
        N_("There is nothing to hear with: nobody is read aloud to."),
        N_("Plug in a loudspeaker or a headset, and let the kiosk's user into the group audio."),
    )


def _photo_folder(examined: Examined) -> Found | None:
    folder = examined.config.photo_folder
    if folder is None:
        raise NotHere
    if folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
        return None
    return warning(
        N_("The folder for pictures is not there or not for you: %(path)s."),
        PLUG_IN_OR_SET,
        path=folder,
        setting="photo_folder",
    )


_KIOSK = ("data-folder", "ledger", "ledger-version", "ledger-file", "enrolled")
_PRINTER = ("settings", "printer-settings", "printer", "printer-port")

CHECKS = (
    Check(43, "central-address", _central_address, ("settings",)),
    Check(44, "central-certificate", _central_certificate, ("settings",)),
    Check(
        45,
        "central-line",
        _central_line,
        ("settings", "central-address", "central-certificate"),
        LINE_S_MAX,
    ),
    Check(46, "neighbour", _neighbour, ("settings",), LINE_S_MAX),
    Check(47, "last-exchange", _last_exchange, _KIOSK),
    Check(48, "last-heard", _last_heard, _KIOSK),
    Check(49, "printer", _printer_set, ("settings",)),
    Check(50, "printer-port", _printer_port, ("settings", "printer")),
    Check(51, "printer-answers", _printer_answers, _PRINTER),
    Check(52, "printer-ready", _printer_ready, (*_PRINTER, "printer-answers")),
    Check(53, "paper", _paper, (*_PRINTER, "printer-answers", "printer-ready", *_KIOSK)),
    Check(54, "scanner", _scanner, ("settings",)),
    Check(55, "camera", _camera, ("settings",)),
    Check(56, "microphone", _microphone, ("settings",)),
    Check(57, "sound", _sound),
    Check(58, "photo-folder", _photo_folder, ("settings",)),
)
