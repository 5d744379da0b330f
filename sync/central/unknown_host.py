"""What central writes down of requests for a host name that is not its own.

Django refuses each with a bare 400. Behind a new proxy that is most often a setting forgotten, so
it is said, once for each name; anybody can send any name, so no more than a few are.
"""

import logging
import re

HOSTS_MAX = 20  # written down in one process's life
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,120}")


class UnknownHost(logging.Filter):
    """Lets Django's report of a name through once, as a sentence that names the setting."""

    def __init__(self) -> None:
        super().__init__()
        self._told: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it down."""
        request = getattr(record, "request", None)
        host = request.META.get("HTTP_HOST", "") if request is not None else ""
        if host in self._told or len(self._told) >= HOSTS_MAX or not _HOST.fullmatch(host):
            return False
        self._told.add(host)
        record.msg = (
            "A request for the host %s was refused: it is not this server's. "
            "If people or kiosks use that name, set CENTRAL_PUBLIC_URL to the address with it."
        )
        record.args = (host,)
        record.exc_info = record.exc_text = None
        return True
