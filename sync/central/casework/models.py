"""Offices, officers, clerks and cases: central's side of an application.

A case holds no answer and no name: it is the clear header of the envelope, a due date and a list
of events. Its status is the fold of its events and is written only together with one
(`events.append`), so that a list of a thousand cases needs no fold. Each event carries the hash
of the one before it: a changed or removed row shows (`audit.first_broken`).
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sync.central.casework.due_dates import is_doubtful
from sync.records import Kind, Status, TimeQuality

NAME_LENGTH = 120  # sync.records.NAME_LENGTH_MAX


class Office(models.Model):
    """An office that decides, or takes applications for those that do."""

    id = models.SlugField(primary_key=True, max_length=64)
    name_lo = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=16, blank=True)  # the P-code, such as LA0107
    role = models.CharField(max_length=64, default="district")  # what workflows call it by
    hours = models.CharField(max_length=200, blank=True)  # such as Mo-Fr 08:00-16:00
    phone = models.CharField(max_length=40, blank=True)
    holidays = models.JSONField(default=list, blank=True)  # ISO dates
    # Nobody has confirmed its hours, telephone and holidays: they are shown as a sample.
    sample = models.BooleanField(default=False)
    # Who looks into complaints about this office: never itself. None: the nation's office does.
    complaints_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The office's name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_lo

    @property
    def closed_days(self) -> frozenset[date]:
        """The holidays as dates."""
        return frozenset(date.fromisoformat(day) for day in self.holidays)


class Officer(models.Model):
    """A person who decides in one office."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="officer"
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="officers")
    title = models.CharField(max_length=100, blank=True)
    is_supervisor = models.BooleanField(default=False)
    handles_complaints = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()


class Clerk(models.Model):
    """A person who helps at the kiosks of one office. Her number is never given to another."""

    number = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=NAME_LENGTH)  # as receipts and records name her
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="clerks")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # she signs in no more

    def __str__(self) -> str:
        return self.name


class OfKind(models.Manager["Case"]):
    """Cases of one kind."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def get_queryset(self) -> models.QuerySet["Case"]:
        """Only those."""
        return super().get_queryset().filter(kind=self._kind.value)


class Case(models.Model):
    """An application, or a complaint, as its office sees it.

    `objects` are the applications: whoever lists the cases of an office sees no complaint, and an
    office that is complained about finds nothing. Complaints are asked for by their own name.
    """

    STATUSES: ClassVar = [
        (Status.RECEIVED.value, _("Received")),
        (Status.TAKEN_UP.value, _("In progress")),
        (Status.RETURNED.value, _("Returned to the applicant")),
        (Status.APPROVED.value, _("Approved")),
        (Status.REJECTED.value, _("Rejected")),
        (Status.SET_ASIDE.value, _("Set aside")),
        (Status.ASSIGNED.value, _("Assigned")),
        (Status.TRANSFERRED.value, _("Transferred")),
        (Status.ANSWERED.value, _("Answered")),
        (Status.REOPENED.value, _("Reopened")),
    ]

    application = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, default=Kind.APPLICATION.value)
    # Not unique: a copied card may draw one twice, and that must not stop the kiosk's queue.
    reference = models.CharField(max_length=32, db_index=True)
    service = models.CharField(max_length=120)
    service_version = models.CharField(max_length=120)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="cases")
    kiosk = models.CharField(max_length=16)  # the device's id
    channel = models.CharField(max_length=16)
    assisted_by = models.BigIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_quality = models.CharField(
        max_length=12, choices=[(quality.value, quality.value) for quality in TimeQuality]
    )
    received_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)  # the first promise: on-time is by it
    # Set only with proof of holding the old receipt (`corrections`); without it a claim stays one.
    replaces = models.CharField(max_length=32, blank=True, db_index=True)
    claims = models.CharField(max_length=32, blank=True, db_index=True)
    # The office whose kiosks hear of it, where that is not `office`: there its receipt was given.
    heard_at = models.CharField(max_length=64, blank=True)
    # The fold of the events; `office` is the one whose step it is:
    step = models.CharField(max_length=120, blank=True)
    step_due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=STATUSES)
    last_number = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    taken_up_by = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )

    objects = OfKind(Kind.APPLICATION)
    complaints = OfKind(Kind.COMPLAINT)
    everything = models.Manager["Case"]()

    class Meta:
        """The officer's list is read by office and status, the most urgent first."""

        base_manager_name = "everything"  # what an event belongs to is found, whatever its kind
        indexes: ClassVar = [
            models.Index(fields=["office", "status", "due_on"], name="case_of_office"),
            models.Index(fields=["heard_at", "status"], name="case_heard_at"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def audience(self) -> str:
        """The office whose kiosks hear of it."""
        return self.heard_at or self.office_id

    @property
    def has_doubtful_time(self) -> bool:
        """Whether its due dates are counted from the day it came: the paper may say another."""
        quality = TimeQuality(self.recorded_quality)
        return is_doubtful(self.recorded_at, quality, self.received_at)

    @property
    def next_due(self) -> date | None:
        """By when the office that has it is to be done with its step."""
        days = [day for day in (self.step_due_on, self.due_on) if day is not None]
        return min(days, default=None)


class CaseEvent(models.Model):
    """One thing that happened to a case; never changed, never removed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=Case.STATUSES)
    officer = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    second = models.ForeignKey(  # who signed too, where two decide
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    note = models.CharField(max_length=32, blank=True)  # what was proposed, or that it is withdrawn
    reason = models.CharField(max_length=120, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=120, blank=True)  # to which it was handed over, if it was
    to_office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)  # the new promise, where it gave one
    words = models.BinaryField(null=True, blank=True)  # sealed to the citizen's secret
    asked = models.BinaryField(null=True, blank=True)  # what to correct, sealed like the words
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        """The events of a case are numbered without holes."""

        ordering: ClassVar = ["case", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="one_event_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number} {self.status}"


class Escalation(models.Model):
    """A late case that was brought before those who answer for it; never changed, never removed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    level = models.PositiveSmallIntegerField()  # a rung of `overdue.Level`
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")  # before whom
    due_on = models.DateField()  # the day that had passed
    days_late = models.PositiveSmallIntegerField()  # working days, then
    at = models.DateTimeField()

    class Meta:
        """Each rung once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "level"], name="one_escalation_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.level} {self.office_id}"


class Payment(models.Model):
    """What was charged when the paper was fetched, beside the official fee; never changed.

    The database itself refuses a second payment for a case, and a difference without a reason.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="payment")
    service = models.CharField(max_length=120)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="payments")
    official_lak = models.BigIntegerField(null=True, blank=True)  # none: nobody has confirmed it
    charged_lak = models.BigIntegerField()
    receipt_number = models.CharField(max_length=40)
    reason = models.CharField(max_length=500, blank=True)  # of a difference
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="payments")
    at = models.DateTimeField()

    class Meta:
        """Differences are counted by office and service."""

        indexes: ClassVar = [
            models.Index(fields=["office", "service"], name="payment_counted_by"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(official_lak__isnull=True)
                | models.Q(charged_lak=models.F("official_lak"))
                | ~models.Q(reason=""),
                name="difference_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(charged_lak__gte=0), name="charged_is_no_debt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.charged_lak}"


class Opening(models.Model):
    """Who opened the sealed answers of which case, and when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="openings")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="openings")
    at = models.DateTimeField()
    document = models.PositiveSmallIntegerField(null=True, blank=True)  # none: the answers

    class Meta:
        """An audit is read by case, and by officer."""

        indexes: ClassVar = [models.Index(fields=["officer", "at"], name="opening_by_officer")]

    def __str__(self) -> str:
        return f"{self.officer} {self.case} {self.at}"


class Seal(models.Model):
    """One link of the chain over openings, payments and escalations (`seals`); never changed."""

    class Of(models.TextChoices):
        """The table that holds the row."""

        OPENING = "opening", "Opening"
        PAYMENT = "payment", "Payment"
        ESCALATION = "escalation", "Escalation"

    number = models.PositiveBigIntegerField(unique=True)
    of = models.CharField(max_length=12, choices=Of.choices)
    row = models.PositiveBigIntegerField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        """A row is sealed once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "row"], name="sealed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.of} {self.row}"


class TwoPeople(models.Model):
    """What one officer proposes and another confirms."""

    proposed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_by = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # none: it waits for the second person

    class Meta:
        """No table of its own."""

        abstract = True


def _by_two_people(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(confirmed_by__isnull=True)
        | ~models.Q(confirmed_by=models.F("proposed_by")),
        name=name,
    )


def _ends_once(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(confirmed_by__isnull=True, withdrawn_by__isnull=True)
        | models.Q(confirmed_by__isnull=True, ended_at__isnull=False)
        | models.Q(withdrawn_by__isnull=True, ended_at__isnull=False),
        name=name,
    )


class Proposal(TwoPeople):
    """A decision of a case that waits for its second signatory, or has ended.

    The database itself refuses one person for both, and two open proposals for one case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()  # of the event by which it was proposed
    status = models.CharField(max_length=16, choices=Case.STATUSES)  # to which it leads
    reason = models.CharField(max_length=120, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    words = models.BinaryField(null=True, blank=True)  # sealed to the citizen's secret

    class Meta:
        """Two people, once."""

        constraints: ClassVar = [
            _by_two_people("decided_by_two_people"),
            _ends_once("proposal_ends_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number}: {self.status}"


class Release(TwoPeople):
    """A way out for an envelope that was set aside: one officer proposes it, another confirms it.

    The database itself refuses one person for both, and two open proposals for one envelope.
    """

    class Deed(models.TextChoices):
        """What becomes of it."""

        FILE = "file", _("Make an application of it")
        CLOSE = "close", _("Close it: it will not be read")

    # The envelope, also when it is no longer set aside: its row is gone then.
    set_aside = models.ForeignKey(
        "intake.SetAside", null=True, on_delete=models.SET_NULL, related_name="releases"
    )
    device = models.ForeignKey("intake.Device", on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField()
    chain_hash = models.BinaryField(max_length=32)
    application = models.CharField(max_length=32, db_index=True)
    reference = models.CharField(max_length=32, blank=True)
    deed = models.CharField(max_length=8, choices=Deed.choices)
    why = models.CharField(max_length=500)

    class Meta:
        """Two people, once."""

        constraints: ClassVar = [
            _by_two_people("released_by_two_people"),
            _ends_once("release_ends_once"),
            models.UniqueConstraint(
                fields=["device", "sequence", "chain_hash"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.sequence}: {self.deed}"


class ReleaseAct(models.Model):
    """One thing that an officer did with a release; never changed, never removed."""

    class Kind(models.TextChoices):
        """What she did."""

        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.PositiveBigIntegerField(unique=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # hers, as it was then
    at = models.DateTimeField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.release_id}"


class ClerkAct(models.Model):
    """One thing that was done with a clerk's account; never changed, never removed."""

    class Kind(models.TextChoices):
        """What was done."""

        ADDED = "added", _("Account made")
        NEW_PIN = "new-pin", _("New PIN")
        ENDED = "ended", _("Account ended")

    number = models.PositiveBigIntegerField(unique=True)
    clerk = models.ForeignKey(Clerk, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    officer = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # none: by the command line
    name = models.CharField(max_length=200)  # hers, as it was then
    at = models.DateTimeField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.clerk_id}"


class Follower(models.Model):
    """A kiosk of another office that asked after a case, and hears what happens to it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="followers")
    device = models.ForeignKey("intake.Device", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        """Asked twice, it is told once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "device"], name="one_follower"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.case_id}"


class StickVisit(models.Model):
    """A stick that an officer hands in by her browser; forgotten after a day."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    refused = models.PositiveIntegerField(default=0)  # files: not whole, or of no known kiosk
    passed_over = models.PositiveIntegerField(default=0)  # files that are no kiosk's messages

    def __str__(self) -> str:
        return f"{self.officer} {self.at}"


class StickAnswer(models.Model):
    """Central's answer to one message of such a stick, until it was taken home."""

    visit = models.ForeignKey(StickVisit, on_delete=models.CASCADE, related_name="answers")
    device = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        """Handed in twice, it is answered once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "device", "name"], name="one_stick_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.name}"


class Attempt(models.Model):
    """One try at something that is limited; who tried is kept as a keyed hash only."""

    kind = models.CharField(max_length=16)
    who = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        """Tries are counted by kind and person since a moment."""

        indexes: ClassVar = [models.Index(fields=["kind", "who", "at"], name="attempt_count")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
