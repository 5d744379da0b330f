"""The receipt: proof that an application is kept, a promise of an answer, and the holder's key.

It carries no personal data of hers: a reference, what was asked of whom and when, which clerk
helped, until when the answer is promised, the official fee, where to go. The QR holds the signed
token, normally with the *secret*, so a receipt in memory is as confidential as the paper: its token
and claims never show in a log, and the disk has them only sealed (see `jobs`).

Every part is said in each of its languages, the first one larger; what reads alike in all of them,
a day or an amount, stands once: short paper is read, and a line of dots costs a kilobyte.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from kiosk.forms.descriptor import Text
from kiosk.language import N_, VIENTIANE, format_day_and_time, in_language
from kiosk.printing.bilingual import in_each, on_one_line, said
from kiosk.printing.slip import Code, Item, Mark, Rule, Size, Slip, Square, Words
from sync.records import ApplicationId, Stamp, TimeQuality
from sync.token import ReceiptClaims, receipt_url

DAY = "%d/%m/%Y"  # how days are written in Laos
NO_BREAK_SPACE = "\u00a0"

SAMPLE = N_("Sample data")
COPY = N_("Copy %(number)s")
AGAIN = N_("Printed again: the first paper was not complete")
TITLE = N_("Receipt")
TITLE_COMPLAINT = N_("Receipt of a complaint")
LOOK_UP = N_("Scan for the answer")
RECORDED = N_("Received")
DUE = N_("Answer by")
PAY_ONLY = N_("Pay only")
NO_FEE = N_("No fee: pay nothing")
FEE_AT_DESK = N_("Ask for the fee at the desk")
WHERE = N_("Go to: %(place)s")
BRING = N_("Bring this and %(things)s")
BRING_ONLY_THIS = N_("Bring this receipt")
COMPLAINTS = N_("Complaints")
HELPED_BY = N_("Helped by")
REPLACES = N_("Replaces %(reference)s. Keep both papers.")
OPENS = N_("Keep safe: it opens your application")
OPENS_COMPLAINT = N_("Keep safe: it opens your complaint")
GOES_ROUND = N_("The office you complain about does not read it")
NOWHERE = N_("Read the answer at any kiosk")


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
    replaces: str = ""  # the reference of the application that this one corrects
    again: bool = False  # an earlier paper is known to have broken off
    is_complaint: bool = False
    helped_by: str = ""  # the clerk who helped to fill it in

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
        if self.is_complaint:
            for language in self.languages:
                yield Words(in_language(language, TITLE_COMPLAINT), bold=True, centred=True)
        else:
            yield Words(self._both(TITLE), bold=True, centred=True)
        yield Code(self.reference)
        yield Square(self.url)
        for language in self.languages:
            yield Words(in_language(language, LOOK_UP), Size.SMALL, centred=True)
        yield Rule()
        yield from self._in_each(self.service.of, bold=True)
        if self.replaces:
            yield from self._in_each(
                lambda language: in_language(language, REPLACES, reference=self.replaces)
            )
        yield from self._recorded()
        if self.helped_by:
            helped = f"{self._both(HELPED_BY)}: {self.helped_by}"
            yield Words(helped, Size.SMALL, icon="person")
        if self.due is not None:
            yield Words(f"{self._both(DUE)}: {self.due:{DAY}}", bold=True, icon="clock")
        yield from self._fee()
        yield from self._where_to()
        yield from self._complaints()
        if self.opens:
            yield Rule()
            opens = OPENS_COMPLAINT if self.is_complaint else OPENS
            for language in self.languages:
                yield Words(in_language(language, opens), Size.SMALL)

    def _where_to(self) -> Iterator[Item]:
        """Where to fetch what was applied for; who complains is sent to no office."""
        if self.is_complaint:
            for sentence in (NOWHERE, GOES_ROUND):
                yield from self._in_each(said(sentence))
            return
        place = self.where or self.office
        yield from self._in_each(
            lambda language: in_language(language, WHERE, place=place.of(language)), icon="office"
        )
        yield from self._in_each(self._bring, icon="documents")

    def _marks(self) -> Iterator[Item]:
        if self.sample:
            yield Mark(self._both(SAMPLE))
        if self.copy:
            yield Mark(self._both(COPY, number=self.copy))
        if self.again:
            yield Mark(self._both(AGAIN))

    def _both(self, message: str, **places: object) -> str:
        """The message in each language on one line, each wording once."""
        return on_one_line(self.languages, message, **places)

    def _in_each(
        self, told: Callable[[str], str], *, bold: bool = False, icon: str = ""
    ) -> Iterator[Item]:
        """A line in each language, each wording once: the first large, the others small."""
        return in_each(self.languages, told, bold=bold, icon=icon)

    def _recorded(self) -> Iterator[Item]:
        """The moment, in figures; where the clock is doubtful, each language says so."""
        if self.recorded.quality is TimeQuality.UNKNOWN:
            for language in self.languages:
                when = format_day_and_time(self.recorded, language)
                yield Words(f"{in_language(language, RECORDED)}: {when}", Size.SMALL)
            return
        local = datetime.fromtimestamp(self.recorded.at_ms / 1000, VIENTIANE)
        yield Words(f"{self._both(RECORDED)}: {local:{DAY} %H:%M}", Size.SMALL)

    def _fee(self) -> Iterator[Item]:
        fee_lak = self.claims.fee_lak
        if fee_lak is None:
            yield from self._in_each(said(FEE_AT_DESK), icon="money")
        elif fee_lak == 0:
            yield Words(self._both(NO_FEE), icon="money")
        else:
            amount = f"{fee_lak:,}".replace(",", NO_BREAK_SPACE)  # read alike in each language
            yield Words(f"{self._both(PAY_ONLY)}: {amount}{NO_BREAK_SPACE}₭", icon="money")

    def _bring(self, language: str) -> str:
        if self.bring is None:
            return in_language(language, BRING_ONLY_THIS)
        return in_language(language, BRING, things=self.bring.of(language))

    def _complaints(self) -> Iterator[Item]:
        if self.complaints is None:
            return
        contacts = {self.complaints.of(language) for language in self.languages}
        if len(contacts) == 1:
            yield Words(f"{self._both(COMPLAINTS)}: {contacts.pop()}", Size.SMALL, icon="complain")
        else:
            yield from self._in_each(self._complaint)

    def _complaint(self, language: str) -> str:
        contact = self.complaints.of(language) if self.complaints else ""
        return f"{in_language(language, COMPLAINTS)}: {contact}"
