"""What a service collects of people, and for what: told before the first question (INC-18).

A service names its purposes in its description. Most rest on a law: the office cannot decide
without the answers, and the purpose is a notice. Others rest on consent, such as a telephone number
to call back: there a question of the form asks whether she agrees, what belongs to the purpose is
asked only of who said yes, and the service goes on for who said no. That she agreed is an answer
like any other: kept with the application, shown among the answers to check, read by the officer.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.forms.parts import Text, read_words
from kiosk.forms.piece import Piece

AGREED = "yes"  # the choice that agrees, where the purpose names no other


class Basis(StrEnum):
    """What allows the office to ask."""

    LAW = "law"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that answers are collected for, in plain words."""

    id: str
    basis: Basis
    collects: Text
    why: Text
    seen_by: Text
    kept: Text
    legal: tuple[str, ...] = ()  # ids of the laws it rests on
    asked_by: str | None = None  # the question in which she agrees or not; None: to answer agrees
    agrees: tuple[str, ...] = (AGREED,)  # the choices of that question that agree
    questions: tuple[str, ...] = ()  # what is collected with her consent only

    def asked(self, language: str) -> str:
        """What is collected, and why, as people are told."""
        return f"{self.collects.of(language)} {self.why.of(language)}"


def read_purposes(data: Piece) -> tuple[Purpose, ...]:
    """The purposes as written. A basis that this version does not know is told like a law."""
    return tuple(_purpose(item) for item in data.items("purposes"))


def _purpose(item: Piece) -> Purpose:
    basis = item.field("basis").text()
    return Purpose(
        id=item.field("id").text(),
        basis=Basis(basis) if basis in tuple(Basis) else Basis.LAW,
        collects=read_words(item.field("collects")),
        why=read_words(item.field("why")),
        seen_by=read_words(item.field("seen_by")),
        kept=read_words(item.field("kept")),
        legal=item.texts("legal"),
        asked_by=item.find_text("asked_by"),
        agrees=item.texts("agrees") or (AGREED,),
        questions=item.texts("questions"),
    )
