"""One person's time at the screen: her language, what she is filling in, and when she has left.

Everything here lives in memory only. When the visit ends, by her own touch, by silence or by an
error, `wipe` forgets it all; the next person finds an empty house. There is no hidden deadline:
silence is asked about first, and "I am still here" may be answered as often as she likes.

A clerk who signs in to help is signed out when the visit ends. She may sign out before; what was
being filled in meanwhile still names her, so that nobody helps without being named.

What she was asked in one form is not asked again in the next (`kiosk.forms.facts`): the visit knows
it until it ends.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.forms.facts import of_another
from kiosk.journey import Ending, Journey
from kiosk.language import LANGUAGES, set_language
from kiosk.reopening import Aside

if TYPE_CHECKING:
    from kiosk.clerks import Clerk
    from kiosk.correction import Correction
    from kiosk.desk import Submitted
    from kiosk.forms.entry import Entry
    from kiosk.setting_aside import Reopened, SetAside

CALM_FACTOR = 4  # "take my time": every patience is four times as long
LISTENING_S_MAX = 300  # a clip that hangs is nobody who listens


class Presence(StrEnum):
    """Whether anybody seems to be there."""

    ACTIVE = "active"
    WARNING = "warning"  # silence: ask "are you still here?"
    OVER = "over"  # no answer: forget everything


@dataclass(frozen=True, slots=True)
class Look:
    """How she wants the pages to look; the usual look until she says otherwise."""

    strong: bool = False  # the theme with the strongest contrast
    letters: int = 100  # percent of the usual size


@dataclass(frozen=True, slots=True)
class Silence:
    """What the silence means now, and the whole seconds left to answer a warning."""

    presence: Presence
    left_s: int = 0


class Visit:
    """What the screen knows about the person before it.

    Args:
        monotonic_s: seconds that only go forward, whatever the wall clock says.
        idle_s: silence after which she is asked whether she is still here.
        warning_s: how long the question waits for an answer, at least 20 s.
    """

    def __init__(self, monotonic_s: Callable[[], float], *, idle_s: int, warning_s: int) -> None:
        self._monotonic_s = monotonic_s
        self._idle_s = idle_s
        self._warning_s = warning_s
        self._touched_s = self._sure_s = monotonic_s()
        self.begun = False
        self.calm = False
        self.look = Look()
        self.entry: Entry | None = None
        self.submitted: Submitted | None = None
        self.facts: dict[str, str] = {}  # what was asked and answered, by the name of the fact
        self._tellers: set[str] = set()  # the services whose applications told it
        self.reused: set[str] = set()  # references of the receipts whose answers she uses again
        self.handed_in: set[str] = set()  # the services applied for
        self.kept_bytes = 0  # of the photos and files that she has handed in or set aside
        self.aside: SetAside | None = None  # what she has just set aside for another day
        self._correction: Correction | None = None
        self._reopened: Reopened | None = None
        self.clerk: Clerk | None = None  # who is signed in
        self._helped: tuple[Entry, Clerk] | None = None  # what was filled in when she signed out
        self.journey = Journey(monotonic_s)

    @property
    def helper(self) -> "Clerk | None":
        """Who helps, or has helped with what is being filled in."""
        if self.clerk is None and self._helped is not None and self._helped[0] is self.entry:
            return self._helped[1]
        return self.clerk

    def sign_out(self) -> None:
        """The clerk goes; what is being filled in still names her."""
        if self.clerk is not None and self.entry is not None:
            self._helped = self.entry, self.clerk
        self.clerk = None

    def is_at(self, place: str, shown: Iterable[str] = ()) -> None:
        """This page of what she fills in is before her; a correction is not counted."""
        if self.entry is not None and self.correction is None:
            self.journey.comes_to(self.entry, place, shown)

    def is_told(self, wrong: Iterable[str]) -> None:
        """The answers at these paths are said to be wrong or missing."""
        if self.entry is not None:
            self.journey.is_told(self.entry, wrong)

    @property
    def reopened(self) -> "Reopened | None":
        """The unfinished entry that her slip opened; None while she fills in anything else."""
        held = self._reopened
        return held if held is not None and held.entry is self.entry else None

    def goes_on(self, reopened: "Reopened") -> None:
        """Her slip was scanned: everything is as it was when she left."""
        self.begin(reopened.language)
        self.aside, self._correction = None, None
        self.entry, self._reopened = reopened.entry, reopened
        self.facts |= reopened.aside.facts
        self.handed_in |= reopened.aside.handed_in
        self._tellers |= self.handed_in
        self.calm = self.calm or reopened.aside.calm
        helped = reopened.aside.helped
        self._helped = (reopened.entry, helped) if helped is not None else None

    def leaves(self) -> Aside:
        """What she would find again another day, besides her answers."""
        return Aside(dict(self.facts), frozenset(self.handed_in), self.calm, self.helper)

    def sets_aside(self, aside: "SetAside") -> None:
        """It is sealed on the disk: the form forgets its answers, and her visit what it knew."""
        self.journey.finishes(self.entry, Ending.SET_ASIDE)
        self._forget_kept()
        self.entry = self._reopened = self._helped = None
        self.facts.clear()
        self._tellers.clear()
        self.reused.clear()
        self.aside = aside

    @property
    def correction(self) -> "Correction | None":
        """What she is correcting; None while she fills in anything else."""
        held = self._correction
        return held if held is not None and held.entry is self.entry else None

    def corrects(self, correction: "Correction") -> None:
        """She begins to correct a returned application, or to make it anew."""
        self.entry = correction.entry
        self._correction = correction

    def hands_in(self, submitted: "Submitted") -> None:
        """It is kept: the form forgets its answers, the visit knows what they told."""
        self.journey.finishes(self.entry, Ending.HANDED_IN)
        if self._correction is not None:
            self._correction.forget()
        service = submitted.receipt.claims.service
        if service in self._tellers:  # a twin: what belongs to it is offered again
            self.facts = of_another(self.facts)
            self._tellers.clear()
            self.handed_in.clear()
        if self.entry is not None:
            self.facts |= self.entry.facts()
        self._forget_kept()
        self.entry = self._correction = self._reopened = self._helped = None
        self._tellers.add(service)
        self.handed_in.add(service)
        self.submitted = submitted

    def _forget_kept(self) -> None:
        """The disk has what she filled in: it is counted, and the form forgets it."""
        if self.entry is not None:
            self.kept_bytes += sum(len(one.data) for one in self.entry.attachments())
            self.entry.forget()

    def uses_again(self, reference: str, service: str, facts: Mapping[str, str]) -> None:
        """What she answered then, with her consent; what she has said today counts more."""
        self.facts = {**facts, **self.facts}
        self._tellers.add(service)
        self.reused.add(reference)

    def knows_for(self, service: str) -> Mapping[str, str]:
        """What need not be asked; of a child that was registered already, nothing of the next."""
        return of_another(self.facts) if service in self._tellers else self.facts

    def begin(self, language: str) -> None:
        """Somebody touched the screen and chose a language."""
        self.begun = True
        set_language(language)
        self.touch()

    def speak(self, language: str) -> None:
        """Change the language; every answer stays."""
        set_language(language)
        if self.entry is not None:
            self.entry.language = language
        self.touch()

    def now_s(self) -> float:
        """The clock that silence is measured by."""
        return self._monotonic_s()

    def touch(self) -> None:
        """She did something: the silence begins anew."""
        self._touched_s = self._sure_s = self._monotonic_s()

    def listen(self) -> None:
        """She listens to the page: that is no silence, as long as it may be true."""
        now_s = self._monotonic_s()
        if now_s - self._sure_s < LISTENING_S_MAX:
            self._touched_s = now_s

    def silence(self) -> Silence:
        """What the silence means now. Nobody begun means nobody to ask."""
        if not self.begun:
            return Silence(Presence.ACTIVE)
        factor = CALM_FACTOR if self.calm else 1
        over_s = self._monotonic_s() - self._touched_s - self._idle_s * factor
        warning_s = self._warning_s * factor
        if over_s < 0:
            return Silence(Presence.ACTIVE)
        if over_s < warning_s:
            return Silence(Presence.WARNING, max(1, round(warning_s - over_s)))
        return Silence(Presence.OVER)

    def wipe(self) -> None:
        """Forget everything about her; the first language is current again."""
        self.journey.ends(Ending.LEFT, self._touched_s)
        if self.entry is not None:
            self.entry.forget()
        if self._correction is not None:
            self._correction.forget()
        self.entry = self._correction = self._reopened = None
        self.submitted = self.aside = None
        self.clerk = self._helped = None
        self.facts.clear()
        self._tellers.clear()
        self.reused.clear()
        self.handed_in.clear()
        self.kept_bytes = 0
        self.begun = False
        self.calm = False
        self.look = Look()
        set_language(LANGUAGES[0])
