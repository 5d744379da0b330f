"""The resume slip: with it a person goes on another day with what she could not finish today.

It must not be mistaken for a receipt: nothing is handed in, nobody has read anything, and it says
so before all else. It carries no answer and no name, only the key to what lies sealed in one kiosk:
so it says in which, and until when. Its reference finds nothing by itself; the code does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from kiosk.forms.descriptor import Text
from kiosk.language import LANGUAGES, N_, in_language
from kiosk.printing.bilingual import in_each, on_one_line, said
from kiosk.printing.receipt import COMPLAINTS, DAY, SAMPLE
from kiosk.printing.slip import Code, Item, Mark, Rule, Size, Slip, Square, Words

TITLE = N_("To continue another day")
NOT_YET = N_("Nothing is handed in yet")
NO_APPLICATION = N_("This is not an application")
SCAN = N_("Scan it at the kiosk: it opens your answers")
UNTIL = N_("Kept until")
KEPT_DAYS = N_("Kept for %(days)s days")
ONLY_HERE = N_("Only at this kiosk: %(place)s")
KEEP_SAFE = N_("Keep safe: whoever holds it reads your answers")


@dataclass(frozen=True, slots=True)
class ResumeSlip:
    """What one person takes home instead of a receipt."""

    code: str = field(repr=False)  # opens her answers
    reference: str
    service: Text
    place: Text
    days: int
    until: date | None  # None: the clock is doubtful, so only the days are said
    complaints: str = ""
    languages: tuple[str, ...] = LANGUAGES
    sample: bool = False

    def slip(self) -> Slip:
        """What stands on its paper."""
        return Slip(tuple(self._items()))

    def _items(self) -> Iterator[Item]:
        if self.sample:
            yield Mark(self._both(SAMPLE))
        for language in self.languages:
            yield Words(in_language(language, TITLE), bold=True, centred=True)
        for language in self.languages:
            yield Mark(in_language(language, NOT_YET))
        yield Code(self.reference)
        yield Square(self.code, large=True)
        for language in self.languages:
            yield Words(in_language(language, SCAN), Size.SMALL, centred=True)
        yield Rule()
        yield from self._in_each(self.service.of, bold=True)
        yield from self._in_each(said(NO_APPLICATION))
        if self.until is None:
            yield from self._in_each(said(KEPT_DAYS, days=self.days), icon="clock")
        else:
            yield Words(f"{self._both(UNTIL)}: {self.until:{DAY}}", bold=True, icon="clock")
        yield from self._in_each(
            lambda language: in_language(language, ONLY_HERE, place=self.place.of(language)),
            icon="office",
        )
        if self.complaints:
            yield Words(f"{self._both(COMPLAINTS)}: {self.complaints}", Size.SMALL, icon="complain")
        yield Rule()
        for language in self.languages:
            yield Words(in_language(language, KEEP_SAFE), Size.SMALL)

    def _both(self, message: str) -> str:
        return on_one_line(self.languages, message)

    def _in_each(
        self, told: Callable[[str], str], *, bold: bool = False, icon: str = ""
    ) -> Iterator[Item]:
        return in_each(self.languages, told, bold=bold, icon=icon)
