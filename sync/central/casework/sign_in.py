"""Signing in and out. Guessing a password is slow, and the same for every name."""

from typing import Final

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sync.central.casework.attempts import ACCOUNT, PASSWORD, PLACE, forgive, place_of, try_once
from sync.central.casework.own_page import find_own_page

NAME_LENGTH_MAX: Final = 150  # Django's own limit
PASSWORD_LENGTH_MAX: Final = 200  # scrypt of a megabyte would keep a thread busy


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and what was typed into it."""
    target = _target(request)
    if request.method == "GET":
        if isinstance(request.user, User):
            return redirect(_desk_of(request.user, target))
        return render(request, "office/sign_in.html", {"next": target})
    username = request.POST.get("username", "")[:NAME_LENGTH_MAX].strip()
    if not _may_try(request, username):
        minutes = PASSWORD.minutes
        problem = _(
            "There were too many wrong passwords. Wait %(minutes)s minutes, then try again."
        ) % {"minutes": minutes}
        return _refused(request, username, target, problem, status=429)
    password = request.POST.get("password", "")[: PASSWORD_LENGTH_MAX + 1]
    user = None
    if len(password) <= PASSWORD_LENGTH_MAX:
        user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        problem = _("The user name or the password is wrong. Check both and try again.")
        return _refused(request, username, target, problem, status=200)
    forgive(PASSWORD, _account_here(request, username))
    forgive(ACCOUNT, username.casefold())
    login(request, user)
    return redirect(_desk_of(user, target))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and back to the door."""
    logout(request)
    return redirect("casework:sign_in")


def _may_try(request: HttpRequest, username: str) -> bool:
    now = timezone.now()
    limits = (
        (PLACE, place_of(request)),
        (ACCOUNT, username.casefold()),
        (PASSWORD, _account_here(request, username)),
    )
    allowed = [try_once(limit, who, now) for limit, who in limits]  # each is written down
    return all(allowed)


def _account_here(request: HttpRequest, username: str) -> str:
    return f"{place_of(request)} {username.casefold()}"


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("casework:cases")


def _desk_of(user: User, target: str) -> str:
    """Where she wanted to go; her own page where she came to the door itself."""
    if target == reverse("casework:cases"):
        return find_own_page(user) or target
    return target


def _refused(
    request: HttpRequest, username: str, target: str, problem: str, status: int
) -> HttpResponse:
    context = {"problem": problem, "username": username, "next": target}
    return render(request, "office/sign_in.html", context, status=status)
