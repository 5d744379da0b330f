"""Makes a bare machine a kiosk: settings, ledger, enrolment, first exchange.

It may be run again at any time, after a mistake or a cut line: what is done stays done and is said
to be so. A one-time code is needed only until central has answered once.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.config import FILE_NAME, KioskConfig, read_config, to_toml
from sync.identity import Identity, enrol
from sync.ledger import Ledger
from sync.protocol import Central
from sync.worker import sync_once


class CannotProvision(Exception):
    """The machine is not a kiosk yet; the sentence says what to do."""


def write_settings(folder: Path, settings: KioskConfig) -> bool:
    """Put `kiosk.toml` into the folder, whole or not at all; whether anything changed."""
    path = folder / FILE_NAME
    if path.exists() and read_config(path) == settings:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(to_toml(settings), "utf-8")
    unfinished.replace(path)
    return True


def settings_for(folder: Path, **given: object) -> KioskConfig:
    """The settings in the folder, or the default ones, with what is given changed."""
    path = folder / FILE_NAME
    present = read_config(path) if path.exists() else KioskConfig(data_dir=folder / "data")
    return replace(present, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked when read back


def provision(
    ledger: Ledger, central: Central, code: str | None, name: str, say: Callable[[str], None]
) -> Identity:
    """Enrol the device if it is not yet, and fetch the services.

    Raises:
        CannotProvision: there is no code and it is needed.
        ExchangeError: central did not answer as it should; run it again.
    """
    identity = ledger.identity()
    if identity is None:
        if code is None:
            raise CannotProvision(
                "This machine is not enrolled yet. Ask central for a one-time code "
                "and give it with --code."
            )
        identity = enrol(ledger, central, code, name)
        say(f"Enrolled: kiosk number {identity.kiosk_number}, office {identity.office}.")
    else:
        say(f"Already enrolled: kiosk number {identity.kiosk_number}, office {identity.office}.")
    sync_once(ledger, central)
    services = ", ".join(ledger.service_versions()) or "none yet"
    say(f"Services at this kiosk: {services}.")
    return identity
