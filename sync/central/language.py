"""The language of a page: the one the reader chose on our site, Lao until then.

Django's own middleware asks the browser. In Laos many phones and most computers are set to English
or Thai because Lao came late to them; it says nothing about their owners.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers


class ChosenLanguage:
    """Middleware that speaks the language of the reader's cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = {code for code, _name in settings.LANGUAGES}
        translation.activate(wanted if wanted in known else settings.LANGUAGE_CODE)
        response = self._get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "lo")
        patch_vary_headers(response, ("Cookie",))
        return response
