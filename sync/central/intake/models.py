"""What central keeps of its devices, word for word: their logs, and the feed that answers them.

Nothing here is ever changed after the fact but counters and flags. Bytes are kept as they came:
a signature or a hash can be checked again at any time, and what could not be read today may be
read by a later program.
"""

from functools import cached_property
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.central.intake.rings import Ring
from sync.records import Header

ID_HEX = 32
DEVICE_HEX = 16
NAME_LENGTH = 120  # sync.records.NAME_LENGTH_MAX
RING_LENGTH = 16
RING_CHOICES = [
    (Ring.FIRST.value, _("First kiosks")),
    (Ring.SECOND.value, _("Second kiosks")),
    (Ring.ALL.value, _("All kiosks")),
]


class Device(models.Model):
    """An enrolled kiosk, and how far central holds its log."""

    id = models.CharField(max_length=DEVICE_HEX, primary_key=True)
    kiosk_number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    office = models.ForeignKey("casework.Office", on_delete=models.PROTECT, related_name="devices")
    verify_key = models.BinaryField(max_length=32)
    enrolled_at = models.DateTimeField()
    last_contact_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)  # the log is here up to this one
    chain_hash = models.BinaryField(max_length=32)  # of the envelope at `sequence`
    forked_at = models.DateTimeField(null=True, blank=True)  # its identity lives twice since
    blocked_at = models.DateTimeField(null=True, blank=True)  # stolen, or taken out of service
    ring = models.CharField(max_length=RING_LENGTH, choices=RING_CHOICES, default=Ring.ALL.value)
    answers_key = models.BinaryField(max_length=8, null=True, blank=True)  # the newest it trusts
    # What it said of itself at its last contact; none: its program does not say.
    told_recorded = models.PositiveBigIntegerField(null=True, blank=True)  # the last of its log
    told_waiting = models.PositiveBigIntegerField(null=True, blank=True)  # not acknowledged
    told_files = models.PositiveIntegerField(null=True, blank=True)  # documents not here yet
    told_unread = models.PositiveIntegerField(null=True, blank=True)  # news it cannot read
    read_total = models.PositiveBigIntegerField(default=0)  # news it has, of all its audiences
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="later_lives"
    )  # the identity before, whose log this one carries on

    def __str__(self) -> str:
        return self.name


class EnrolmentCode(models.Model):
    """A one-time word that lets one new device in; only its hash is kept."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    office = models.ForeignKey("casework.Office", on_delete=models.PROTECT, related_name="+")
    kiosk_name = models.CharField(max_length=NAME_LENGTH)
    expires_at = models.DateTimeField()
    ring = models.CharField(max_length=RING_LENGTH, choices=RING_CHOICES, default=Ring.ALL.value)
    device = models.OneToOneField(
        Device, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolment_code"
    )

    def __str__(self) -> str:
        return self.kiosk_name


class StoredEnvelope(models.Model):
    """An envelope in its place in a device's log."""

    application = models.CharField(max_length=ID_HEX, primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="envelopes")
    sequence = models.PositiveBigIntegerField()
    chain_hash = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=16)
    reference = models.CharField(max_length=32, blank=True, db_index=True)
    service = models.CharField(max_length=NAME_LENGTH)
    service_version = models.CharField(max_length=NAME_LENGTH)
    office = models.ForeignKey("casework.Office", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    header = models.BinaryField()
    body = models.BinaryField()
    sealed_secret = models.BinaryField()

    class Meta:
        """A place in a log holds one envelope."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "sequence"], name="one_envelope_a_place"),
        ]

    def __str__(self) -> str:
        return self.application

    @cached_property
    def parsed(self) -> Header:
        """The header's fields."""
        return Header.from_bytes(bytes(self.header))


class SetAside(models.Model):
    """An envelope that waits for a person: kept whole, acknowledged, in nobody's way."""

    class Reason(models.TextChoices):
        """Why."""

        UNREADABLE = "unreadable", _("It cannot be read.")
        CANNOT_OPEN = "cannot-open", _("It cannot be opened with a key of this server.")
        CHAIN = "chain", _("It does not follow the envelope before it.")
        OTHER_DEVICE = "other-device", _("It names another device than the one that sent it.")
        OFFICE = "office", _("It is addressed to an office that is not known here.")
        SERVICE = "service", _("It asks for a service that is not published here.")
        CONFLICT = "conflict", _("Its number belongs to another application.")
        FORK = "fork", _("Another envelope has its place: the kiosk's identity lives twice.")
        REPLACED = "replaced", _("Two people decided that another version of it counts.")
        LOST = "lost", _("The kiosk's disk was damaged and has lost it.")

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="set_aside")
    sequence = models.PositiveBigIntegerField()
    chain_hash = models.BinaryField(max_length=32)
    application = models.CharField(max_length=ID_HEX, blank=True, db_index=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    detail = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    in_log = models.BooleanField()  # whether it holds its place in the log, or stands beside it
    closed_at = models.DateTimeField(null=True, blank=True)  # two people decided: nobody waits
    header = models.BinaryField()
    body = models.BinaryField()
    sealed_secret = models.BinaryField()

    class Meta:
        """The same envelope is set aside once, however often it is sent."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "sequence", "chain_hash"], name="set_aside_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.sequence}: {self.reason}"


class EvidenceFile(models.Model):
    """An encrypted document or photo that envelopes have announced; its bytes lie in a file."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    announced_at = models.DateTimeField()
    complete_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.sha256


class EvidencePart(models.Model):
    """A piece of a file that is still arriving, where whole files lie in a storage of their own."""

    file = models.ForeignKey(EvidenceFile, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        """One piece begins at an offset."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "offset"], name="one_part_an_offset"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.offset}"


class TroubleNote(models.Model):
    """Something of the server's that does not work now, for a page that tells somebody."""

    EVIDENCE = "evidence"
    LENGTH_MAX = 500

    name = models.CharField(max_length=16, primary_key=True)
    sentence = models.CharField(max_length=LENGTH_MAX)
    since = models.DateTimeField()
    said_at = models.DateTimeField()  # in the log, for the last time

    def __str__(self) -> str:
        return self.sentence


class Epoch(models.Model):
    """One life of the feed. A server restored from a copy begins a new one."""

    value = models.BinaryField(max_length=16)
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return bytes(self.value).hex()


class FeedAudience(models.Model):
    """Who reads a part of the feed, and how far it is written. Its row is the writers' lock."""

    name = models.CharField(max_length=NAME_LENGTH, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class FeedItem(models.Model):
    """One change, at its position for its audience; positions have no holes."""

    audience = models.ForeignKey(FeedAudience, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16)
    payload = models.BinaryField()
    appended_at = models.DateTimeField()

    class Meta:
        """Read by audience, in order."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audience", "position"], name="one_item_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.audience_id} {self.position} {self.kind}"
