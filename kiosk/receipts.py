"""A service's receipt: what its descriptor says that a receipt shall say."""

from datetime import date

from kiosk.forms.descriptor import Text
from kiosk.language import LANGUAGES
from kiosk.printing.receipt import Receipt
from kiosk.services import Service
from sync.records import Stamp
from sync.token import ReceiptClaims


def receipt_of(
    service: Service,
    office: Text,
    claims: ReceiptClaims,
    *,
    token: str,
    host: str,
    recorded: Stamp,
    due: date | None,
    first: str,
) -> Receipt:
    """The receipt, in each language with `first` before the others."""
    descriptor = service.descriptor
    complaints = descriptor.contact.complaint_telephone
    return Receipt(
        claims=claims,
        token=token,
        host=host,
        service=descriptor.name,
        office=office,
        recorded=recorded,
        due=due,
        bring=descriptor.bring,
        complaints=Text(dict.fromkeys(LANGUAGES, complaints)) if complaints else None,
        languages=(first, *(other for other in LANGUAGES if other != first)),
        sample=descriptor.sample,
        is_complaint=service.is_complaint,
    )
