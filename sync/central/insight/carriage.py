"""How applications travel from the kiosks to here: how long, what waits there, that none is lost.

The time on the road is counted only where the kiosk's clock was trusted (MET-07). How old the
oldest is that a kiosk still holds, only the kiosk knows; here is known that it was recorded after
the last one that came, so its age is at most that. Lost is what a kiosk has recorded and what
neither is here nor waits there: always 0, or somebody must look (MET-12).
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, F

from sync.central.casework.models import Case
from sync.central.insight.heard import Service, in_service
from sync.central.insight.period import Period
from sync.central.insight.spread import MEDIAN, NEARLY_ALL, percentile
from sync.central.insight.sql import MinutesBetween
from sync.central.intake.contact import loss_of
from sync.central.intake.models import Device, StoredEnvelope
from sync.errors import BadRecord
from sync.records import TimeQuality


@dataclass(frozen=True, slots=True)
class Road:
    """How a kiosk's applications travel."""

    kiosk: Device
    minutes: Counter[int]  # on the road
    last_recorded_at: datetime | None  # of what came last; none: nothing, or no time in it
    service: Service

    @property
    def half_minutes(self) -> int | None:
        """Half of them were here after so many minutes."""
        return percentile(self.minutes, MEDIAN)

    @property
    def nearly_all_minutes(self) -> int | None:
        """95 of 100 were here after so many minutes."""
        return percentile(self.minutes, NEARLY_ALL)

    @property
    def loss(self) -> int | None:
        """Recorded, less what is here, less what waits; None where the kiosk does not say."""
        return None if self.kiosk.told_recorded is None else loss_of(self.kiosk)

    @property
    def waiting(self) -> int | None:
        """What it still held at its last contact; None where it does not say."""
        return self.kiosk.told_waiting

    @property
    def waits_since(self) -> datetime:
        """The oldest of what waits there was not recorded before."""
        return self.last_recorded_at or self.kiosk.enrolled_at


def minutes(period: Period) -> dict[str, Counter[int]]:
    """How many minutes what came in a period was on the road, by kiosk."""
    rows = (
        Case.everything.filter(
            received_at__gte=period.begins_at,
            received_at__lt=period.ends_at,
            recorded_quality=TimeQuality.TRUSTED.value,
            recorded_at__lte=F("received_at"),
        )
        .annotate(minutes=MinutesBetween("recorded_at", "received_at"))
        .values("kiosk", "minutes")
        .annotate(number=Count("pk"))
        .order_by()
    )
    by_kiosk: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        by_kiosk[row["kiosk"]][row["minutes"]] += row["number"]
    return dict(by_kiosk)


def roads(period: Period, offices: Collection[str], now: datetime) -> list[Road]:
    """The kiosks of some offices, in the order of their numbers."""
    on_road = minutes(period)
    devices = Device.objects.select_related("office").defer("verify_key").order_by("kiosk_number")
    hers = [device for device in devices if device.office_id in offices]
    recorded = _last_recorded([device for device in hers if device.told_waiting])
    served = in_service(hers, period, now)
    return [
        Road(
            one,
            on_road.get(one.pk, Counter()),
            recorded.get(one.pk),
            served.get(one.pk, Service()),
        )
        for one in hers
    ]


def loss(roads_: Collection[Road]) -> int | None:
    """What is missing altogether, one kiosk's not made good by another's; None: nobody says."""
    said = [abs(road.loss) for road in roads_ if road.loss is not None]
    return sum(said) if said else None


def all_minutes(roads_: Collection[Road]) -> Counter[int]:
    """The minutes on the road of several kiosks together."""
    together: Counter[int] = Counter()
    for road in roads_:
        together.update(road.minutes)
    return together


def _last_recorded(devices: Collection[Device]) -> dict[str, datetime]:
    """When what came last of each was recorded, where its clock was trusted."""
    newest = StoredEnvelope.objects.filter(
        device__in=[device.pk for device in devices], sequence=F("device__sequence")
    ).only("device_id", "header")
    found: dict[str, datetime] = {}
    for envelope in newest:
        try:
            stamp = envelope.parsed.recorded
            if stamp.quality is TimeQuality.TRUSTED:
                found[envelope.device_id] = datetime.fromtimestamp(stamp.at_ms / 1000, UTC)
        except (BadRecord, OverflowError, ValueError, OSError):
            continue
    return found
