"""The devices' four addresses: signed CBOR in, signed CBOR out, nothing else.

No session, no cookie, no template: who is speaking stands in the signature. A body is measured
before it is read. Refusals are a short word and a sentence in plain text, never a 200; a busy
server says when to come back.
"""

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sync.central.intake.exchange import CentralServer
from sync.central.intake.refusal import (
    ALREADY_ENROLLED,
    BAD_CODE,
    BAD_MESSAGE,
    BLOCKED_DEVICE,
    NOT_ANNOUNCED,
    UNKNOWN_DEVICE,
    busy,
)
from sync.errors import CentralFault, Refused
from sync.protocol import BATCH_BYTES_MAX, PIECE_BYTES_MAX
from sync.scrubbed import place_of

logger = logging.getLogger(__name__)

CBOR = "application/cbor"
FRAME_BYTES = 256  # what a message adds around its content
SMALL_BYTES_MAX = 4096
BUSY_RETRY_S = 5
SHED_FILE = "shed"  # in CENTRAL_DATA: an operator's word to stay away for so many seconds
STATUS = {
    UNKNOWN_DEVICE: HTTPStatus.UNAUTHORIZED,
    BLOCKED_DEVICE: HTTPStatus.FORBIDDEN,
    BAD_MESSAGE: HTTPStatus.BAD_REQUEST,
    BAD_CODE: HTTPStatus.FORBIDDEN,
    ALREADY_ENROLLED: HTTPStatus.CONFLICT,
    NOT_ANNOUNCED: HTTPStatus.NOT_FOUND,
}

View = Callable[[HttpRequest], HttpResponse]


def _device_view(bytes_max: int) -> Callable[[Callable[[bytes], bytes]], View]:
    """A view that hands a body of at most so many bytes to a function and returns its bytes."""

    def decorate(answer: Callable[[bytes], bytes]) -> View:
        @csrf_exempt
        @require_POST
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            if request.content_type != CBOR:
                return _no(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "content-type", f"Send {CBOR}.")
            body = _body(request, bytes_max)
            if body is None:
                sentence = f"At most {bytes_max} bytes are taken here."
                return _no(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", sentence)
            return _answered(answer, body)

        return view

    return decorate


def _body(request: HttpRequest, bytes_max: int) -> bytes | None:
    """The body; None when it is larger than that, and then it was not read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > bytes_max:
        return None
    return request.read(int(length))


def _answered(answer: Callable[[bytes], bytes], body: bytes) -> HttpResponse:
    try:
        _refuse_when_shedding()
        return HttpResponse(answer(body), content_type=CBOR)
    except Refused as problem:
        return _no(STATUS[problem.reason], problem.reason, str(problem))
    except CentralFault as problem:
        return _busy(problem)
    except (OperationalError, InterfaceError) as problem:  # locked, disk full, connection lost
        logger.warning("The database could not be used: %s", place_of(problem))
        return _busy(busy(BUSY_RETRY_S))


def _refuse_when_shedding() -> None:
    try:
        seconds = int((settings.DATA / SHED_FILE).read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return
    raise busy(seconds)


def _no(status: HTTPStatus, reason: str, sentence: str) -> HttpResponse:
    return HttpResponse(f"{reason}: {sentence}", status=status, content_type="text/plain")


def _busy(problem: CentralFault) -> HttpResponse:
    response = _no(HTTPStatus.SERVICE_UNAVAILABLE, "busy", str(problem))
    seconds = int(problem.retry_after_s or BUSY_RETRY_S)
    # Spread over twice the time, so that a district's kiosks do not come back in one moment.
    response["Retry-After"] = str(seconds + secrets.randbelow(seconds + 1))
    return response


@_device_view(BATCH_BYTES_MAX + FRAME_BYTES)
def exchange(body: bytes) -> bytes:
    """POST /v1/exchange."""
    return CentralServer().exchange(body)


@_device_view(SMALL_BYTES_MAX + FRAME_BYTES)
def evidence_offset(body: bytes) -> bytes:
    """POST /v1/evidence/offset."""
    return CentralServer().evidence_offset(body)


@_device_view(PIECE_BYTES_MAX + FRAME_BYTES)
def evidence(body: bytes) -> bytes:
    """POST /v1/evidence."""
    return CentralServer().send_evidence(body)


@_device_view(SMALL_BYTES_MAX + FRAME_BYTES)
def enrol(body: bytes) -> bytes:
    """POST /v1/enrol."""
    return CentralServer().enrol(body)
