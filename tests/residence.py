"""Applications for the sample residence certificate, as a kiosk of this process files them."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache

from django.conf import settings
from PIL import Image, ImageDraw

from kiosk.forms import publish
from kiosk.forms.bundle import DEFINITION, Bundle
from kiosk.forms.descriptor import ServiceDescriptor
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of
from sync import envelope as envelopes
from sync.central.casework.models import Case
from sync.central.catalogue import shelf
from sync.central.keys import central_keys
from sync.records import (
    FIRST_PREVIOUS,
    ApplicationId,
    Envelope,
    EvidenceNote,
    Header,
    KeyPurpose,
    Kind,
    Stamp,
)
from sync.reference import compose
from sync.token import ReceiptClaims, sign
from tests.paper_kiosk import RECORDED, PaperKiosk

SERVICE = "la.moha.residence-certificate"
LAW = "law-family-registration"
ANSWERS = {
    "/data/for_whom": "child",
    "/data/applicant_name": "ນາງ ສົມພອນ ວົງສະຫວັນ",
    "/data/full_name": "ທ້າວ ຄຳຫຼ້າ ວົງສະຫວັນ",
    "/data/birth_date": "2009",
    "/data/province": "LA01",
    "/data/district": "LA0106",
    "/data/village": "ດົງໂດກ",
    "/data/years_here": "12",
    "/data/purposes": "work",
}


@dataclass(frozen=True, slots=True)
class Handed:
    """What a citizen and her kiosk hold after submitting."""

    application: ApplicationId
    secret: bytes
    reference: str
    office: str
    photo: bytes | None
    sealed_photo: bytes


@dataclass(frozen=True, slots=True)
class Filed(Handed):
    """The same, and the case that central in this process made of it."""

    case: Case


@cache
def _bundle() -> bytes:
    folder = settings.ROOT / "assets" / "services" / "residence-certificate"
    return publish.publish(folder, None, central_keys().bundles)


def put_on_shelf() -> None:
    """Publish the sample service at the central of this process."""
    shelf.put(_bundle())


def photo() -> bytes:
    """A photograph, as the kiosk encodes it."""
    picture = Image.new("RGB", (640, 420), "#e9e2cf")
    pen = ImageDraw.Draw(picture)
    for row in range(12):
        pen.line((60, 60 + row * 26, 580 - row * 13, 60 + row * 26), fill="#3c3a52", width=5)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=75)
    return data.getvalue()


def _proof(corrects: Handed, secret: bytes) -> bytes:
    return envelopes.replacing_proof(corrects.secret, envelopes.application_id(secret))


def entry(
    bundle: Bundle,
    language: str = "lo",
    picture: bytes | None = None,
    answers: Mapping[str, str] = ANSWERS,
    media_type: str = "image/jpeg",
) -> Entry:
    """The form, filled."""
    definition = definition_of(bundle.file(DEFINITION))
    filled = Entry(definition, language=language, today=date(2026, 11, 23))
    while (page := filled.page) is not None:
        for question in page.questions:
            if question.path in answers:
                assert filled.answer(question.path, answers[question.path]) is None
            elif picture is not None and question.path == "/data/family_book":
                filled.attach(question.path, picture, media_type)
        assert filled.advance() == ()
    return filled


def hands_in(
    kiosk: PaperKiosk,
    bundle: Bundle,
    *,
    language: str = "lo",
    picture: bytes | None = None,
    recorded: Stamp = RECORDED,
    corrects: Handed | None = None,
    is_proven: bool = True,
    answers: Mapping[str, str] = ANSWERS,
    media_type: str = "image/jpeg",
) -> Handed:
    """Submit an application at a kiosk; it waits in the kiosk's log."""
    filled = entry(bundle, language, picture, answers, media_type)
    secret = envelopes.new_secret()
    notes: tuple[EvidenceNote, ...] = ()
    sealed = b""
    for index, attachment in enumerate(filled.attachments()):
        sealed = envelopes.seal_evidence(secret, index, attachment.data)
        notes += (EvidenceNote(hashlib.sha256(sealed).digest(), len(sealed)),)
    (sealing,) = [note for note in kiosk.enrolment.keys if note.purpose is KeyPurpose.SEALING]
    header = Header(
        device=kiosk.id,
        sequence=len(kiosk.log) + 1,
        previous=kiosk.log[-1].chain_hash if kiosk.log else FIRST_PREVIOUS,
        kind=Kind.APPLICATION,
        id=envelopes.application_id(secret),
        reference=compose(kiosk.enrolment.kiosk_number, 90_210_047 + 977 * len(kiosk.log)),
        service=SERVICE,
        service_version=bundle.version,
        office=kiosk.enrolment.office,
        recorded=recorded,
        central_key=sealing.id,
        replaces=corrects.application if corrects else None,
        proof=_proof(corrects, secret) if corrects and is_proven else None,
        evidence=notes,
    )
    data = header.to_bytes()
    body = envelopes.seal_answers(filled.record(), data, secret, bundle.dictionary)
    kiosk.append(Envelope(data, body, envelopes.seal_secret(secret, sealing.key)))
    return Handed(header.id, secret, header.reference, header.office, picture, sealed)


def files(
    kiosk: PaperKiosk,
    *,
    language: str = "lo",
    picture: bytes | None = None,
    corrects: Handed | None = None,
    is_proven: bool = True,
    answers: Mapping[str, str] = ANSWERS,
    media_type: str = "image/jpeg",
) -> Filed:
    """Submit an application and send it to central in this process."""
    bundle = shelf.find_current(SERVICE)
    handed = hands_in(
        kiosk,
        bundle,
        language=language,
        picture=picture,
        corrects=corrects,
        is_proven=is_proven,
        answers=answers,
        media_type=media_type,
    )
    kiosk.sends()
    case = Case.objects.get(application=handed.application)
    held = {field.name: getattr(handed, field.name) for field in fields(handed)}
    return Filed(**held, case=case)


def sends_photo(kiosk: PaperKiosk, handed: Handed) -> None:
    """The photograph follows its application."""
    sha256 = hashlib.sha256(handed.sealed_photo).digest()
    total = len(handed.sealed_photo)
    kiosk.server.send_evidence(kiosk.piece(sha256, handed.sealed_photo, 0, total))


def receipt_digits(kiosk: PaperKiosk, handed: Handed) -> str:
    """What stands in the receipt's QR."""
    claims = ReceiptClaims(
        issued_at_s=RECORDED.at_ms // 1000,
        reference=handed.reference,
        service=SERVICE,
        office=handed.office,
        secret=handed.secret,
    )
    return sign(claims, kiosk.key, bytes.fromhex(kiosk.id))


def descriptor() -> ServiceDescriptor:
    """The service as published here."""
    return shelf.find_current(SERVICE).descriptor
