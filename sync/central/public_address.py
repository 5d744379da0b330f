"""The address that receipts point to, and whether anybody but this machine can open it.

A server that was never told its address knows only where it listens. That is enough to try it out
on one machine; on paper it would send every reader to their own telephone.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings


def public_url() -> str:
    """The address that people use; empty while central does not know it."""
    url: str = settings.PUBLIC_URL
    return url if others_can_open(url) else ""


def others_can_open(url: str) -> bool:
    """Whether the address means the same to another machine."""
    host = urlsplit(url).hostname or "localhost"
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return True  # a name
    return not (address.is_loopback or address.is_unspecified)


def is_address(url: str) -> bool:
    """Whether it is the whole address of a server, as a QR needs it."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query
