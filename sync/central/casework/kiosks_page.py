"""How the kiosks are: when each was last heard, what waits there, and whether the books agree.

A supervisor sees the kiosks of her office; whoever publishes services sees all. What needs a person
stands first: a kiosk that lives twice, or whose books do not agree with central's. **What a kiosk
has recorded is here or waits there; the difference is a loss, and it is 0.**
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sync.central.casework.dates import moment_in_words
from sync.central.casework.models import Officer
from sync.central.casework.worklist import Filter
from sync.central.catalogue.access import may_publish
from sync.central.intake import evidence
from sync.central.intake.contact import in_doubt, loss_of
from sync.central.intake.enrolment import audiences_of
from sync.central.intake.models import Device, Epoch, FeedAudience

ROWS_ON_A_PAGE: Final = 50
SILENT_AFTER: Final = timedelta(days=3)
EPOCH_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Tag:
    """Something about a kiosk that a person should see."""

    words: str
    tone: str  # good, warn or bad


@dataclass(frozen=True, slots=True)
class Row:
    """One kiosk."""

    kiosk: str
    office: str
    tags: tuple[Tag, ...]
    seen: str
    waiting: str
    news: str
    set_aside: int


@require_safe
@never_cache
@login_required
def kiosks(request: HttpRequest) -> HttpResponse:
    """The list: what needs somebody first, then the longest silent."""
    officer, devices = _seen_by(request.user)
    doubtful = set(in_doubt(devices).values_list("pk", flat=True))
    needy = devices.filter(Q(pk__in=doubtful) | Q(forked_at__isnull=False))
    show = "needy" if request.GET.get("show") == "needy" else "all"
    listed = (needy if show == "needy" else devices).annotate(
        aside=Count("set_aside", filter=Q(set_aside__closed_at=None)),
        is_needy=Q(pk__in=doubtful) | Q(forked_at__isnull=False),
    )
    ordered = listed.order_by("-is_needy", F("last_contact_at").asc(nulls_first=True), "pk")
    page = Paginator(ordered, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    now, epoch = timezone.now(), Epoch.objects.latest("pk")
    positions = _positions(page.object_list)
    context = {
        "officer": officer,
        "heading": _("Kiosks"),
        "rows": [_row(device, positions, epoch, now) for device in page.object_list],
        "page": page,
        "show": show,
        "filters": [
            Filter("all", _("All"), devices.count()),
            Filter("needy", _("Need somebody"), needy.count()),
        ],
        "trouble": evidence.find_trouble(),
        "alarm": _alarm(devices.filter(pk__in=doubtful)),
        "epoch": bytes(epoch.value).hex()[:EPOCH_DIGITS],
        "epoch_began": moment_in_words(epoch.began_at),
    }
    return render(request, "office/kiosks.html", context)


def _seen_by(user: object) -> tuple[Officer | None, QuerySet[Device]]:
    """Which kiosks somebody may look at."""
    devices = Device.objects.select_related("office", "continues").defer("verify_key")
    officer = Officer.objects.filter(user=user).first() if isinstance(user, User) else None
    if isinstance(user, User) and may_publish(user):
        return officer, devices
    if officer is None or not officer.is_supervisor:
        raise PermissionDenied
    return officer, devices.filter(office=officer.office)


def _alarm(doubtful: QuerySet[Device]) -> str:
    """What must not be overlooked; empty where all books agree."""
    count = doubtful.count()
    if not count:
        return ""
    told = doubtful.aggregate(
        loss=Sum(F("told_recorded") - F("sequence") - F("told_waiting")),
    )["loss"]
    words = ngettext(
        "The books of %(count)s kiosk do not agree with this server's: difference %(loss)s. "
        "Tell the person who manages the server at once.",
        "The books of %(count)s kiosks do not agree with this server's: difference %(loss)s. "
        "Tell the person who manages the server at once.",
        count,
    )
    return words % {"count": count, "loss": told}


def _positions(devices: Iterable[Device]) -> Mapping[str, int]:
    """How far each part of the feed is written that one of them reads."""
    names = {name for device in devices for name in audiences_of(device)}
    return dict(FeedAudience.objects.filter(pk__in=names).values_list("name", "position"))


def _row(device: Device, positions: Mapping[str, int], epoch: Epoch, now: datetime) -> Row:
    written = sum(positions.get(name, 0) for name in audiences_of(device))
    behind = max(0, written - device.read_total)
    return Row(
        kiosk=f"{device.kiosk_number} · {device.name}",
        office=device.office.name,
        tags=tuple(_tags(device, epoch, now)),
        seen=moment_in_words(device.last_contact_at) if device.last_contact_at else "",
        waiting=_waiting(device),
        news=str(behind) if behind else "",
        set_aside=device.aside,  # type: ignore[attr-defined]  # annotated
    )


def _tags(device: Device, epoch: Epoch, now: datetime) -> Iterable[Tag]:
    seen = device.last_contact_at
    if loss := loss_of(device):
        yield Tag(_("Books differ by %(loss)s") % {"loss": loss}, "bad")
    if device.forked_at is not None:
        yield Tag(_("Lives twice"), "bad")
    if device.blocked_at is not None:
        yield Tag(_("Out of service"), "still")
    elif seen is None:
        yield Tag(_("Never heard"), "warn")
    elif now - seen > SILENT_AFTER:
        yield Tag(_("Silent for %(days)s days") % {"days": (now - seen).days}, "warn")
    if seen is not None and seen < epoch.began_at:
        yield Tag(_("Not heard since this server was restored"), "warn")
    if device.told_unread:
        yield Tag(_("Needs a newer program"), "warn")
    if device.continues is not None:
        number = device.continues.kiosk_number
        yield Tag(_("Was kiosk %(number)s before") % {"number": number}, "still")


def _waiting(device: Device) -> str:
    """What waits at the kiosk, in words; empty where nothing does."""
    parts = []
    if device.told_waiting:
        words = ngettext("%(n)s envelope", "%(n)s envelopes", device.told_waiting)
        parts.append(words % {"n": device.told_waiting})
    if device.told_files:
        words = ngettext("%(n)s document", "%(n)s documents", device.told_files)
        parts.append(words % {"n": device.told_files})
    return ", ".join(parts)
