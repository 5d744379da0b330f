"""Makes a bare machine a kiosk: settings, ledger, enrolment, first exchange.

It may be run again at any time, after a mistake or a cut line: what is done stays done and is said
to be so. A one-time code is needed only until central has answered once.
"""

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.config import FILE_NAME, KioskConfig, read_config, to_toml
from kiosk.field.running import check_whole
from kiosk.panels import PANELS
from kiosk.printing.profile import load_profile
from kiosk.speech import why
from kiosk.trouble import Trouble
from sync.durable import make_folder, write_whole
from sync.enrolment_stick import EnrolmentStick
from sync.errors import Refused, Unreachable
from sync.identity import Identity, enrol, take_new_life
from sync.ledger import Ledger
from sync.protocol import Central
from sync.sentence import Sentence
from sync.worker import sync_once

Say = Callable[[str], None]
KEY_BYTES = 32  # Ed25519
UNKNOWN = "unknown-device"  # central's word for a kiosk that it does not know
LIVES_TWICE = Sentence(
    "Another kiosk runs under this one's number: its card was copied, or an older disk put back. "
    "Nothing is lost. Ask central for a one-time code and run provision with --code."
)


class CannotProvision(Trouble):
    """The machine is not a kiosk yet; the sentence says what to do."""


def check(settings: KioskConfig) -> None:
    """Refuse, before it is written, what a kiosk could not be run with.

    Raises:
        CannotProvision: there is no such panel, no central, or no certificate in its file.
        HalfErased: a reset was cut off.
        ProfileError: there is no such kind of printer.
    """
    check_whole(settings)
    if not settings.central_url:
        raise CannotProvision(Sentence("Which central server? Give its address with --central."))
    if settings.panel not in PANELS:
        raise CannotProvision(
            Sentence(
                "There is no panel %(panel)s; there are %(known)s.",
                panel=repr(settings.panel),
                known=", ".join(PANELS),
            )
        )
    load_profile(settings.printer_profile)
    if settings.central_ca is not None:
        _check_certificate(settings.central_ca)


def _check_certificate(path: Path) -> None:
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError as problem:
        raise CannotProvision(
            Sentence(
                "The file %(file)s holds no certificate. Give central's authority as a PEM file "
                "with --central-ca.",
                file=path,
            )
        ) from problem
    except OSError as problem:
        raise CannotProvision(
            Sentence(
                "The certificate %(file)s cannot be read (%(why)s). "
                "Copy it there, or give another with --central-ca.",
                file=path,
                why=why(problem),
            )
        ) from problem


def write_settings(folder: Path, settings: KioskConfig) -> bool:
    """Put `kiosk.toml` into the folder, whole or not at all; whether anything changed."""
    path = folder / FILE_NAME
    if path.exists() and read_config(path) == settings:
        return False
    make_folder(folder, 0o777)  # as the umask allows: settings are no secret
    write_whole(path, to_toml(settings).encode(), 0o666)
    return True


def settings_for(folder: Path, **given: object) -> KioskConfig:
    """The settings in the folder, or the default ones, with what is given changed."""
    path = folder / FILE_NAME
    present = read_config(path) if path.exists() else KioskConfig(data_dir=folder / "data")
    return replace(present, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked when read back


def provision(ledger: Ledger, central: Central, code: str | None, name: str, say: Say) -> Identity:
    """Enrol the device if it is not yet, and fetch the services.

    Raises:
        CannotProvision: there is no code and it is needed.
        ExchangeError: central did not answer as it should; run it again.
    """
    identity = ledger.identity()
    if identity is None:
        if code is None:
            raise CannotProvision(
                Sentence(
                    "This machine is not enrolled yet. Ask central for a one-time code "
                    "and give it with --code."
                )
            )
        identity = enrol(ledger, central, code, name)
        is_new = True
        say(Sentence("Enrolled: kiosk number %(number)s, office %(office)s.", **_of(identity)))
    else:
        say(
            Sentence(
                "Already enrolled: kiosk number %(number)s, office %(office)s.", **_of(identity)
            )
        )
        is_new = False
    try:
        changed = _exchange(ledger, central, code, name, say)
    except Unreachable:
        say(
            Sentence(
                "The kiosk is enrolled and may run; it gets its services when central is reached."
            )
        )
        raise
    if code is not None and changed is None and not is_new:
        say(Sentence("The code was not used: this kiosk is enrolled already."))
    identity = changed or identity
    services = ", ".join(ledger.service_versions()) or Sentence("none yet")
    say(Sentence("Services at this kiosk: %(services)s.", services=services))
    return identity


def enrol_by_stick(
    ledger: Ledger,
    stick: Path,
    *,
    central_key: str | None,
    code: str | None,
    name: str,
    say: Say,
) -> Identity:
    """Enrol where no line goes: the first time it writes the request, then it takes the answer.

    Raises:
        CannotProvision: what is needed for it is not said.
        ExchangeError: the answer is still on its way, or is not central's.
    """
    identity = ledger.identity()
    if identity is not None:
        say(
            Sentence(
                "Already enrolled: kiosk number %(number)s, office %(office)s.", **_of(identity)
            )
        )
        return identity
    if code is None or central_key is None:
        raise CannotProvision(
            Sentence(
                "To enrol by a stick, give the one-time code and central's key, as central prints "
                "them: --code CODE --central-key KEY"
            )
        )
    try:
        key = bytes.fromhex(central_key)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise CannotProvision(
            Sentence("Central's key is 64 hexadecimal digits, as central prints it with a code.")
        )
    road = EnrolmentStick(stick, key)
    identity = enrol(ledger, road, code, name)
    road.forget(identity.device)
    say(Sentence("Enrolled: kiosk number %(number)s, office %(office)s.", **_of(identity)))
    return identity


def _of(identity: Identity) -> dict[str, object]:
    return {"number": identity.kiosk_number, "office": identity.office}


def _exchange(
    ledger: Ledger, central: Central, code: str | None, name: str, say: Say
) -> Identity | None:
    """Exchange; the new identity where the kiosk needed one: see `sync.identity`."""
    identity = None
    try:
        sync_once(ledger, central)
    except Refused as problem:
        if problem.reason != UNKNOWN or code is None:
            raise
        identity = enrol(ledger, central, code, name)  # central was restored from an older copy
        say(
            Sentence("Enrolled again: kiosk number %(number)s, office %(office)s.", **_of(identity))
        )
        sync_once(ledger, central)
    if not ledger.lives_twice():
        return identity
    if code is None:
        say(LIVES_TWICE)
        return identity
    identity = take_new_life(ledger, central, code, name)
    say(
        Sentence("A kiosk of its own again: number %(number)s, office %(office)s.", **_of(identity))
    )
    sync_once(ledger, central)
    return identity
