"""A server to try things on: offices, officers, a publisher and services, all marked as samples.

Passwords are drawn anew each time and shown once, so that no server anywhere has a known one.
"""

from pathlib import Path

from django.conf import settings

from sync.central.accounts import Account, save_officer, save_publisher
from sync.central.catalogue import publishing, shelf
from sync.central.intake import offices

FOLDER = Path(settings.ROOT) / "assets" / "services"
SERVICES = {
    "la.moha.residence-certificate": "residence-certificate",
    "la.moic.household-business": "household-business",
}
ACCOUNTS = (
    Account("sample-xaythany", "ນາງ ຄຳແພງ (ຕົວຢ່າງ)", "la-vte-xaythany"),
    Account("sample-nambak", "ທ້າວ ບຸນມີ (ຕົວຢ່າງ)", "la-lpb-nambak"),
    Account("sample-supervisor", "ນາງ ສົມສີ (ຕົວຢ່າງ)", "la-vte-xaythany", is_supervisor=True),
)
PUBLISHER = "sample-publisher"


def load() -> dict[str, str]:
    """Put the sample data in place; everybody's new passwords by user name."""
    for facts in offices.read_file(FOLDER / "offices.yaml"):
        offices.save(facts)
    for service, folder in SERVICES.items():
        if shelf.newest(service) is None:
            publishing.publish(FOLDER / folder)
    passwords = {account.username: save_officer(account) for account in ACCOUNTS}
    return passwords | {PUBLISHER: save_publisher(PUBLISHER, "ທ້າວ ວິໄລ (ຕົວຢ່າງ)")}
