"""What is worth knowing about a service before applying: the facts of its sheet, in any language.

The screen and the printed sheet show the same. What nobody has confirmed is said so: a fee without
a value reads "ask at the desk", and sample data carries its mark.
"""

from collections.abc import Iterator

from kiosk.forms.descriptor import ServiceDescriptor, ServiceKind
from kiosk.forms.parts import Cost, Evidence
from kiosk.language import N_, format_money, in_language

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
ASK_INLINE = N_("ask at the desk")
WORKED_OUT = N_("worked out from your answers")
FREE = N_("free")
EXACT_FEE = N_("The exact fee is worked out from your answers.")
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
    name = cost.description.of(code).rstrip(".")
    if cost.value is None and cost.computed_by is None:
        amount = in_language(code, ASK_INLINE)
    elif cost.value is None:
        amount = in_language(code, WORKED_OUT)
    elif cost.value == 0:
        amount = in_language(code, FREE)
    else:
        amount = format_money(cost.value, code)
    yield f"{name}: {amount}"
    if cost.value is not None and cost.computed_by is not None:
        yield in_language(code, EXACT_FEE)


def _document(document: Evidence, code: str) -> str:
    name = document.name.of(code)
    return name if document.when is None else f"{name}. {document.when.of(code)}"


def _telephones(sheet: ServiceDescriptor, code: str) -> list[str]:
    lines = [in_language(code, QUESTIONS, number=sheet.contact.telephone)]
    if sheet.contact.complaint_telephone:
        lines.append(in_language(code, COMPLAINTS, number=sheet.contact.complaint_telephone))
    return lines
