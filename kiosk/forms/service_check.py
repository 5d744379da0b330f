"""A descriptor held against what a service sheet must tell, and against the form it belongs to."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from kiosk.forms.descriptor import BadDescriptor, ServiceDescriptor, ServiceKind, StepAction
from kiosk.forms.expression_check import REFERENCE
from kiosk.forms.finding import N_, Finding, Place, error, warning
from kiosk.forms.parts import RECORDABLE
from kiosk.forms.piece import Piece
from kiosk.forms.purposes_check import check_purposes
from kiosk.forms.voice import CATEGORY, COMPLAINT_QUESTIONS, MARKS, QUESTIONS_ASKED
from kiosk.forms.wording import check_hidden, check_length
from kiosk.forms.workbook import CHOICES, Row, Workbook

FILE = "descriptor.yaml"
FIELDS = frozenset(
    (
        *("id", "version", "status", "sample", "name", "description", "icon", "kind"),
        *("competent_authority", "life_events", "thematic_area", "audience", "who_may_apply"),
        *("languages", "spatial", "keywords", "channels", "processing_time", "costs", "evidence"),
        *("requirements", "rules", "legal", "outputs", "steps", "bring", "other_way", "contact"),
        *("receipt_opens", "form", "workflow", "reasons", "feedback", "complaint_codes"),
        *("checked_by", "checked_on", "recordings", "review_by", "leave_quickly"),
        "purposes",
    )
)
BUNDLE_MIN = 2  # services
DEPTH_MAX = 20


def check_service(data: object, workbook: Workbook) -> Iterator[Finding]:
    """What is wrong with the parsed YAML, alone and beside its form."""
    try:
        descriptor = ServiceDescriptor.from_json(data)
    except BadDescriptor as problem:
        if isinstance(data, Mapping):  # a misspelt field is the likeliest reason
            yield from _unknown_fields(data)
        where = problem.places.get("where")
        place = Place(FILE, None, where if isinstance(where, str) else None)
        yield error(place, N_("The descriptor is wrong: %(problem)s"), problem=problem)
        return
    assert isinstance(data, Mapping)
    yield from _unknown_fields(data)
    yield from _untold(descriptor)
    yield from _unsigned(descriptor)
    yield from _steps(data, descriptor)
    yield from _bundles(descriptor)
    yield from _names_of_the_form(descriptor, workbook)
    yield from _questions_of_the_kind(descriptor, workbook)
    yield from _recordings(data, descriptor)
    yield from check_purposes(data, descriptor, workbook)
    texts = {name: value for name, value in data.items() if name != "recordings"}
    yield from _words(texts, "", descriptor.languages)


def _recordings(data: Mapping[str, object], service: ServiceDescriptor) -> Iterator[Finding]:
    """Parts that no sheet has, languages that the service does not speak."""
    named = data.get("recordings")
    parts = named if isinstance(named, Mapping) else {}
    for part, names in parts.items():
        place = Place(FILE, None, f"recordings.{part}")
        if part not in RECORDABLE:
            sentence = N_("There is no part %(part)r; there are: %(known)s.")
            yield error(place, sentence, part=str(part)[:80], known=", ".join(RECORDABLE))
        for language in names if isinstance(names, Mapping) else ():
            if language not in service.languages:
                sentence = N_("The service has no texts in the language %(language)s.")
                yield error(place, sentence, language=str(language)[:80])


def _unknown_fields(data: Mapping[str, object]) -> Iterator[Finding]:
    for name in data:
        if name not in FIELDS:
            place, near = Place(FILE, None, str(name)), get_close_matches(str(name), FIELDS, 1)
            if near:
                yield error(place, N_("There is no such field. Is %(near)r meant?"), near=near[0])
            else:
                yield error(place, N_("There is no such field; is it misspelt?"))


def _untold(service: ServiceDescriptor) -> Iterator[Finding]:
    """What the sheet would have to leave empty."""
    for name, value in (
        ("legal", service.legal),
        ("costs", service.costs),
        ("steps", service.steps),
        ("outputs", service.outputs),
        ("life_events", service.life_events),
        ("icon", service.icon),
    ):
        if not value and service.kind is not ServiceKind.FEEDBACK:  # which has no sheet
            yield error(Place(FILE, None, name), N_("The service sheet needs this."))
    applied_for = service.kind is ServiceKind.APPLICATION
    for name, told in (
        ("evidence", bool(service.evidence)),
        ("other_way", service.other_way is not None),
        ("contact.telephone", service.contact.telephone is not None),
        ("contact.complaint_telephone", service.contact.complaint_telephone is not None),
        ("reasons.return", bool(service.reasons_for("return")) or not applied_for),
        ("reasons.reject", bool(service.reasons_for("reject")) or not applied_for),
    ):
        if not told and service.kind is not ServiceKind.FEEDBACK:
            sentence = N_(
                "Nothing stands here, and people will look for it. Write it if there is any."
            )
            yield warning(Place(FILE, None, name), sentence)


def _unsigned(service: ServiceDescriptor) -> Iterator[Finding]:
    if not service.sample and not (service.checked_by and service.checked_on):
        sentence = N_("Say which office checked the service and when, or mark it sample: true.")
        yield error(Place(FILE, None, "checked_by"), sentence)
    promised = sum(step.days for step in service.workflow)
    if promised > service.processing_days:
        sentence = N_("The steps take %(steps)s days, but %(days)s are promised.")
        place = Place(FILE, None, "workflow")
        yield error(place, sentence, steps=promised, days=service.processing_days)


def _steps(data: Mapping[str, object], service: ServiceDescriptor) -> Iterator[Finding]:
    """Steps that an office could not do, or that would be done after the decision."""
    for number, step in enumerate(Piece(data.get("workflow") or {}).items("steps"), 1):
        place = Place(FILE, None, f"workflow.steps[{number}]")
        action = step.find_text("action")
        if action is not None and action not in tuple(StepAction):
            known = ", ".join(StepAction)
            sentence = N_("There is no action %(action)r; there are: %(known)s.")
            yield error(place, sentence, action=action, known=known)
    for number, known_step in enumerate(service.workflow, 1):
        place = Place(FILE, None, f"workflow.steps[{number}]")
        if known_step.decides is not (known_step.action is StepAction.DECIDE):
            yield error(place, N_("A step with action: decide needs decides: true, no other may."))
        if known_step.signatories > 1 and not known_step.decides:
            yield error(place, N_("Only the step that decides can have two signatories."))
        if known_step.decides is not (number == len(service.workflow)):
            yield error(place, N_("The last step decides, and no other."))
    ids = [step.id for step in service.workflow]
    if len(set(ids)) < len(ids):
        yield error(Place(FILE, None, "workflow"), N_("Two steps have the same id."))


def _bundles(service: ServiceDescriptor) -> Iterator[Finding]:
    """A bundle is written down in its first service."""
    for event in service.life_events:
        if event.bundle and (event.bundle[0] != service.id or len(event.bundle) < BUNDLE_MIN):
            place = Place(FILE, None, f"life_events.{event.id}")
            yield error(place, N_("A bundle begins with this service and names another."))


def _names_of_the_form(service: ServiceDescriptor, workbook: Workbook) -> Iterator[Finding]:
    """Fees and documents that refer to questions must name real ones."""
    names = {row.get("name") for row in workbook.question_rows()}
    mentioned = [(f"costs.{cost.id}", cost.computed_by) for cost in service.costs]
    mentioned += [
        (f"evidence.{item.id}", name)
        for item in service.evidence
        for name in REFERENCE.findall(item.required_expression or "")
    ]
    for where, name in mentioned:
        if name is not None and name not in names:
            sentence = N_("There is no question named %(name)r.")
            yield error(Place(FILE, None, where), sentence, name=name)


def _questions_of_the_kind(service: ServiceDescriptor, workbook: Workbook) -> Iterator[Finding]:
    """What the programs look for in a complaint, and in the questions about a service."""
    rows = {row.get("name"): row for row in workbook.question_rows()}
    if service.kind is ServiceKind.COMPLAINT:
        for name in COMPLAINT_QUESTIONS:
            if name not in rows:
                yield _missing(name)
        if CATEGORY in rows:
            yield from _codes(rows[CATEGORY], workbook, service.complaint_codes)
    elif service.kind is ServiceKind.FEEDBACK:
        for name in QUESTIONS_ASKED:
            if name not in rows:
                yield _missing(name)
            elif not set(MARKS) <= _choices_of(rows[name], workbook):
                sentence = N_("The answers to %(name)r must be named %(names)s.")
                yield error(rows[name].place(), sentence, name=name, names=", ".join(MARKS))


def _codes(category: Row, workbook: Workbook, codes: tuple[str, ...]) -> Iterator[Finding]:
    if _choices_of(category, workbook) != set(codes):
        sentence = N_("The choices of %(name)r must be the complaint_codes of the descriptor.")
        yield error(category.place(), sentence, name=CATEGORY)


def _choices_of(row: Row, workbook: Workbook) -> set[str]:
    list_name = row.get("type").partition(" ")[2].strip()
    rows = workbook.sheet(CHOICES).rows
    return {choice.get("name") for choice in rows if choice.get("list_name") == list_name}


def _missing(name: str) -> Finding:
    return error(Place(FILE, None, "kind"), N_("There is no question named %(name)r."), name=name)


def _words(
    value: object, where: str, languages: tuple[str, ...], depth: int = 0
) -> Iterator[Finding]:
    """Each text of the descriptor in each language, and nothing hidden in any of them."""
    place = Place(FILE, None, where)
    if depth > DEPTH_MAX:
        yield error(place, N_("The descriptor is nested too deep."))
    elif isinstance(value, str):
        yield from check_hidden(place, value)
    elif isinstance(value, Mapping):
        if set(value) & set(languages) and all(isinstance(text, str) for text in value.values()):
            yield from _text(value, place, languages)
        for name, item in value.items():
            yield from _words(item, f"{where}.{name}".lstrip("."), languages, depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _words(item, f"{where}[{number}]", languages, depth + 1)


def _text(text: Mapping[str, str], place: Place, languages: tuple[str, ...]) -> Iterator[Finding]:
    for language in languages:
        if language not in text:
            sentence = N_("The text is missing in the language %(language)s.")
            yield error(place, sentence, language=language)
        else:
            yield from check_length(place, language, text[language])
