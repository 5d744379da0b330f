"""A description's purposes held against its form: who says no must be able to go on (INC-18)."""

from collections import Counter
from collections.abc import Iterator, Mapping

from kiosk.forms.asking_check import SILENT
from kiosk.forms.descriptor import ServiceDescriptor
from kiosk.forms.expression_check import REFERENCE
from kiosk.forms.finding import N_, Finding, Place, error, warning
from kiosk.forms.piece import Piece
from kiosk.forms.purposes import Basis, Purpose
from kiosk.forms.workbook import CHOICES, Row, Workbook
from kiosk.forms.yaml_file import FILE

NOT_REQUIRED = ("", "no", "false", "false()")


def check_purposes(
    data: Mapping[str, object], service: ServiceDescriptor, workbook: Workbook
) -> Iterator[Finding]:
    """Purposes that say too little, and consent that could not be refused."""
    if not service.purposes:
        sentence = N_(
            "Say what is collected of people and why, on what basis, who reads it and how long it "
            "is kept: people are told before the first question."
        )
        # What an office signs must say so; a sample may wait for an office that knows.
        yield (warning if service.sample else error)(Place(FILE, None, "purposes"), sentence)
    ids = Counter(purpose.id for purpose in service.purposes)
    rows = {row.get("name"): row for row in workbook.question_rows()}
    pieces = Piece(data).items("purposes")
    for number, (purpose, piece) in enumerate(zip(service.purposes, pieces, strict=True), 1):
        place = Place(FILE, None, f"purposes[{number}]")
        if ids[purpose.id] > 1:
            yield error(place, N_("Two purposes have the same id."))
        yield from _basis(place, piece.field("basis").text())
        if purpose.basis is Basis.LAW:
            yield from _law(place, purpose, service)
        else:
            yield from _consent(place, purpose, rows, workbook)


def _basis(place: Place, basis: str) -> Iterator[Finding]:
    """A word that no kiosk knows; it would be told like a law."""
    if basis not in tuple(Basis):
        sentence = N_("There is no basis %(basis)r; there are: %(known)s.")
        yield error(place, sentence, basis=basis[:80], known=", ".join(Basis))


def _law(place: Place, purpose: Purpose, service: ServiceDescriptor) -> Iterator[Finding]:
    laws = {law.id for law in service.legal}
    if not purpose.legal:
        yield error(place, N_("Name the law that it rests on, as legal: [...]."))
    for name in purpose.legal:
        if laws and name not in laws:  # without any, that is said already
            sentence = N_("There is no law %(name)r in legal.")
            yield error(place, sentence, name=name[:80])


def _consent(
    place: Place, purpose: Purpose, rows: Mapping[str, Row], workbook: Workbook
) -> Iterator[Finding]:
    """Nothing that rests on consent is required, and nothing is asked before she agreed."""
    asks = rows.get(purpose.asked_by or "")
    if purpose.asked_by is not None:
        if asks is None:
            sentence = N_("There is no question named %(name)r.")
            yield error(place, sentence, name=purpose.asked_by[:80])
        else:
            yield from _can_refuse(asks, purpose, workbook)
        if not purpose.questions:
            yield error(place, N_("Name what is asked of who agrees, as questions: [...]."))
    names = purpose.questions or tuple(rows)  # without any, to answer at all is to agree
    for name in names:
        row = rows.get(name)
        if row is None:
            yield error(place, N_("There is no question named %(name)r."), name=name[:80])
            continue
        if row.get("type").split()[0] in SILENT:
            continue
        if row.get("required").lower() not in NOT_REQUIRED:
            sentence = N_(
                "This rests on consent (%(purpose)s), so nobody may be made to answer: write no."
            )
            yield error(row.place("required"), sentence, purpose=purpose.id[:80])
        if asks is not None and asks.get("name") not in REFERENCE.findall(row.get("relevant")):
            sentence = N_(
                "This rests on consent: ask it only of who agreed, with a condition about %(name)s."
            )
            yield error(row.place("relevant"), sentence, name=asks.get("name"))
        elif asks is not None and row.number < asks.number:
            yield error(row.place(), N_("This is asked before anybody has agreed to it."))


def _can_refuse(asks: Row, purpose: Purpose, workbook: Workbook) -> Iterator[Finding]:
    """The question in which she agrees offers to agree, and not to."""
    kind, _, name = asks.get("type").partition(" ")
    rows = workbook.sheet(CHOICES).rows
    offered = {row.get("name") for row in rows if row.get("list_name") == name.strip()}
    if kind != "select_one" or not set(purpose.agrees) <= offered or offered <= {*purpose.agrees}:
        sentence = N_("It must offer to agree (%(names)s), and not to.")
        yield error(asks.place("type"), sentence, names=", ".join(purpose.agrees)[:80])
