"""A server to try things on: offices, people who work there and services, all marked as samples.

Passwords are drawn anew each time and shown once, so that no server anywhere has a known one.
"""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sync import pin as pins
from sync.central.accounts import Account, save_analyst, save_officer, save_publisher
from sync.central.casework import clerks
from sync.central.casework.models import Clerk, Office
from sync.central.catalogue import publishing, shelf
from sync.central.intake import offices

FOLDER = Path(settings.ROOT) / "assets" / "services"
SERVICES = {
    "la.moha.birth-registration": "birth-registration",
    "la.moha.residence-certificate": "residence-certificate",
    "la.moic.household-business": "household-business",
    "la.sia.complaint": "complaint",
    "la.nsb.feedback-sdg-16-6-2": "feedback-sdg-16-6-2",
    "la.moj.document-certification": "document-certification",
    "la.mops.family-book-change": "family-book-change",
    "la.mpwt.construction-permit": "construction-permit",
}
ACCOUNTS = (
    Account("sample-xaythany", "ນາງ ຄຳແພງ (ຕົວຢ່າງ)", "la-vte-xaythany", title="ວິຊາການ ຫ້ອງການປະຕູດຽວ"),
    Account("sample-nambak", "ທ້າວ ບຸນມີ (ຕົວຢ່າງ)", "la-lpb-nambak"),
    Account("sample-village", "ນາຍບ້ານ ສີດາ (ຕົວຢ່າງ)", "la-vte-xaythany-village", title="ນາຍບ້ານ"),
    Account("sample-home-affairs", "ນາງ ຈັນດາ (ຕົວຢ່າງ)", "la-vte-xaythany-home-affairs"),
    Account("sample-security", "ທ້າວ ພູວົງ (ຕົວຢ່າງ)", "la-vte-xaythany-public-security"),
    Account("sample-works", "ທ້າວ ທອງສຸກ (ຕົວຢ່າງ)", "la-vte-xaythany-public-works"),
    Account(
        "sample-supervisor",
        "ນາງ ສົມສີ (ຕົວຢ່າງ)",
        "la-vte-xaythany",
        is_supervisor=True,
        title="ຫົວໜ້າຫ້ອງການປະຕູດຽວ",
    ),
    Account("sample-complaints", "ນາງ ວັນນາ (ຕົວຢ່າງ)", "la-vt-complaints", handles_complaints=True),
    Account("sample-inspector", "ທ້າວ ສຸກສັນ (ຕົວຢ່າງ)", "la-complaints", handles_complaints=True),
)
PUBLISHER = "sample-publisher"
ANALYST = "sample-analyst"
CLERK, CLERK_OFFICE = "ນາງ ບົວລີ (ຕົວຢ່າງ)", "la-vte-xaythany"


def load() -> dict[str, str]:
    """Put the sample data in place; everybody's new passwords by user name."""
    read = offices.read_file(FOLDER / "offices.yaml")
    for facts in read:
        offices.save(facts)
    offices.route_complaints(read)
    for service, folder in SERVICES.items():
        if shelf.newest(service) is None:
            publishing.publish(FOLDER / folder)
    passwords = {account.username: save_officer(account) for account in ACCOUNTS}
    return passwords | {
        PUBLISHER: save_publisher(PUBLISHER, "ທ້າວ ວິໄລ (ຕົວຢ່າງ)"),
        ANALYST: save_analyst(ANALYST, "ນາງ ວິໄຊ (ຕົວຢ່າງ)"),
    }


def clerk_with_new_pin() -> tuple[int, str]:
    """The number of a clerk who may sign in at the kiosks of one office, and her new PIN."""
    office, pin, now = Office.objects.get(pk=CLERK_OFFICE), pins.draw(), timezone.now()
    clerk = Clerk.objects.filter(name=CLERK, office=office, ended_at=None).first()
    if clerk is None:
        clerk = clerks.add(office, CLERK, pin, None, now)
    else:
        clerks.give_pin(clerk, pin, None, now)
    return clerk.number, pin
