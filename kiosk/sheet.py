"""What is worth knowing about a service before applying: the facts of its sheet, in any language.

The screen and the printed sheet show the same. What nobody has confirmed is said so: a fee without
a value reads "ask at the desk", and sample data carries its mark.
"""

from collections.abc import Iterator
from functools import partial

from kiosk.forms.descriptor import ServiceDescriptor, ServiceKind
from kiosk.forms.fees import fee_in_words
from kiosk.forms.parts import Cost, Evidence
from kiosk.language import N_, format_number, in_language

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
SAMPLE_DATA = N_("Sample data")
SAMPLE = N_("These facts are sample data. No office has confirmed them yet.")
ASK = N_("Ask at the desk")
WORKING_DAYS = N_("%(days)s working days")
QUESTIONS = N_("Questions: %(number)s")
COMPLAINTS = N_("Complaints: %(number)s")


def facts(
    sheet: ServiceDescriptor, follows: ServiceDescriptor | None, code: str
) -> Iterator[tuple[str, str, list[str]]]:
    """Icon, heading (to be translated) and lines of each fact that the service states."""
    outputs = [output.name.of(code) for output in sheet.outputs]
    if sheet.kind is ServiceKind.COMPLAINT:  # whether she dares to comes first
        yield from _who(sheet, code)
    yield "gift", GET, outputs or [sheet.description.of(code)]
    yield (
        "money",
        FEE,
        [line for cost in sheet.costs for line in _fee(cost, code)] or [in_language(code, ASK)],
    )
    yield "clock", DAYS, [in_language(code, WORKING_DAYS, days=sheet.processing_days)]
    if follows is not None:
        yield "people", TOGETHER, [in_language(code, SAME_ANSWERS, service=follows.name.of(code))]
    if sheet.evidence:
        yield "documents", BRING, [_document(item, code) for item in sheet.evidence]
    if sheet.kind is not ServiceKind.COMPLAINT:
        yield from _who(sheet, code)
    yield "office", DECIDES, [sheet.competent_authority.name.of(code)]
    if sheet.steps:
        yield "forward", STEPS, [f"{n}. {step.of(code)}" for n, step in enumerate(sheet.steps, 1)]
    if sheet.legal:
        yield "law", LAW, [law.name.of(code) for law in sheet.legal]
    if sheet.other_way is not None:
        yield "person", OTHER, [sheet.other_way.of(code)]
    if sheet.contact.telephone:
        yield "help", CONTACT, _telephones(sheet, code)
    if sheet.sample:
        yield "warning", SAMPLE_DATA, [in_language(code, SAMPLE)]


def _who(sheet: ServiceDescriptor, code: str) -> Iterator[tuple[str, str, list[str]]]:
    conditions = [requirement.name.of(code) for requirement in sheet.requirements]
    heading = WHO_COMPLAINS if sheet.kind is ServiceKind.COMPLAINT else WHO
    yield "people", heading, [sheet.audience.of(code), *conditions]


def _fee(cost: Cost, code: str) -> Iterator[str]:
    fee = fee_in_words(
        cost, code, partial(in_language, code), partial(format_number, language=code)
    )
    yield f"{fee.name}: {fee.amount}"
    if fee.note:
        yield fee.note


def _document(document: Evidence, code: str) -> str:
    name = document.name.of(code)
    return name if document.when is None else f"{name}. {document.when.of(code)}"


def _telephones(sheet: ServiceDescriptor, code: str) -> list[str]:
    lines = [in_language(code, QUESTIONS, number=sheet.contact.telephone)]
    if sheet.contact.complaint_telephone:
        lines.append(in_language(code, COMPLAINTS, number=sheet.contact.complaint_telephone))
    return lines
