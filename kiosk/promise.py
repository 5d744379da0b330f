"""By when an answer is promised, and how that stands today.

The first promise is the one on the receipt; the office may move it with a reason, and then both
days are told. When the day is past she is told so plainly, and whom to call. This kiosk may have
been cut off: only where it has heard from the office since that day does it say that there is no
answer; else that it cannot know.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from kiosk.forms.descriptor import ServiceDescriptor, Text
from kiosk.language import N_, in_language, language
from sync.records import Status, StatusEvent

_STOPPED = (Status.RETURNED, Status.APPROVED, Status.REJECTED, Status.ANSWERED)  # nobody waits
LATE = N_("The promised day has passed. You have the right to ask why.")
NOT_HEARD = N_(
    "The promised day has passed. This kiosk has not heard from the office since then: "
    "there may be an answer already."
)
NOT_SENT = N_(
    "The promised day has passed, and it could not be sent yet. Please show your receipt at the "
    "desk."
)
DELAYED = N_("It takes longer than promised. You will get an answer by the new day.")
CALL = N_("Call %(telephone)s.")
ASK = N_("Please ask at the desk.")


class Lateness(Enum):
    """Whether the promised day is past."""

    IN_TIME = "in-time"
    LATE = "late"  # and no answer has come: the office was heard since
    NOT_HEARD = "not-heard"  # whether an answer has come is not known here
    NOT_SENT = "not-sent"  # it still lies in this kiosk


_SENTENCES = {
    Lateness.LATE: LATE,
    Lateness.NOT_HEARD: NOT_HEARD,
    Lateness.NOT_SENT: NOT_SENT,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised day."""

    due: date
    first: date  # as the receipt says it
    is_moved: bool = False  # the office has given another day, with a reason
    reason: Text | None = None  # for the delay: with a receipt only
    lateness: Lateness = Lateness.IN_TIME
    telephone: str = ""  # whom to call

    @property
    def is_late(self) -> bool:
        """Whether the promised day is past."""
        return self.lateness is not Lateness.IN_TIME

    @property
    def words(self) -> str:
        """What is said instead of that all goes well; empty where all does."""
        sentence = _SENTENCES.get(self.lateness, DELAYED if self.is_moved else "")
        said = in_language(language(), sentence)
        if self.lateness in (Lateness.LATE, Lateness.NOT_HEARD):
            call = CALL if self.telephone else ASK
            said += " " + in_language(language(), call, telephone=self.telephone)
        return said


def promise_of(
    events: tuple[StatusEvent, ...], service: ServiceDescriptor | None, on_paper: date | None
) -> Promise | None:
    """What was promised; None where nothing was, or as long as nobody at an office works on it.

    Before the first event the paper's word holds.
    """
    if not events:
        return None if on_paper is None else Promise(on_paper, on_paper)
    if events[-1].status in _STOPPED:
        return None
    days = [event.due for event in events if event.due is not None]
    if not days:
        return None
    delays = [event for event in events if event.status is Status.TAKEN_UP and event.reason]
    if not delays:
        return Promise(days[-1], days[-1])
    reasons = service.delay_reasons() if service else ()
    named = (reason.name for reason in reasons if reason.id == delays[-1].reason)
    return Promise(days[-1], days[0], is_moved=days[-1] != days[0], reason=next(named, None))


def lateness(due: date, today: date | None, heard: date | None, *, is_sent: bool) -> Lateness:
    """Whether that day is past; `today` None: this kiosk's clock is not to be believed.

    What central has said last is a signed time: by it the day can be past, whatever the clock says.
    """
    if heard is not None and heard > due:
        return Lateness.LATE if is_sent else Lateness.NOT_SENT
    if today is None or today <= due:
        return Lateness.IN_TIME
    return Lateness.NOT_HEARD if is_sent else Lateness.NOT_SENT
