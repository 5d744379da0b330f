"""A fee in words, the same on the kiosk's sheet, on paper, on the web and before signing.

What is posted is the tariff: the amount that the service states, even where the form works out the
exact one. A fee nobody has confirmed reads "ask at the desk": it is never 0.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.forms.errors import N_
from kiosk.forms.parts import Cost

ASK = N_("ask at the desk")
WORKED_OUT = N_("worked out from your answers")
FREE = N_("free")
KIP = N_("%(amount)s kip")
EXACT_FEE = N_("The exact fee is worked out from your answers.")


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee as a sheet states it."""

    name: str
    amount: str
    note: str = ""


def fee_in_words(
    cost: Cost, language: str, say: Callable[..., str], number: Callable[[int], str]
) -> Fee:
    """The fee in that language; `say(sentence, **places)` and `number` put words into it."""
    name = cost.description.of(language).rstrip(".")
    is_worked_out = cost.computed_by is not None
    if cost.value is None:
        return Fee(name, say(WORKED_OUT if is_worked_out else ASK))
    amount = say(FREE) if cost.value == 0 else say(KIP, amount=number(cost.value))
    return Fee(name, amount, say(EXACT_FEE) if is_worked_out else "")
