"""What a status is called, for the officer and for the citizen, and how it is drawn.

A status is a word in a shape; its colour only repeats the word.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from sync.central.casework.overdue import Level
from sync.records import Status

TONES: Final = {  # names in central.css
    Status.RECEIVED.value: "",
    Status.TAKEN_UP.value: "still",
    Status.RETURNED.value: "warn",
    Status.APPROVED.value: "good",
    Status.REJECTED.value: "bad",
    Status.SET_ASIDE.value: "still",
    Status.ASSIGNED.value: "still",
    Status.TRANSFERRED.value: "still",
    Status.ANSWERED.value: "good",
    Status.REOPENED.value: "warn",
}
LEVELS: Final = {  # before whom a late case was brought
    Level.OFFICE: _("Supervisor"),
    Level.ABOVE: _("Office above"),
    Level.NATION: _("National office"),
}
CITIZEN_HEADINGS: Final = {
    Status.RECEIVED: _("The office has received your application."),
    Status.TAKEN_UP: _("An officer is working on your application."),
    Status.RETURNED: _("Your application has come back: something must be corrected."),
    Status.APPROVED: _("Your application is approved."),
    Status.REJECTED: _("Your application is not approved."),
    Status.SET_ASIDE: _("The office must look at your application by hand."),
}
CITIZEN_NEXT: Final = {
    Status.RECEIVED: _("You need to do nothing now. Keep your receipt."),
    Status.TAKEN_UP: _("You need to do nothing now. Keep your receipt."),
    Status.RETURNED: _(
        "Scan your receipt at a kiosk, or show it at the office, to read what to correct."
    ),
    Status.APPROVED: _(
        "Come to the office with your receipt. Scan it at a kiosk to read what the officer wrote."
    ),
    Status.REJECTED: _(
        "Scan your receipt at a kiosk, or show it at the office, to read the reason. "
        "You may complain if you do not agree."
    ),
    Status.SET_ASIDE: _("Show your receipt at the office. Your application is kept."),
}
COMPLAINT_HEADINGS: Final = {
    Status.RECEIVED: _("Your complaint has been received."),
    Status.ASSIGNED: _("Somebody is looking into your complaint."),
    Status.TRANSFERRED: _("Your complaint was passed on to another office."),
    Status.ANSWERED: _("Your complaint is answered."),
    Status.REOPENED: _("Your complaint is being looked at again."),
}
COMPLAINT_NEXT: Final = {
    Status.RECEIVED: _("Another office than the one you complain about will look into it."),
    Status.ASSIGNED: _("You need to do nothing now. Keep your receipt."),
    Status.TRANSFERRED: _("Your reference and your receipt stay the same."),
    Status.ANSWERED: _("Scan your receipt at a kiosk to read the answer."),
    Status.REOPENED: _("You will get another answer. Keep your receipt."),
}
