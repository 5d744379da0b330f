"""What a citizen learns when she asks "Where is my application?".

The answer is what this kiosk last learned, and as of when. A typed reference finds a status only;
her receipt, scanned, also opens the office's words to her. A slip of the finger is met with "did
you mean", never with somebody else's application.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from kiosk.forms.descriptor import Text
from kiosk.language import N_, in_language, language
from kiosk.promise import Lateness, Promise
from kiosk.resume_code import ResumeCode
from sync.records import ApplicationId, Kind, Stamp


class Progress(Enum):
    """Where an application stands, as far as this kiosk knows."""

    WAITING = "waiting"  # kept here, not yet sent
    SENT = "sent"  # central has it and has said nothing yet
    RECEIVED = "received"
    TAKEN_UP = "taken-up"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    SET_ASIDE = "set-aside"
    ASSIGNED = "assigned"  # of complaints
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    REOPENED = "reopened"
    REPLACED = "replaced"  # the applicant has handed in a correction

    @property
    def title(self) -> str:
        """The status in a few words of the current language."""
        return in_language(language(), _TITLES[self])


_TITLES = {
    Progress.WAITING: N_("Kept safely in this kiosk"),
    Progress.SENT: N_("Sent to the office"),
    Progress.RECEIVED: N_("The office has received it"),
    Progress.TAKEN_UP: N_("An officer is working on it"),
    Progress.RETURNED: N_("Please correct something"),
    Progress.APPROVED: N_("Approved"),
    Progress.REJECTED: N_("Not approved"),
    Progress.SET_ASIDE: N_("A person must look at it"),
    Progress.ASSIGNED: N_("Somebody is looking into it"),
    Progress.TRANSFERRED: N_("Passed on to another office"),
    Progress.ANSWERED: N_("There is an answer"),
    Progress.REOPENED: N_("It is being looked at again"),
    Progress.REPLACED: N_("You have handed in a correction"),
}
_NEXT_STEPS = {
    Progress.WAITING: N_("It is sent as soon as there is a line. You do not have to do anything."),
    Progress.SENT: N_("The office will look at it. You do not have to do anything."),
    Progress.RECEIVED: N_("An officer will take it up. You do not have to do anything."),
    Progress.TAKEN_UP: N_("You will get an answer by the promised day."),
    Progress.RETURNED: N_("Read what the office asks for. Then apply again or ask at the desk."),
    Progress.APPROVED: N_("Bring your receipt to the office and fetch your document."),
    Progress.REJECTED: N_("Read the reason. You may ask at the office, or complain here."),
    Progress.SET_ASIDE: N_(
        "The office could not read your application. Please show your receipt at the desk."
    ),
    Progress.ASSIGNED: N_("You will get an answer by the promised day."),
    Progress.TRANSFERRED: N_("You do not have to do anything. Your reference stays the same."),
    Progress.ANSWERED: N_("Read the answer. Then say whether you are satisfied with it."),
    Progress.REOPENED: N_("You will get another answer by the promised day."),
    Progress.REPLACED: N_("Only the correction counts. Look it up with its own receipt."),
}
_COMPLAINT_STEPS = {  # where an application's words would lead to the office complained about
    Progress.SENT: N_("Another office than the one you complain about will look into it."),
    Progress.RECEIVED: N_("Another office than the one you complain about will look into it."),
    Progress.SET_ASIDE: N_(
        "Your complaint could not be read. Please call the number for complaints on your receipt."
    ),
}
_ANSWERED = {  # the office has written
    Progress.RETURNED,
    Progress.APPROVED,
    Progress.REJECTED,
    Progress.ANSWERED,
}
_ON_ITS_WAY = {  # the office has the next word: a promised day may pass
    Progress.WAITING,
    Progress.SENT,
    Progress.RECEIVED,
    Progress.TAKEN_UP,
    Progress.ASSIGNED,
    Progress.TRANSFERRED,
    Progress.REOPENED,
}
LATE_TITLE = N_("The answer is late")
NO_APPLICATION = ApplicationId("")
AT_STEP = N_("Step %(number)s of %(of)s: %(name)s")
SCAN_TO_READ = N_("Hold your receipt under the scanner: it opens what the office writes to you.")
HAND_IN_AGAIN = N_(
    "The office could not read your application. Your answers are still here: "
    "hand them in again, you need not type them."
)
CORRECT_HERE = N_("Your answers are still here. Correct only what is asked for.")
HELD_ELSEWHERE = N_(
    "Your answers are at the kiosk “%(kiosk)s”. Correct them there, or apply again here."
)
HELD_NOWHERE = N_("Your answers cannot be opened here any more. Please apply again.")
ASK_TO_READ = N_("This receipt does not open what the office writes. Please show it at the desk.")


class Holds(Enum):
    """What the person showed, and so what she may read."""

    REFERENCE = "reference"  # typed: anybody may know it, so it shows a status only
    PROOF = "proof"  # a receipt that proves the application and does not open it
    KEY = "key"  # a receipt that opens it


class Question(Enum):
    """What she may be asked now that she has read the news; once for each."""

    SERVICE = "service"  # decided: what she thinks of the service
    ANSWER = "answer"  # her complaint is answered: whether she is satisfied


class Remedy(Enum):
    """What the holder of a receipt can do here about an application that is stuck."""

    NONE = "none"
    CORRECT = "correct"  # her answers open here: only what was asked for is to be done
    ANEW = "anew"  # they do not: a new application that replaces the old one


@dataclass(frozen=True, slots=True)
class Replacement:
    """The correction that counts in the place of what was looked up."""

    reference: str
    progress: Progress


class Finding:
    """The outcome of looking something up; one of the classes below."""


@dataclass(frozen=True, slots=True)
class StepNow:
    """Which step of its way through the offices an application is at."""

    number: int
    of: int
    name: Text

    @property
    def words(self) -> str:
        """The step in the current language."""
        name = self.name.of(language())
        return in_language(language(), AT_STEP, number=self.number, of=self.of, name=name)


@dataclass(frozen=True, slots=True)
class Found(Finding):
    """This kiosk knows the application."""

    reference: str
    progress: Progress
    service: Text | None  # None: a service that is not published here
    recorded: Stamp | None  # None: handed in elsewhere
    as_of: Stamp | None  # when central was last heard; None: never yet
    since: Stamp | None  # when it came to this status
    promise: Promise | None  # by when there is to be an answer, as long as none has come
    reason: Text | None  # the officer's ready reason: with a receipt only
    words: str | None  # the office's words to her: only with a receipt that opens them
    holds: Holds = Holds.REFERENCE
    application: ApplicationId = NO_APPLICATION
    kind: Kind = Kind.APPLICATION
    number: int = 0  # of the last event
    service_id: str = ""
    office: str = ""  # that decided or answered last
    question: Question | None = None
    proof: bytes | None = field(default=None, repr=False)  # that she holds the paper
    step: StepNow | None = None  # while it goes through several offices
    secret: bytes | None = field(default=None, repr=False)  # from the paper, for this visit only
    remedy: Remedy = Remedy.NONE
    asked: tuple[str, ...] = field(default=(), repr=False)  # paths of what to correct
    asked_labels: tuple[Text, ...] = field(default=(), repr=False)
    is_reusable: bool = False  # what she answered then may spare her questions now
    holder: str = ""  # another kiosk, which holds her answers
    replacement: Replacement | None = None
    law: Text | None = None  # the decision's legal basis: with a receipt, like the reason
    deciders: tuple[str, ...] = ()  # titles of those who decided

    @property
    def is_complaint(self) -> bool:
        """Whether it is a complaint, not an application."""
        return self.kind is Kind.COMPLAINT

    @property
    def is_answer(self) -> bool:
        """Whether the office has answered and the receipt is here that her answer is read with."""
        return self.progress in _ANSWERED and self.holds is not Holds.REFERENCE

    @property
    def due(self) -> date | None:
        """The promised day."""
        return self.promise.due if self.promise else None

    @property
    def is_late(self) -> bool:
        """Whether the promised day is past, by all that this kiosk knows."""
        promise = self.promise
        return promise is not None and promise.is_late and self.progress in _ON_ITS_WAY

    @property
    def title(self) -> str:
        """The status in a few words of the current language; that it is late, where it is."""
        known_late = self.promise is not None and self.promise.lateness is Lateness.LATE
        if self.is_late and known_late:
            return in_language(language(), LATE_TITLE)
        return self.progress.title

    @property
    def next_step(self) -> str:
        """What happens next, or what she should do, in the current language."""
        if self.promise is not None and self.progress in _ON_ITS_WAY and self.promise.words:
            return self.promise.words
        step = _NEXT_STEPS[self.progress]
        if self.is_complaint:
            step = _COMPLAINT_STEPS.get(self.progress, step)
        if self.progress in _ANSWERED and self.words is None:
            step = {Holds.REFERENCE: SCAN_TO_READ, Holds.PROOF: ASK_TO_READ}.get(self.holds, step)
        if self.progress is Progress.SET_ASIDE and self.remedy is Remedy.CORRECT:
            step = HAND_IN_AGAIN
        if self.progress is Progress.RETURNED and self.holds is Holds.KEY:
            step = self._remedy_step(step)
            return in_language(language(), step, kiosk=self.holder)
        return in_language(language(), step)

    def _remedy_step(self, otherwise: str) -> str:
        match self.remedy:
            case Remedy.CORRECT:
                return CORRECT_HERE
            case Remedy.ANEW:
                return HELD_ELSEWHERE if self.holder else HELD_NOWHERE
            case _:
                return otherwise


class SlipState(Enum):
    """What a resume slip is good for here."""

    OPENS = "opens"
    TYPED = "typed"  # its reference alone opens nothing
    CONTINUED = "continued"
    HANDED_IN = "handed-in"
    GONE = "gone"  # its days are over, or it was erased
    ELSEWHERE = "elsewhere"
    DAMAGED = "damaged"
    WITHDRAWN = "withdrawn"  # the service is not offered now


_SLIPS = {  # title, and what to do
    SlipState.OPENS: (N_("Your answers are kept here"), N_("Go on where you stopped.")),
    SlipState.TYPED: (
        N_("This number is on a paper to continue with"),
        N_("It opens nothing by itself. Hold the square code of the paper under the scanner."),
    ),
    SlipState.CONTINUED: (
        N_("This paper was used already"),
        N_("You went on and got a newer paper. Scan that one."),
    ),
    SlipState.HANDED_IN: (
        N_("This application is handed in already"),
        N_("Scan its receipt to see how it is doing."),
    ),
    SlipState.GONE: (
        N_("Your answers are no longer kept here"),
        N_("They were erased, or their days are over. Please begin anew."),
    ),
    SlipState.ELSEWHERE: (
        N_("This paper belongs to another kiosk"),
        N_("Your answers are in the kiosk named on the paper. Continue there."),
    ),
    SlipState.DAMAGED: (
        N_("This paper cannot be read"),
        N_("Its code is damaged. Smooth the paper and hold it under the scanner again."),
    ),
    SlipState.WITHDRAWN: (
        N_("This service is not offered here now"),
        N_("Your answers are still kept. Please ask at the desk or try again another day."),
    ),
}
SLIP_ELSEWHERE = N_("This paper belongs to the kiosk “%(kiosk)s”. Continue there.")


@dataclass(frozen=True, slots=True)
class SlipFound(Finding):
    """A resume slip was shown, or its reference typed."""

    state: SlipState
    kiosk: str = ""  # the one that holds the answers, where its name is known
    code: ResumeCode | None = field(default=None, repr=False)  # only where it opens

    @property
    def title(self) -> str:
        """What is said first; an English message."""
        return _SLIPS[self.state][0]

    @property
    def next_step(self) -> str:
        """What to do, in the current language."""
        if self.kiosk:
            return in_language(language(), SLIP_ELSEWHERE, kiosk=self.kiosk)
        return in_language(language(), _SLIPS[self.state][1])


@dataclass(frozen=True, slots=True)
class NotKnownHere(Finding):
    """A correct reference or receipt of an application that this kiosk has not heard of."""

    reference: str
    as_of: Stamp | None


@dataclass(frozen=True, slots=True)
class DidYouMean(Finding):
    """One character is wrong; this is the only reference that it can have been."""

    reference: str


@dataclass(frozen=True, slots=True)
class NotAReference(Finding):
    """What was typed or scanned is no reference and no receipt of ours."""


@dataclass(frozen=True, slots=True)
class NotCheckable(Finding):
    """It looks like a receipt, of a kiosk that this one has not heard of: perhaps true."""


@dataclass(frozen=True, slots=True)
class NotGenuine(Finding):
    """It looks like a receipt of ours but was altered or forged."""


@dataclass(frozen=True, slots=True)
class OutOfService(Finding):
    """A receipt that says to be of a day on which its kiosk was stolen or taken away already."""
