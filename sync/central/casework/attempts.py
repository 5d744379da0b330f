"""Limits on trying: passwords at the sign-in, references at the public page.

A try is written before it is judged, so that stopping the server between the two wins nothing.
Who tried is kept as a keyed hash, long enough to count and no longer: no list of addresses and
no list of what people looked for remains.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from sync.central.casework.models import Attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one kind by one person in so many minutes."""

    kind: str
    tries_max: int
    minutes: int


PASSWORD = Limit("password", tries_max=5, minutes=15)  # one account from one place
ACCOUNT = Limit("account", tries_max=25, minutes=15)  # one account from anywhere
PLACE = Limit("place", tries_max=100, minutes=15)  # any account from one place
LOOK_UP = Limit("look-up", tries_max=30, minutes=10)  # references from one place
RECEIPT = Limit("receipt", tries_max=120, minutes=10)  # receipts from one place: a shared line


def place_of(request: HttpRequest) -> str:
    """Where a request comes from: the caller, or behind a proxy the one the proxy saw."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rpartition(",")[2].strip()  # the rest is what the caller claims
    return str(request.META.get("REMOTE_ADDR", ""))


def try_once(limit: Limit, who: str, now: datetime) -> bool:
    """Write a try down; False when it is one too many."""
    since = now - timedelta(minutes=limit.minutes)
    key = _key(who)
    with transaction.atomic():
        Attempt.objects.filter(kind=limit.kind, at__lt=since).delete()
        if Attempt.objects.filter(kind=limit.kind, who=key).count() >= limit.tries_max:
            return False
        Attempt.objects.create(kind=limit.kind, who=key, at=now)
    return True


def forgive(limit: Limit, who: str) -> None:
    """Forget the tries of somebody who has shown who she is."""
    Attempt.objects.filter(kind=limit.kind, who=_key(who)).delete()


def _key(who: str) -> str:
    secret = hashlib.blake2b(settings.SECRET_KEY.encode()).digest()  # at most 64 bytes as a key
    return hashlib.blake2b(who.encode(), digest_size=16, key=secret).hexdigest()
