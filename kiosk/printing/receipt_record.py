"""A receipt as bytes, for the print job: everything except what opens the application.

The token holds the secret, so neither is written: the token is signed again when the paper is
printed. Ed25519 is deterministic: the same claims make the same token, a copy proves the same.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from kiosk.forms.descriptor import Text
from kiosk.printing.receipt import Receipt
from sync import cbor
from sync.errors import BadRecord
from sync.records import ApplicationId, Stamp, TimeQuality
from sync.token import ReceiptClaims

RECORD_BYTES_MAX = 64 * 1024


def to_bytes(receipt: Receipt) -> bytes:
    """The receipt without its secret and token."""
    claims = receipt.claims
    return cbor.encode(
        {
            "application": claims.application_id,
            "issued_at_s": claims.issued_at_s,
            "reference": claims.reference,
            "service_id": claims.service,
            "office_id": claims.office,
            "fee_lak": claims.fee_lak,
            "host": receipt.host,
            "service": dict(receipt.service),
            "office": dict(receipt.office),
            "recorded_ms": receipt.recorded.at_ms,
            "recorded_quality": receipt.recorded.quality.value,
            "due": receipt.due.isoformat() if receipt.due else None,
            "where": _words(receipt.where),
            "bring": _words(receipt.bring),
            "complaints": _words(receipt.complaints),
            "languages": list(receipt.languages),
            "sample": receipt.sample,
            "copy": receipt.copy,
            "is_complaint": receipt.is_complaint,
            "replaces": receipt.replaces,
        }
        | ({"helped_by": receipt.helped_by} if receipt.helped_by else {})
    )


def from_bytes(data: bytes, secret: bytes | None) -> Receipt:
    """The receipt with its secret, or with the application id where that is gone; no token yet.

    Raises:
        BadRecord: these bytes are no receipt of ours.
    """
    try:
        return _receipt(cbor.decode(data, RECORD_BYTES_MAX), secret)
    except (KeyError, TypeError, ValueError) as problem:
        raise BadRecord("A print job does not hold a receipt.") from problem


def _receipt(value: dict[str, Any], secret: bytes | None) -> Receipt:
    late = ReceiptClaims(
        issued_at_s=value["issued_at_s"],
        reference=value["reference"],
        service=value["service_id"],
        office=value["office_id"],
        fee_lak=value["fee_lak"],
        application=ApplicationId(str(value["application"])),
    )
    due = value["due"]
    return Receipt(
        claims=late if secret is None else replace(late, secret=secret, application=None),
        token="",
        host=str(value["host"]),
        service=Text(value["service"]),
        office=Text(value["office"]),
        recorded=Stamp(
            value["recorded_ms"],
            TimeQuality(value["recorded_quality"]),
        ),
        due=date.fromisoformat(str(due)) if due else None,
        where=_text(value["where"]),
        bring=_text(value["bring"]),
        complaints=_text(value["complaints"]),
        languages=tuple(value["languages"]),
        sample=bool(value["sample"]),
        copy=value["copy"],
        is_complaint=bool(value.get("is_complaint")),  # jobs of before know no complaints
        replaces=str(value.get("replaces", "")),  # jobs of an earlier release lack it
        helped_by=str(value.get("helped_by", "")),  # so do those of who helped herself
    )


def _words(text: Text | None) -> dict[str, str] | None:
    return None if text is None else dict(text)


def _text(words: dict[str, str] | None) -> Text | None:
    return None if words is None else Text(words)
