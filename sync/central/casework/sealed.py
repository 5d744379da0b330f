"""What is sealed to central: the secret of an application, and what it opens.

Only this module takes central's private key in hand on the people's side. It records nothing: who
shows what it opens to a person records that (`opening`).
"""

from typing import Any, Final

from sync.central.casework.models import Case, CaseEvent, Proposal
from sync.central.catalogue import shelf
from sync.central.intake.models import SetAside, StoredEnvelope
from sync.central.keys import central_keys
from sync.envelope import open_answers, open_asked, open_secret, open_words
from sync.errors import CannotOpen
from sync.records import Envelope, Header

LANGUAGES: Final = ("lo", "en")


def secret_of(case: Case) -> bytes:
    """The secret that the citizen's receipt carries.

    Raises:
        CannotOpen: none of the server's keys opens it.
    """
    return secret_in(StoredEnvelope.objects.get(pk=case.application))


def secret_in(stored: StoredEnvelope | SetAside) -> bytes:
    """The secret of an application as it was stored; raises CannotOpen."""
    header = Header.from_bytes(bytes(stored.header))
    private_key = central_keys().opening.get(header.central_key)
    if private_key is None:
        raise CannotOpen("This application was sealed to a key that is not here.")
    return open_secret(bytes(stored.sealed_secret), bytes(private_key))


def language_of(case: Case) -> str:
    """The language the applicant used; Lao where it is not known."""
    try:
        language = record_of(case).get("language")
    except (CannotOpen, shelf.NotPublished):
        return LANGUAGES[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def words_of(case: Case, event: CaseEvent | Proposal) -> str:
    """The words an officer wrote to the applicant; empty where there are none to read."""
    if event.words is None:
        return ""
    try:
        return open_words(secret_of(case), bytes(event.words))
    except CannotOpen:
        return ""


def asked_of(case: Case, event: CaseEvent) -> tuple[str, ...]:
    """The questions that an officer asked to correct; empty where there are none to read."""
    if event.asked is None:
        return ()
    try:
        return open_asked(secret_of(case), bytes(event.asked))
    except CannotOpen:
        return ()


def header_of(case: Case) -> Header:
    """The clear header of the application's envelope."""
    return Header.from_bytes(bytes(StoredEnvelope.objects.get(pk=case.application).header))


def record_of(case: Case) -> dict[str, Any]:
    """The answers as the kiosk sealed them.

    Raises:
        CannotOpen: none of the server's keys opens it.
        NotPublished: the service's version is no longer on the shelf.
    """
    stored = StoredEnvelope.objects.get(pk=case.application)
    envelope = Envelope(bytes(stored.header), bytes(stored.body), bytes(stored.sealed_secret))
    bundle = shelf.find(case.service, case.service_version)
    return open_answers(envelope, secret_of(case), bundle.dictionary)
