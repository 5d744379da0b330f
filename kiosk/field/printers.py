"""The technician's commands for the printer: `kiosk printer detect | set | test | status`.

What is found and set stands in `kiosk.toml`, like every setting of a site. While the kiosk runs, it
holds the printer: then a page is queued for it, and its own word on the printer is told.
"""

import argparse
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from kiosk.condition import papers_of
from kiosk.config import FILE_NAME, ConfigError, KioskConfig, read_config
from kiosk.field.provision import write_settings
from kiosk.field.running import is_running
from kiosk.field.self_test import Site, find_site, print_now, self_test
from kiosk.language import format_day_and_time
from kiosk.printing.dialogue import Proof
from kiosk.printing.errors import PrinterCode, PrinterError, PrinterMissing
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.paper import PaperRoll
from kiosk.printing.port import Hindrance
from kiosk.printing.probe import Probed, ports, probe, probe_all
from kiosk.printing.profile import PrinterProfile, load_profile, profile_for_site, profile_names
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from kiosk.trouble import Trouble
from sync.clock import DeviceClock
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality

NONE = "none"
_EMPTY = (Hindrance.ABSENT, Hindrance.NO_PORT, Hindrance.BROKEN)  # of ports that nobody named
NOT_SET = "No printer is set. Run: kiosk printer detect --keep"
SENTENCES = {
    PrinterCode.NONE: "There is no printer.",
    PrinterCode.STARTING: "The printer is starting.",
    PrinterCode.READY: "The printer is ready.",
    PrinterCode.PAPER_LOW: "The printer is ready. Its paper will soon be used up.",
    PrinterCode.PAPER_OUT: "The printer has no paper: put in a new roll.",
    PrinterCode.COVER_OPEN: "The printer's cover is open: close it.",
    PrinterCode.MISSING: "The printer is not connected: check its cable and its port.",
    PrinterCode.SILENT: "The printer does not answer: switch it on, check cable and speed.",
    PrinterCode.FAULT: "The printer cannot go on: look for a jam, then switch it off and on.",
    PrinterCode.COOLING: "The printer is too hot. It goes on when it has cooled down.",
    PrinterCode.TICKET_LIES: "A receipt lies in the printer: take it.",
}  # what citizens are told sends them to the staff: here is who mends it


class PrinterTrouble(Trouble):
    """The printer cannot print now, said to the technician."""


def _settings(given: argparse.Namespace) -> KioskConfig:
    """The settings of the folder; before there are any, those of a machine with nothing set."""
    path = given.folder.resolve() / FILE_NAME
    return read_config(path) if path.exists() else KioskConfig(data_dir=path.parent / "data")


def detect(given: argparse.Namespace) -> int:
    """Look for a printer at every serial port."""
    config = _settings(given)
    places = given.ports or [port for port in ports() if not _same(port, config.scanner_port)]
    if is_running(config):
        print("The kiosk is running and holds its printer: close it first to look for another.")
    found = []
    for one in probe_all(places):
        found.append(one)
        if given.ports or one.hindrance not in _EMPTY:
            print(_told(one))
    answering = [one for one in found if one.answers]
    if not answering:
        print(
            "No printer answered. Is it switched on, is its cable in? Cheap printers say nothing: "
            "name such a one yourself with kiosk printer set --port DEVICE --profile ch340-58"
        )
        return 1
    if given.keep:
        best = answering[0]
        profile = best.profile or config.printer_profile
        own = load_profile(profile).baud
        _write(
            given.folder,
            replace(
                config,
                printer_port=best.port,
                printer_profile=profile,
                printer_baud=0 if best.baud == own else best.baud or 0,
            ),
        )
        if best.profile is None:
            print(f"Its make is not known; it is taken for {profile}. Print a page: is it right?")
    return 0


def _told(found: Probed) -> str:
    if found.hindrance:
        return f"{found.port}: {found.hindrance}"
    if not found.answers:
        return f"{found.port}: nothing answers"
    model = f" {found.model}" if found.model else ""
    kind = found.profile or "not known: choose with --profile"
    said = SENTENCES[found.code]
    return f"{found.port}: printer{model} at {found.baud} baud, profile {kind}. {said}"


def _same(one: str, other: str) -> bool:
    return bool(other) and os.path.realpath(one) == os.path.realpath(other)


def change(given: argparse.Namespace) -> int:
    """Change the printer's settings, once they are known to be usable."""
    config = _settings(given)
    changed = {
        "printer_port": "" if given.port == NONE else given.port,
        "printer_profile": given.profile,
        "printer_baud": given.baud,
        "printer_dead_dots": "" if given.dead_dots == NONE else given.dead_dots,
    }
    wanted = replace(config, **{name: to for name, to in changed.items() if to is not None})
    profile_for_site(wanted.printer_profile, wanted.printer_baud, wanted.printer_dead_dots)
    if given.port and given.port != NONE:
        _check_port(given.port)
    if wanted != config:
        _write(given.folder, wanted)
    if given.new_roll:
        with closing(_ledger(config)) as ledger:
            PaperRoll(ledger).changed()
        print("The paper is counted from nothing.")
    elif wanted == config:
        print("Nothing is changed.")
    return 0


def _check_port(port: str) -> None:
    """Refuse what can be no printer's port; one that is not there now may be plugged in later."""
    try:
        mode = os.stat(port).st_mode  # noqa: PTH116 - a str, as it was typed
    except OSError:
        known = ", ".join(ports()) or "none"
        print(f"There is no {port} now. Serial ports that are here: {known}.")
        return
    if not stat.S_ISCHR(mode) or not _is_terminal(port):
        raise ConfigError(f"{port} is no serial port. Look for one: kiosk printer detect")


def _is_terminal(port: str) -> bool:
    try:
        handle = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:  # held, or not for this user: it is there
        return True
    try:
        return os.isatty(handle)
    finally:
        os.close(handle)


def _write(folder: Path, config: KioskConfig) -> None:
    write_settings(folder.resolve(), config)
    print(f"Written: {folder.resolve() / FILE_NAME}")
    if is_running(config):
        print("It counts when the kiosk is started again.")


def print_page(given: argparse.Namespace) -> int:
    """Print the self-test page."""
    config = _settings(given)
    profile = _profile(config)
    if is_running(config):
        with closing(_ledger(config)) as ledger, ledger.transaction():
            slip = self_test(profile, find_site(ledger))
            PrintJobs(ledger, Vault()).add_slip(slip, private=False)
        print("The kiosk is running: it prints the page after what it is printing now.")
        return 0
    try:
        proof = print_now(self_test(profile, _site(config)), config.printer_port, profile)
    except PrinterError as problem:
        raise PrinterTrouble(_sentence(problem.code, config, problem.detail)) from problem
    said = "It says that it is done." if proof is not Proof.SENT else "It cannot say more."
    print(f"The printer took the test page. {said} Read on the page what to look for.")
    return 0


def _sentence(code: PrinterCode, config: KioskConfig, detail: str = "") -> str:
    return f"{SENTENCES[code]} ({config.printer_port}: {detail})" if detail else SENTENCES[code]


def _site(config: KioskConfig) -> Site | None:
    if not config.ledger_path.exists():
        return None
    with closing(_ledger(config)) as ledger:
        return find_site(ledger)


def status(given: argparse.Namespace) -> int:
    """Say how printer and paper are; 1 when nothing would come out."""
    config = _settings(given)
    profile = _profile(config)
    print(f"Printer: {profile.title} at {config.printer_port}, {profile.baud} baud")
    if profile.dead_dots:
        print(f"Dead dots: {', '.join(map(str, profile.dead_dots))}")
    code, detail = _asked(config, profile)
    print(_sentence(code, config, detail))
    for line in _paper(config):
        print(line)
    return 0 if code.prints else 1


def _asked(config: KioskConfig, profile: PrinterProfile) -> tuple[PrinterCode, str]:
    """How the printer is, the running kiosk's word or its own; and why it cannot be asked."""
    if is_running(config):
        with closing(_ledger(config)) as ledger:
            state = PrintJobs(ledger, Vault()).printer_state()
        since = format_day_and_time(Stamp(state.since_ms, TimeQuality.TRUSTED), "en")
        print(f"The kiosk is running. It has been so since {since}:")
        return state.code, ""
    if not profile.answers_status:
        print("This kind of printer says nothing about itself. Print a page: kiosk printer test")
    try:
        found = probe(config.printer_port, (profile.baud,))
    except PrinterMissing as problem:
        return problem.code, problem.detail
    return (found.code if profile.answers_status else PrinterCode.READY), ""


def _paper(config: KioskConfig) -> Iterator[str]:
    if not config.ledger_path.exists():
        return
    with closing(_ledger(config)) as ledger:
        papers = papers_of(ledger, PrintJobs(ledger, Vault()), DeviceClock(ledger).now())
    roll = papers.roll
    yield f"Papers waiting: {papers.waiting_count}"
    known = "as the last roll had" if roll.is_learned else "if the roll was full"
    yield (
        f"Paper used of this roll: {roll.used_mm / 1000:.1f} m; "
        f"left: about {roll.left_mm / 1000:.1f} m ({known})"
    )
    if papers.ends_on is not None:
        per_day_m = roll.per_day_mm / 1000
        yield f"It should end on about {papers.ends_on.isoformat()}, at {per_day_m:.1f} m a day."


def profiles(_given: argparse.Namespace) -> int:
    """Name the kinds of printer that are known."""
    for name in profile_names():
        print(f"{name:<20} {load_profile(name).title}")
    return 0


def _profile(config: KioskConfig) -> PrinterProfile:
    if not config.printer_port:
        raise ConfigError(NOT_SET)
    return profile_for_site(config.printer_profile, config.printer_baud, config.printer_dead_dots)


def _ledger(config: KioskConfig) -> Ledger:
    return Ledger.open(config.ledger_path, MIGRATIONS)
