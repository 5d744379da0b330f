"""The doctor's checks 24 to 42: the ledger, who this kiosk is, what waits in it, and its clock."""

import sqlite3

from kiosk.field.check import Check, Found, NotHere, broken, warning
from kiosk.field.checks_of_machine import INSTALL_AGAIN, KEEP_CARD
from kiosk.field.examined import Examined
from kiosk.language import N_
from kiosk.printing.jobs import JobState
from kiosk.printing.tables import MIGRATIONS as KIOSK_TABLES
from kiosk.services import Services
from sync import marker
from sync.errors import LedgerError, LedgerTorn
from sync.facts import Problem
from sync.ledger import find_newer
from sync.records import KeyPurpose, TimeQuality
from sync.retention import DAY_MS
from sync.tables import MIGRATIONS as SYNC_TABLES

LEDGER_S_MAX = 60.0  # a whole log is read
WAITING_DAYS_MAX = 7
DRIFT_MS_MAX = 5 * 60 * 1000
PAPERS_WAITING_MAX = 20

PROVISION = N_("Ask central for a one-time code and run: kiosk provision --code CODE")
EXCHANGE = N_(
    "Let it exchange with central: kiosk sync once, or by a stick: kiosk sync --stick DIR"
)
CALL_CENTRAL = N_("Call central, and say this kiosk's number.")
NEWER_PROGRAM = N_("Install the newer program.")


def _ledger(examined: Examined) -> Found | None:
    path = examined.config.ledger_path
    if not path.exists() or not path.stat().st_size:
        return _no_ledger(examined)
    try:
        with examined.ledger() as ledger:
            ledger.database.execute("SELECT count(*) FROM device").fetchone()
    except sqlite3.OperationalError:
        return broken(N_("This machine is no kiosk yet."), PROVISION)
    except sqlite3.DatabaseError:
        return None  # a page of it is damaged: `ledger-file` says so
    except LedgerTorn:
        return broken(N_("The ledger's file is damaged."), KEEP_CARD)
    except LedgerError:
        return broken(
            N_("This kiosk's ledger cannot be read."),
            N_("Look at the card and at the rights of the folder: chown -R USER %(folder)s"),
            folder=examined.data_dir,
        )
    return None


def _no_ledger(examined: Examined) -> Found:
    if marker.find(examined.data_dir) is None:
        return broken(N_("This machine is no kiosk yet."), PROVISION)
    return broken(
        N_("The ledger of this kiosk is gone: %(path)s."),
        N_("Look for the file or its card and put it back: what waited is nowhere else."),
        path=examined.config.ledger_path,
    )


def _ledger_version(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        newer = [find_newer(ledger.database, tables) for tables in (SYNC_TABLES, KIOSK_TABLES)]
        is_older = any(tables.pending(ledger.database) for tables in (SYNC_TABLES, KIOSK_TABLES))
    if any(newer):
        return broken(
            N_("A newer program has written this ledger (%(step)s)."),
            NEWER_PROGRAM,
            step=newer[0] or newer[1],
        )
    if is_older:
        return warning(
            N_("This ledger is that of an older program, and not all of it was looked at."),
            N_("Start the kiosk once, then run this again."),
        )
    return None


def _ledger_file(examined: Examined) -> Found | None:
    try:
        with examined.ledger() as ledger:
            said = ledger.database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError:
        said = ""
    if said == "ok":
        return None
    return broken(N_("The ledger's file is damaged."), KEEP_CARD)


def _enrolled(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        if ledger.identity() is not None:
            return None
    return broken(N_("This machine is no kiosk yet."), PROVISION)


def _log(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        flaws = sum(1 for _flaw in ledger.broken_links())
        missing = ledger.books().missing
    if not flaws and not missing:
        return None
    return broken(
        N_("The log is not what was promised: flaws %(flaws)s, missing %(missing)s."),
        KEEP_CARD,
        flaws=flaws,
        missing=missing,
    )


def _documents(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        gone = ledger.documents_gone()
    if not gone:
        return None
    return warning(
        N_("Documents or photos that were handed in are missing here: %(count)s."),
        N_("See which: kiosk queue verify. Tell central: these people must bring them again."),
        count=gone,
    )


def _sealing_key(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        if ledger.keys(KeyPurpose.SEALING):
            return None
    return broken(
        N_("The key that seals applications is missing: nothing can be handed in."), EXCHANGE
    )


def _central_keys(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        if ledger.keys(KeyPurpose.ANSWERS) and ledger.keys(KeyPurpose.BUNDLES):
            return None
    return broken(N_("The keys that tell central's word from others' are missing."), PROVISION)


def _blocked(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        own = bytes.fromhex(ledger.enrolled_identity().device)
        problem = ledger.exchange_state().last_problem
        is_out = own in ledger.out_of_service()
    if is_out:
        return broken(N_("Central has taken this kiosk out of service."), CALL_CENTRAL)
    if problem is not None and problem.problem is Problem.REFUSED:
        return broken(
            N_("Central does not accept this kiosk (%(reason)s)."),
            CALL_CENTRAL,
            reason=problem.detail,
        )
    return None


def _lives_twice(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        if not ledger.lives_twice():
            return None
    return warning(
        N_("Another kiosk runs under this one's number: a card was copied, or put back."), PROVISION
    )


def _services(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        if Services(ledger).all():
            return None
        arrived = bool(ledger.service_versions())
    if arrived:
        return broken(N_("No service can be opened: nobody can hand anything in."), INSTALL_AGAIN)
    return broken(N_("No services have arrived yet."), EXCHANGE)


def _service_versions(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        services = Services(ledger)
        stuck = [
            service
            for service, versions in ledger.service_versions().items()
            if services.find(service, versions[0]) is None
        ]
    if not stuck:
        return None
    return warning(
        N_("The newest version of %(service)s cannot be used; the one before serves."),
        N_("Install the newer program. If it is the newest, tell central."),
        service=stuck[0],
    )


def _unread_news(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        count = ledger.unread_count()
    if not count:
        return None
    return warning(
        N_("Central sends what this program does not understand: %(count)s."),
        NEWER_PROGRAM,
        count=count,
    )


def _set_aside(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        count = ledger.numbers().set_aside
    if not count:
        return None
    return warning(
        N_("Central has set something aside: %(count)s."),
        N_("See which: kiosk queue list. An officer at central releases it."),
        count=count,
    )


def _oldest_waiting(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        oldest, now = ledger.oldest_waiting(), examined.now(ledger)
    if oldest is None or TimeQuality.UNKNOWN in (oldest.quality, now.quality):
        return None
    days = (now.at_ms - oldest.at_ms) // DAY_MS
    if days <= WAITING_DAYS_MAX:
        return None
    return warning(
        N_("An application has waited for %(days)s days to be sent."), EXCHANGE, days=days
    )


def _print_queue(examined: Examined) -> Found | None:
    query = "SELECT count(*) FROM print_jobs WHERE state = ?"
    with examined.ledger() as ledger:
        waiting = ledger.database.execute(query, (JobState.QUEUED,)).fetchone()[0]
    if waiting <= PAPERS_WAITING_MAX:
        return None
    return warning(
        N_("Papers wait for the printer: %(count)s."),
        N_("Look how the printer is: kiosk printer status"),
        count=waiting,
    )


def _kept_too_long(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        count = ledger.overdue_count(examined.config.keeping)
    if not count:
        return None
    return warning(
        N_("Sealed answers that central has should have been erased here: %(count)s."),
        EXCHANGE,
        count=count,
    )


def _clock(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        if examined.now(ledger).quality is not TimeQuality.UNKNOWN:
            return None
    return warning(
        N_("The machine's clock is not to be believed."),
        N_("The next exchange with central sets it; if it is wrong again, change its battery."),
    )


def _clock_drift(examined: Examined) -> Found | None:
    with examined.ledger() as ledger:
        known = ledger.known_time()
        now = examined.now(ledger)
    if known.heard is None or known.heard.boot != examined.machine.steady().boot:
        raise NotHere  # central's word was carried on by another start of the machine
    drift_ms = abs(examined.machine.wall_ms() - now.at_ms)
    if drift_ms <= DRIFT_MS_MAX:
        return None
    return warning(
        N_("The machine's clock differs from central's by %(minutes)s minutes."),
        N_("Set it: timedatectl set-time. The kiosk itself goes by central's."),
        minutes=drift_ms // 60_000,
    )


_LEDGER = ("data-folder", "ledger", "ledger-version", "ledger-file")
_KIOSK = (*_LEDGER, "enrolled")

CHECKS = (
    Check(24, "ledger", _ledger, ("data-folder",)),
    Check(25, "ledger-version", _ledger_version, ("data-folder", "ledger", "ledger-file")),
    Check(26, "ledger-file", _ledger_file, ("data-folder", "ledger"), LEDGER_S_MAX),
    Check(27, "enrolled", _enrolled, _LEDGER),
    Check(28, "log", _log, _LEDGER, LEDGER_S_MAX),
    Check(29, "documents", _documents, _LEDGER, LEDGER_S_MAX),
    Check(30, "sealing-key", _sealing_key, _KIOSK),
    Check(31, "central-keys", _central_keys, _KIOSK),
    Check(32, "blocked", _blocked, _KIOSK),
    Check(33, "lives-twice", _lives_twice, _KIOSK),
    Check(34, "services", _services, (*_KIOSK, "central-keys")),
    Check(35, "service-versions", _service_versions, (*_KIOSK, "central-keys", "services")),
    Check(36, "unread-news", _unread_news, _KIOSK),
    Check(37, "set-aside", _set_aside, _KIOSK),
    Check(38, "oldest-waiting", _oldest_waiting, _KIOSK),
    Check(39, "print-queue", _print_queue, _LEDGER),
    Check(40, "kept-too-long", _kept_too_long, _KIOSK),
    Check(41, "clock", _clock, _KIOSK),
    Check(42, "clock-drift", _clock_drift, _KIOSK),
)
