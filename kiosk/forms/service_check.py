"""A descriptor held against what a service sheet must tell, and against the form it belongs to."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from kiosk.forms.descriptor import ServiceDescriptor, ServiceKind, StepAction
from kiosk.forms.errors import BadExpression, Said
from kiosk.forms.expression_check import REFERENCE, tree_of
from kiosk.forms.finding import N_, Finding, Place, error, warning
from kiosk.forms.parts import RECORDABLE
from kiosk.forms.piece import Notes, Piece
from kiosk.forms.purposes_check import check_purposes
from kiosk.forms.voice import CATEGORY, COMPLAINT_QUESTIONS, MARKS, QUESTIONS_ASKED
from kiosk.forms.wording import check_hidden, check_length
from kiosk.forms.workbook import CHOICES, Row, Workbook
from kiosk.forms.yaml_file import FILE

BUNDLE_MIN = 2  # services
DEPTH_MAX = 20
_OTHERS_LOOK_INTO = frozenset(("form", "recordings"))


def check_service(data: object, workbook: Workbook | None) -> Iterator[Finding]:
    """What is wrong with the parsed YAML: all of it, alone and beside its form where one is."""
    descriptor, notes = ServiceDescriptor.read_all(data)
    misread = problems_in(notes)
    yield from misread
    if not isinstance(data, Mapping):
        return
    yield from _unknown_fields(data, "", notes.fields)
    places = [finding.column or "" for finding in misread]
    for finding in _of_what_was_read(data, descriptor, workbook, places):
        if finding.sheet != FILE or not _are_told_of(finding.column or "", places):
            yield finding


def problems_in(notes: Notes) -> list[Finding]:
    """What keeps the description from being read, whatever form belongs to it."""
    return [
        Finding(Place(FILE, None, _where(problem)), problem.sentence, problem.places)
        for problem in notes.problems
    ]


def _where(problem: Said) -> str | None:
    where = problem.places.get("where")
    return where if isinstance(where, str) else None


def _are_told_of(where: str, places: Collection[str]) -> bool:
    """Whether one of the places is this one, within it or around it."""
    return any(
        f"{a}.".startswith((f"{b}.", f"{b}[")) for p in places for a, b in ((p, where), (where, p))
    )


def _of_what_was_read(
    data: Mapping[str, object],
    descriptor: ServiceDescriptor,
    workbook: Workbook | None,
    misread: Collection[str],
) -> Iterator[Finding]:
    """What the readable fields say; of the others there is only a stand-in to judge."""
    yield from _untold(descriptor)
    yield from _unsigned(descriptor, misread)
    if not _are_told_of("workflow", misread):
        yield from _steps(data, descriptor)
    yield from _bundles(descriptor)
    if workbook is not None:
        yield from _names_of_the_form(descriptor, workbook)
        if not {"kind", "complaint_codes"}.intersection(misread):
            yield from _questions_of_the_kind(descriptor, workbook)
    yield from _recordings(data, descriptor)
    if workbook is not None and not _are_told_of("purposes", misread):
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


def _unknown_fields(
    value: object, where: str, known: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    """Fields that nobody looks for where they stand, at any depth that was read."""
    if isinstance(value, Mapping):
        fields = known.get(where, ()) if where not in _OTHERS_LOOK_INTO else ()
        for name, held in value.items():
            below = f"{where}.{name}".lstrip(".")
            if not fields or name in fields:
                yield from _unknown_fields(held, below, known) if below in known else ()
                yield from _unknown_items(held, below, known)
                continue
            place, near = Place(FILE, None, below), get_close_matches(str(name), fields, 1)
            if near:
                yield error(place, N_("There is no such field. Is %(near)r meant?"), near=near[0])
            else:
                yield error(place, N_("There is no such field; is it misspelt?"))


def _unknown_items(
    value: object, where: str, known: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    for number, item in enumerate(value, 1) if isinstance(value, list) else ():
        if f"{where}[{number}]" in known:
            yield from _unknown_fields(item, f"{where}[{number}]", known)


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


def _unsigned(service: ServiceDescriptor, misread: Collection[str]) -> Iterator[Finding]:
    if (
        "sample" not in misread
        and not service.sample
        and not (service.checked_by and service.checked_on)
    ):
        sentence = N_("Say which office checked the service and when, or mark it sample: true.")
        yield error(Place(FILE, None, "checked_by"), sentence)
    promised = sum(step.days for step in service.workflow)
    known = not any(_are_told_of(name, misread) for name in ("processing_time", "workflow"))
    if known and promised > service.processing_days:
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
    for number, event in enumerate(service.life_events, 1):
        if event.bundle and (event.bundle[0] != service.id or len(event.bundle) < BUNDLE_MIN):
            place = Place(FILE, None, f"life_events[{number}].bundle")
            yield error(place, N_("A bundle begins with this service and names another."))


def _names_of_the_form(service: ServiceDescriptor, workbook: Workbook) -> Iterator[Finding]:
    """Fees and documents that refer to questions must name real ones."""
    names = {row.get("name") for row in workbook.question_rows()}
    mentioned = [
        (f"costs[{number}].computed_by", cost.computed_by)
        for number, cost in enumerate(service.costs, 1)
    ]
    for number, item in enumerate(service.evidence, 1):
        if item.required_expression is not None:
            where = f"evidence[{number}].required"
            yield from _condition(Place(FILE, None, where), item.required_expression)
            mentioned += [(where, name) for name in REFERENCE.findall(item.required_expression)]
    for where, name in mentioned:
        if name is not None and name not in names:
            sentence = N_("There is no question named %(name)r.")
            yield error(Place(FILE, None, where), sentence, name=name)


def _condition(place: Place, source: str) -> Iterator[Finding]:
    """When a document is needed: a condition over answers."""
    if not REFERENCE.search(source):
        sentence = N_("Write true, false, or a condition such as ${born_at} = 'hospital'.")
        yield error(place, sentence)
        return
    try:
        tree_of(source)
    except BadExpression as problem:
        yield error(place, N_("The expression cannot be read: %(problem)s"), problem=problem)


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
