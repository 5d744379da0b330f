"""New and revoked keys reach every kiosk by the feed, and nothing stands still meanwhile.

A real central, real ledgers and the real exchange.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from kiosk.forms import bundle
from kiosk.services import NoSuchService, Services
from sync.central import commands
from sync.central.arguments import parser
from sync.central.casework.models import Case
from sync.central.catalogue import acts, shelf, trust
from sync.central.catalogue.kiosks import put_into_ring
from sync.central.catalogue.models import Act
from sync.central.intake import feed
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, FeedItem
from sync.central.intake.rings import Ring
from sync.central.keys import BadKey, central_keys, keys_folder
from sync.clock import steady_now
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.protocol import Answer
from sync.records import KeyPurpose, key_id
from tests.paper_kiosk import PaperKiosk, new_code
from tests.sample_service import SERVICE, VERSION, bundle_files, put_on_shelf
from tests.stand_ins import kiosk

SMALLEST = {"service": SERVICE, "service_version": VERSION}
NewKiosk = Callable[[], Ledger]


@pytest.fixture
def new_kiosk(central: Path, tmp_path: Path) -> Iterator[NewKiosk]:
    """Kiosks with real ledgers; central's keys are as before afterwards."""
    saved = tmp_path / "keys"
    shutil.copytree(central / "keys", saved)
    ledgers: list[Ledger] = []

    def enrolled() -> Ledger:
        folder = tmp_path / str(len(ledgers))
        folder.mkdir()
        ledgers.append(kiosk.enrolled(folder, CentralServer(), new_code()))
        sync_once(ledgers[-1], CentralServer())
        return ledgers[-1]

    yield enrolled
    for ledger in ledgers:
        ledger.close()
    shutil.rmtree(central / "keys")
    shutil.copytree(saved, central / "keys")


def id_of(purpose: KeyPurpose) -> str:
    """Central's first key of that purpose."""
    return next(note for note in central_keys().known if note.purpose is purpose).id.hex()


def offered(ledger: Ledger) -> str:
    return Services(ledger).newest(SERVICE).version


def test_a_new_sealing_key_reaches_a_kiosk_and_both_open(new_kiosk: NewKiosk) -> None:
    ledger = new_kiosk()
    before = kiosk.submit(ledger, **SMALLEST).parsed
    made = trust.rotate(KeyPurpose.SEALING)
    sync_once(ledger, CentralServer())
    after = kiosk.submit(ledger, **SMALLEST).parsed
    sync_once(ledger, CentralServer())
    assert (before.central_key.hex(), after.central_key) == (id_of(KeyPurpose.SEALING), made)
    assert set(Case.objects.values_list("application", flat=True)) == {before.id, after.id}


def test_a_kiosk_is_answered_with_a_key_that_it_knows(new_kiosk: NewKiosk) -> None:
    early, old = new_kiosk(), id_of(KeyPurpose.ANSWERS)
    made = trust.rotate(KeyPurpose.ANSWERS)
    assert old != made.hex()
    late = new_kiosk()  # it was enrolled with both
    for ledger in (early, late):
        kiosk.submit(ledger, evidence=(b"photo",), **SMALLEST)
        assert sync_once(ledger, CentralServer()).sent == 1
        assert list(ledger.keys(KeyPurpose.ANSWERS))[-1] == made
        sync_once(ledger, CentralServer())
        assert ledger.evidence_waiting() == ()
    assert [bytes(key or b"") for key in Device.objects.values_list("answers_key", flat=True)] == [
        made,
        made,
    ]


def test_a_stolen_answering_key_is_believed_no_more(new_kiosk: NewKiosk) -> None:
    ledger, old = new_kiosk(), id_of(KeyPurpose.ANSWERS)
    trust.revoke(old, "the machine was stolen")
    sync_once(ledger, CentralServer())
    assert old not in {id_.hex() for id_ in ledger.keys(KeyPurpose.ANSWERS)}
    feed.begin_epoch()  # and central, restored, still speaks to whoever has heard
    kiosk.submit(ledger, evidence=(b"photo",), **SMALLEST)
    sync_once(ledger, CentralServer())
    assert (ledger.waiting_count(), ledger.evidence_waiting()) == (0, ())


def test_a_program_that_says_nothing_of_keys_is_answered_with_the_oldest(
    new_kiosk: NewKiosk,
) -> None:
    assert new_kiosk()
    paper = PaperKiosk(CentralServer())
    trust.rotate(KeyPurpose.ANSWERS)
    paper.files()
    assert paper.sends().through == 1  # it knows no other key


def test_what_a_revoked_key_signed_serves_no_more_and_is_signed_again(
    new_kiosk: NewKiosk,
) -> None:
    ledger, old = new_kiosk(), id_of(KeyPurpose.BUNDLES)
    made_before = kiosk.submit(ledger, **SMALLEST)
    (again,) = trust.revoke(old, "left on a train")
    stolen = bundle.open(bytes(shelf._row(SERVICE, VERSION).bundle), central_keys().bundle_checks)
    assert (stolen.key_id.hex(), again.version) == (old, "2")
    with pytest.raises(bundle.UnknownKey):
        shelf.put(bytes(shelf._row(SERVICE, VERSION).bundle))
    services = Services(ledger)
    assert services.newest(SERVICE).version == VERSION
    sync_once(ledger, CentralServer())
    assert services.newest(SERVICE).version == "2"
    assert services.find(SERVICE, VERSION) is None
    assert Case.objects.get().application == made_before.parsed.id  # what it made is read as ever
    assert again.files["form.json"] == stolen.files["form.json"]
    kinds = list(Act.objects.order_by("number").values_list("kind", flat=True))
    assert kinds[-4:] == ["key-new", "key-revoked", "signed-again", "released"]
    assert acts.first_broken() is None


def test_no_service_is_missing_for_a_moment_on_a_thin_line(new_kiosk: NewKiosk) -> None:
    ledger = new_kiosk()
    trust.revoke(id_of(KeyPurpose.BUNDLES), "lost")
    central = CentralServer()
    while True:
        identity = ledger.enrolled_identity()
        batch = ledger.next_batch(1, 1, 1)
        reply = central.exchange(batch.signed(identity.signing_key))
        answer = Answer.from_bytes(reply, ledger.keys(KeyPurpose.ANSWERS))
        ledger.accept(batch, answer, steady_now())
        assert offered(ledger) in {"1", "2"}
        if not answer.more:
            break
    assert offered(ledger) == "2"


def test_each_ring_keeps_the_version_it_had(new_kiosk: NewKiosk) -> None:
    first, other = new_kiosk(), new_kiosk()
    put_into_ring([1], Ring.FIRST)
    put_on_shelf("2", dictionary=b"only in the second version " * 40, ring=Ring.FIRST)
    signed_again = trust.revoke(id_of(KeyPurpose.BUNDLES), "lost")
    assert [made.version for made in signed_again] == ["3", "4"]
    for ledger, has_dictionary in ((first, True), (other, False)):
        sync_once(ledger, CentralServer())
        newest = Services(ledger).newest(SERVICE).bundle
        assert (newest.dictionary is not None) == has_dictionary


def test_telling_again_changes_nothing(new_kiosk: NewKiosk) -> None:
    assert new_kiosk()
    trust.revoke(id_of(KeyPurpose.BUNDLES), "lost")
    before = FeedItem.objects.count()
    assert trust.tell() == []
    assert FeedItem.objects.count() == before


def test_a_key_that_was_made_and_not_told_is_told_later(new_kiosk: NewKiosk) -> None:
    ledger = new_kiosk()
    (keys_folder() / "sealing-7.key").write_bytes(bytes(range(32)))  # then the power went
    trust.tell()
    sync_once(ledger, CentralServer())
    assert ledger.sealing_key()[0] == key_id(bytes(central_keys().sealing.public_key))


def signed_by(key: SigningKey, service: str = SERVICE, version: str = "2") -> bytes:
    return bundle.pack(bundle_files(version), service, version, key)


def test_a_ministry_signs_its_own_service(new_kiosk: NewKiosk) -> None:
    ledger, ministry = new_kiosk(), SigningKey.generate()
    public = bytes(ministry.verify_key).hex()
    with pytest.raises(bundle.UnknownKey):
        shelf.put(signed_by(ministry))
    added = trust.add(public, "Ministry of Examples", "la.example.")
    shelf.put(signed_by(ministry))
    sync_once(ledger, CentralServer())
    assert Services(ledger).newest(SERVICE).bundle.key_id == added.id
    kiosk.submit(ledger, service=SERVICE, service_version="2")
    sync_once(ledger, CentralServer())
    assert Case.objects.get().service_version == "2"
    trust.revoke(added.id.hex(), "lost")
    sync_once(ledger, CentralServer())
    newest = Services(ledger).newest(SERVICE)
    assert (newest.version, newest.bundle.key_id) == (
        "3",
        key_id(bytes(central_keys().bundles.verify_key)),
    )


def test_a_ministry_signs_no_other_s_service(new_kiosk: NewKiosk) -> None:
    assert new_kiosk()
    ministry = SigningKey.generate()
    trust.add(bytes(ministry.verify_key).hex(), "Another ministry", "la.moic.")
    with pytest.raises(shelf.NotYours):
        shelf.put(signed_by(ministry))


@pytest.mark.parametrize("key", ["", "not hex", "ab" * 31])
def test_what_is_no_public_key_is_not_trusted(new_kiosk: NewKiosk, key: str) -> None:
    assert new_kiosk()
    with pytest.raises(BadKey, match="64 hexadecimal digits"):
        trust.add(key, "Ministry", "la.")
    assert not list(keys_folder().glob("*.trusted"))


def test_a_kiosk_without_any_key_in_force_offers_nothing(new_kiosk: NewKiosk) -> None:
    """Why revoking makes the next key first."""
    ledger, old = new_kiosk(), id_of(KeyPurpose.BUNDLES)
    trust.revoke(old, "lost")
    assert len(central_keys().bundle_signers) == 1
    only = next(iter(central_keys().bundle_signers)).hex()
    trust.revoke(only, "lost as well")
    sync_once(ledger, CentralServer())
    assert offered(ledger) == "3"
    with pytest.raises(NoSuchService):
        Services(ledger).newest("la.example.unknown")


def test_the_operator_sees_adds_changes_and_revokes_keys(
    new_kiosk: NewKiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_kiosk()

    def types(*words: str, status: int = 0) -> str:
        assert commands.run(parser().parse_args(words)) == status
        said = capsys.readouterr()
        return said.err if status else said.out

    old = id_of(KeyPurpose.BUNDLES)
    assert types("keys", "list").count("central  in use\n") == 3
    ministry = SigningKey.generate()
    public = bytes(ministry.verify_key).hex()
    words = ("keys", "add", public, "--name", "Ministry of Examples", "--services", "la.example.")
    assert "that begin with la.example." in types(*words)
    assert "known already" in types(*words, status=1)
    file = tmp_path / "signed.bundle"
    file.write_bytes(signed_by(ministry))
    assert types("publish", str(file)) == f"Published {SERVICE} 2 to every kiosk.\n"
    assert "leave --version out" in types("publish", str(file), "--version", "3", status=1)
    assert "is used for bundles" in types("keys", "rotate", "bundles")
    assert "is revoked" in types("keys", "revoke", old, "--why", "lost")
    listed = types("keys", "list")
    assert f"{old}  bundles   central  revoked\n" in listed
    assert "Ministry of Examples  may sign la.example.*\n" in listed
    assert "There is no key abc" in types("keys", "revoke", "abc", "--why", "lost", status=1)
