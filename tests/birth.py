"""Applications for the sample birth registration: a service of two steps at two offices."""

from datetime import date
from functools import cache

from django.conf import settings

from kiosk.forms import publish
from kiosk.forms.bundle import DEFINITION
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of
from sync import envelope as envelopes
from sync.central.casework.models import Case
from sync.central.casework.sealed import secret_of
from sync.central.catalogue import shelf
from sync.central.keys import central_keys
from sync.records import FIRST_PREVIOUS, ApplicationId, Envelope, Header, KeyPurpose, Kind
from sync.reference import compose
from tests.paper_kiosk import RECORDED, PaperKiosk
from tests.sample_answers import ANSWERS, BIRTH, FOLDERS

VILLAGE = "la-vte-xaythany-village"
HOME_AFFAIRS = "la-vte-xaythany-home-affairs"


@cache
def _bundle(service: str) -> bytes:
    folder = settings.ROOT / "assets" / "services" / FOLDERS[service]
    return publish.publish(folder, None, central_keys().bundles)


def put_on_shelf(service: str = BIRTH) -> None:
    """Publish the service at the central of this process."""
    shelf.put(_bundle(service))


def files(kiosk: PaperKiosk, service: str = BIRTH, corrects: Case | None = None) -> Case:
    """Fill in the form, submit it and send it to central in this process."""
    bundle = shelf.find_current(service)
    definition = definition_of(bundle.file(DEFINITION))
    entry = Entry(definition, language="lo", today=date(2026, 11, 23))
    while (page := entry.page) is not None:
        for question in page.questions:
            answer = ANSWERS[service].get(question.path.rpartition("/")[2])
            if answer is not None:
                assert entry.answer(question.path, answer) is None
        assert entry.advance() == ()
    secret = envelopes.new_secret()
    (sealing,) = [note for note in kiosk.enrolment.keys if note.purpose is KeyPurpose.SEALING]
    new_id = envelopes.application_id(secret)
    proof = envelopes.replacing_proof(secret_of(corrects), new_id) if corrects else None
    header = Header(
        device=kiosk.id,
        sequence=len(kiosk.log) + 1,
        previous=kiosk.log[-1].chain_hash if kiosk.log else FIRST_PREVIOUS,
        kind=Kind.APPLICATION,
        id=new_id,
        reference=compose(kiosk.enrolment.kiosk_number, 40_210_047 + 977 * len(kiosk.log)),
        service=service,
        service_version=bundle.version,
        office=kiosk.enrolment.office,
        recorded=RECORDED,
        central_key=sealing.id,
        replaces=ApplicationId(corrects.application) if corrects else None,
        proof=proof,
    )
    data = header.to_bytes()
    body = envelopes.seal_answers(entry.record(), data, secret, bundle.dictionary)
    kiosk.append(Envelope(data, body, envelopes.seal_secret(secret, sealing.key)))
    kiosk.sends()
    return Case.objects.get(application=header.id)
