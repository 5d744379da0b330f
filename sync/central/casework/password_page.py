"""A new password, chosen by whoever is signed in: Django's own view, in both languages.

Wrong guesses at the present password are counted like those at the door. A changed password signs
out every other browser of the account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from sync.central.casework.attempts import PASSWORD, forgive, place_of, try_once
from sync.central.casework.models import Officer
from sync.central.casework.own_page import find_own_page
from sync.central.casework.sign_in import PASSWORD_LENGTH_MAX

FIELDS: Final = (
    ("old_password", gettext_lazy("Present password"), "current-password"),
    ("new_password1", gettext_lazy("New password"), "new-password"),
    ("new_password2", gettext_lazy("New password once more"), "new-password"),
)
SENTENCES: Final[Mapping[str | None, object]] = {  # by Django's codes
    "required": gettext_lazy("Fill in this field."),
    "password_incorrect": gettext_lazy("This is not your present password."),
    "password_mismatch": gettext_lazy("The two new passwords are not the same."),
    "password_too_short": gettext_lazy("The new password is too short: 10 letters or more."),
    "password_too_common": gettext_lazy("The new password is easy to guess. Choose another one."),
    "password_too_similar": gettext_lazy("The new password is too much like your name."),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form, and what is wrong with it."""

    name: str
    label: str
    kind: str
    wrong: str


@method_decorator(never_cache, "dispatch")
class PasswordPage(PasswordChangeView):
    """The page."""

    template_name = "office/password.html"
    request: HttpRequest

    def post(self, request: HttpRequest, *parts: object, **named: object) -> HttpResponse:
        """Change it; refused unread where it is too long to work on, or after too many tries."""
        problem, status = "", HTTPStatus.OK
        if any(len(request.POST.get(name, "")) > PASSWORD_LENGTH_MAX for name, *_rest in FIELDS):
            problem = _("A password has at most %(count)s letters.") % {
                "count": PASSWORD_LENGTH_MAX
            }
        elif not try_once(PASSWORD, self._who(), timezone.now()):
            status = HTTPStatus.TOO_MANY_REQUESTS
            problem = _(
                "There were too many wrong passwords. Wait %(minutes)s minutes, then try again."
            ) % {"minutes": PASSWORD.minutes}
        if problem:
            context = self.get_context_data(form=self.form_class(user=self._user()))
            return self.render_to_response(context | {"problem": problem}, status=status)
        return super().post(request, *parts, **named)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """It counts from now on."""
        changed = super().form_valid(form)
        forgive(PASSWORD, self._who())
        sentence = _("Your new password counts from now on. Other browsers are signed out.")
        messages.success(self.request, sentence, extra_tags="good")
        return changed

    def get_success_url(self) -> str:
        """Back to her work."""
        return find_own_page(self._user()) or reverse("portal:home")

    def get_context_data(self, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - as Django's
        """The fields, in the frame of her own pages."""
        officer = Officer.objects.select_related("office").filter(user=self._user()).first()
        errors = given["form"].errors.as_data() if "form" in given else {}
        wrong = {
            name: " ".join(str(SENTENCES.get(one.code, one.message)) for one in found)
            for name, found in errors.items()
        }
        return super().get_context_data(**given) | {
            "frame": "office/base.html" if officer else "catalogue/base.html",
            "officer": officer,
            "publisher": self._user(),
            "own_page": self.get_success_url(),
            "fields": [
                Field(name, str(label), kind, wrong.get(name, "")) for name, label, kind in FIELDS
            ],
        }

    def _user(self) -> User:
        user = self.request.user
        assert isinstance(user, User)  # PasswordChangeView lets nobody else in
        return user

    def _who(self) -> str:
        return f"{place_of(self.request)} {self._user().get_username().casefold()}"
