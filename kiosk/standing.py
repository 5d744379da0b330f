"""What stands on every receipt of this kiosk: the lines that a printer may keep in its memory.

Two receipts are made of each service that differ in all in which receipts of one service differ;
what they share is the same on each. Marks, fees that are not an amount and both orders of the
languages are among it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kiosk.forms.descriptor import Text
from kiosk.language import LANGUAGES
from kiosk.printing.receipt import Receipt
from kiosk.printing.slip import Code, Slip, Square
from kiosk.receipts import is_sample_office, receipt_of
from kiosk.services import Service, Services
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
from sync.reference import compose
from sync.token import ReceiptClaims

FEES = ((1_000, 2_000), (None, None), (0, 0))  # kip; two amounts share no line


class StandingLines:
    """Of the services in the ledger, for the office that the kiosk belongs to."""

    def version(self, ledger: Ledger) -> object:
        """The services' versions, the office's name and whether it is a sample."""
        versions = tuple((name, tuple(each)) for name, each in ledger.service_versions().items())
        return versions, tuple(sorted(_office(ledger).items())), is_sample_office(ledger)

    def slips(self, ledger: Ledger) -> Iterator[Slip]:
        """Those lines, a slip for each service, fee and order of languages."""
        office, is_sample = _office(ledger), is_sample_office(ledger)
        for service in Services(ledger).all():
            for first in LANGUAGES:
                for fees in FEES:
                    one, other = (
                        _receipt(service, office, first, number, fee, sample_office=is_sample)
                        for number, fee in enumerate(fees, 1)
                    )
                    shared = set(other.slip().items)
                    yield Slip(
                        tuple(
                            item
                            for item in one.slip().items
                            if item in shared and not isinstance(item, Code | Square)
                        )
                    )


def _office(ledger: Ledger) -> Text:
    note = ledger.office()
    return Text(note.name if note else ledger.enrolled_identity().office_name)


def _receipt(
    service: Service,
    office: Text,
    first: str,
    number: int,
    fee_lak: int | None,
    *,
    sample_office: bool,
) -> Receipt:
    """A receipt of nobody's."""
    claims = ReceiptClaims(
        issued_at_s=number,
        reference=compose(number, number),
        service=service.id,
        office="",
        fee_lak=fee_lak,
        secret=bytes(16),
    )
    made = receipt_of(
        service,
        office,
        claims,
        token="",
        host="",
        recorded=Stamp(number * 100_000_000_000, TimeQuality.TRUSTED),
        due=date(2026, 1, number),
        first=first,
        sample_office=sample_office,
    )
    return replace(made, copy=number, again=True)
