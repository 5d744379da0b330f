"""What people say, as numbers: shares of satisfied answers, and how complaints are answered.

Fewer than ten are never shown: in a small office everybody could tell who said what. No sum over
groups is shown either, from which a hidden one could be worked out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.forms.voice import AFTER_DECISION, QUESTIONS_ASKED
from sync.central.casework.models import Office
from sync.central.voice.models import Complaint, Feedback
from sync.reply import Verdict

LEAST = 10  # MET-01: below that, nothing is shown
POSITIVE = 3  # of marks 1 to 4


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; nothing where there are too few."""

    count: int
    of: int

    @property
    def is_shown(self) -> bool:
        """Whether there are enough to show it."""
        return self.of >= LEAST

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None where there are too few."""
        return round(100 * self.count / self.of) if self.is_shown else None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What people think of one service, question by question."""

    service: str
    moment: str
    shares: dict[str, Share]


@dataclass(frozen=True, slots=True)
class Answers:
    """How complaints about one office are answered."""

    office: Office
    lodged: int | None  # None: too few to show
    on_time: Share
    satisfied: Share
    reopened: Share


def opinions(office: Office) -> list[Opinion]:
    """What people think of an office's services, by service and moment."""
    rows = Feedback.objects.filter(office=office).values_list("service", "moment", "marks")
    positive: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    given: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for service, moment, marks in rows.iterator():
        for question, mark in marks.items():
            given[service, moment][question] += 1
            positive[service, moment][question] += mark >= POSITIVE
    return [
        Opinion(
            service,
            moment,
            {
                question: Share(positive[service, moment][question], count[question])
                for question in QUESTIONS_ASKED
                if moment == AFTER_DECISION or question in count
            },
        )
        for (service, moment), count in sorted(given.items())
    ]


def answers() -> list[Answers]:
    """How complaints are answered, by the office that they are about."""
    by_office: dict[Office, list[Complaint]] = defaultdict(list)
    for complaint in Complaint.objects.exclude(accused=None).select_related("accused"):
        if complaint.accused is not None:
            by_office[complaint.accused].append(complaint)
    return [_answers(office, by_office[office]) for office in sorted(by_office, key=str)]


def _answers(office: Office, complaints: list[Complaint]) -> Answers:
    answered = [one for one in complaints if one.answered_on is not None]
    judged = [one for one in answered if one.verdict]
    return Answers(
        office,
        len(complaints) if len(complaints) >= LEAST else None,
        Share(_count(one.on_time is True for one in answered), len(answered)),
        Share(_count(one.verdict == Verdict.SATISFIED.value for one in judged), len(judged)),
        Share(_count(one.reopened > 0 for one in answered), len(answered)),
    )


def _count(facts: Iterable[bool]) -> int:
    return sum(facts)
