"""Officers' accounts: who may sign in, and for which office."""

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from sync.central.casework.models import Office, Officer

PASSWORD_BYTES = 9  # 72 bits in 12 characters


@dataclass(frozen=True, slots=True)
class Account:
    """An officer who can sign in."""

    username: str
    full_name: str
    office: str
    is_supervisor: bool = False
    handles_complaints: bool = False


@transaction.atomic
def save_officer(account: Account, password: str | None = None) -> str:
    """Add an officer, or change her and give her a new password; the password.

    Raises:
        Office.DoesNotExist: the office is not known.
        ValidationError: the password is too easy to guess.
    """
    password = password or secrets.token_urlsafe(PASSWORD_BYTES)
    office = Office.objects.get(pk=account.office)
    users = get_user_model().objects
    user = users.filter(username=account.username).first() or users.create_user(account.username)
    user.first_name = account.full_name
    validate_password(password, user)
    user.set_password(password)
    user.save()
    Officer.objects.update_or_create(
        user=user,
        defaults={
            "office": office,
            "is_supervisor": account.is_supervisor,
            "handles_complaints": account.handles_complaints,
        },
    )
    return password
