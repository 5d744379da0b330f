"""The preview: what signing a service would put before people, whole and in words.

Every question in its order and in each language, with its rules as sentences and its choices; then
the sheet, the fees, the steps of the work. It is made of the bundle on trial: what is looked at is
what would be signed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kiosk.forms.bundle import Bundle
from kiosk.forms.definition import CHOOSING, Control, Expression, QuestionKind, Section
from kiosk.forms.descriptor import ReceiptOpens, ServiceDescriptor
from sync.central.casework.service_words import reader_language
from sync.central.catalogue.form_view import Choice, FormView
from sync.central.catalogue.media import Medium, of_question, of_sheet
from sync.central.catalogue.rule_words import RuleWords
from sync.central.portal.sheet_page import needed_in_words, posted_fee

CHOICES_SHOWN: Final = 10
LABEL_LENGTH: Final = 60  # of a question named in another one's rule
LANGUAGE_NAMES: Final = {"lo": "ລາວ", "en": "English"}
KIND_WORDS: Final = {
    QuestionKind.TEXT: gettext_lazy("Text"),
    QuestionKind.INTEGER: gettext_lazy("Whole number"),
    QuestionKind.DECIMAL: gettext_lazy("Number"),
    QuestionKind.DATE: gettext_lazy("Date"),
    QuestionKind.PARTIAL_DATE: gettext_lazy("Date, or only month or year"),
    QuestionKind.TIME: gettext_lazy("Time of day"),
    QuestionKind.DATE_TIME: gettext_lazy("Date and time"),
    QuestionKind.SELECT_ONE: gettext_lazy("One choice"),
    QuestionKind.SELECT_MULTIPLE: gettext_lazy("Several choices"),
    QuestionKind.RANK: gettext_lazy("Choices put in order"),
    QuestionKind.RANGE: gettext_lazy("Number within a range"),
    QuestionKind.NOTE: gettext_lazy("Only to read"),
    QuestionKind.ACKNOWLEDGE: gettext_lazy("To confirm"),
    QuestionKind.IMAGE: gettext_lazy("Photo"),
    QuestionKind.SIGNATURE: gettext_lazy("Signature"),
    QuestionKind.AUDIO: gettext_lazy("Sound recording"),
    QuestionKind.VIDEO: gettext_lazy("Video"),
    QuestionKind.FILE: gettext_lazy("File"),
    QuestionKind.BARCODE: gettext_lazy("Barcode"),
    QuestionKind.GEO: gettext_lazy("Place on the map"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """Words in one language."""

    code: str
    language: str
    words: str
    hint: str = ""
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a question: as the author wrote it, and as a sentence where it has one."""

    name: str
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as the preview shows it."""

    number: int
    name: str
    kind: str
    said: tuple[Said, ...]
    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]
    choices_left: int
    is_filtered: bool
    section: str  # the group it stands in, where it is not that of the question before
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetFact:
    """One line of the service sheet, in each language."""

    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything of a service that a person should see before signing it."""

    bundle: Bundle
    name: str
    questions: tuple[QuestionView, ...]
    sheet: tuple[SheetFact, ...]
    sample: bool


def preview(bundle: Bundle, place: str) -> Preview:
    """The preview of a service, for the reader of the page at that address."""
    return Preview(
        bundle=bundle,
        name=bundle.descriptor.name.of(reader_language()),
        questions=tuple(_questions(FormView(bundle.definition), place)),
        sheet=tuple(_sheet(bundle, place)),
        sample=bundle.descriptor.sample,
    )


def rule_words(form: FormView) -> RuleWords:
    """Puts the rules of a form into the reader's words."""
    language = reader_language()
    if language not in form.languages:
        language = form.definition.default_language
    return RuleWords(
        form.controls,
        label_of=lambda control: _shortened(form.label(control, language)),
        choice_of=lambda control, name: form.choice(control, name, language),
    )


def rules_of(form: FormView, control: Control, in_words: RuleWords) -> tuple[Rule, ...]:
    """The rules of a question, each with its name."""
    bind = form.bind(control.path)
    named: tuple[tuple[str, Expression | None], ...] = (
        (_("Asked only when"), bind.relevant),
        (_("Must be answered"), bind.required),
        (_("Cannot be changed"), bind.readonly if control.kind is not QuestionKind.NOTE else None),
        (_("Accepted only when"), bind.constraint),
        (_("Worked out as"), bind.calculate),
    )
    rules = [_rule(name, rule, in_words) for name, rule in named if rule is not None]
    messages = [form.words(bind.constraint_message, code) for code in form.languages]
    if said := " · ".join(filter(None, messages)):
        rules.append(Rule(_("Otherwise it says"), said, said))
    return tuple(rules)


def _rule(name: str, rule: Expression, in_words: RuleWords) -> Rule:
    if rule.source == "true()":
        return Rule(name, rule.source, _("always"))
    return Rule(name, rule.source, in_words.of(rule) or "")


def _questions(form: FormView, place: str) -> Iterator[QuestionView]:
    in_words = rule_words(form)
    before = ""
    for number, (control, around) in enumerate(form.sections(), 1):
        section = " › ".join(filter(None, (_section(form, group) for group in around)))
        choices = form.choices(control) if control.kind in CHOOSING else ()
        itemset = control.itemset
        yield QuestionView(
            number=number,
            name=control.path.rpartition("/")[2],
            kind=str(KIND_WORDS[control.kind]),
            said=tuple(
                Said(
                    code,
                    LANGUAGE_NAMES.get(code, code),
                    form.words(control.label, code),
                    form.words(control.hint, code),
                )
                for code in form.languages
            ),
            rules=rules_of(form, control, in_words),
            choices=choices[:CHOICES_SHOWN],
            choices_left=max(len(choices) - CHOICES_SHOWN, 0),
            is_filtered=itemset is not None and "[" in itemset.rows.source,
            section=section if section != before else "",
            media=of_question(form, control, place),
        )
        before = section


def _section(form: FormView, group: Section) -> str:
    """A group's title in the reader's language; a repeat is said to be one."""
    title = form.words(group.label, reader_language())
    if not group.repeats:
        return title
    return _("%(title)s (may be answered several times)") % {
        "title": title or group.path.rpartition("/")[2]
    }


def _shortened(words: str) -> str:
    return words if len(words) <= LABEL_LENGTH else words[: LABEL_LENGTH - 1].rstrip() + "…"


def _sheet(bundle: Bundle, place: str) -> Iterator[SheetFact]:
    """The sheet's lines in every language; what a language adds nothing to is said once."""
    about = bundle.descriptor
    recorded = {
        _("Name"): "name",
        _("Who may apply"): "who",
        _("Documents"): "documents",
        _("Fee"): "fee",
        _("How long it takes"): "days",
    }
    lines: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
        (_("Name"), lambda code: [about.name.of(code)]),
        (_("Description"), lambda code: [about.description.of(code)]),
        (_("Who may apply"), lambda code: [about.audience.of(code)]),
        (_("Conditions"), lambda code: [item.name.of(code) for item in about.requirements]),
        (_("What you get"), lambda code: [item.name.of(code) for item in about.outputs]),
        (_("Documents"), lambda code: [_document(about, place, code) for place in _places(about)]),
        (_("Fee"), lambda code: [_fee(about, place, code) for place in range(len(about.costs))]),
        (_("How long it takes"), lambda _code: [_days(about.processing_days)]),
        (_("Who decides"), lambda code: [about.competent_authority.name.of(code)]),
        (_("Legal basis"), lambda code: [law.name.of(code) for law in about.legal]),
        (_("Steps at the kiosk"), lambda code: [step.of(code) for step in about.steps]),
        (_("Steps of the office's work"), lambda code: _work(about, code)),
        (_("Reasons to return"), lambda code: _reasons(about, "return", code)),
        (_("Reasons to reject"), lambda code: _reasons(about, "reject", code)),
        (_("The receipt opens"), lambda _code: [_opens(about)]),
        (_("Telephone"), lambda _code: list(filter(None, (about.contact.telephone,)))),
        (_("Complaints"), lambda _code: list(filter(None, (about.contact.complaint_telephone,)))),
    )
    for name, in_language in lines:
        said: list[Said] = []
        for code in about.languages:
            with override(code if code in LANGUAGE_NAMES else None):
                words = "\n".join(in_language(code))
            media = of_sheet(bundle, recorded.get(name, ""), code, name, place)
            said.append(Said(code, LANGUAGE_NAMES.get(code, code), words, media=media))
        if any(line.words for line in said):
            if len({line.words for line in said}) == 1:
                media = tuple(medium for line in said for medium in line.media)
                said = [Said("", "", said[0].words, media=media)]
            yield SheetFact(name, tuple(said))


def _places(about: ServiceDescriptor) -> range:
    return range(len(about.evidence))


def _document(about: ServiceDescriptor, place: int, code: str) -> str:
    needed = needed_in_words(about.evidence[place], code)
    return f"{needed.name} ({needed.when})" if needed.when else needed.name


def _fee(about: ServiceDescriptor, place: int, code: str) -> str:
    fee = posted_fee(about.costs[place], code)
    line = f"{fee.name}: {fee.amount}"
    return f"{line}. {fee.note}" if fee.note else line


def _days(days: int) -> str:
    return _("%(days)s working days") % {"days": days}


def _work(about: ServiceDescriptor, code: str) -> list[str]:
    lines = []
    for number, step in enumerate(about.workflow, 1):
        line = f"{number}. {step.name.of(code)} · {step.office} · {_days(step.days)}"
        lines.append(line + (" · " + _("decides") if step.decides else ""))
    return lines


def _reasons(about: ServiceDescriptor, action: str, code: str) -> list[str]:
    return [reason.name.of(code) for reason in about.reasons_for(action)]


def _opens(about: ServiceDescriptor) -> str:
    if about.receipt_opens is ReceiptOpens.ANSWERS:
        return _("her answers and the office's words")
    return _("only where the application stands")
