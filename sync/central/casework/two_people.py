"""What takes two people: one proposes it, another confirms it, and either takes it back.

The database itself refuses one person in both places, and a second end (`models.TwoPeople`).
"""

from datetime import datetime

from sync.central.casework.models import Officer, Proposal, Release


class NotNow(Exception):
    """Somebody else was faster, or it cannot be done any more; nothing was done."""


class SamePerson(NotNow):
    """Who proposed it cannot confirm it."""


def confirmed(proposal: Proposal | Release, officer: Officer, now: datetime) -> None:
    """The second person agrees.

    Raises:
        SamePerson: she proposed it herself.
        NotNow: it has ended.
    """
    if proposal.proposed_by_id == officer.pk:
        raise SamePerson("Another person must confirm it.")
    _end(proposal, now, confirmed_by=officer)


def withdrawn(proposal: Proposal | Release, officer: Officer, now: datetime) -> None:
    """Either of the two takes it back; raises NotNow: it has ended."""
    _end(proposal, now, withdrawn_by=officer)


def _end(proposal: Proposal | Release, now: datetime, **by: Officer) -> None:
    """One statement decides between two people at once, on every database."""
    rows = type(proposal)._default_manager.filter(pk=proposal.pk, ended_at=None)  # noqa: SLF001 - Django's public name for it
    if not rows.update(ended_at=now, **by):
        raise NotNow("It has ended already.")
    proposal.refresh_from_db()
