"""Facts: what answers tell and of whom, so that nobody is asked twice in one visit.

A question may name the fact that it asks for: in the workbook's column `bind::fact`, which XLSForm
keeps and other programs ignore. Two services that ask for `child.name` mean the same child's name;
what was told to the one is put into the other and not asked again. A calculation may tell a fact
too (a birth tells `family-book.reason` "birth"), and one answer several, parted by spaces. What was
asked and left empty is told as well: who has no house number is not asked for it again.

Facts live in the memory of the visit and end with it. The list below is the common vocabulary: a
name outside it is used by nobody else and is most likely misspelt.
"""

import re
from collections.abc import Mapping

from kiosk.forms.definition import ATTACHING, Bind
from kiosk.forms.engine.model import Model

NAME = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)+")
VOCABULARY = frozenset(
    (
        *("applicant.name", "applicant.birth-date"),
        *("child.name", "child.sex", "child.birth-date"),
        *("mother.name", "mother.birth-date", "mother.nationality"),
        *("father.known", "father.name", "father.birth-date", "father.nationality"),
        *("home.province", "home.district", "home.village", "home.house"),
        *("parents.province", "parents.district", "parents.village", "parents.house"),
        *("family-book.number", "family-book.reason", "family-book.people"),
        *("member.name", "member.sex", "member.birth-date"),  # who is put into the family book
    )
)


# Whom or what one application is about: the next one for the same service is about another.
_OF_ONE = ("child.", "member.", "family-book.reason", "family-book.people")


def of_another(facts: Mapping[str, str]) -> dict[str, str]:
    """What stays true when the same service is applied for again, as for a twin."""
    return {name: value for name, value in facts.items() if not name.startswith(_OF_ONE)}


def find_value(bind: Bind, facts: Mapping[str, str]) -> str | None:
    """What is known of the field: empty where it was left empty, None where nobody asked."""
    return next((facts[name] for name in bind.facts if name in facts), None)


def facts_of(model: Model) -> dict[str, str]:
    """Every fact that a filled form tells; of a repeat only the first instance speaks."""
    told: dict[str, str] = {}
    for bind in model.program.definition.binds:
        nodes = model.nodes(bind.path)
        control = model.program.controls.get(bind.path)
        if not bind.facts or not nodes or not nodes[0].relevant:
            continue
        value = nodes[0].text().strip()
        if value or (control is not None and control.kind not in ATTACHING):
            told |= dict.fromkeys(bind.facts, value)
    return told
