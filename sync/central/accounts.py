"""Accounts: officers, each of an office; publishers and analysts, who work for the nation.

Publishers sign and release services for all; analysts see everybody's figures.
"""

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from sync.central.casework.models import Office, Officer

PASSWORD_BYTES = 9  # 72 bits in 12 characters
PUBLISHERS = "publishers"  # the group that holds the right; made with its tables
ANALYSTS = "analysts"  # the same


@dataclass(frozen=True, slots=True)
class Account:
    """An officer who can sign in."""

    username: str
    full_name: str
    office: str
    is_supervisor: bool = False
    handles_complaints: bool = False
    title: str = ""  # as it stands under her decisions


@transaction.atomic
def save_officer(account: Account, password: str | None = None) -> str:
    """Add an officer, or change her and give her a new password; the password.

    Raises:
        Office.DoesNotExist: the office is not known.
        ValidationError: the password is too easy to guess.
    """
    office = Office.objects.get(pk=account.office)
    user, password = _save_user(account.username, account.full_name, password)
    Officer.objects.update_or_create(
        user=user,
        defaults={
            "office": office,
            "is_supervisor": account.is_supervisor,
            "handles_complaints": account.handles_complaints,
            "title": account.title,
        },
    )
    return password


@transaction.atomic
def save_publisher(username: str, full_name: str, password: str | None = None) -> str:
    """Add somebody who may publish services, or give her a new password; the password.

    Raises:
        ValidationError: the password is too easy to guess.
    """
    user, password = _save_user(username, full_name, password)
    user.groups.add(Group.objects.get(name=PUBLISHERS))
    return password


@transaction.atomic
def save_analyst(username: str, full_name: str, password: str | None = None) -> str:
    """Add somebody who sees the figures of the nation, or give her a new password; the password.

    Raises:
        ValidationError: the password is too easy to guess.
    """
    user, password = _save_user(username, full_name, password)
    user.groups.add(Group.objects.get(name=ANALYSTS))
    return password


def end_account(user: User) -> None:
    """Nobody signs in with it any more, and who is signed in is out at the next page.

    The name stays beside what she did. Adding her again opens the account again.
    """
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])


def _save_user(username: str, full_name: str, password: str | None) -> tuple[User, str]:
    password = password or secrets.token_urlsafe(PASSWORD_BYTES)
    users = get_user_model().objects
    user = users.filter(username=username).first() or users.create_user(username)
    user.first_name = full_name
    user.is_active = True
    validate_password(password, user)
    user.set_password(password)
    user.save()
    return user, password
