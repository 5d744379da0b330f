"""What the commands of central do, once Django is ready; each says what it did or what is wrong."""

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.utils import timezone

from kiosk.forms.bundle import Bundle, BundleError
from sync import pin as pins
from sync import support
from sync.carried import StickTrouble
from sync.central import sample_history
from sync.central.accounts import (
    PUBLISHERS,
    Account,
    end_account,
    save_analyst,
    save_officer,
    save_publisher,
)
from sync.central.arguments import PROGRAM
from sync.central.casework import audit as case_audit
from sync.central.casework import clerks, escalations, releases, seals
from sync.central.casework.decisions import WAITING
from sync.central.casework.models import Case, Clerk, Office, Seal
from sync.central.catalogue import acts, kiosks, shelf, trust
from sync.central.catalogue.shelf import CatalogueError
from sync.central.intake import enrolment, evidence, feed, lives, log_audit, offices
from sync.central.intake.contact import loss_of
from sync.central.intake.evidence_folder import EvidenceTrouble
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, EvidenceFile, SetAside
from sync.central.intake.rings import Ring
from sync.central.intake.views import SHED_FILE
from sync.central.keys import BadKey, KeysMissing, central_keys, make_keys
from sync.central.public_address import is_address, public_url
from sync.central.server import serve as run_server
from sync.courier import hand_in
from sync.durable import make_folder
from sync.errors import CannotOpen, ExchangeError
from sync.records import NAME_LENGTH_MAX, KeyPurpose, key_id

_NOT_WRITTEN = "The record of %s is not what was written: entry %d."
_KEEP_A_COPY = "Keep a copy of the folder keys/ in a safe place: without it no application opens."


def _init(_options: argparse.Namespace) -> None:
    initialise()
    print(f"Central is ready in {settings.DATA}.")
    print(_KEEP_A_COPY)


def initialise() -> None:
    """Make what is not there yet."""
    make_keys(settings.DATA / "keys")
    if settings.EVIDENCE.bucket is None:
        make_folder(settings.EVIDENCE.folder)
    call_command("migrate", verbosity=0, interactive=False)
    feed.current_epoch()
    trust.tell()


def _sample_data(_options: argparse.Namespace) -> None:
    from sync.central import sample_data  # noqa: PLC0415 - loads the spreadsheet tools

    initialise()
    passwords = sample_data.load()
    print("Sample accounts for the officers' pages (SAMPLE DATA, not for real applications):")
    for account in sample_data.ACCOUNTS:
        role = "supervisor" if account.is_supervisor else "officer"
        role = "complaints" if account.handles_complaints else role
        print(f"  {account.username}  {passwords[account.username]}  {account.office}  {role}")
    print(f"  {sample_data.PUBLISHER}  {passwords[sample_data.PUBLISHER]}  publisher")
    print(f"  {sample_data.ANALYST}  {passwords[sample_data.ANALYST]}  analyst")
    number, pin = sample_data.clerk_with_new_pin()
    print(
        f"  {number}  {pin}  {sample_data.CLERK_OFFICE}  clerk: signs in at its kiosks with a PIN"
    )


def _sample_history(_options: argparse.Namespace) -> None:
    filed = sample_history.load(timezone.now())
    print(f"{filed} made-up applications were filed and decided (SAMPLE DATA).")


def _enrolment_code(options: argparse.Namespace) -> None:
    office = _office(options.office)
    valid_for = timedelta(hours=options.hours)
    print(enrolment.new_code(office, options.kiosk_name, valid_for, Ring(options.ring)))
    print(f"It lets in one kiosk, {options.kiosk_name}, within {options.hours} hours.")
    key = bytes(central_keys().answers.verify_key).hex()
    print(f"For a kiosk without a line, central's key (central_key in its site file): {key}")
    told = offices.last_told(office)
    if not (public_url() or (told and told.portal_url)):
        _warn_of_address()


def _publish(options: argparse.Namespace) -> None:
    if options.folder.is_file():
        _take_bundle(options)
        return
    from sync.central.catalogue import publishing  # noqa: PLC0415 - loads the spreadsheet tools

    ring = Ring(options.ring)
    _tell_published(publishing.publish(options.folder, options.version, ring), ring)


def _take_bundle(options: argparse.Namespace) -> None:
    """A service that a ministry signed itself (`kiosk forms publish`)."""
    if options.version:
        raise _Mistake("A signed bundle has its version already: leave --version out.")
    ring = Ring(options.ring)
    _tell_published(shelf.put(options.folder.read_bytes(), ring), ring)


def _tell_published(bundle: Bundle, ring: Ring) -> None:
    to_whom = "every kiosk" if ring is Ring.ALL else f"the kiosks of the ring {ring}"
    print(f"Published {bundle.service} {bundle.version} to {to_whom}.")


def _keys_list(_options: argparse.Namespace) -> None:
    known = central_keys()
    in_use = {known.answers_id, key_id(bytes(known.bundles.verify_key))}
    in_use.add(key_id(bytes(known.sealing.public_key)))
    services = {one.id: one.services for one in known.ministries}
    for note in known.known:
        words = "revoked" if note.id in known.revoked else "kept to read what is older"
        words = "in use" if note.id in in_use else words
        if note.id in services and note.id not in known.revoked:
            words = f"may sign {services[note.id] or 'every service'}*"
        print(f"{note.id.hex()}  {note.purpose:<8}  {note.name}  {words}")


def _keys_add(options: argparse.Namespace) -> None:
    added = trust.add(options.public_key, options.name, options.services)
    print(f"Kiosks learn to trust the key {added.id.hex()} of {added.name}.")
    print(f"It may sign services that begin with {added.services}.")


def _keys_rotate(options: argparse.Namespace) -> None:
    made = trust.rotate(KeyPurpose(options.purpose))
    print(f"From now on the key {made.hex()} is used for {options.purpose}.")
    print(_KEEP_A_COPY)


def _keys_revoke(options: argparse.Namespace) -> None:
    for bundle in trust.revoke(options.id, options.why):
        print(f"Signed again: {bundle.service}, now {bundle.version}.")
    print(f"The key {options.id} is revoked. Kiosks learn it at their next exchange.")
    print(_KEEP_A_COPY)


def _office_add(options: argparse.Namespace) -> None:
    office = offices.save(
        offices.OfficeFacts(
            id=options.id,
            name_lo=options.name_lo,
            name_en=options.name_en,
            district=options.district,
            role=options.role,
            hours=options.hours,
            phone=options.phone,
        )
    )
    print(f"The office {office.pk} is known.")


def _office_load(options: argparse.Namespace) -> None:
    read = offices.read_file(options.file)
    for facts in read:
        print(f"The office {offices.save(facts).pk} is known.")
    offices.route_complaints(read)


def _officer_add(options: argparse.Namespace) -> None:
    account = Account(
        options.username,
        options.name,
        options.office,
        options.supervisor,
        options.complaints,
        options.title,
    )
    _office(options.office)
    password = _asked_password()
    _tell_password(options.username, password, save_officer(account, password or None))


def _publisher_add(options: argparse.Namespace) -> None:
    password = _asked_password()
    drawn = save_publisher(options.username, options.name, password or None)
    _tell_password(options.username, password, drawn)


def _analyst_add(options: argparse.Namespace) -> None:
    password = _asked_password()
    drawn = save_analyst(options.username, options.name, password or None)
    _tell_password(options.username, password, drawn)


def _clerk_add(options: argparse.Namespace) -> None:
    office = _office(options.office)
    name = " ".join(options.name.split())
    if not (name and len(name) <= NAME_LENGTH_MAX and name.isprintable()):
        raise _Mistake(f"A name has 1 to {NAME_LENGTH_MAX} letters.")
    given = _asked_pin()
    pin = given or pins.draw()
    clerk = clerks.add(office, name, pin, None, timezone.now())
    print(f"{clerk.name} has the number {clerk.number}. The kiosks of {office.pk} learn of it.")
    if not given:
        print(f"PIN: {pin}")


def _clerk_pin(options: argparse.Namespace) -> None:
    clerk = _clerk(options.number)
    given = _asked_pin()
    pin = given or pins.draw()
    clerks.give_pin(clerk, pin, None, timezone.now())
    print(f"{clerk.name} has a new PIN. The kiosks of {clerk.office_id} learn of it.")
    if not given:
        print(f"PIN: {pin}")


def _clerk_end(options: argparse.Namespace) -> None:
    clerk = _clerk(options.number)
    clerks.end(clerk, None, timezone.now())
    print(f"{clerk.name} signs in no more, at each kiosk as soon as it has heard of it.")


def _clerk_list(_options: argparse.Namespace) -> None:
    for clerk in Clerk.objects.order_by("number"):
        until = f"  ended {_when(clerk.ended_at)}" if clerk.ended_at else ""
        since = _when(clerk.added_at)
        print(f"{clerk.number:>6}  {clerk.name}  {clerk.office_id}  since {since}{until}")


def _clerk(number: int) -> Clerk:
    clerk = Clerk.objects.filter(pk=number).first()
    if clerk is None:
        raise _Mistake(f"There is no clerk {number}.")
    return clerk


def _asked_pin() -> str:
    return getpass.getpass("PIN (empty: draw one): ") if sys.stdin.isatty() else ""


def _officer_end(options: argparse.Namespace) -> None:
    _end(User.objects.filter(officer__isnull=False), options.username)


def _publisher_end(options: argparse.Namespace) -> None:
    _end(User.objects.filter(groups__name=PUBLISHERS), options.username)


def _end(users: QuerySet[User], username: str) -> None:
    user = users.filter(username=username).first()
    if user is None:
        raise _Mistake(f"There is no such account: {username}.")
    end_account(user)
    print(f"The account {username} is ended. Whoever was signed in with it is out.")
    waiting = Case.everything.filter(taken_up_by__user=user, status__in=WAITING).count()
    if waiting:
        print(f"{waiting} cases that she had taken up wait for a colleague.")


def _asked_password() -> str:
    return getpass.getpass("Password (empty: draw one): ") if sys.stdin.isatty() else ""


def _tell_password(username: str, given: str, drawn: str) -> None:
    print(f"{username} may sign in.")
    if not given:
        print(f"Password: {drawn}")


def _kiosk_list(_options: argparse.Namespace) -> None:
    for device in Device.objects.select_related("office").order_by("kiosk_number"):
        set_aside = device.set_aside.filter(closed_at=None).count()
        marks = [
            f"{set_aside} set aside" if set_aside else "",
            f"BOOKS DIFFER BY {loss_of(device)}" if loss_of(device) else "",
            "LIVES TWICE" if device.forked_at else "",
            "BLOCKED" if device.blocked_at else "",
        ]
        print(
            f"{device.kiosk_number:>6}  {device.name}  {device.office_id}  ring {device.ring}  "
            f"log to {device.sequence}  last contact {_when(device.last_contact_at)}  "
            + ", ".join(mark for mark in marks if mark)
        )


def _kiosk_block(options: argparse.Namespace) -> None:
    device = Device.objects.filter(kiosk_number=options.number).first()
    if device is None:
        raise _Mistake(f"There is no kiosk {options.number}.")
    enrolment.block(device, None if options.undo else timezone.now())
    print(f"Kiosk {options.number} is {'let in again' if options.undo else 'refused from now on'}.")


def _kiosk_file_branches(options: argparse.Namespace) -> None:
    device = Device.objects.filter(kiosk_number=options.number).first()
    if device is None:
        raise _Mistake(f"There is no kiosk {options.number}.")
    count = lives.file_branches(device, central_keys(), timezone.now())
    print(f"{count} kept beside the log of kiosk {options.number} are filed now.")


def _kiosk_ring(options: argparse.Namespace) -> None:
    moved = kiosks.put_into_ring(options.numbers, Ring(options.ring))
    unknown = sorted(set(options.numbers) - {device.kiosk_number for device in moved})
    for device in moved:
        print(f"Kiosk {device.kiosk_number} ({device.name}) is in the ring {options.ring}.")
    if unknown:
        raise _Mistake(f"There is no kiosk {', '.join(map(str, unknown))}.")


def _set_aside(_options: argparse.Namespace) -> None:
    rows = SetAside.objects.filter(closed_at=None).select_related("device").order_by("pk")
    for row in rows.defer("header", "body", "sealed_secret"):
        print(
            f"kiosk {row.device.kiosk_number} ({row.device.name}), place {row.sequence}, "
            f"{_when(row.received_at)}: {row.reason}. {row.detail}".rstrip()
        )
    print(f"{len(rows)} set aside.")


def _stick(options: argparse.Namespace) -> None:
    kiosks_ = hand_in(options.folder, CentralServer())
    names = dict(Device.objects.values_list("pk", "name"))
    for kiosk in kiosks_:
        refused = f", {kiosk.refused} refused" if kiosk.refused else ""
        if kiosk.enrolments:
            print(f"{names.get(kiosk.device, kiosk.device)}: enrolled.")
        print(
            f"{names.get(kiosk.device, kiosk.device)}: {kiosk.batches} batches, "
            f"{kiosk.pieces} pieces of documents{refused}."
        )
    if not kiosks_:
        raise _Mistake(
            f"No kiosk has written onto {options.folder}. Run `kiosk sync --stick` there first."
        )
    print("The answers are on the stick. Carry it back to the kiosks.")


def _open_support(options: argparse.Namespace) -> None:
    try:
        sealed = options.file.read_bytes()
    except OSError as problem:
        raise _Mistake(f"{options.file}: {problem.strerror}.") from problem
    folder = options.to or options.file.with_name(f"{options.file.stem}-opened")
    if folder.exists():
        raise _Mistake(f"{folder} is there already. Name a new folder with --to.")
    keys = {id_: bytes(key) for id_, key in central_keys().opening.items()}
    files = support.open_files(sealed, keys)
    make_folder(folder)
    for name, data in sorted(files.items()):
        (folder / name).write_bytes(data)
        print(f"{len(data):>9,}  {name}")
    print(f"{len(files)} files are in {folder}.")


def _evidence_check(_options: argparse.Namespace) -> None:
    if trouble := evidence.check():
        raise _Mistake(trouble)
    whole = EvidenceFile.objects.filter(complete_at__isnull=False).count()
    coming = EvidenceFile.objects.filter(complete_at=None).count()
    print(f"Documents can be stored: {settings.EVIDENCE}.")
    print(f"{whole} are here, {coming} were announced and have not arrived yet.")


def _evidence_move(_options: argparse.Namespace) -> None:
    moved = evidence.move_from(settings.DATA / "evidence")
    print(f"{moved} documents were moved: {settings.EVIDENCE}.")


def _escalate(_options: argparse.Namespace) -> None:
    new = escalations.escalate(timezone.now())
    for one in new:
        print(
            f"{one.case.reference}: late by {one.days_late} working days, "
            f"brought before {one.office_id} (level {one.level})."
        )
    print(f"{len(new)} brought before somebody new.")


def _audit(_options: argparse.Namespace) -> None:
    found = list(log_audit.flaws())
    for flaw in found:
        print(f"Kiosk {flaw.kiosk_number}: place {flaw.sequence} {flaw.words}.")
    altered = [
        *(_NOT_WRITTEN % (record, entry) for record, entry in _broken_records() if entry),
        *case_audit.broken(),
        *seals.broken(),
    ]
    for sentence in altered:
        print(sentence)
    if altered:
        raise _Mistake(
            f"Not what was written: {len(altered)}. Somebody changed the database from outside: "
            "find out who could, and compare with an older copy."
        )
    if found:
        raise _Mistake("Put a copy back that has these, or ask for the receipts of these kiosks.")
    print(f"The logs of {Device.objects.count()} kiosks are whole.")
    cases, sealed = Case.everything.count(), Seal.objects.count()
    print(f"So is what was done: {cases} cases; openings, payments, escalations: {sealed}.")


def _broken_records() -> Iterator[tuple[str, int | None]]:
    """Each record of acts, and its first entry that is not what was written."""
    yield "who released what", releases.first_broken()
    yield "clerks' accounts", clerks.first_broken()
    yield "the catalogue", acts.first_broken()


def _restored(_options: argparse.Namespace) -> None:
    feed.begin_epoch()
    trust.tell()
    print("Kiosks read all news from the start, and hand in again what this copy lacks.")


def _shed(options: argparse.Namespace) -> None:
    path = settings.DATA / SHED_FILE
    if options.seconds:
        path.write_text(str(options.seconds), "ascii")
        print(f"Kiosks are asked to come back after {options.seconds} seconds or more.")
    else:
        path.unlink(missing_ok=True)
        print("Kiosks are served.")


def _serve(options: argparse.Namespace) -> None:
    central_keys()
    waiting = MigrationExecutor(connection)
    if waiting.migration_plan(waiting.loader.graph.leaf_nodes()):
        raise _Mistake(f"The database is of an older version. Run `{PROGRAM} init` first.")
    if not is_address(settings.PUBLIC_URL):
        raise _Mistake(
            f"CENTRAL_PUBLIC_URL must read https://and-a-name, not {settings.PUBLIC_URL!r}."
        )
    if not public_url():
        _warn_of_address()
    offices.announce_all()
    trust.tell()
    evidence.check()  # says in the log what is wrong; applications are taken in all the same
    evidence.store.cache_clear()  # the server's processes make connections of their own
    run_server(options.door, options.workers, options.threads)


def _warn_of_address() -> None:
    print(
        "Receipts will point to an address that only this machine can open. "
        "Start `serve` with CENTRAL_PUBLIC_URL set to the one that people use.",
        file=sys.stderr,
    )


_DATABASE_HELP = f"Check its address, and run `{PROGRAM} init` if that was never done."


class _Mistake(Exception):
    """What was asked for cannot be; the sentence says why."""


_EXPECTED = (
    _Mistake,
    BadKey,
    BundleError,
    CannotOpen,
    CatalogueError,
    EvidenceTrouble,
    ExchangeError,
    KeysMissing,
    StickTrouble,
    ValidationError,
    clerks.HasEnded,
    offices.BadOfficeFile,
    sample_history.NotForSamples,
    pins.WeakPin,
)
_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "init": _init,
    "serve": _serve,
    "sample-data": _sample_data,
    "sample-history": _sample_history,
    "enrolment-code": _enrolment_code,
    "publish": _publish,
    "keys list": _keys_list,
    "keys add": _keys_add,
    "keys rotate": _keys_rotate,
    "keys revoke": _keys_revoke,
    "office add": _office_add,
    "office load": _office_load,
    "officer add": _officer_add,
    "clerk add": _clerk_add,
    "clerk pin": _clerk_pin,
    "clerk end": _clerk_end,
    "clerk list": _clerk_list,
    "publisher add": _publisher_add,
    "analyst add": _analyst_add,
    "officer end": _officer_end,
    "publisher end": _publisher_end,
    "kiosk list": _kiosk_list,
    "kiosk block": _kiosk_block,
    "kiosk ring": _kiosk_ring,
    "kiosk file-branches": _kiosk_file_branches,
    "set-aside": _set_aside,
    "stick": _stick,
    "open-support": _open_support,
    "evidence check": _evidence_check,
    "evidence move": _evidence_move,
    "escalate": _escalate,
    "audit": _audit,
    "restored": _restored,
    "shed": _shed,
}


def run(options: argparse.Namespace) -> int:
    """Run the command that was asked for; the exit status."""
    action = getattr(options, "action", None)
    name = f"{options.command} {action}" if action else options.command
    try:
        _COMMANDS[name](options)
    except _EXPECTED as problem:
        print("; ".join(getattr(problem, "messages", [str(problem)])), file=sys.stderr)
        return 1
    except (OperationalError, ProgrammingError) as problem:  # not there, or nobody has made it
        said = str(problem).partition("\n")[0]
        print(f"The database cannot be used: {said}. {_DATABASE_HELP}", file=sys.stderr)
        return 1
    return 0


def _office(name: str) -> Office:
    office = Office.objects.filter(pk=name).first()
    if office is None:
        known = ", ".join(Office.objects.values_list("pk", flat=True)) or "none yet"
        raise _Mistake(f"There is no office {name}. Known: {known}.")
    return office


def _when(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else "never"
