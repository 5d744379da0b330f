"""Where somebody's work lies: complaints, applications, or the catalogue of services."""

from django.contrib.auth.models import User
from django.urls import reverse

from sync.central.casework.models import Officer
from sync.central.catalogue.access import may_publish

COMPLAINTS = "complaints"  # the role of an office that only looks into complaints


def find_own_page(user: User) -> str | None:
    """The address of her own page; None for an account that has no work here."""
    officer = Officer.objects.select_related("office").filter(user=user).first()
    if officer is None:
        return reverse("catalogue:services") if may_publish(user) else None
    if officer.handles_complaints and officer.office.role == COMPLAINTS:
        return reverse("voice:complaints")
    return reverse("casework:cases")
