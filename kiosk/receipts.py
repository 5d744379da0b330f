"""A service's receipt: what its descriptor says that a receipt shall say."""

from datetime import date

from kiosk.forms.descriptor import Text
from kiosk.language import LANGUAGES
from kiosk.printing.receipt import Receipt
from kiosk.services import Service
from sync.ledger import Ledger
from sync.records import Stamp
from sync.token import ReceiptClaims


def is_sample_office(ledger: Ledger) -> bool:
    """Whether nobody has confirmed the hours, telephone and holidays of the kiosk's office."""
    note = ledger.office()
    return note is not None and note.sample


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
    sample_office: bool = False,
) -> Receipt:
    """The receipt, in each language with `first` before the others.

    A day that was counted with an office's sample holidays is a sample, too.
    """
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
        sample=descriptor.sample or sample_office,
        is_complaint=service.is_complaint,
    )
