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
from django.utils.translation import override

from kiosk.forms.bundle import Bundle, BundleError
from kiosk.speech import _, language, said_of, say, why
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
from sync.central.terminal import complain
from sync.courier import hand_in
from sync.durable import make_folder
from sync.errors import CannotOpen, ExchangeError
from sync.records import NAME_LENGTH_MAX, KeyPurpose, key_id
from sync.sentence import N_, Sentence

_NOT_WRITTEN = N_("The record of %(record)s is not what was written: entry %(entry)d.")
_KNOWN = N_("The office %(office)s is known.")
_NO_KIOSK = N_("There is no kiosk %(kiosk)s.")
_KEEP_A_COPY = Sentence(
    "Keep a copy of the folder keys/ in a safe place: without it no application opens."
)


def _init(_options: argparse.Namespace) -> None:
    initialise()
    say(Sentence("Central is ready in %(folder)s.", folder=settings.DATA))
    say(_KEEP_A_COPY)


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
    say(
        Sentence(
            "Sample accounts for the officers' pages (SAMPLE DATA, not for real applications):"
        )
    )
    for account in sample_data.ACCOUNTS:
        role = _("supervisor") if account.is_supervisor else _("officer")
        role = _("complaints") if account.handles_complaints else role
        print(f"  {account.username}  {passwords[account.username]}  {account.office}  {role}")
    for username, role in (
        (sample_data.PUBLISHER, _("publisher")),
        (sample_data.ANALYST, _("analyst")),
    ):
        print(f"  {username}  {passwords[username]}  {role}")
    number, pin = sample_data.clerk_with_new_pin()
    role = _("clerk: signs in at its kiosks with a PIN")
    print(f"  {number}  {pin}  {sample_data.CLERK_OFFICE}  {role}")


def _sample_history(_options: argparse.Namespace) -> None:
    filed = sample_history.load(timezone.now())
    say(
        Sentence(
            "Made-up applications that were filed and decided (SAMPLE DATA): %(count)d.",
            count=filed,
        )
    )


def _enrolment_code(options: argparse.Namespace) -> None:
    office = _office(options.office)
    valid_for = timedelta(hours=options.hours)
    print(enrolment.new_code(office, options.kiosk_name, valid_for, Ring(options.ring)))
    say(
        Sentence(
            "It lets in one kiosk, %(kiosk)s, within %(hours)d hours.",
            kiosk=options.kiosk_name,
            hours=options.hours,
        )
    )
    key = bytes(central_keys().answers.verify_key).hex()
    say(
        Sentence(
            "For a kiosk without a line, central's key (central_key in its site file): %(key)s",
            key=key,
        )
    )
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
        raise _Mistake(Sentence("A signed bundle has its version already: leave --version out."))
    ring = Ring(options.ring)
    _tell_published(shelf.put(options.folder.read_bytes(), ring), ring)


def _tell_published(bundle: Bundle, ring: Ring) -> None:
    words = N_("Published %(service)s %(version)s to every kiosk.")
    if ring is not Ring.ALL:
        words = N_("Published %(service)s %(version)s to the kiosks of the ring %(ring)s.")
    say(Sentence(words, service=bundle.service, version=bundle.version, ring=ring.value))


def _keys_list(_options: argparse.Namespace) -> None:
    known = central_keys()
    in_use = {known.answers_id, key_id(bytes(known.bundles.verify_key))}
    in_use.add(key_id(bytes(known.sealing.public_key)))
    services = {one.id: one.services for one in known.ministries}
    for note in known.known:
        words = _("revoked") if note.id in known.revoked else _("kept to read what is older")
        words = _("in use") if note.id in in_use else words
        if note.id in services and note.id not in known.revoked:
            words = _("may sign every service")
            if services[note.id]:
                words = _("may sign %(services)s*", services=services[note.id])
        print(f"{note.id.hex()}  {note.purpose:<8}  {note.name}  {words}")


def _keys_add(options: argparse.Namespace) -> None:
    added = trust.add(options.public_key, options.name, options.services)
    say(
        Sentence(
            "Kiosks learn to trust the key %(key)s of %(name)s.",
            key=added.id.hex(),
            name=added.name,
        )
    )
    say(Sentence("It may sign services that begin with %(services)s.", services=added.services))


def _keys_rotate(options: argparse.Namespace) -> None:
    made = trust.rotate(KeyPurpose(options.purpose))
    say(
        Sentence(
            "From now on the key %(key)s is used for %(purpose)s.",
            key=made.hex(),
            purpose=options.purpose,
        )
    )
    say(_KEEP_A_COPY)


def _keys_revoke(options: argparse.Namespace) -> None:
    for bundle in trust.revoke(options.id, options.why):
        say(
            Sentence(
                "Signed again: %(service)s, now %(version)s.",
                service=bundle.service,
                version=bundle.version,
            )
        )
    say(
        Sentence(
            "The key %(key)s is revoked. Kiosks learn it at their next exchange.", key=options.id
        )
    )
    say(_KEEP_A_COPY)


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
    say(Sentence(_KNOWN, office=office.pk))


def _office_load(options: argparse.Namespace) -> None:
    read = offices.read_file(options.file)
    for facts in read:
        say(Sentence(_KNOWN, office=offices.save(facts).pk))
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
        raise _Mistake(Sentence("A name has 1 to %(most)d letters.", most=NAME_LENGTH_MAX))
    given = _asked_pin()
    pin = given or pins.draw()
    clerk = clerks.add(office, name, pin, None, timezone.now())
    say(
        Sentence(
            "%(name)s has the number %(number)d. The kiosks of %(office)s learn of it.",
            name=clerk.name,
            number=clerk.number,
            office=office.pk,
        )
    )
    if not given:
        say(Sentence("PIN: %(pin)s", pin=pin))


def _clerk_pin(options: argparse.Namespace) -> None:
    clerk = _clerk(options.number)
    given = _asked_pin()
    pin = given or pins.draw()
    clerks.give_pin(clerk, pin, None, timezone.now())
    say(
        Sentence(
            "%(name)s has a new PIN. The kiosks of %(office)s learn of it.",
            name=clerk.name,
            office=clerk.office_id,
        )
    )
    if not given:
        say(Sentence("PIN: %(pin)s", pin=pin))


def _clerk_end(options: argparse.Namespace) -> None:
    clerk = _clerk(options.number)
    clerks.end(clerk, None, timezone.now())
    say(
        Sentence(
            "%(name)s signs in no more, at each kiosk as soon as it has heard of it.",
            name=clerk.name,
        )
    )


def _clerk_list(_options: argparse.Namespace) -> None:
    for clerk in Clerk.objects.order_by("number"):
        since = _("since %(time)s", time=_when(clerk.added_at))
        until = _("ended %(time)s", time=_when(clerk.ended_at)) if clerk.ended_at else ""
        print(f"{clerk.number:>6}  {clerk.name}  {clerk.office_id}  {since}  {until}".rstrip())


def _clerk(number: int) -> Clerk:
    clerk = Clerk.objects.filter(pk=number).first()
    if clerk is None:
        raise _Mistake(Sentence("There is no clerk %(number)d.", number=number))
    return clerk


def _asked_pin() -> str:
    return getpass.getpass(_("PIN (empty: draw one): ")) if sys.stdin.isatty() else ""


def _officer_end(options: argparse.Namespace) -> None:
    _end(User.objects.filter(officer__isnull=False), options.username)


def _publisher_end(options: argparse.Namespace) -> None:
    _end(User.objects.filter(groups__name=PUBLISHERS), options.username)


def _end(users: QuerySet[User], username: str) -> None:
    user = users.filter(username=username).first()
    if user is None:
        raise _Mistake(Sentence("There is no such account: %(account)s.", account=username))
    end_account(user)
    say(
        Sentence(
            "The account %(account)s is ended. Whoever was signed in with it is out.",
            account=username,
        )
    )
    waiting = Case.everything.filter(taken_up_by__user=user, status__in=WAITING).count()
    if waiting:
        say(
            Sentence(
                "Cases that she had taken up and that wait for a colleague now: %(count)d.",
                count=waiting,
            )
        )


def _asked_password() -> str:
    return getpass.getpass(_("Password (empty: draw one): ")) if sys.stdin.isatty() else ""


def _tell_password(username: str, given: str, drawn: str) -> None:
    say(Sentence("%(account)s may sign in.", account=username))
    if not given:
        say(Sentence("Password: %(password)s", password=drawn))


def _kiosk_list(_options: argparse.Namespace) -> None:
    for device in Device.objects.select_related("office").order_by("kiosk_number"):
        set_aside = device.set_aside.filter(closed_at=None).count()
        marks = [
            _("%(count)d set aside", count=set_aside) if set_aside else "",
            _("BOOKS DIFFER BY %(count)d", count=loss) if (loss := loss_of(device)) else "",
            _("LIVES TWICE") if device.forked_at else "",
            _("BLOCKED") if device.blocked_at else "",
        ]
        facts = (
            f"{device.kiosk_number:>6}",
            device.name,
            device.office_id,
            _("ring %(ring)s", ring=device.ring),
            _("log to %(place)d", place=device.sequence),
            _("last contact %(time)s", time=_when(device.last_contact_at)),
            ", ".join(filter(None, marks)),
        )
        print("  ".join(facts))


def _kiosk_block(options: argparse.Namespace) -> None:
    device = Device.objects.filter(kiosk_number=options.number).first()
    if device is None:
        raise _Mistake(Sentence(_NO_KIOSK, kiosk=options.number))
    enrolment.block(device, None if options.undo else timezone.now())
    words = N_("Kiosk %(kiosk)d is refused from now on.")
    if options.undo:
        words = N_("Kiosk %(kiosk)d is let in again.")
    say(Sentence(words, kiosk=options.number))


def _kiosk_file_branches(options: argparse.Namespace) -> None:
    device = Device.objects.filter(kiosk_number=options.number).first()
    if device is None:
        raise _Mistake(Sentence(_NO_KIOSK, kiosk=options.number))
    count = lives.file_branches(device, central_keys(), timezone.now())
    say(
        Sentence(
            "Kept beside the log of kiosk %(kiosk)d, and filed now: %(count)d.",
            kiosk=options.number,
            count=count,
        )
    )


def _kiosk_ring(options: argparse.Namespace) -> None:
    moved = kiosks.put_into_ring(options.numbers, Ring(options.ring))
    unknown = sorted(set(options.numbers) - {device.kiosk_number for device in moved})
    for device in moved:
        say(
            Sentence(
                "Kiosk %(kiosk)d (%(name)s) is in the ring %(ring)s.",
                kiosk=device.kiosk_number,
                name=device.name,
                ring=options.ring,
            )
        )
    if unknown:
        raise _Mistake(Sentence(_NO_KIOSK, kiosk=", ".join(map(str, unknown))))


def _set_aside(_options: argparse.Namespace) -> None:
    rows = SetAside.objects.filter(closed_at=None).select_related("device").order_by("pk")
    for row in rows.defer("header", "body", "sealed_secret"):
        told = _(
            "kiosk %(kiosk)d (%(name)s), place %(place)d, %(time)s: %(reason)s",
            kiosk=row.device.kiosk_number,
            name=row.device.name,
            place=row.sequence,
            time=_when(row.received_at),
            reason=row.get_reason_display(),
        )
        print(f"{told} {row.detail}".rstrip())
    say(Sentence("Set aside: %(count)d.", count=len(rows)))


def _stick(options: argparse.Namespace) -> None:
    kiosks_ = hand_in(options.folder, CentralServer())
    names = dict(Device.objects.values_list("pk", "name"))
    for kiosk in kiosks_:
        name = names.get(kiosk.device, kiosk.device)
        if kiosk.enrolments:
            say(Sentence("%(kiosk)s: enrolled.", kiosk=name))
        words = N_("%(kiosk)s: batches %(batches)d, pieces of documents %(pieces)d.")
        if kiosk.refused:
            words = N_(
                "%(kiosk)s: batches %(batches)d, pieces of documents %(pieces)d, "
                "refused %(refused)d."
            )
        say(
            Sentence(
                words,
                kiosk=name,
                batches=kiosk.batches,
                pieces=kiosk.pieces,
                refused=kiosk.refused,
            )
        )
    if not kiosks_:
        raise _Mistake(
            Sentence(
                "No kiosk has written onto %(folder)s. Run `kiosk sync --stick` there first.",
                folder=options.folder,
            )
        )
    say(Sentence("The answers are on the stick. Carry it back to the kiosks."))


def _open_support(options: argparse.Namespace) -> None:
    try:
        sealed = options.file.read_bytes()
    except OSError as problem:
        raise _Mistake(
            Sentence("%(file)s: %(why)s.", file=options.file, why=why(problem))
        ) from problem
    folder = options.to or options.file.with_name(f"{options.file.stem}-opened")
    if folder.exists():
        raise _Mistake(
            Sentence("%(folder)s is there already. Name a new folder with --to.", folder=folder)
        )
    keys = {id_: bytes(key) for id_, key in central_keys().opening.items()}
    files = support.open_files(sealed, keys)
    make_folder(folder)
    for name, data in sorted(files.items()):
        (folder / name).write_bytes(data)
        print(f"{len(data):>9,}  {name}")
    say(Sentence("Files in %(folder)s: %(count)d.", folder=folder, count=len(files)))


def _evidence_check(_options: argparse.Namespace) -> None:
    if trouble := evidence.check():
        raise _Mistake(trouble)
    whole = EvidenceFile.objects.filter(complete_at__isnull=False).count()
    coming = EvidenceFile.objects.filter(complete_at=None).count()
    say(Sentence("Documents can be stored: %(place)s.", place=settings.EVIDENCE))
    say(
        Sentence(
            "Here: %(whole)d. Announced, and not arrived yet: %(coming)d.",
            whole=whole,
            coming=coming,
        )
    )


def _evidence_move(_options: argparse.Namespace) -> None:
    moved = evidence.move_from(settings.DATA / "evidence")
    say(
        Sentence(
            "Documents that were moved to %(place)s: %(count)d.",
            place=settings.EVIDENCE,
            count=moved,
        )
    )


def _escalate(_options: argparse.Namespace) -> None:
    new = escalations.escalate(timezone.now())
    for one in new:
        say(
            Sentence(
                "%(case)s: working days late: %(days)d. Brought before %(office)s "
                "(level %(level)d).",
                case=one.case.reference,
                days=one.days_late,
                office=one.office_id,
                level=one.level,
            )
        )
    say(Sentence("Brought before somebody new: %(count)d.", count=len(new)))


def _audit(_options: argparse.Namespace) -> None:
    found = list(log_audit.flaws())
    for flaw in found:
        say(Sentence(flaw.words, kiosk=flaw.kiosk_number, place=flaw.sequence))
    altered = [
        *(
            Sentence(_NOT_WRITTEN, record=record, entry=entry)
            for record, entry in _broken_records()
            if entry
        ),
        *case_audit.broken(),
        *seals.broken(),
    ]
    for sentence in altered:
        say(sentence)
    if altered:
        raise _Mistake(
            Sentence(
                "Not what was written: %(count)d. Somebody changed the database from outside: "
                "find out who could, and compare with an older copy.",
                count=len(altered),
            )
        )
    if found:
        raise _Mistake(
            Sentence("Put a copy back that has these, or ask for the receipts of these kiosks.")
        )
    say(Sentence("Kiosks whose logs are whole: %(count)d.", count=Device.objects.count()))
    say(
        Sentence(
            "So is what was done. Cases: %(cases)d; openings, payments, escalations: %(sealed)d.",
            cases=Case.everything.count(),
            sealed=Seal.objects.count(),
        )
    )


def _broken_records() -> Iterator[tuple[Sentence, int | None]]:
    """Each record of acts, and its first entry that is not what was written."""
    yield Sentence("who released what"), releases.first_broken()
    yield Sentence("clerks' accounts"), clerks.first_broken()
    yield Sentence("the catalogue"), acts.first_broken()


def _restored(_options: argparse.Namespace) -> None:
    feed.begin_epoch()
    trust.tell()
    say(Sentence("Kiosks read all news from the start, and hand in again what this copy lacks."))


def _shed(options: argparse.Namespace) -> None:
    path = settings.DATA / SHED_FILE
    if options.seconds:
        path.write_text(str(options.seconds), "ascii")
        say(
            Sentence(
                "Kiosks are asked to come back after %(seconds)d seconds or more.",
                seconds=options.seconds,
            )
        )
    else:
        path.unlink(missing_ok=True)
        say(Sentence("Kiosks are served."))


def _serve(options: argparse.Namespace) -> None:
    central_keys()
    waiting = MigrationExecutor(connection)
    if waiting.migration_plan(waiting.loader.graph.leaf_nodes()):
        raise _Mistake(
            Sentence(
                "The database is of an older version. Run `%(program)s init` first.",
                program=PROGRAM,
            )
        )
    if not is_address(settings.PUBLIC_URL):
        raise _Mistake(
            Sentence(
                "CENTRAL_PUBLIC_URL must read https://and-a-name, not %(address)s.",
                address=repr(settings.PUBLIC_URL),
            )
        )
    if not public_url():
        _warn_of_address()
    offices.announce_all()
    trust.tell()
    evidence.check()  # says in the log what is wrong; applications are taken in all the same
    evidence.store.cache_clear()  # the server's processes make connections of their own
    run_server(options.door, options.workers, options.threads)


def _warn_of_address() -> None:
    complain(
        Sentence(
            "Receipts will point to an address that only this machine can open. "
            "Start `serve` with CENTRAL_PUBLIC_URL set to the one that people use."
        )
    )


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
        with override(language()):  # what is said by pages too comes from Django's catalogue
            _COMMANDS[name](options)
    except ValidationError as problem:
        complain("; ".join(problem.messages))
    except _EXPECTED as problem:
        words = getattr(problem, "words", None)  # what stands in a form is said by whoever reads it
        complain(words(_) if words else said_of(problem))
    except (OperationalError, ProgrammingError) as problem:  # not there, or nobody has made it
        complain(
            Sentence(
                "The database cannot be used: %(why)s. Check its address, and run "
                "`%(program)s init` if that was never done.",
                why=str(problem).partition("\n")[0],
                program=PROGRAM,
            )
        )
    else:
        return 0
    return 1


def _office(name: str) -> Office:
    office = Office.objects.filter(pk=name).first()
    if office is None:
        known = ", ".join(Office.objects.values_list("pk", flat=True)) or Sentence("none yet")
        raise _Mistake(
            Sentence("There is no office %(office)s. Known: %(known)s.", office=name, known=known)
        )
    return office


def _when(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else _("never")
