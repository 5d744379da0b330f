"""A server to try things on: offices, officers and six services, all marked as samples.

Passwords are drawn anew each time and shown once, so that no server anywhere has a known one.
"""

from pathlib import Path

from django.conf import settings

from sync.central.accounts import Account, save_officer
from sync.central.catalogue import publishing, shelf
from sync.central.intake import offices

FOLDER = Path(settings.ROOT) / "assets" / "services"
SERVICES = {
    "la.moha.birth-registration": "birth-registration",
    "la.moha.residence-certificate": "residence-certificate",
    "la.moic.household-business": "household-business",
    "la.moj.document-certification": "document-certification",
    "la.mops.family-book-change": "family-book-change",
    "la.mpwt.construction-permit": "construction-permit",
}
ACCOUNTS = (
    Account("sample-xaythany", "ນາງ ຄຳແພງ (ຕົວຢ່າງ)", "la-vte-xaythany"),
    Account("sample-nambak", "ທ້າວ ບຸນມີ (ຕົວຢ່າງ)", "la-lpb-nambak"),
    Account("sample-village", "ນາຍບ້ານ ສີດາ (ຕົວຢ່າງ)", "la-vte-xaythany-village"),
    Account("sample-home-affairs", "ນາງ ຈັນດາ (ຕົວຢ່າງ)", "la-vte-xaythany-home-affairs"),
    Account("sample-security", "ທ້າວ ພູວົງ (ຕົວຢ່າງ)", "la-vte-xaythany-public-security"),
    Account("sample-works", "ທ້າວ ທອງສຸກ (ຕົວຢ່າງ)", "la-vte-xaythany-public-works"),
    Account("sample-supervisor", "ນາງ ສົມສີ (ຕົວຢ່າງ)", "la-vte-xaythany", is_supervisor=True),
)


def load() -> dict[str, str]:
    """Put the sample data in place; the officers' new passwords by user name."""
    for facts in offices.read_file(FOLDER / "offices.yaml"):
        offices.save(facts)
    for service, folder in SERVICES.items():
        try:
            shelf.find_current(service)
        except shelf.NotPublished:
            publishing.publish(FOLDER / folder)
    return {account.username: save_officer(account) for account in ACCOUNTS}
