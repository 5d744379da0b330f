"""The service sheet: everything worth knowing before applying, on short pages, one main action.

What nobody has confirmed is said so: a fee without a value reads "ask at the desk" and sample data
carries its mark on every page of the sheet.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.forms.descriptor import ServiceDescriptor, ServiceKind
from kiosk.forms.parts import Cost, Evidence
from kiosk.language import N_, _, format_money, language
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import fact_rows
from kiosk.services import NoSuchService

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell

GET = N_("What you get")
WHO = N_("Who may apply")
WHO_COMPLAINS = N_("Who may complain")
BRING = N_("Documents")
FEE = N_("Fee")
DAYS = N_("How long it takes")
DECIDES = N_("Who decides")
LAW = N_("Legal basis")
STEPS = N_("What happens")
TOGETHER = N_("Together with it")
SAME_ANSWERS = N_("%(service)s: afterwards, with the same answers.")
OTHER = N_("Another way")
CONTACT = N_("Questions and complaints")
APPLY = N_("Apply")
COMPLAIN = N_("Complain")
SAMPLE_DATA = N_("Sample data")
SAMPLE = N_("These facts are sample data. No office has confirmed them yet.")
ASK = N_("Ask at the desk")


class SheetScreen(Screen):
    """One service, before applying for it."""

    name = StringProperty("")
    picture = ObjectProperty(None, allownone=True)
    is_sample = BooleanProperty(False)
    main_action = StringProperty("")
    service_id = ""

    def open(self, **given: Any) -> None:
        """Takes `service_id`, and `about`: the reference that a complaint is about."""
        self.service_id = given["service_id"]
        self._about: str = given.get("about", "")

    def refresh(self) -> None:
        """Show the newest sheet of the service in the current language."""
        try:
            service = self.desk.service(self.service_id)
        except NoSuchService:  # withdrawn while somebody read it
            self.shell.home()
            return
        sheet = service.descriptor
        self.name = sheet.name.of(language())
        self.picture = picture_texture(service.icon)
        self.is_sample = sheet.sample
        self.main_action = _(COMPLAIN if service.is_complaint else APPLY)
        follows = self.desk.following(self.service_id)
        told = facts(sheet, follows.descriptor if follows else None)
        rows = (fact_rows(icon, _(name), lines) for icon, name, lines in told)
        self.ids.facts.show([row for group in rows for row in group], keep_page=True)

    def apply(self) -> None:
        """Fill in the form: go on with what was begun, or begin."""
        begun = self.visit.entry
        service = self.desk.service(self.service_id)
        if begun is None or begun.definition is not service.definition:
            self.visit.entry = (
                self.desk.begin_complaint(self._about)
                if service.is_complaint
                else self.desk.begin(self.service_id, self.visit.facts)
            )
        fill_in(self.shell, self.service_id)

    def spoken(self) -> tuple[str, ...]:
        """The sheet's headings; the facts themselves are the service's own recordings."""
        return (GET, WHO, BRING, FEE, DAYS, DECIDES, LAW, APPLY)


def fill_in(shell: "Shell", service_id: str) -> None:
    """Go to the question that is next, or to the answers where this visit has told all."""
    entry = shell.visit.entry
    assert entry is not None
    asks = entry.page is not None or entry.retreat()
    shell.go("question" if asks else "check", service_id=service_id)


def facts(
    sheet: ServiceDescriptor, follows: ServiceDescriptor | None = None
) -> Iterator[tuple[str, str, list[str]]]:
    """Icon, heading and lines of each fact that the service states, most asked first."""
    code = language()
    outputs = [output.name.of(code) for output in sheet.outputs]
    if sheet.kind is ServiceKind.COMPLAINT:  # whether she dares to comes first
        yield from _who(sheet)
    yield "gift", GET, outputs or [sheet.description.of(code)]
    yield "money", FEE, [line for cost in sheet.costs for line in _fee(cost)] or [_(ASK)]
    yield "clock", DAYS, [_("%(days)s working days", days=sheet.processing_days)]
    if follows is not None:
        yield "people", TOGETHER, [_(SAME_ANSWERS, service=follows.name.of(code))]
    if sheet.evidence:
        yield "documents", BRING, [_document(item) for item in sheet.evidence]
    if sheet.kind is not ServiceKind.COMPLAINT:
        yield from _who(sheet)
    yield "office", DECIDES, [sheet.competent_authority.name.of(code)]
    if sheet.steps:
        yield "forward", STEPS, [f"{n}. {step.of(code)}" for n, step in enumerate(sheet.steps, 1)]
    if sheet.legal:
        yield "law", LAW, [law.name.of(code) for law in sheet.legal]
    if sheet.other_way is not None:
        yield "person", OTHER, [sheet.other_way.of(code)]
    if sheet.contact.telephone:
        yield "help", CONTACT, _telephones(sheet)
    if sheet.sample:
        yield "warning", SAMPLE_DATA, [_(SAMPLE)]


def _who(sheet: ServiceDescriptor) -> Iterator[tuple[str, str, list[str]]]:
    conditions = [requirement.name.of(language()) for requirement in sheet.requirements]
    heading = WHO_COMPLAINS if sheet.kind is ServiceKind.COMPLAINT else WHO
    yield "people", heading, [sheet.audience.of(language()), *conditions]


def _fee(cost: Cost) -> Iterator[str]:
    name = cost.description.of(language()).rstrip(".")
    if cost.value is None and cost.computed_by is None:
        amount = _("ask at the desk")
    elif cost.value is None:
        amount = _("worked out from your answers")
    elif cost.value == 0:
        amount = _("free")
    else:
        amount = format_money(cost.value)
    yield f"{name}: {amount}"
    if cost.value is not None and cost.computed_by is not None:
        yield _("The exact fee is worked out from your answers.")


def _document(document: Evidence) -> str:
    name = document.name.of(language())
    return name if document.when is None else f"{name}. {document.when.of(language())}"


def _telephones(sheet: ServiceDescriptor) -> list[str]:
    lines = [_("Questions: %(number)s", number=sheet.contact.telephone)]
    if sheet.contact.complaint_telephone:
        lines.append(_("Complaints: %(number)s", number=sheet.contact.complaint_telephone))
    return lines


load_rules(__file__)
