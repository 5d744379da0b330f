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
from kiosk.field.running import check_whole, is_running
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
from kiosk.speech import language, say
from kiosk.trouble import Trouble
from sync.clock import DeviceClock
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
from sync.sentence import Sentence

NONE = "none"
_EMPTY = (Hindrance.ABSENT, Hindrance.NO_PORT, Hindrance.BROKEN)  # of ports that nobody named
NOT_SET = Sentence("No printer is set. Run: kiosk printer detect --keep")
SENTENCES = {
    PrinterCode.NONE: Sentence("There is no printer."),
    PrinterCode.STARTING: Sentence("The printer is starting."),
    PrinterCode.READY: Sentence("The printer is ready."),
    PrinterCode.PAPER_LOW: Sentence("The printer is ready. Its paper will soon be used up."),
    PrinterCode.PAPER_OUT: Sentence("The printer has no paper: put in a new roll."),
    PrinterCode.COVER_OPEN: Sentence("The printer's cover is open: close it."),
    PrinterCode.MISSING: Sentence("The printer is not connected: check its cable and its port."),
    PrinterCode.SILENT: Sentence(
        "The printer does not answer: switch it on, check cable and speed."
    ),
    PrinterCode.FAULT: Sentence(
        "The printer cannot go on: look for a jam, then switch it off and on."
    ),
    PrinterCode.COOLING: Sentence("The printer is too hot. It goes on when it has cooled down."),
    PrinterCode.TICKET_LIES: Sentence("A receipt lies in the printer: take it."),
}  # what citizens are told sends them to the staff: here is who mends it


class PrinterTrouble(Trouble):
    """The printer cannot print now, said to the technician."""


def _settings(given: argparse.Namespace) -> KioskConfig:
    """The settings of the folder; before there are any, those of a machine with nothing set."""
    path = given.folder.resolve() / FILE_NAME
    config = read_config(path) if path.exists() else KioskConfig(data_dir=path.parent / "data")
    check_whole(config)
    return config


def detect(given: argparse.Namespace) -> int:
    """Look for a printer at every serial port."""
    config = _settings(given)
    places = given.ports or [port for port in ports() if not _same(port, config.scanner_port)]
    if is_running(config):
        say(
            Sentence(
                "The kiosk is running and holds its printer: close it first to look for another."
            )
        )
    found = []
    for one in probe_all(places):
        found.append(one)
        if given.ports or one.hindrance not in _EMPTY:
            say(_told(one))
    answering = [one for one in found if one.answers]
    if not answering:
        say(
            Sentence(
                "No printer answered. Is it switched on, is its cable in? Cheap printers say "
                "nothing: name such a one yourself with kiosk printer set --port DEVICE "
                "--profile ch340-58"
            )
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
            say(
                Sentence(
                    "Its make is not known; it is taken for %(profile)s. Print a page: "
                    "is it right?",
                    profile=profile,
                )
            )
    return 0


def _told(found: Probed) -> str:
    if found.hindrance:
        return Sentence("%(port)s: %(why)s", port=found.port, why=Sentence(str(found.hindrance)))
    if not found.answers:
        return Sentence("%(port)s: nothing answers", port=found.port)
    return Sentence(
        "%(port)s: printer%(model)s at %(baud)s baud, profile %(profile)s. %(state)s",
        port=found.port,
        model=f" {found.model}" if found.model else "",
        baud=found.baud,
        profile=found.profile or Sentence("not known: choose with --profile"),
        state=SENTENCES[found.code],
    )


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
        say(Sentence("The paper is counted from nothing."))
    elif wanted == config:
        say(Sentence("Nothing is changed."))
    return 0


def _check_port(port: str) -> None:
    """Refuse what can be no printer's port; one that is not there now may be plugged in later."""
    try:
        mode = os.stat(port).st_mode  # noqa: PTH116 - a str, as it was typed
    except OSError:
        known = ", ".join(ports()) or Sentence("none")
        say(
            Sentence(
                "There is no %(port)s now. Serial ports that are here: %(known)s.",
                port=port,
                known=known,
            )
        )
        return
    if not stat.S_ISCHR(mode) or not _is_terminal(port):
        raise ConfigError(
            Sentence("%(port)s is no serial port. Look for one: kiosk printer detect", port=port)
        )


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
    say(Sentence("Written: %(file)s", file=folder.resolve() / FILE_NAME))
    if is_running(config):
        say(Sentence("It counts when the kiosk is started again."))


def print_page(given: argparse.Namespace) -> int:
    """Print the self-test page."""
    config = _settings(given)
    profile = _profile(config)
    if is_running(config):
        with closing(_ledger(config)) as ledger, ledger.transaction():
            slip = self_test(profile, find_site(ledger))
            PrintJobs(ledger, Vault()).add_slip(slip, private=False)
        say(Sentence("The kiosk is running: it prints the page after what it is printing now."))
        return 0
    try:
        proof = print_now(self_test(profile, _site(config)), config.printer_port, profile)
    except PrinterError as problem:
        raise PrinterTrouble(_sentence(problem.code, config, problem.detail)) from problem
    proven = proof is not Proof.SENT
    more = Sentence("It says that it is done.") if proven else Sentence("It cannot say more.")
    say(
        Sentence(
            "The printer took the test page. %(more)s Read on the page what to look for.", more=more
        )
    )
    return 0


def _sentence(code: PrinterCode, config: KioskConfig, detail: str = "") -> str:
    if not detail:
        return SENTENCES[code]
    return Sentence(
        "%(sentence)s (%(port)s: %(detail)s)",
        sentence=SENTENCES[code],
        port=config.printer_port,
        detail=detail,
    )


def _site(config: KioskConfig) -> Site | None:
    if not config.ledger_path.exists():
        return None
    with closing(_ledger(config)) as ledger:
        return find_site(ledger)


def status(given: argparse.Namespace) -> int:
    """Say how printer and paper are; 1 when nothing would come out."""
    config = _settings(given)
    profile = _profile(config)
    say(
        Sentence(
            "Printer: %(title)s at %(port)s, %(baud)s baud",
            title=profile.title,
            port=config.printer_port,
            baud=profile.baud,
        )
    )
    if profile.dead_dots:
        say(Sentence("Dead dots: %(dots)s", dots=", ".join(map(str, profile.dead_dots))))
    code, detail = _asked(config, profile)
    say(_sentence(code, config, detail))
    for line in _paper(config):
        say(line)
    return 0 if code.prints else 1


def _asked(config: KioskConfig, profile: PrinterProfile) -> tuple[PrinterCode, str]:
    """How the printer is, the running kiosk's word or its own; and why it cannot be asked."""
    if is_running(config):
        with closing(_ledger(config)) as ledger:
            state = PrintJobs(ledger, Vault()).printer_state()
        since = format_day_and_time(Stamp(state.since_ms, TimeQuality.TRUSTED), language())
        say(Sentence("The kiosk is running. It has been so since %(time)s:", time=since))
        return state.code, ""
    if not profile.answers_status:
        say(
            Sentence(
                "This kind of printer says nothing about itself. Print a page: kiosk printer test"
            )
        )
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
    yield Sentence("Papers waiting: %(count)s", count=papers.waiting_count)
    learned = roll.is_learned
    known = Sentence("as the last roll had") if learned else Sentence("if the roll was full")
    yield Sentence(
        "Paper used of this roll: %(used)s m; left: about %(left)s m (%(known)s)",
        used=f"{roll.used_mm / 1000:.1f}",
        left=f"{roll.left_mm / 1000:.1f}",
        known=known,
    )
    if papers.ends_on is not None:
        yield Sentence(
            "It should end on about %(day)s, at %(metres)s m a day.",
            day=papers.ends_on.isoformat(),
            metres=f"{roll.per_day_mm / 1000:.1f}",
        )


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
