"""The desk keeps its promise: what got a receipt is on the disk, and nothing there opens it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from kiosk.desk import CannotKeep, NotReady
from kiosk.finding import (
    DidYouMean,
    Found,
    NotAReference,
    NotCheckable,
    NotGenuine,
    NotKnownHere,
    OutOfService,
    Progress,
)
from kiosk.forms.bundle import DESCRIPTOR, pack
from kiosk.forms.entry import Entry
from kiosk.language import language, local_date, set_language
from kiosk.printing.jobs import JobState
from kiosk.room import KEEP_BYTES_MIN
from kiosk.services import NoSuchService
from sync.envelope import application_id, open_answers, open_evidence, open_secret, seal_words
from sync.records import (
    NATION,
    ChangeKind,
    KeyNote,
    KeyPurpose,
    OfficeNote,
    ServiceNote,
    Status,
    StatusEvent,
    key_id,
    office_audience,
)
from tests.desk_kiosk import (
    PUBLISHER,
    SAMPLE_PICTURE,
    DeskKiosk,
    central_with_services,
    opened,
    publish_at,
    published,
)
from tests.sample_answers import BUSINESS, RESIDENCE
from tests.stand_ins.central import OFFICE, StandInCentral

NAME = "ນາງ ຄຳ ແສງອາທິດ"


@pytest.fixture
def central() -> StandInCentral:
    return central_with_services()


@pytest.fixture
def kiosk(tmp_path: Path, central: StandInCentral) -> Iterator[DeskKiosk]:
    set_language("lo")
    opened = DeskKiosk(tmp_path / "kiosk", central)
    yield opened
    opened.ledger.close()


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_published_services_are_offered(kiosk: DeskKiosk) -> None:
    assert [service.id for service in kiosk.desk.services()] == [RESIDENCE, BUSINESS]


def test_an_unknown_service_is_refused_with_its_name(kiosk: DeskKiosk) -> None:
    with pytest.raises(NoSuchService, match=r"la\.nobody"):
        kiosk.desk.begin("la.nobody")


def test_an_unanswered_form_is_not_handed_in(kiosk: DeskKiosk) -> None:
    with pytest.raises(NotReady):
        kiosk.desk.submit(kiosk.desk.begin(RESIDENCE))
    assert kiosk.ledger.waiting_count() == 0


def test_a_receipt_stands_for_what_the_disk_has(kiosk: DeskKiosk) -> None:
    submitted = kiosk.submits()
    kiosk.start()
    entry = kiosk.ledger.find_by_reference(submitted.receipt.reference)
    assert entry is not None
    assert entry.application == submitted.application
    assert kiosk.jobs.find(submitted.job) is not None


def test_central_opens_what_was_answered(kiosk: DeskKiosk, central: StandInCentral) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    envelope = central.memory.applications[submitted.application]
    secret = open_secret(envelope.sealed_secret, bytes(central.box))
    record = open_answers(envelope, secret, opened(published(RESIDENCE)).dictionary)
    assert record["answers"]["full_name"] == NAME


def test_nothing_on_the_disk_opens_the_answers(kiosk: DeskKiosk) -> None:
    submitted = kiosk.submits()
    secret = submitted.receipt.claims.secret
    assert secret is not None
    disk = bytes_on_disk(kiosk.folder)
    for canary in (NAME.encode(), b"LA0107", "ໂພນທັນ".encode(), secret, secret.hex().encode()):
        assert canary not in disk
    assert submitted.receipt.token.encode() not in disk


def test_a_photo_is_encrypted_on_the_disk_and_opens_with_the_secret(kiosk: DeskKiosk) -> None:
    entry = kiosk.filled()
    entry.attach("/data/family_book", SAMPLE_PICTURE, "image/jpeg")
    submitted = kiosk.desk.submit(entry)
    assert SAMPLE_PICTURE not in bytes_on_disk(kiosk.folder)
    secret = submitted.receipt.claims.secret
    (sealed,) = (path.read_bytes() for path in kiosk.ledger.evidence_folder.iterdir())
    assert secret is not None
    assert open_evidence(secret, 0, sealed) == SAMPLE_PICTURE


def test_an_entry_that_is_not_handed_in_leaves_no_trace(kiosk: DeskKiosk) -> None:
    entry = kiosk.filled()
    entry.attach("/data/family_book", SAMPLE_PICTURE, "image/jpeg")
    disk = bytes_on_disk(kiosk.folder)
    assert NAME.encode() not in disk
    assert SAMPLE_PICTURE not in disk


def confirmed(service: str) -> bytes:
    """The service as an office has signed it."""
    held = opened(published(service))
    described = json.loads(held.file(DESCRIPTOR)) | {"sample": False, "version": "2027.1"}
    files = {**held.files, DESCRIPTOR: json.dumps(described).encode()}
    return pack(files, service, "2027.1", PUBLISHER)


def reviewed_by(version: str, day: str) -> bytes:
    """The service with a day by which somebody should look at it again."""
    held = opened(published(RESIDENCE))
    described = json.loads(held.file(DESCRIPTOR)) | {"version": version, "review_by": day}
    files = {**held.files, DESCRIPTOR: json.dumps(described).encode()}
    return pack(files, RESIDENCE, version, PUBLISHER)


def test_a_service_that_nobody_looked_at_again_goes_on_and_the_staff_is_told(
    kiosk: DeskKiosk,
) -> None:
    for version, day, told in (("2027.1", "2999-12-31", False), ("2027.2", "2020-12-31", True)):
        note = ServiceNote(RESIDENCE, version, reviewed_by(version, day))
        kiosk.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
        kiosk.exchanges()
        name = kiosk.desk.service(RESIDENCE).descriptor.name.of(language())
        assert (name in kiosk.desk.outdated_words()) == told
        assert kiosk.desk.readiness().sentences() == ()  # which citizens read
        assert kiosk.submits().application


def test_a_day_counted_with_sample_holidays_is_marked_on_the_receipt(kiosk: DeskKiosk) -> None:
    note = ServiceNote(RESIDENCE, "2027.1", confirmed(RESIDENCE))
    kiosk.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    kiosk.exchanges()
    assert not kiosk.submits().receipt.sample
    office = OfficeNote(OFFICE, {"lo": "ເມືອງໄຊທານີ"}, "021", "", sample=True)
    kiosk.central.publish(office_audience(OFFICE), ChangeKind.OFFICE, office.to_bytes())
    kiosk.exchanges()
    assert kiosk.submits().receipt.sample


def test_the_promise_is_three_working_days(kiosk: DeskKiosk) -> None:
    receipt = kiosk.submits().receipt
    assert receipt.due is not None
    assert 3 <= (receipt.due - local_date(receipt.recorded)).days <= 6


def test_the_fee_on_the_receipt_is_the_calculated_one(kiosk: DeskKiosk) -> None:
    service = kiosk.desk.service(BUSINESS)
    entry = kiosk.desk.begin(BUSINESS)
    entry.answer("/data/activities", "shop food")
    entry.answer("/data/capital", "60000000")
    fee = kiosk.desk.fee(service, entry)
    assert fee == int(entry.value_of("/data/fee"))
    assert fee == 20_000 + 10_000 + 30_000


def submit_until_refused(kiosk: DeskKiosk, entry: Entry) -> None:
    for _ in range(200):
        kiosk.desk.submit(entry)


def test_a_full_disk_keeps_the_answers_on_the_screen(kiosk: DeskKiosk) -> None:
    pages = kiosk.ledger.database.execute("PRAGMA page_count").fetchone()[0]
    entry = kiosk.filled()
    kiosk.ledger.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CannotKeep):
        submit_until_refused(kiosk, entry)
    assert entry.value_of("/data/full_name") == NAME
    kept = kiosk.ledger.waiting_count()
    kiosk.start()
    assert kiosk.ledger.waiting_count() == kept


def test_a_nearly_full_disk_is_said_before_the_first_question(kiosk: DeskKiosk) -> None:
    assert kiosk.desk.readiness().can_keep
    kiosk.free_bytes = KEEP_BYTES_MIN - 1
    assert not kiosk.desk.readiness().can_keep
    assert kiosk.desk.readiness().sentences()


def test_an_application_waits_then_is_sent_then_received(kiosk: DeskKiosk) -> None:
    reference = kiosk.submits().receipt.reference
    assert progress(kiosk, reference) is Progress.WAITING
    kiosk.exchanges()
    assert progress(kiosk, reference) is Progress.RECEIVED


def progress(kiosk: DeskKiosk, reference: str) -> Progress:
    finding = kiosk.desk.find(reference)
    assert isinstance(finding, Found)
    return finding.progress


def decide(central: StandInCentral, application: str, words: bytes) -> None:
    event = central.decide(application, Status.APPROVED)  # type: ignore[arg-type]  # its id
    feed = central.memory.feeds[office_audience(OFFICE)]
    feed[-1] = replace(feed[-1], payload=replace(event, words=words).to_bytes())


def test_the_receipt_opens_the_words_and_a_typed_reference_does_not(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    secret = submitted.receipt.claims.secret
    assert secret is not None
    decide(central, submitted.application, seal_words(secret, "ເຊີນມາຮັບເອກະສານ."))
    kiosk.exchanges()
    typed = kiosk.desk.find(submitted.receipt.reference)
    scanned = kiosk.desk.find_scanned(submitted.receipt.url)
    assert isinstance(typed, Found)
    assert isinstance(scanned, Found)
    assert (typed.progress, typed.words) == (Progress.APPROVED, None)
    assert (scanned.progress, scanned.words) == (Progress.APPROVED, "ເຊີນມາຮັບເອກະສານ.")


def test_one_wrong_character_is_met_with_did_you_mean(kiosk: DeskKiosk) -> None:
    reference = kiosk.submits().receipt.reference
    wrong = reference[:-1] + ("0" if reference[-1] != "0" else "1")
    assert kiosk.desk.find(wrong) == DidYouMean(reference)


def test_nonsense_is_not_a_reference(kiosk: DeskKiosk) -> None:
    assert kiosk.desk.find("hello") == NotAReference()
    assert kiosk.desk.find_scanned("https://elsewhere.example/menu") == NotAReference()


def test_an_altered_receipt_is_not_genuine(kiosk: DeskKiosk) -> None:
    token = int(kiosk.submits().receipt.token)
    assert kiosk.desk.find_scanned(str(token + 1)) == NotGenuine()


def test_a_reference_of_another_kiosk_is_found_when_central_has_told(
    kiosk: DeskKiosk, central: StandInCentral, tmp_path: Path
) -> None:
    other = DeskKiosk(tmp_path / "other", central, "CODE-2")
    submitted = other.submits()
    reference = submitted.receipt.reference
    assert isinstance(kiosk.desk.find(reference), NotKnownHere)
    other.exchanges()
    other.ledger.close()
    event = StatusEvent.from_bytes(central.memory.feeds[office_audience(OFFICE)][-1].payload)
    told = replace(event, number=2, reference=reference, service=RESIDENCE)
    central.publish(office_audience(OFFICE), ChangeKind.STATUS, told.to_bytes())
    kiosk.exchanges()
    assert isinstance(kiosk.desk.find(reference), Found)


def test_references_of_one_kiosk_differ(kiosk: DeskKiosk) -> None:
    entry = kiosk.filled()
    given = {kiosk.desk.submit(entry).receipt.reference for _ in range(50)}
    assert len(given) == 50


def test_a_copy_carries_the_same_token_and_its_number(kiosk: DeskKiosk) -> None:
    submitted = kiosk.submits()
    kiosk.jobs.begin(submitted.job)
    copy = kiosk.jobs.find(kiosk.desk.print_again(submitted))
    assert copy is not None
    assert copy.receipt.copy == 1
    assert copy.receipt.claims == submitted.receipt.claims


def test_after_a_power_cut_the_waiting_paper_proves_and_no_longer_opens(kiosk: DeskKiosk) -> None:
    submitted = kiosk.submits()
    kiosk.start()
    job = kiosk.jobs.find(submitted.job)
    assert job is not None
    assert job.receipt.claims.secret is None
    assert job.receipt.application_id == submitted.application


def test_feedback_is_sealed_and_names_nobody(kiosk: DeskKiosk, central: StandInCentral) -> None:
    kiosk.desk.feedback(RESIDENCE, {"easy": 4, "fair": 3, "overall": 4})
    kiosk.exchanges()
    (envelope,) = central.memory.applications.values()
    assert envelope.parsed.reference == ""
    secret = open_secret(envelope.sealed_secret, bytes(central.box))
    assert application_id(secret) == envelope.parsed.id
    record = open_answers(envelope, secret, opened(published(RESIDENCE)).dictionary)
    assert record["answers"] == {"easy": 4, "fair": 3, "overall": 4}


def test_a_broken_publication_leaves_the_last_good_version_serving(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    before = kiosk.desk.service(RESIDENCE).version
    publish_at(central, RESIDENCE, "2099.1.1")
    feed = central.memory.feeds[next(iter(central.memory.feeds))]
    altered = bytearray(feed[-1].payload)
    altered[-1] ^= 1
    feed[-1] = replace(feed[-1], payload=bytes(altered))
    kiosk.exchanges()
    assert "2099.1.1" in kiosk.ledger.service_versions()[RESIDENCE]
    assert kiosk.desk.service(RESIDENCE).version == before


def test_what_a_stolen_key_signed_is_offered_no_more_once_the_key_is_revoked(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    def tell(purpose: KeyPurpose) -> None:
        note = KeyNote(key_id(public), purpose, public, "central")
        central.publish(NATION, ChangeKind.CENTRAL_KEY, note.to_bytes())
        kiosk.exchanges()

    before = kiosk.desk.service(RESIDENCE).version
    stolen = SigningKey(b"stolen key of a ministry's laptop"[:32])
    public = bytes(stolen.verify_key)
    forged = opened(published(RESIDENCE, "2099.1.1")).files
    data = pack(forged, RESIDENCE, "2099.1.1", stolen)
    note = ServiceNote(RESIDENCE, "2099.1.1", data)
    tell(KeyPurpose.BUNDLES)
    central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    kiosk.exchanges()
    assert kiosk.desk.service(RESIDENCE).version == "2099.1.1"  # the signature is right
    tell(KeyPurpose.REVOKED)
    assert kiosk.desk.service(RESIDENCE).version == before


def test_a_receipt_of_a_stolen_kiosk_is_believed_only_up_to_the_day_it_was_stolen(
    kiosk: DeskKiosk, central: StandInCentral, tmp_path: Path
) -> None:
    other = DeskKiosk(tmp_path / "stolen", central, "CODE-2")
    receipt = other.submits().receipt
    identity = other.ledger.enrolled_identity()
    other.ledger.close()

    def is_out_of_service_from(until_s: int | None) -> None:
        note = KeyNote(
            bytes.fromhex(identity.device),
            KeyPurpose.RECEIPTS,
            bytes(identity.signing_key.verify_key),
            "Stolen kiosk",
            identity.kiosk_number,
            until_s,
        )
        central.publish(NATION, ChangeKind.DEVICE_KEY, note.to_bytes())
        kiosk.exchanges()

    is_out_of_service_from(receipt.claims.issued_at_s)
    assert kiosk.desk.find_scanned(receipt.url) == OutOfService()
    is_out_of_service_from(receipt.claims.issued_at_s + 1)
    assert isinstance(kiosk.desk.find_scanned(receipt.url), NotKnownHere)
    is_out_of_service_from(None)
    assert isinstance(kiosk.desk.find_scanned(receipt.url), NotKnownHere)


def test_a_newer_version_serves_the_same_day(kiosk: DeskKiosk, central: StandInCentral) -> None:
    publish_at(central, RESIDENCE, "2099.1.1")
    kiosk.exchanges()
    assert kiosk.desk.service(RESIDENCE).version == "2099.1.1"


def test_a_name_of_two_hundred_lao_letters_and_control_characters_is_kept_clean(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    long_name = "ນ້ຳ" * 66  # with the two letters before it 200 characters
    submitted = kiosk.submits(full_name="\x1b@\x1dV" + long_name + "\u202e")
    kiosk.exchanges()
    envelope = central.memory.applications[submitted.application]
    secret = open_secret(envelope.sealed_secret, bytes(central.box))
    record = open_answers(envelope, secret, opened(published(RESIDENCE)).dictionary)
    assert record["answers"]["full_name"] == "@V" + long_name


def test_a_refused_application_leaves_no_photo_behind(kiosk: DeskKiosk) -> None:
    entry = kiosk.filled()
    entry.attach("/data/family_book", SAMPLE_PICTURE * 50, "image/jpeg")
    pages = kiosk.ledger.database.execute("PRAGMA page_count").fetchone()[0]
    kiosk.ledger.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CannotKeep):
        submit_until_refused(kiosk, entry)
    assert len(list(kiosk.ledger.evidence_folder.iterdir())) == kiosk.ledger.waiting_count()


def test_a_typed_reference_says_that_there_is_an_answer_and_not_what_it_says(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    event = central.decide(submitted.application, Status.REJECTED)
    reason = kiosk.desk.service(RESIDENCE).descriptor.reasons_for("reject")[0]
    feed = central.memory.feeds[office_audience(OFFICE)]
    feed[-1] = replace(feed[-1], payload=replace(event, reason=reason.id).to_bytes())
    kiosk.exchanges()
    typed = kiosk.desk.find(submitted.receipt.reference)
    scanned = kiosk.desk.find_scanned(submitted.receipt.url)
    assert isinstance(typed, Found)
    assert isinstance(scanned, Found)
    assert (typed.reason, scanned.reason) == (None, reason.name)
    assert typed.next_step != scanned.next_step
    assert typed.due is None


def test_law_and_deciders_are_read_with_the_receipt_and_not_by_the_reference(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    event = central.decide(submitted.application, Status.APPROVED)
    (law,) = kiosk.desk.service(RESIDENCE).descriptor.legal
    feed = central.memory.feeds[office_audience(OFFICE)]
    signed = replace(event, law=law.id, deciders=("ວິຊາການ", "ຫົວໜ້າ"))
    feed[-1] = replace(feed[-1], payload=signed.to_bytes())
    kiosk.exchanges()
    typed = kiosk.desk.find(submitted.receipt.reference)
    scanned = kiosk.desk.find_scanned(submitted.receipt.url)
    assert isinstance(typed, Found)
    assert isinstance(scanned, Found)
    assert (typed.law, typed.deciders) == (None, ())
    assert (scanned.law, scanned.deciders) == (law.name, ("ວິຊາການ", "ຫົວໜ້າ"))


def test_a_receipt_of_an_unknown_kiosk_is_neither_believed_nor_called_forged(
    kiosk: DeskKiosk, tmp_path: Path
) -> None:
    stranger = DeskKiosk(tmp_path / "elsewhere", central_with_services())
    receipt = stranger.submits().receipt
    stranger.ledger.close()
    assert kiosk.desk.find_scanned(receipt.url) == NotCheckable()


def test_the_forms_own_sentences_are_in_the_language_of_the_visit(kiosk: DeskKiosk) -> None:
    entry = kiosk.desk.begin(RESIDENCE)
    entry.answer("/data/years_here", "many")
    messages = {violation.path: violation.message for violation in entry.violations()}
    assert messages["/data/years_here"] == "ກະລຸນາໃສ່ຈຳນວນເຕັມ, ຕົວຢ່າງ 12."


def test_a_second_bundle_of_the_same_version_does_not_replace_the_first(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    version = kiosk.desk.service(RESIDENCE).version
    broken = ServiceNote(RESIDENCE, version, b"not a bundle")
    central.publish(NATION, ChangeKind.SERVICE, broken.to_bytes())
    kiosk.exchanges()
    kiosk.start()
    assert kiosk.desk.service(RESIDENCE).version == version


def test_declined_paper_is_not_printed_and_its_secret_is_gone(kiosk: DeskKiosk) -> None:
    submitted = kiosk.submits()
    kiosk.desk.decline_paper(submitted.job)
    job = kiosk.jobs.find(submitted.job)
    assert job is not None
    assert job.state is JobState.DECLINED
    assert job.receipt.claims.secret is None
    assert kiosk.jobs.find_oldest() is None
