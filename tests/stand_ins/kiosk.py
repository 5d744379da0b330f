"""A kiosk without a screen: submits applications into a real ledger as the desk does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sync import envelope
from sync.identity import enrol
from sync.ledger import Ledger
from sync.protocol import Central
from sync.records import Envelope, Header, Kind, Stamp, TimeQuality

NOW = Stamp(1_800_000_000_000, TimeQuality.ESTIMATED)
ANSWERS = {"language": "lo", "data": {"name": "ນາງ ຄຳປຸ້ຍ", "village": "ດົງໂດກ", "people": "4"}}


def enrolled(folder: Path, central: Central, code: str = "CODE-1") -> Ledger:
    """A ledger in that folder, enrolled with that code."""
    ledger = Ledger.open(folder / "ledger.sqlite3")
    enrol(ledger, central, code, "Kiosk of a test")
    return ledger


def make(
    ledger: Ledger,
    *,
    answers: dict[str, Any] | None = None,
    evidence: tuple[bytes, ...] = (),
    **fields: Any,
) -> tuple[Envelope, bytes]:
    """An envelope for the ledger's next place, and its secret; inside the transaction."""
    identity = ledger.enrolled_identity()
    place = ledger.next_place()
    secret = envelope.new_secret()
    key_id, key = ledger.sealing_key()
    files = [envelope.seal_evidence(secret, index, data) for index, data in enumerate(evidence)]
    header = Header(
        device=identity.device,
        sequence=place.sequence,
        previous=place.previous,
        kind=Kind.APPLICATION,
        id=envelope.application_id(secret),
        reference=f"{identity.kiosk_number:04}-{place.sequence:04}-00AA",
        service="la.moha.residence-certificate",
        service_version="1",
        office=identity.office,
        recorded=NOW,
        central_key=key_id,
        evidence=tuple(ledger.store_evidence(file) for file in files),
    )
    header_bytes = replace(header, **fields).to_bytes()
    body = envelope.seal_answers(answers or ANSWERS, header_bytes, secret)
    return Envelope(header_bytes, body, envelope.seal_secret(secret, key)), secret


def submit(ledger: Ledger, **given: Any) -> Envelope:
    """One application, promised."""
    with ledger.transaction():
        made, _secret = make(ledger, **given)
        ledger.add(made)
    return made
