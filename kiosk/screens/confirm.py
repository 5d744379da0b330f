"""What happens when the application is handed in, said before it is, with one main action.

Who decides, until when about, the official fee and nothing else, and that the paper is her key.
Where a clerk has helped, the main action leads to the page on which the applicant confirms.
"""

from kivy.properties import StringProperty

from kiosk.forms.descriptor import ReceiptOpens, ServiceDescriptor, ServiceKind
from kiosk.language import N_, _, format_date, format_money, language
from kiosk.printing.errors import PrinterCode
from kiosk.screens.hand_in import HandInScreen
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Fact
from kiosk.services import NoSuchService
from sync.journey import CONFIRM

HEADING = N_("What happens when you hand it in")
DECIDES = N_("Who decides")
ANSWERS = N_("Who answers")
HAND_IN = N_("Hand in my application")
HAND_IN_COMPLAINT = N_("Hand in my complaint")
WHEN = N_("Answer by about")
WORKING_DAYS = N_("%(days)s working days from today")
FEE = N_("Official fee")
PAY = N_("%(amount)s. Pay nothing else.")
FREE = N_("There is no fee. Pay nothing.")
CONTINUE = N_("Continue")
ASK = N_("Ask for it at the desk. Pay nothing else.")
PAPER = N_("Your paper is your key")
OPENS = N_("You get a paper. Whoever holds it can read your application: keep it safe.")
OPENS_COMPLAINT = N_("You get a paper. Whoever holds it can read your complaint: keep it safe.")
SHOWS = N_("You get a paper. With it you see how your application is doing: keep it safe.")
NO_PAPER = N_("There is no printer here. Keep the number that you will see.")
REPLACES = N_("What it replaces")
OLD_ONE = N_("Your application %(reference)s. It is kept, but only the new one counts.")
PAID = N_("If you have paid already, show both receipts.")
WITHDRAWN = N_(
    "This service is no longer offered here. Your answers are still here: ask the staff."
)


class ConfirmScreen(HandInScreen):
    """The last page before the promise."""

    main_action = StringProperty("")

    def refresh(self) -> None:
        """Say it in the present language."""
        if self.visit.entry is None:
            return
        self.visit.is_at(CONFIRM)
        try:
            service = self.desk.service(self.service_id)
        except NoSuchService:
            self.problem = _(WITHDRAWN)
            return
        sheet = service.descriptor
        main_action = HAND_IN_COMPLAINT if service.is_complaint else HAND_IN
        self.main_action = _(main_action if self.visit.helper is None else CONTINUE)
        due = self.desk.due_date(service)
        days = _(WORKING_DAYS, days=sheet.processing_days)
        correction = self.visit.correction
        fee = fee_words(self.desk.fee(service, self.visit.entry))
        if correction is not None and self.desk.fee(service, self.visit.entry) != 0:
            fee = f"{fee} {_(PAID)}"
        decides = ANSWERS if service.is_complaint else DECIDES
        told = [
            ("office", decides, sheet.competent_authority.name.of(language())),
            ("clock", WHEN, format_date(due) if due is not None else days),
            ("money", FEE, fee),
            ("receipt", PAPER, self._paper_words(sheet)),
        ]
        if correction is not None:
            old = _(OLD_ONE, reference=correction.reference)
            told.insert(0, ("change", REPLACES, old))
        facts = [Fact(icon=icon, name=_(name), text=text) for icon, name, text in told]
        self.ids.facts.show(facts, keep_page=True)

    def _paper_words(self, sheet: ServiceDescriptor) -> str:
        if self.desk.readiness().printer is PrinterCode.NONE:
            return _(NO_PAPER)
        if sheet.receipt_opens is not ReceiptOpens.ANSWERS:
            return _(SHOWS)
        return _(OPENS_COMPLAINT if sheet.kind is ServiceKind.COMPLAINT else OPENS)

    def hand_in(self) -> None:
        """The touch on Submit."""
        if self.visit.helper is None:
            self.submit()
        else:
            self.shell.go("helped", service_id=self.service_id)

    def spoken(self) -> tuple[str, ...]:
        """What is the same for every service."""
        return (HEADING, DECIDES, WHEN, FEE, PAPER, OPENS)


def fee_words(fee_lak: int | None) -> str:
    """The official fee, and that nothing else is to be paid."""
    if fee_lak is None:
        return _(ASK)
    if fee_lak == 0:
        return _(FREE)
    return _(PAY, amount=format_money(fee_lak))


load_rules(__file__)
