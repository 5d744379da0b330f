"""An answer to HEAD has no body.

Django leaves that to the server; gunicorn does it, and writes a warning each time that it must.
Whoever watches over a server asks by HEAD, all day long.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase


class HeadWithoutBody:
    """Middleware that takes the body off an answer whose length stands in its header already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with a body only where there is to be one."""
        response = self._get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        return response
