"""Who may come in: whoever has the right to publish, whatever office she belongs to, if any."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

PUBLISH: Final = "catalogue.publish_service"
Places = ParamSpec("Places")


def for_publishers(
    view: Callable[Concatenate[HttpRequest, User, Places], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Places], HttpResponse]:
    """Let only publishers in, and hand the view the one who came."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(
        request: HttpRequest, /, *parts: Places.args, **named: Places.kwargs
    ) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not may_publish(user):
            raise PermissionDenied
        return view(request, user, *parts, **named)

    return guarded


def may_publish(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody has the right."""
    return isinstance(user, User) and user.has_perm(PUBLISH)


def name_of(user: User | None) -> str:
    """How a person is called beside what she did; empty at the command line."""
    return "" if user is None else user.get_full_name() or user.get_username()
