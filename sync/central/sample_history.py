"""Months of made-up applications, so that the pages with figures have something to count.

They are filed as real ones are: a sample kiosk of each sample centre seals, signs and hands in what
made-up people answer, sample officers decide, people say what they think and complain. Every figure
is counted from that; none is written by hand. It happens on a server of samples only: where an
office has confirmed a service, it is refused.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from nacl.signing import SigningKey

from kiosk.forms.bundle import DEFINITION, Bundle
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of
from kiosk.forms.voice import AFTER_DECISION, QUESTIONS_ASKED
from sync import envelope as envelopes
from sync.central.casework.decisions import Action, Decision, act, possible
from sync.central.casework.delays import delay_reasons, needs_reason
from sync.central.casework.due_dates import VIENTIANE, vientiane_day
from sync.central.casework.models import Case, Office, Officer
from sync.central.catalogue import shelf
from sync.central.insight import heard
from sync.central.intake import enrolment
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, FeedAudience
from sync.central.voice import steps
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.protocol import Batch, Report
from sync.records import (
    FIRST_PREVIOUS,
    ApplicationId,
    Audience,
    Channel,
    Envelope,
    Header,
    KeyPurpose,
    Kind,
    Stamp,
    TimeQuality,
    device_id,
)
from sync.reference import compose
from sync.sentence import Sentence
from sync.working_days import is_working_day

DAYS: Final = 240  # two quarters that are over, whenever it is made
SEED: Final = 2026  # the same history each time
RESIDENCE: Final = "la.moha.residence-certificate"
CERTIFICATION: Final = "la.moj.document-certification"
COMPLAINT: Final = "la.sia.complaint"
NAME: Final = "ຜູ້ຍື່ນຕົວຢ່າງ"
WORDS: Final = "ຄຳຕອບຕົວຢ່າງ"
ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    RESIDENCE: {
        "for_whom": "self",
        "full_name": NAME,
        "birth_date": "1990",
        "province": "LA01",
        "district": "LA0106",
        "village": "ດົງໂດກ",
        "years_here": "12",
        "purposes": "school",
    },
    CERTIFICATION: {
        "applicant_name": NAME,
        "kind": "study",
        "name_on_document": NAME,
        "copies": "3",
        "used": "laos",
        "original": "no",
    },
    COMPLAINT: {
        "category": "delay",
        "office": "la-vte-xaythany",
        "service": RESIDENCE,
        "what_happened": "ຄຳຮ້ອງທຸກຕົວຢ່າງ",
        "happened_when": "2026",
        "name_given": "no",
        "answer_by": "receipt",
    },
}
REASONS: Final = {
    RESIDENCE: ("photo-unreadable", "address-unclear", "name-differs"),
    CERTIFICATION: ("original-missing", "photo-unreadable"),
}


class NotForSamples(Exception):
    """This server is not one of samples, or has the history already; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Centre:
    """How a sample centre works."""

    office: str
    officer: str
    each_day: float  # applications, on average
    has_line_on: tuple[int, ...]  # weekdays
    late: float  # of what it decides
    content: float  # of who answers: how likely a good mark is


CENTRES: Final = (
    Centre("la-vte-xaythany", "sample-xaythany", 0.9, (0, 1, 2, 3, 4), 0.12, 0.85),
    Centre("la-lpb-nambak", "sample-nambak", 0.5, (1, 4), 0.3, 0.7),
)
COMPLAINS_EVERY: Final = 6  # days
DECIDES_UNTIL: Final = 6  # days before the end: what came later still waits


@dataclass(slots=True)
class _Pending:
    """What an officer has on her table, and when she gets to it."""

    application: ApplicationId
    secret: bytes
    service: str
    on: date
    corrects: bool = False


@dataclass(slots=True)
class _Kiosk:
    """A kiosk that has a key and a log."""

    office: str
    key: SigningKey
    papers: Enrolment
    log: list[Envelope] = field(default_factory=list)
    sent: int = 0

    def files(
        self,
        kind: Kind,
        bundle: Bundle,
        record: Mapping[str, Any],
        at: datetime,
        **header: Any,  # noqa: ANN401 - the header's own fields
    ) -> tuple[ApplicationId, bytes]:
        """Seal something and put it into the log; its id and its secret."""
        secret: bytes = header.pop("secret", None) or envelopes.new_secret()
        (sealing,) = [one for one in self.papers.keys if one.purpose is KeyPurpose.SEALING]
        number = len(self.log) + 1
        made = Header(
            device=self.papers.device,
            sequence=number,
            previous=self.log[-1].chain_hash if self.log else FIRST_PREVIOUS,
            kind=kind,
            id=envelopes.application_id(secret),
            reference="" if kind is Kind.FEEDBACK else compose(self.papers.kiosk_number, number),
            service=bundle.service,
            service_version=bundle.version,
            office=self.office,
            recorded=Stamp(int(at.timestamp() * 1000), TimeQuality.TRUSTED),
            central_key=sealing.id,
            **header,
        )
        data = made.to_bytes()
        body = envelopes.seal_answers(record, data, secret, bundle.dictionary)
        self.log.append(Envelope(data, body, envelopes.seal_secret(secret, sealing.key)))
        return made.id, secret

    def sends(self, at: datetime) -> None:
        """Hand in what central does not have yet."""
        known = [one.id for one in self.papers.keys if one.purpose is KeyPurpose.ANSWERS]
        waiting = tuple(self.log[self.sent :])
        read = FeedAudience.objects.filter(pk__in=self.papers.audiences)
        positions = read.values_list("name", "position")
        batch = Batch(
            device=self.papers.device,
            after=self.sent,
            previous=self.log[self.sent - 1].chain_hash if self.sent else FIRST_PREVIOUS,
            envelopes=waiting,
            epoch=self.papers.epoch,
            cursor={Audience(name): at for name, at in positions},
            report=Report(known[-1], len(self.log), len(waiting), 0, 0),
        )
        CentralServer(now=lambda: at).exchange(batch.signed(self.key))
        self.sent = len(self.log)


@transaction.atomic
def load(now: datetime, days: int = DAYS) -> int:
    """Make the history up to now; how many applications there are.

    Raises:
        NotForSamples: a service here is no sample, or the history is there.
    """
    _check()
    chance = random.Random(SEED)  # noqa: S311 - a history, no secret
    return sum(_Story(centre, chance, now, days).told() for centre in CENTRES)


def _check() -> None:
    try:
        bundles = [shelf.find_current(service) for service in ANSWERS]
    except shelf.NotPublished as problem:
        raise NotForSamples(Sentence("Load the sample data first.")) from problem
    if not all(bundle.descriptor.sample for bundle in bundles):
        raise NotForSamples(
            Sentence("An office has confirmed a service here: this is no server of samples.")
        )
    if Device.objects.filter(name__startswith=_name("")).exists():
        raise NotForSamples(Sentence("The sample history is here already."))


def _name(office: str) -> str:
    return f"ຕູ້ຕົວຢ່າງ Sample {office}".rstrip()


class _Story:
    """What happened at one centre, day after day."""

    def __init__(self, centre: Centre, chance: random.Random, now: datetime, days: int) -> None:
        self._centre, self._chance, self._now = centre, chance, now
        self._last = now.astimezone(VIENTIANE).date()
        self._first = self._last - timedelta(days=days)
        self._office = Office.objects.get(pk=centre.office)
        self._officer = Officer.objects.get(user__username=centre.officer)
        self._table: list[_Pending] = []
        self._complaints: list[ApplicationId] = []
        self._bundles = {service: shelf.find_current(service) for service in ANSWERS}
        self._records = {service: self._filled(service) for service in ANSWERS}
        self._filed = 0
        self._kiosk = self._enrolled(self._at(self._first, 8))

    def told(self) -> int:
        """Live through it; how many applications were filed."""
        for day in self._working_days():
            self._people_come(day)
            if day.weekday() in self._centre.has_line_on:
                self._is_heard(day)
                self._kiosk.sends(self._at(day, 15))
                self._officer_works(day)
            if (day - self._first).days % COMPLAINS_EVERY == 0:
                self._somebody_complains(day)
        self._kiosk.sends(min(self._at(self._last, 16), self._now))
        return self._filed

    def _working_days(self) -> Iterator[date]:
        for step in range((self._last - self._first).days):
            day = self._first + timedelta(days=step)
            if is_working_day(day, self._office.closed_days):
                yield day

    def _is_heard(self, day: date) -> None:
        """The line comes in the morning and stays; now and then it is gone for an hour."""
        for hour in range(8, 16):
            if self._chance.random() < 0.95:  # noqa: PLR2004
                heard.note(self._kiosk.papers.device, None, self._at(day, hour, 30))

    def _people_come(self, day: date) -> None:
        chance, centre = self._chance, self._centre
        for _ in range(int(centre.each_day * 2 * chance.random() + chance.random())):
            service = RESIDENCE if chance.random() < 0.6 else CERTIFICATION  # noqa: PLR2004
            helped = chance.random() < 0.25  # noqa: PLR2004
            self._files(
                service,
                self._at(day, 9 + chance.randrange(6), chance.randrange(60)),
                channel=Channel.DESK if helped else Channel.KIOSK,
                assisted_by=1 if helped else None,
            )

    def _files(
        self,
        service: str,
        at: datetime,
        **header: Any,  # noqa: ANN401 - the header's own fields
    ) -> None:
        bundle = self._bundles[service]
        application, secret = self._kiosk.files(
            Kind.APPLICATION, bundle, self._records[service], at, **header
        )
        self._filed += 1
        days = 7 + self._chance.randrange(9) if self._is_late() else self._chance.randrange(3)
        on = at.astimezone(VIENTIANE).date() + timedelta(days=days)
        self._table.append(_Pending(application, secret, service, on, "replaces" in header))

    def _is_late(self) -> bool:
        return self._chance.random() < self._centre.late

    def _officer_works(self, day: date) -> None:
        if (self._last - day).days < DECIDES_UNTIL:
            return
        for pending in [one for one in self._table if one.on <= day]:
            case = Case.objects.filter(application=pending.application).first()
            if case is not None:
                self._table.remove(pending)
                self._decides(case, pending, day)

    def _decides(self, case: Case, pending: _Pending, day: date) -> None:
        at, chance = self._at(day, 15, 30), self._chance.random()
        if Action.TAKE_UP in possible(case, self._officer):
            act(case, self._officer, Decision(Action.TAKE_UP, case.last_number), at)
            case.refresh_from_db()
        if chance < 0.18 and not pending.corrects:  # noqa: PLR2004 - one in five or six
            reason = self._chance.choice(REASONS[pending.service])
            decision = Decision(Action.RETURN, case.last_number, WORDS, reason)
            act(case, self._officer, _with_delay(decision, case, at), at)
            self._corrects(pending, day)
            return
        law = self._bundles[pending.service].descriptor.legal[0].id
        decision = Decision(Action.APPROVE, case.last_number, WORDS, legal_basis=law)
        act(case, self._officer, _with_delay(decision, case, at), at)
        if self._chance.random() < 0.6:  # noqa: PLR2004 - who answers
            self._says(pending.service, at)

    def _corrects(self, pending: _Pending, day: date) -> None:
        secret = envelopes.new_secret()
        proof = envelopes.replacing_proof(pending.secret, envelopes.application_id(secret))
        at = self._at(day, 15, 45)
        self._files(pending.service, at, replaces=pending.application, proof=proof, secret=secret)

    def _says(self, service: str, at: datetime) -> None:
        likely = self._centre.content
        marks = {
            question: self._chance.choice((3, 4) if self._chance.random() < likely else (1, 2))
            for question in QUESTIONS_ASKED
        }
        record = {
            "answers": marks,
            "language": "lo",
            "moment": AFTER_DECISION,
            "office": self._centre.office,
        }
        self._kiosk.files(Kind.FEEDBACK, self._bundles[service], record, at)

    def _somebody_complains(self, day: date) -> None:
        for application in self._complaints:
            self._is_answered(application, self._at(day, 15, 50))
        at = self._at(day, 15, 55)
        record, bundle = self._records[COMPLAINT], self._bundles[COMPLAINT]
        self._complaints = [self._kiosk.files(Kind.COMPLAINT, bundle, record, at)[0]]

    def _is_answered(self, application: ApplicationId, at: datetime) -> None:
        case = Case.complaints.filter(application=application).first()
        if case is None:
            return
        handler = Officer.objects.filter(office=case.office_id, handles_complaints=True).first()
        if handler is not None:
            steps.assign(case, handler, handler, case.last_number, at)
            case.refresh_from_db()
            steps.answer(case, handler, WORDS, case.last_number, at)

    def _filled(self, service: str) -> Mapping[str, Any]:
        """The form with the sample answers, as a kiosk seals it."""
        definition = definition_of(self._bundles[service].file(DEFINITION))
        entry = Entry(definition, language="lo", today=self._first)
        answers = dict(ANSWERS[service])
        if service == COMPLAINT:
            answers["office"] = self._centre.office
        while (page := entry.page) is not None:
            for question in page.questions:
                value = answers.get(question.path.rpartition("/")[2])
                if value is not None:
                    entry.answer(question.path, value)
            if violations := entry.advance():
                raise NotForSamples(
                    Sentence(
                        "The sample answers do not fit %(service)s: %(why)s.",
                        service=service,
                        why=violations[0],
                    )
                )
        return entry.record()

    def _enrolled(self, at: datetime) -> _Kiosk:
        key, server = SigningKey.generate(), CentralServer(now=lambda: at)
        name = _name(self._centre.office)
        code = enrolment.new_code(self._office, name, timedelta(hours=1))
        request = EnrolmentRequest(code, bytes(key.verify_key), name).signed(key)
        papers = Enrolment.from_bytes(server.enrol(request))
        assert papers.device == device_id(bytes(key.verify_key))
        return _Kiosk(self._centre.office, key, papers)

    @staticmethod
    def _at(day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), VIENTIANE)


def _with_delay(decision: Decision, case: Case, at: datetime) -> Decision:
    """The same; of a late case with the first of its service's reasons for a delay."""
    if not needs_reason(case, vientiane_day(at)):
        return decision
    return replace(decision, delay_reason=delay_reasons(case)[0].id)
