"""What becomes of her answers, told before the first question: the facts, in any language.

Where a law makes the office ask, that is a notice. What rests on consent stands apart: the form
itself asks for it later, and says that she may say no.
"""

from collections.abc import Iterator

from kiosk.forms.descriptor import ServiceDescriptor
from kiosk.forms.purposes import Basis
from kiosk.language import N_, in_language
from kiosk.sheet import LAW

ASKED = N_("What we ask, and why")
READS = N_("Who reads it")
KEPT = N_("How long it is kept")
OPTIONAL = N_("Only if you want")
YOU_MAY_REFUSE = N_("We ask you first. You may say no and still go on.")


def told(sheet: ServiceDescriptor, code: str) -> Iterator[tuple[str, str, list[str]]]:
    """Icon, heading (to be translated) and lines: what a law asks first, then what she may refuse.

    Who reads it and how long it is kept stand last, once where it is the same for all.
    """
    by_law = [one for one in sheet.purposes if one.basis is Basis.LAW]
    agreed = [one for one in sheet.purposes if one.basis is Basis.CONSENT]
    laws = {law.id: law.name.of(code) for law in sheet.legal}
    if by_law:
        yield "documents", ASKED, [one.asked(code) for one in by_law]
        named = [laws[name] for one in by_law for name in one.legal if name in laws]
        yield "law", LAW, _once(named)
    if agreed:
        refuse = in_language(code, YOU_MAY_REFUSE)
        yield "person", OPTIONAL, [*(one.asked(code) for one in agreed), refuse]
    if not sheet.purposes:
        return
    yield "office", READS, _once([one.seen_by.of(code) for one in sheet.purposes])
    yield "clock", KEPT, _once([one.kept.of(code) for one in sheet.purposes])


def _once(lines: list[str]) -> list[str]:
    return list(dict.fromkeys(lines))
