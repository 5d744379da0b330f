"""The resume slip: with it a person goes on another day with what she could not finish today.

It must not be mistaken for a receipt: nothing is handed in, nobody has read anything, and it says
so before all else. It carries no answer and no name, only the key to what lies sealed in one kiosk:
so it says in which, and until when. Its reference finds nothing by itself; the code does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kiosk.forms.descriptor import Text
from kiosk.language import LANGUAGES, N_, in_language
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
        yield from self._in_each([self.service.of(code) for code in self.languages], bold=True)
        yield from self._in_each(self._said(NO_APPLICATION))
        if self.until is None:
            yield from self._in_each(self._said(KEPT_DAYS, days=self.days), icon="clock")
        else:
            yield Words(f"{self._both(UNTIL)}: {self.until:{DAY}}", bold=True, icon="clock")
        places = [
            in_language(language, ONLY_HERE, place=self.place.of(language))
            for language in self.languages
        ]
        yield from self._in_each(places, icon="office")
        if self.complaints:
            yield Words(f"{self._both(COMPLAINTS)}: {self.complaints}", Size.SMALL, icon="complain")
        yield Rule()
        for language in self.languages:
            yield Words(in_language(language, KEEP_SAFE), Size.SMALL)

    def _said(self, message: str, **places: object) -> list[str]:
        return [in_language(language, message, **places) for language in self.languages]

    def _both(self, message: str) -> str:
        """The message in each language on one line, each wording once."""
        return " · ".join(dict.fromkeys(self._said(message)))

    def _in_each(self, said: list[str], *, bold: bool = False, icon: str = "") -> Iterator[Item]:
        """A line in each language, each wording once: the first large, the others small."""
        for place, wording in enumerate(dict.fromkeys(said)):
            size = Size.SMALL if place else Size.BODY
            yield Words(wording, size, bold=bold and not place, icon="" if place else icon)
