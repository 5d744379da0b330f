"""A returned application opens with its receipt, is corrected, and is never lost."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from kiosk.correction import Correction, open_application
from kiosk.desk import CannotKeep, NotReady, Submitted
from kiosk.finding import Finding, Found, Progress, Remedy
from kiosk.forms.descriptor import ReceiptOpens
from kiosk.forms.entry import Entry
from kiosk.language import set_language
from kiosk.printing import receipt_record
from kiosk.services import Service
from kiosk.visit import Visit
from sync import cbor, token
from sync.envelope import (
    open_answers,
    open_evidence,
    open_secret,
    proves_replacing,
    seal_asked,
    seal_words,
)
from sync.errors import CannotOpen
from sync.records import (
    ChangeKind,
    Envelope,
    KeyNote,
    KeyPurpose,
    Status,
    StatusEvent,
    office_audience,
)
from tests.desk_kiosk import (
    DeskKiosk,
    central_with_services,
    fill,
    opened,
    publish_at,
    published,
)
from tests.forms import TODAY, form
from tests.sample_answers import ANSWERS, RESIDENCE
from tests.stand_ins.central import OFFICE, StandInCentral

ASKED = ("/data/full_name", "/data/family_book")
OLD_NAME = ANSWERS[RESIDENCE]["full_name"]
NEW_NAME = "ນາງ ຄຳ ແສງຕາເວັນ"
PHOTO = b"\xff\xd8\xff a photo of a family book, as sample"


@pytest.fixture
def central() -> StandInCentral:
    return central_with_services()


@pytest.fixture
def kiosk(tmp_path: Path, central: StandInCentral) -> Iterator[DeskKiosk]:
    set_language("lo")
    opened = DeskKiosk(tmp_path / "kiosk", central)
    yield opened
    opened.ledger.close()


def secret_of(submitted: Submitted) -> bytes:
    secret = submitted.receipt.claims.secret
    assert secret is not None
    return secret


def submits_with_photo(kiosk: DeskKiosk) -> Submitted:
    entry = kiosk.filled()
    entry.attach("/data/family_book", PHOTO, "image/jpeg")
    return kiosk.desk.submit(entry)


def comes_back(
    kiosk: DeskKiosk, submitted: Submitted, asked: tuple[str, ...] = ASKED
) -> StatusEvent:
    """The office returns it, and the kiosk hears so."""
    kiosk.exchanges()
    central = kiosk.central
    event = central.decide(submitted.application, Status.RETURNED)
    secret = secret_of(submitted)
    told = replace(
        event,
        reason="name-differs",
        words=seal_words(secret, "ກະລຸນາຂຽນຊື່ໃຫ້ຖືກ."),
        asked=seal_asked(secret, asked) if asked else None,
    )
    feed = central.memory.feeds[office_audience(OFFICE)]
    feed[-1] = replace(feed[-1], payload=told.to_bytes())
    kiosk.exchanges()
    return told


def scanned(kiosk: DeskKiosk, submitted: Submitted) -> Found:
    return found(kiosk.desk.find_scanned(submitted.receipt.url))


def found(finding: Finding) -> Found:
    assert isinstance(finding, Found), finding
    return finding


def sees_to_all(correction: Correction) -> None:
    correction.look_at(correction.still_to_see())


def hands_in(kiosk: DeskKiosk, correction: Correction) -> Submitted:
    return kiosk.desk.submit(correction.entry, correction=correction)


@pytest.fixture
def returned(kiosk: DeskKiosk) -> Submitted:
    submitted = submits_with_photo(kiosk)
    comes_back(kiosk, submitted)
    return submitted


def test_the_scanned_receipt_says_what_to_correct_in_each_language(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    finding = scanned(kiosk, returned)
    assert (finding.progress, finding.remedy) == (Progress.RETURNED, Remedy.CORRECT)
    assert finding.asked == ASKED
    names = [label.of("en") for label in finding.asked_labels]
    assert names[0] == "Which full name goes on the certificate?"
    assert finding.asked_labels[0].of("lo") != names[0]


def test_a_typed_reference_opens_nothing_and_offers_nothing(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    finding = found(kiosk.desk.find(returned.receipt.reference))
    assert (finding.remedy, finding.asked, finding.secret) == (Remedy.NONE, (), None)
    with pytest.raises(CannotOpen):
        kiosk.desk.correct(replace(finding, remedy=Remedy.CORRECT))


def test_every_answer_and_the_photo_are_there_again(kiosk: DeskKiosk, returned: Submitted) -> None:
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    answers = {name: correction.entry.value_of(f"/data/{name}") for name in ANSWERS[RESIDENCE]}
    assert answers == ANSWERS[RESIDENCE]
    (photo,) = correction.entry.attachments()
    assert (photo.data, photo.media_type) == (PHOTO, "image/jpeg")
    assert correction.entry.violations() == ()
    assert correction.still_to_see() == list(ASKED)


def test_it_is_handed_in_only_after_all_that_was_asked_for_was_looked_at(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    for path in ASKED:
        with pytest.raises(NotReady):
            hands_in(kiosk, correction)
        correction.look_at([path])
    assert hands_in(kiosk, correction).receipt.replaces == returned.receipt.reference


def test_the_correction_is_a_new_application_that_proves_what_it_replaces(
    kiosk: DeskKiosk, returned: Submitted, central: StandInCentral
) -> None:
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    correction.entry.answer("/data/full_name", NEW_NAME)
    sees_to_all(correction)
    new = hands_in(kiosk, correction)
    assert new.receipt.reference != returned.receipt.reference
    assert secret_of(new) != secret_of(returned)
    kiosk.exchanges()
    envelope = central.memory.applications[new.application]
    header = envelope.parsed
    assert header.replaces == returned.application
    assert proves_replacing(header.proof, secret_of(returned), new.application)
    secret = open_secret(envelope.sealed_secret, bytes(central.box))
    record = open_answers(envelope, secret, opened(published(RESIDENCE)).dictionary)
    assert record["answers"]["full_name"] == NEW_NAME


def test_the_photo_is_sealed_anew_under_the_new_secret(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    sees_to_all(correction)
    new = hands_in(kiosk, correction)
    envelope = kiosk.ledger.find_envelope(new.application)
    assert envelope is not None
    (note,) = envelope.parsed.evidence
    sealed = kiosk.ledger.read_evidence(note.sha256)
    assert open_evidence(secret_of(new), 0, sealed) == PHOTO
    with pytest.raises(CannotOpen):
        open_evidence(secret_of(returned), 0, sealed)


def test_the_old_application_stays_as_it_was_and_its_receipt_finds_the_new_one(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    before = kiosk.ledger.find_envelope(returned.application)
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    sees_to_all(correction)
    new = hands_in(kiosk, correction)
    assert kiosk.ledger.find_envelope(returned.application) == before
    for finding in (scanned(kiosk, returned), kiosk.desk.find(returned.receipt.reference)):
        old = found(finding)
        assert (old.progress, old.remedy) == (Progress.REPLACED, Remedy.NONE)
        assert old.replacement is not None
        assert old.replacement.reference == new.receipt.reference
        assert old.replacement.progress is Progress.WAITING
    kiosk.exchanges()
    replacement = scanned(kiosk, returned).replacement
    assert replacement is not None
    assert replacement.progress is Progress.RECEIVED


def test_a_correction_that_comes_back_is_corrected_in_its_turn(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    second = corrects(kiosk, returned)
    comes_back(kiosk, second, asked=("/data/village",))
    third = corrects(kiosk, second)
    replacement = scanned(kiosk, returned).replacement
    assert replacement is not None
    assert replacement.reference == third.receipt.reference


def corrects(kiosk: DeskKiosk, submitted: Submitted) -> Submitted:
    correction = kiosk.desk.correct(scanned(kiosk, submitted))
    sees_to_all(correction)
    return hands_in(kiosk, correction)


def test_a_correction_that_central_set_aside_may_be_made_again(
    kiosk: DeskKiosk, returned: Submitted, central: StandInCentral
) -> None:
    central.unreadable = lambda envelope: envelope.parsed.replaces is not None
    corrects(kiosk, returned)
    kiosk.exchanges()
    assert scanned(kiosk, returned).remedy is Remedy.CORRECT


def test_what_central_could_not_read_is_handed_in_again_with_its_receipt(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    central.unreadable = lambda _envelope: True
    stuck = submits_with_photo(kiosk)
    kiosk.exchanges()
    by_reference = found(kiosk.desk.find(stuck.receipt.reference))
    assert (by_reference.progress, by_reference.remedy) == (Progress.SET_ASIDE, Remedy.NONE)
    finding = scanned(kiosk, stuck)
    assert finding.remedy is Remedy.CORRECT
    assert "ຄຳຕອບຂອງທ່ານຍັງຢູ່" in finding.next_step
    assert kiosk.ledger.numbers().set_aside == 1
    central.unreadable = lambda _envelope: False
    again = hands_in(kiosk, kiosk.desk.correct(finding))
    kiosk.exchanges()
    filed = central.memory.applications[again.application]
    dictionary = opened(published(RESIDENCE)).dictionary
    assert open_answers(filed, secret_of(again), dictionary) == open_answers(
        central.memory.set_aside[0], secret_of(stuck), dictionary
    )
    assert len(central.memory.files) == 1
    assert scanned(kiosk, stuck).progress is Progress.REPLACED
    assert kiosk.ledger.numbers().set_aside == 0


def test_what_people_closed_is_handed_in_again_and_its_photo_is_not_sent_in_vain(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    central.unreadable = lambda _envelope: True
    stuck = submits_with_photo(kiosk)
    kiosk.exchanges()
    central.decide(stuck.application, Status.SET_ASIDE)
    kiosk.exchanges()
    finding = scanned(kiosk, stuck)
    assert (finding.progress, finding.remedy) == (Progress.SET_ASIDE, Remedy.CORRECT)
    assert kiosk.ledger.numbers().set_aside == 0
    assert kiosk.ledger.evidence_waiting() == ()
    central.decide(stuck.application, Status.RECEIVED)  # and taken up after all, say
    assert kiosk.ledger.evidence_waiting() == ()
    kiosk.exchanges()
    assert len(central.memory.files) == 1


def test_a_full_disk_loses_neither_the_old_application_nor_what_was_corrected(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    correction.entry.answer("/data/full_name", NEW_NAME)
    sees_to_all(correction)
    (pages,) = kiosk.ledger.database.execute("PRAGMA page_count").fetchone()
    kiosk.ledger.database.execute(f"PRAGMA max_page_count = {pages}")
    with suppress(CannotKeep):
        for _other in range(200):  # until the room left in the present pages is used up
            kiosk.submits()
    with pytest.raises(CannotKeep):
        hands_in(kiosk, correction)
    assert scanned(kiosk, returned).remedy is Remedy.CORRECT
    kiosk.ledger.database.execute("PRAGMA max_page_count = 1000000")
    assert correction.entry.value_of("/data/full_name") == NEW_NAME
    assert hands_in(kiosk, correction).receipt.replaces == returned.receipt.reference


def test_nothing_opened_for_correcting_lies_on_the_disk(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    finding = scanned(kiosk, returned)
    correction = kiosk.desk.correct(finding)
    correction.entry.answer("/data/full_name", NEW_NAME)
    sees_to_all(correction)
    hands_in(kiosk, correction)
    files = [path for path in kiosk.folder.rglob("*") if path.is_file()]
    disk = b"".join(path.read_bytes() for path in files)
    for canary in (OLD_NAME.encode(), NEW_NAME.encode(), PHOTO, secret_of(returned)):
        assert canary not in disk


def test_when_the_visit_ends_nothing_of_the_correction_stays(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    visit = Visit(lambda: 0.0, idle_s=60, warning_s=20)
    visit.begin("lo")
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    visit.corrects(correction)
    assert visit.correction is correction
    visit.wipe()
    assert [visit.correction, visit.entry, correction.secret] == [None] * 3
    assert correction.entry.value_of("/data/full_name") == ""
    assert correction.entry.attachments() == ()


def test_another_application_begun_meanwhile_replaces_nothing(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    visit = Visit(lambda: 0.0, idle_s=60, warning_s=20)
    visit.corrects(kiosk.desk.correct(scanned(kiosk, returned)))
    visit.entry = kiosk.filled()
    assert visit.correction is None


def test_a_photo_that_is_gone_is_said_and_must_be_looked_at(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    for path in kiosk.ledger.evidence_folder.iterdir():
        path.write_bytes(b"damaged")
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    assert correction.lost == {"/data/family_book"}
    assert correction.entry.attachments() == ()
    assert "/data/family_book" in correction.still_to_see()


def test_an_erased_application_is_made_anew_and_still_replaces_the_old_one(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    with kiosk.ledger.transaction():
        kiosk.ledger.database.execute("UPDATE log SET body = x''")
    finding = scanned(kiosk, returned)
    assert (finding.remedy, finding.holder) == (Remedy.ANEW, "")
    correction = kiosk.desk.correct(finding)
    assert correction.entry.value_of("/data/full_name") == ""
    fill(correction.entry, ANSWERS[RESIDENCE])
    new = hands_in(kiosk, correction)
    envelope = kiosk.ledger.find_envelope(new.application)
    assert envelope is not None
    assert envelope.parsed.replaces == returned.application
    assert proves_replacing(envelope.parsed.proof, secret_of(returned), new.application)


def test_a_late_receipt_offers_a_new_application_without_proof(kiosk: DeskKiosk) -> None:
    submitted = kiosk.submits()
    kiosk.start()  # a power cut: the paper that comes out now proves and no longer opens
    late = kiosk.jobs.find(submitted.job)
    assert late is not None
    comes_back(kiosk, submitted)
    identity = kiosk.ledger.enrolled_identity()
    digits = token.sign(late.receipt.claims, identity.signing_key, bytes.fromhex(identity.device))
    finding = found(kiosk.desk.find_scanned(digits))
    assert (finding.remedy, finding.asked, finding.words) == (Remedy.ANEW, (), None)
    correction = kiosk.desk.correct(finding)
    fill(correction.entry, ANSWERS[RESIDENCE])
    envelope = kiosk.ledger.find_envelope(hands_in(kiosk, correction).application)
    assert envelope is not None
    assert (envelope.parsed.replaces, envelope.parsed.proof) == (submitted.application, None)


def test_at_another_kiosk_she_learns_where_her_answers_are_and_may_begin_anew(
    kiosk: DeskKiosk, returned: Submitted, central: StandInCentral, tmp_path: Path
) -> None:
    other = DeskKiosk(tmp_path / "other", central, "CODE-2")
    told_of(central, kiosk, returned)
    other.exchanges()
    finding = scanned(other, returned)
    assert (finding.remedy, finding.holder) == (Remedy.ANEW, "ຕູ້ ບ້ານ ດົງໂດກ")
    assert "ຕູ້ ບ້ານ ດົງໂດກ" in finding.next_step
    correction = other.desk.correct(finding)
    fill(correction.entry, ANSWERS[RESIDENCE])
    new = hands_in(other, correction)
    other.exchanges()
    other.ledger.close()
    said = central.memory.events[new.application][0]
    first = replace(
        said, reference=new.receipt.reference, service=RESIDENCE, replaces=returned.application
    )
    central.publish(office_audience(OFFICE), ChangeKind.STATUS, first.to_bytes())
    kiosk.exchanges()
    replacement = scanned(kiosk, returned).replacement
    assert replacement is not None
    assert replacement.reference == new.receipt.reference


def told_of(central: StandInCentral, kiosk: DeskKiosk, submitted: Submitted) -> None:
    """Central tells the other kiosks of this one's key and of its application."""
    identity = kiosk.ledger.enrolled_identity()
    note = KeyNote(
        bytes.fromhex(identity.device),
        KeyPurpose.RECEIPTS,
        bytes(identity.signing_key.verify_key),
        "ຕູ້ ບ້ານ ດົງໂດກ",
        identity.kiosk_number,
    )
    central.publish(office_audience(OFFICE), ChangeKind.DEVICE_KEY, note.to_bytes())
    first = central.memory.events[submitted.application][0]
    first = replace(first, reference=submitted.receipt.reference, service=RESIDENCE)
    central.publish(office_audience(OFFICE), ChangeKind.STATUS, first.to_bytes())


def test_the_newest_form_takes_the_answers_over_and_it_is_said(
    kiosk: DeskKiosk, returned: Submitted, central: StandInCentral
) -> None:
    publish_at(central, RESIDENCE, "2099.1.1")
    kiosk.exchanges()
    correction = kiosk.desk.correct(scanned(kiosk, returned))
    assert correction.has_newer_form
    assert correction.entry.value_of("/data/full_name") == OLD_NAME
    assert len(correction.entry.attachments()) == 1
    sees_to_all(correction)
    envelope = kiosk.ledger.find_envelope(hands_in(kiosk, correction).application)
    assert envelope is not None
    assert envelope.parsed.service_version == "2099.1.1"


OLD_FORM = """
| survey | | | | |
| | type | name | label | calculation |
| | text | full_name | Name | |
| | select_one place | place | Place | |
| | text | dropped | Dropped | |
| | calculate | rate | | 5000 |
| choices | | | |
| | list_name | name | label |
| | place | town | Town |
| | place | hill | Hill |
"""
NEW_FORM = """
| survey | | | | | | |
| | type | name | label | required | default | calculation |
| | text | full_name | Name | | | |
| | select_one place | place | Place | yes | | |
| | integer | people | People | yes | | |
| | text | country | Country | | Laos | |
| | calculate | rate | | | | 6000 |
| | calculate | fee | | | | ${rate} |
| choices | | | |
| | list_name | name | label |
| | place | town | Town |
"""


def test_a_newer_form_keeps_what_fits_and_asks_for_what_does_not() -> None:
    old = form(OLD_FORM)
    filling = Entry(old, language="en", today=TODAY)
    for name, value in (("full_name", "Kham"), ("place", "hill"), ("dropped", "x")):
        filling.answer(f"/data/{name}", value)
    record = filling.record()
    newer = Entry.from_record(
        form(NEW_FORM),
        record,
        language="en",
        today=TODAY,
        asked_before=frozenset({"/data/full_name", "/data/place", "/data/dropped"}),
    )
    assert newer.value_of("/data/full_name") == "Kham"
    assert newer.value_of("/data/country") == "Laos"  # the newer form's own
    assert newer.value_of("/data/fee") == "6000"  # not the old form's rate
    assert {wrong.path for wrong in newer.violations()} == {"/data/place", "/data/people"}


def test_services_whose_receipts_show_a_status_only_never_open_answers(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    service = kiosk.desk.service(RESIDENCE)
    shy = replace(service.descriptor, receipt_opens=ReceiptOpens.STATUS)
    envelope = kiosk.ledger.find_envelope(returned.application)
    assert isinstance(envelope, Envelope)
    closed = Service(replace(service.bundle, descriptor=shy))
    with pytest.raises(CannotOpen):
        open_application(envelope, closed, secret_of(returned))
    assert open_application(envelope, service, secret_of(returned)).record["answers"]


def test_the_new_receipt_says_what_it_replaces_also_after_the_printer_waited(
    kiosk: DeskKiosk, returned: Submitted
) -> None:
    new = corrects(kiosk, returned)
    job = kiosk.jobs.find(new.job)
    assert job is not None
    assert job.receipt.replaces == returned.receipt.reference
    text = job.receipt.slip().text
    assert f"ແທນ {returned.receipt.reference}" in text
    assert f"Replaces {returned.receipt.reference}" in text


def test_a_print_job_of_an_earlier_release_still_prints(kiosk: DeskKiosk) -> None:
    receipt = kiosk.submits().receipt
    fields = cbor.decode(receipt_record.to_bytes(receipt), 100_000)
    del fields["replaces"]
    assert receipt_record.from_bytes(cbor.encode(fields), None).replaces == ""


def test_a_withdrawn_service_offers_no_correction(kiosk: DeskKiosk, returned: Submitted) -> None:
    with kiosk.ledger.transaction():
        kiosk.ledger.database.execute(
            "UPDATE trusted_key SET purpose = 'x' WHERE purpose = 'bundles'"
        )
    kiosk.start()
    finding = scanned(kiosk, returned)
    assert finding.remedy is Remedy.NONE
    assert finding.words is not None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_no_application_is_lost_and_each_leads_to_the_last_word(
    kiosk: DeskKiosk, seed: int
) -> None:
    chance = Random(seed)
    chain = [kiosk.submits()]
    kept = [kiosk.ledger.find_envelope(chain[0].application)]
    for _step in range(8):
        match chance.choice(("correct", "leave", "restart", "refuse")):
            case "correct":
                comes_back(kiosk, chain[-1])
                chain.append(corrects(kiosk, chain[-1]))
                kept.append(kiosk.ledger.find_envelope(chain[-1].application))
            case "leave":  # she opens it and walks away
                finding = scanned(kiosk, chain[-1])
                if finding.remedy is Remedy.CORRECT:
                    kiosk.desk.correct(finding).forget()
            case "restart":
                kiosk.start()
            case "refuse":  # nothing came back: there is nothing to correct
                assert scanned(kiosk, chain[-1]).remedy is Remedy.NONE
        assert [kiosk.ledger.find_envelope(one.application) for one in chain] == kept
        for older in chain[:-1]:
            replacement = found(kiosk.desk.find(older.receipt.reference)).replacement
            assert replacement is not None
            assert replacement.reference == chain[-1].receipt.reference
    kiosk.exchanges()
    assert {one.application for one in chain} <= kiosk.central.memory.applications.keys()
