"""The service sheet on paper: what somebody takes home to read, or to show who cannot come.

It says what the screen says, in the language of whoever asked for it, and of which day it is: fees
and days change, and paper does not.
"""

from collections.abc import Iterator

from kiosk.forms.descriptor import ServiceDescriptor, Text
from kiosk.language import N_, format_day_and_time, in_language
from kiosk.printing.slip import Item, Mark, Rule, Size, Slip, Space, Words
from kiosk.sheet import SAMPLE_DATA, facts
from sync.records import Stamp

AS_OF = N_("As of %(day)s")
GROUP_GAP_MM = 1.0
NOT_A_RECEIPT = N_("This is no receipt: nothing is handed in yet.")


def sheet_slip(
    sheet: ServiceDescriptor,
    follows: ServiceDescriptor | None,
    office: Text,
    printed: Stamp,
    language: str,
    *,
    sample: bool,
) -> Slip:
    """What stands on the paper; `sample` where the service or the office is one."""
    items = _items(sheet, follows, office, printed, language)
    mark = (Mark(in_language(language, SAMPLE_DATA)),) if sample else ()
    return Slip((*mark, *items))


def _items(
    sheet: ServiceDescriptor,
    follows: ServiceDescriptor | None,
    office: Text,
    printed: Stamp,
    language: str,
) -> Iterator[Item]:
    yield Words(sheet.name.of(language), Size.HEADING, bold=True)
    yield Words(office.of(language), Size.SMALL)
    yield Rule()
    for icon, heading, lines in facts(sheet, follows, language):
        yield Space(GROUP_GAP_MM)
        yield Words(in_language(language, heading), bold=True, icon=icon)
        for line in lines:
            yield Words(line)
    yield Rule()
    yield Words(in_language(language, NOT_A_RECEIPT), Size.SMALL, bold=True)
    yield Words(
        in_language(language, AS_OF, day=format_day_and_time(printed, language)), Size.SMALL
    )
