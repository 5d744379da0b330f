"""From a ministry's folder to a signed bundle, or to a list of what must be mended first.

The same steps serve the command line and central's catalogue: read the folder, check each cell,
let pyxform make the XForm, compile it with the kiosk's own engine, fill it by chance to train the
dictionary, pack and sign. Nothing half-good leaves: one error and there is no bundle.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nacl.signing import SigningKey

from kiosk.forms import bundle
from kiosk.forms.asking_check import check_asking
from kiosk.forms.compile import compile_form
from kiosk.forms.converter import doubt, rows_by_name, to_xform
from kiosk.forms.definition import Definition
from kiosk.forms.descriptor import BadDescriptor, ServiceDescriptor
from kiosk.forms.errors import FormError
from kiosk.forms.expression_check import check_expressions
from kiosk.forms.finding import MORE, N_, Finding, Level, Place, error, has_errors, warning
from kiosk.forms.folder import ICON, ServiceFolder, read_folder
from kiosk.forms.form_json import definition_of, json_of
from kiosk.forms.kind_check import check_kinds
from kiosk.forms.limits_check import check_counts, check_limits
from kiosk.forms.lists_check import check_lists, lists_of
from kiosk.forms.locating import located
from kiosk.forms.media_check import (
    check_media,
    check_sheet_media,
    unrecorded,
    unrecorded_sheet,
)
from kiosk.forms.samples import sample_records, train_dictionary
from kiosk.forms.service_check import check_service
from kiosk.forms.structure_check import QUESTIONS_MAX, check_structure
from kiosk.forms.survey_check import check_survey
from kiosk.forms.version import Version
from kiosk.forms.workbook import (
    CHOICES,
    SETTINGS,
    SURVEY,
    BadWorkbook,
    Workbook,
    read_workbook,
)
from kiosk.forms.workbook import FILE as WORKBOOK
from kiosk.forms.yaml_file import FILE as DESCRIPTOR

DESCRIPTION_FINDINGS_MAX = 200  # who mends those has seen what is wrong with the rest
# check_survey names each cell without words; a kiosk makes pictures small itself
_SAID_HERE = re.compile(r"^Language '.*' is missing the|max-pixels parameter")


class CannotPublish(Exception):
    """The folder has errors; `findings` say which, and where."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Draft:
    """A service that could be made from its folder, not yet signed."""

    folder: ServiceFolder
    xform: str
    definition: Definition
    descriptor: ServiceDescriptor


def check(folder: Path) -> list[Finding]:
    """What is to be mended in a service's folder; empty when all is well."""
    return in_order(_draft(folder)[1])


def in_order(findings: list[Finding]) -> list[Finding]:
    """The findings as somebody mends them: file by file, sheet by sheet, from the top down."""
    known = (WORKBOOK, SURVEY, CHOICES, SETTINGS)

    def key(finding: Finding) -> tuple[int, str, int]:
        sheet = finding.sheet
        return (known.index(sheet) if sheet in known else len(known), sheet, finding.row or 0)

    return sorted(findings, key=key)


def gravest_first(findings: list[Finding]) -> list[Finding]:
    """The errors, then the warnings, then what is only listed; each as somebody mends them."""
    return sorted(in_order(findings), key=lambda finding: list(Level).index(finding.level))


def list_unrecorded(folder: Path) -> list[Finding]:
    """The texts of form and sheet that nobody has recorded, as far as these can be read."""
    read = read_folder(folder)
    found: list[Finding] = []
    with suppress(BadWorkbook):
        found += unrecorded(read_workbook(read.workbook), _languages(read.descriptor))
    with suppress(BadDescriptor):
        found += unrecorded_sheet(ServiceDescriptor.from_json(read.descriptor))
    return found


def publish(folder: Path, version: str | None, signing_key: SigningKey) -> bytes:
    """The folder as a signed bundle, under `version` or the one its description names.

    Raises:
        CannotPublish: it has errors.
    """
    draft, findings = _draft(folder)
    if draft is None or has_errors(findings):
        raise CannotPublish(in_order(findings))
    if version is not None:
        try:
            Version.parse(version)
        except ValueError as problem:
            place = Place(DESCRIPTOR, None, "version")
            sentence = N_("A version is numbers between dots, such as 2026.11.1.")
            raise CannotPublish([error(place, sentence)]) from problem
    given = version or draft.descriptor.version
    files = _files(draft, given)
    if sum(map(len, files.values())) > bundle.CONTENT_SIZE_MAX:
        sentence = N_("The files together are larger than %(size)s MB.")
        most = bundle.CONTENT_SIZE_MAX // 2**20
        raise CannotPublish([error(Place(folder.name), sentence, size=most)])
    try:
        return bundle.pack(files, draft.descriptor.id, given, signing_key)
    except bundle.BundleError as problem:
        sentence = N_("The service cannot be packed: %(problem)s")
        raise CannotPublish([error(Place(folder.name), sentence, problem=problem)]) from problem


def _draft(path: Path) -> tuple[Draft | None, list[Finding]]:
    """The service as far as it could be made, and everything found on the way."""
    folder = read_folder(path)
    findings = list(folder.findings)
    workbook: Workbook | None = None
    try:
        if folder.workbook:
            workbook = read_workbook(folder.workbook)
    except BadWorkbook as problem:
        findings += problem.findings
    if folder.descriptor is not None:
        wrong = list(islice(_described(folder, workbook), DESCRIPTION_FINDINGS_MAX))
        findings += folder.described.located(wrong)
        if len(wrong) == DESCRIPTION_FINDINGS_MAX:
            findings.append(warning(Place(DESCRIPTOR), MORE))
    if workbook is not None:
        findings += _checked(folder, workbook)
    if workbook is None or folder.descriptor is None or has_errors(findings):
        return None, findings
    try:
        draft, doubts = _made(folder, workbook)
    except (BadWorkbook, CannotPublish) as problem:
        return None, [*findings, *problem.findings]
    return draft, [*findings, *doubts]


def _described(folder: ServiceFolder, workbook: Workbook | None) -> Iterator[Finding]:
    """Each field of the description, even where the form cannot be read."""
    yield from check_service(folder.descriptor, workbook)
    with suppress(BadDescriptor):  # check_service has said what is wrong with it
        described = ServiceDescriptor.from_json(folder.descriptor)
        yield from check_sheet_media(described, folder.media)


def _checked(folder: ServiceFolder, workbook: Workbook) -> Iterator[Finding]:
    """Each cell, before anything is made of them."""
    languages = _languages(folder.descriptor)
    yield from workbook.doubts
    if sum(1 for _ in workbook.question_rows()) > QUESTIONS_MAX:
        sentence = N_("The form has more than %(most)s rows with a type.")
        yield error(Place(SURVEY), sentence, most=QUESTIONS_MAX)
        return  # nobody mends thousands of rows, and each takes its time
    yield from check_structure(workbook, folder.media)
    yield from check_survey(workbook, languages)
    yield from check_asking(workbook)
    yield from check_media(workbook, folder.media)
    yield from check_expressions(workbook)
    lists = lists_of(workbook, folder.media)
    yield from check_lists(workbook, folder.media, lists, languages)
    yield from check_kinds(workbook, lists)
    yield from check_limits(workbook)


def _made(folder: ServiceFolder, workbook: Workbook) -> tuple[Draft, list[Finding]]:
    """The service, and what there is to look at again.

    Raises:
        BadWorkbook, CannotPublish: the form cannot be used.
    """
    descriptor = ServiceDescriptor.from_json(folder.descriptor)  # check_service has read it
    xform, warnings = to_xform(workbook)
    try:
        definition = compile_form(xform, folder.media)
        definition_of(json_of(definition))  # as a kiosk reads it, with its limits
    except FormError as problem:
        raise CannotPublish(located(problem, workbook)) from problem
    rows = rows_by_name(workbook)
    doubts = [doubt(text, rows) for text in warnings if not _SAID_HERE.search(text)]
    doubts += _languages_of_the_form(definition, descriptor)
    doubts += check_counts(definition, workbook)
    return Draft(folder, xform, definition, descriptor), doubts


def _languages(data: object) -> tuple[str, ...]:
    """The languages that every text must have; those of a broken description as far as it goes."""
    return ServiceDescriptor.read_all(data)[0].languages


def _languages_of_the_form(
    definition: Definition, descriptor: ServiceDescriptor
) -> Iterator[Finding]:
    for language in descriptor.languages:
        if language not in definition.languages:
            sentence = N_("The form has no texts in the language %(language)s.")
            yield error(Place(SETTINGS), sentence, language=language)


def _files(draft: Draft, version: str) -> dict[str, bytes]:
    """Everything that goes into the bundle, by name."""
    definition = json_of(draft.definition)
    return {
        bundle.DESCRIPTOR: _descriptor_json(draft, version, definition),
        bundle.DEFINITION: definition,
        bundle.XFORM: draft.xform.encode(),
        bundle.DICTIONARY: train_dictionary(sample_records(draft.definition)),
        (draft.descriptor.icon or ICON): draft.folder.icon,
        **draft.folder.media,
    }


def _descriptor_json(draft: Draft, version: str, definition: bytes) -> bytes:
    assert isinstance(draft.folder.descriptor, Mapping)
    form = {
        "id": draft.definition.id,
        "version": draft.definition.version or version,
        "hash": f"sha256:{hashlib.sha256(definition).hexdigest()}",
        "media": sorted(draft.folder.media),
    }
    plain = {**draft.folder.descriptor, "version": version, "form": form}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
