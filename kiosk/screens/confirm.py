"""What happens when the application is handed in, said before it is, with one main action.

Who decides, until when about, the official fee and nothing else, and that the paper is her key. A
full disk is said in the desk's own sentence; then nothing was handed in and every answer is kept.
"""

from typing import Any

from kivy.properties import StringProperty

from kiosk.desk import CannotKeep, NotReady
from kiosk.forms.descriptor import ReceiptOpens, ServiceDescriptor
from kiosk.language import N_, _, format_date, format_money, language
from kiosk.printing.errors import PrinterCode
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Fact
from kiosk.services import NoSuchService

HEADING = N_("What happens when you hand it in")
DECIDES = N_("Who decides")
WHEN = N_("Answer by about")
WORKING_DAYS = N_("%(days)s working days from today")
FEE = N_("Official fee")
PAY = N_("%(amount)s. Pay nothing else.")
FREE = N_("There is no fee. Pay nothing.")
ASK = N_("Ask for it at the desk. Pay nothing else.")
PAPER = N_("Your paper is your key")
OPENS = N_("You get a paper. Whoever holds it can read your application: keep it safe.")
SHOWS = N_("You get a paper. With it you see how your application is doing: keep it safe.")
NO_PAPER = N_("There is no printer here. Keep the number that you will see.")
WITHDRAWN = N_(
    "This service is no longer offered here. Your answers are still here: ask the staff."
)


class ConfirmScreen(Screen):
    """The last page before the promise."""

    problem = StringProperty("")
    service_id = ""

    def open(self, **given: Any) -> None:
        """Takes `service_id`."""
        self.service_id = given["service_id"]

    def refresh(self) -> None:
        """Say it in the present language."""
        if self.visit.entry is None:
            return
        try:
            service = self.desk.service(self.service_id)
        except NoSuchService:
            self.problem = _(WITHDRAWN)
            return
        sheet = service.descriptor
        due = self.desk.due_date(service)
        days = _(WORKING_DAYS, days=sheet.processing_days)
        told = (
            ("office", DECIDES, sheet.competent_authority.name.of(language())),
            ("clock", WHEN, format_date(due) if due is not None else days),
            ("money", FEE, fee_words(self.desk.fee(service, self.visit.entry))),
            ("receipt", PAPER, self._paper_words(sheet)),
        )
        facts = [Fact(icon=icon, name=_(name), text=text) for icon, name, text in told]
        self.ids.facts.show(facts, keep_page=True)

    def _paper_words(self, sheet: ServiceDescriptor) -> str:
        if self.desk.readiness().printer is PrinterCode.NONE:
            return _(NO_PAPER)
        return _(OPENS if sheet.receipt_opens is ReceiptOpens.ANSWERS else SHOWS)

    def hand_in(self) -> None:
        """The touch on Submit. The receipt is shown only after the disk has the application."""
        entry = self.visit.entry
        if entry is None:  # handed in a moment ago
            return
        try:
            submitted = self.desk.submit(entry)
        except CannotKeep as problem:
            self.problem = str(problem)
        except NotReady:
            self.shell.back()
        else:
            self.visit.hands_in(submitted)
            self.shell.replace("receipt", service_id=self.service_id)

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
