"""Where somebody's work lies: complaints, applications, the catalogue of services, the figures."""

from django.contrib.auth.models import User
from django.urls import reverse

from sync.central.casework.models import Officer
from sync.central.catalogue.access import may_publish
from sync.central.insight.access import SEE_NATION

COMPLAINTS = "complaints"  # the role of an office that only looks into complaints


def find_own_page(user: User) -> str | None:
    """The address of her own page; None for an account that has no work here."""
    officer = Officer.objects.select_related("office").filter(user=user).first()
    if officer is None:
        if may_publish(user):
            return reverse("catalogue:services")
        return reverse("insight:balance") if user.has_perm(SEE_NATION) else None
    if officer.handles_complaints and officer.office.role == COMPLAINTS:
        return reverse("voice:complaints")
    return reverse("casework:cases")
