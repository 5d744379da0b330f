"""The receipt: proof that an application is kept, a promise of an answer, and the holder's key.

It carries no personal data: a reference, what was asked of whom and when, until when the answer
is promised, the official fee, where to go. The QR holds the signed token, normally with the
*secret*, so a receipt in memory is as confidential as the paper: its token and claims never show
in a log, and the disk has them only sealed (see `jobs`).

Every part is said in each of its languages, one language after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kiosk.forms.descriptor import Text
from kiosk.language import N_, format_date, format_day_and_time, format_money, in_language
from kiosk.printing.slip import Code, Gap, Item, Mark, Rule, Size, Slip, Square, Words
from sync.records import ApplicationId, Stamp
from sync.token import ReceiptClaims, receipt_url

SAMPLE = N_("Sample data: not a real receipt")
COPY = N_("Copy %(number)s")
AGAIN = N_("Printed again: the first paper was not complete")
TITLE = N_("Receipt")
SERVICE = N_("You asked for: %(service)s")
RECORDED = N_("Received: %(time)s")
DUE = N_("Answer by: %(day)s")
FEE = N_("Official fee: %(amount)s. Pay nothing else.")
NO_FEE = N_("There is no fee. Pay nothing.")
FEE_AT_DESK = N_("Ask for the official fee at the desk.")
WHERE = N_("Where to go: %(place)s")
BRING = N_("Bring: this receipt, and %(things)s")
BRING_ONLY_THIS = N_("Bring: this receipt.")
COMPLAINTS = N_("Complaints: %(contact)s")
YOUR_REFERENCE = N_("Your reference")
LOOK_UP = N_("Show this at any kiosk, or point a phone at it, to see the answer.")
OPENS = N_("Keep it safe: whoever holds it can read your application.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One application's receipt, as the applicant gets it."""

    claims: ReceiptClaims = field(repr=False)  # what the token states; may hold the secret
    token: str = field(repr=False)  # its digits
    host: str  # the portal that the QR opens
    service: Text
    office: Text
    recorded: Stamp
    due: date | None  # the promise; None where the service makes none
    where: Text | None = None
    bring: Text | None = None
    complaints: Text | None = None
    languages: tuple[str, ...] = ("lo", "en")
    sample: bool = False
    copy: int = 0  # 0: the first paper; else the number of the copy
    again: bool = False  # an earlier paper is known to have broken off

    @property
    def reference(self) -> str:
        """The short name of the application."""
        return self.claims.reference

    @property
    def application_id(self) -> ApplicationId:
        """The application it stands for."""
        return self.claims.application_id

    @property
    def opens(self) -> bool:
        """Whether its QR opens the answers, or only proves them."""
        return self.claims.secret is not None

    @property
    def url(self) -> str:
        """What its QR says."""
        return receipt_url(self.host, self.token)

    def slip(self) -> Slip:
        """What stands on its paper."""
        return Slip(tuple(self._items()))

    def _items(self) -> Iterator[Item]:
        yield from self._marks()
        yield Words(self._both(TITLE), Size.HEADING, bold=True, centred=True)
        for language in self.languages:
            yield Words(self.office.of(language), Size.SMALL, centred=True)
        yield Rule()
        yield Words(self._both(YOUR_REFERENCE), Size.SMALL, centred=True)
        yield Code(self.reference)
        yield Square(self.url)
        for language in self.languages:
            yield Words(in_language(language, LOOK_UP), Size.SMALL, centred=True)
        if self.opens:
            for language in self.languages:
                yield Words(in_language(language, OPENS), Size.SMALL, centred=True)
        for language in self.languages:
            yield Rule()
            yield from self._told_in(language)
        yield Gap(2)

    def _marks(self) -> Iterator[Item]:
        if self.sample:
            yield from (Mark(in_language(language, SAMPLE)) for language in self.languages)
        if self.copy:
            yield Mark(self._both(COPY, number=self.copy))
        if self.again:
            yield from (Mark(in_language(language, AGAIN)) for language in self.languages)

    def _both(self, message: str, **places: object) -> str:
        """The message in each language on one line, each wording once."""
        wordings = (in_language(language, message, **places) for language in self.languages)
        return " · ".join(dict.fromkeys(wordings))

    def _told_in(self, language: str) -> Iterator[Item]:
        """The promise itself, in one language."""

        def told(message: str, **places: object) -> str:
            return in_language(language, message, **places)

        yield Words(told(SERVICE, service=self.service.of(language)))
        yield Words(told(RECORDED, time=format_day_and_time(self.recorded, language)))
        if self.due is not None:
            yield Words(told(DUE, day=format_date(self.due, language)), bold=True)
        yield Words(self._fee(language))
        if self.where is not None:
            yield Words(told(WHERE, place=self.where.of(language)))
        if self.bring is not None:
            yield Words(told(BRING, things=self.bring.of(language)))
        else:
            yield Words(told(BRING_ONLY_THIS))
        if self.complaints is not None:
            yield Words(told(COMPLAINTS, contact=self.complaints.of(language)))

    def _fee(self, language: str) -> str:
        fee_lak = self.claims.fee_lak
        if fee_lak is None:
            return in_language(language, FEE_AT_DESK)
        if fee_lak == 0:
            return in_language(language, NO_FEE)
        return in_language(language, FEE, amount=format_money(fee_lak, language))
