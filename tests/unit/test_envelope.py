"""The envelope's test vectors, and what a key must never open."""

from dataclasses import replace
from hashlib import sha256

import pytest
from nacl.public import PrivateKey

from sync import envelope
from sync.errors import CannotOpen
from sync.records import (
    FIRST_PREVIOUS,
    ApplicationId,
    DeviceId,
    Envelope,
    EvidenceNote,
    Header,
    Kind,
    Stamp,
    TimeQuality,
)

SECRET = bytes(range(16))
CENTRAL = PrivateKey(bytes(range(32)))
RECORD = {"language": "lo", "data": {"name": "ນາງ ຄຳປຸ້ຍ", "village": "ບ້ານ ດົງໂດກ", "people": "4"}}
HEADER = Header(
    device=DeviceId("00112233445566ff"),
    sequence=7,
    previous=FIRST_PREVIOUS,
    kind=Kind.APPLICATION,
    id=envelope.application_id(SECRET),
    reference="0001-0000-07AB",
    service="la.moha.residence-certificate",
    service_version="1",
    office="la-vte-xaythany",
    recorded=Stamp(1_800_000_000_000, TimeQuality.ESTIMATED),
    evidence=(EvidenceNote(sha256(b"photo").digest(), 5),),
    central_key=bytes(8),
)

HEADER_VECTOR = bytes.fromhex(
    "ae0001014800112233445566ff02070358200000000000000000000000000000000000000000000000000000"
    "00000000000004000550d22547d0a3300e2167f6a440f05dbd9a066e303030312d303030302d303741420778"
    "1d6c612e6d6f68612e7265736964656e63652d6365727469666963617465086131096f6c612d7674652d7861"
    "797468616e790b821b000001a3185c5000010c000e8182582055c64d0fcd6f9d5f7c828093857e3fdfda6847"
    "8bb4e9bd24d481ef391c7804e8050f480000000000000000"
)
BODY_VECTOR = bytes.fromhex(
    "00000000000000000000000000000000000000000000000088210cfd4bc68b677874ab2be5c81ffce5996396"
    "f0ba393df5720bb8521a74ddbaf619bc9fd3157b50e4bbcb53915b224569359c71807c751b231baefb938c0b"
    "1fc654d53283a8aa51d2c4ff1acd009cbcb20737a485f12f8691fec27181a9940a64e7bfe106003c2da485a2"
    "b9abbff1aac33147cba3"
)


def sealed(dictionary: bytes | None = None) -> Envelope:
    header = HEADER.to_bytes()
    body = envelope.seal_answers(RECORD, header, SECRET, dictionary, nonce=bytes(24))
    sealed_secret = envelope.seal_secret(SECRET, bytes(CENTRAL.public_key))
    return Envelope(header, body, sealed_secret)


def test_the_vectors_hold() -> None:
    assert envelope.application_id(SECRET) == "d22547d0a3300e2167f6a440f05dbd9a"
    assert (
        envelope.key_for(SECRET, b"answers").hex()
        == "d8e1b385f2f1f9e1f434960e86547b4a7ab69de40f2a82aa79fffdcb8d5e7619"
    )
    assert (
        envelope.key_for(SECRET, b"evidence-0").hex()
        == "6e59b6098179d8a7a038ca6ab11d9f9a836c83d5af420d2c3e21e315407a8e5b"
    )
    assert (
        envelope.key_for(SECRET, b"words").hex()
        == "8edcfd74f5e4a5f8c637ad629c249294e2fc0f7c5874a5a5f79c5a632b8b1ac9"
    )
    assert HEADER.to_bytes() == HEADER_VECTOR
    chained = Envelope(HEADER_VECTOR, BODY_VECTOR, b"").chain_hash
    assert chained.hex() == "e13cd3b52b8a286d5371b1c3424a8097362167f354af03a4844565b153b44c35"


def test_the_vectors_of_corrections_hold() -> None:
    assert (
        envelope.key_for(SECRET, b"asked").hex()
        == "99314c894ccc4bcef8bd03152d5fc6072460e3b8884f500a73c51cd5ab5ea030"
    )
    new = envelope.application_id(bytes(16))
    assert new == "ad41d8cb8fe391921738d00b959f13db"
    proof = envelope.replacing_proof(SECRET, new)
    assert proof.hex() == "448c5f6bd235c38daeaeb162499274d2"
    header = replace(HEADER, replaces=HEADER.id, proof=proof)
    assert Header.from_bytes(header.to_bytes()).proof == proof


def test_a_proof_is_for_one_new_application_and_needs_the_old_secret() -> None:
    new, other = envelope.application_id(bytes(16)), envelope.application_id(b"\1" * 16)
    proof = envelope.replacing_proof(SECRET, new)
    assert envelope.proves_replacing(proof, SECRET, new)
    assert not envelope.proves_replacing(proof, SECRET, other)
    assert not envelope.proves_replacing(envelope.replacing_proof(bytes(16), new), SECRET, new)
    assert not envelope.proves_replacing(None, SECRET, new)


def test_what_to_correct_opens_with_the_receipt_alone() -> None:
    asked = ("/data/full_name", "/data/child[2]/name")
    sealed_asked = envelope.seal_asked(SECRET, asked)
    assert envelope.open_asked(SECRET, sealed_asked) == asked
    assert envelope.open_asked(SECRET, envelope.seal_asked(SECRET, ())) == ()
    with pytest.raises(CannotOpen):
        envelope.open_asked(bytes(16), sealed_asked)
    with pytest.raises(CannotOpen):
        envelope.open_asked(SECRET, envelope.seal_words(SECRET, "words"))


def test_the_size_does_not_tell_which_question_is_asked_about() -> None:
    short = envelope.seal_asked(SECRET, ["/data/age"])
    assert len(short) == len(envelope.seal_asked(SECRET, ["/data/widow_certificate"]))


def test_a_body_written_by_an_earlier_release_still_opens() -> None:
    assert envelope.open_answers(Envelope(HEADER_VECTOR, BODY_VECTOR, b""), SECRET) == RECORD


def test_answers_come_back_with_and_without_a_dictionary() -> None:
    for given in (None, b"language data name village people " * 8):
        assert envelope.open_answers(sealed(given), SECRET, given) == RECORD


def test_a_dictionary_makes_the_body_smaller() -> None:
    dictionary = "languagelodatanameນາງ villageບ້ານ people".encode() * 4
    assert len(sealed(dictionary).body) < len(sealed().body)


def test_another_secret_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        envelope.open_answers(sealed(), bytes(16))


def test_an_altered_header_keeps_the_body_shut() -> None:
    original = sealed()
    header = bytearray(original.header)
    header[-1] ^= 1
    with pytest.raises(CannotOpen):
        envelope.open_answers(Envelope(bytes(header), original.body, b""), SECRET)


def test_without_its_dictionary_the_body_is_refused_and_not_guessed() -> None:
    with pytest.raises(CannotOpen):
        envelope.open_answers(sealed(b"language data name village people " * 8), SECRET)


def test_a_bomb_is_not_unpacked() -> None:
    header = HEADER.to_bytes()
    bomb = {"data": "0" * (envelope.OPENED_BYTES_MAX + 1)}
    body = envelope.seal_answers(bomb, header, SECRET)
    assert len(body) < 2000
    with pytest.raises(CannotOpen):
        envelope.open_answers(Envelope(header, body, b""), SECRET)


def test_central_opens_the_secret_and_nobody_else() -> None:
    box = envelope.seal_secret(SECRET, bytes(CENTRAL.public_key))
    assert len(box) == 64
    assert envelope.open_secret(box, bytes(CENTRAL)) == SECRET
    with pytest.raises(CannotOpen):
        envelope.open_secret(box, bytes(PrivateKey.generate()))
    with pytest.raises(CannotOpen):
        envelope.open_secret(box[:-1], bytes(CENTRAL))


def test_each_piece_of_evidence_has_its_own_key() -> None:
    photo = envelope.seal_evidence(SECRET, 0, b"photo")
    assert envelope.open_evidence(SECRET, 0, photo) == b"photo"
    with pytest.raises(CannotOpen):
        envelope.open_evidence(SECRET, 1, photo)


def test_words_to_the_applicant_open_with_her_secret() -> None:
    words = envelope.seal_words(SECRET, "ກະລຸນາມາຮັບ")
    assert envelope.open_words(SECRET, words) == "ກະລຸນາມາຮັບ"
    with pytest.raises(CannotOpen):
        envelope.open_words(bytes(16), words)


def test_two_sealings_never_look_alike() -> None:
    header = HEADER.to_bytes()
    bodies = {envelope.seal_answers(RECORD, header, SECRET) for _ in range(10)}
    assert len(bodies) == 10
    assert len({envelope.new_secret() for _ in range(10)}) == 10


def test_an_id_says_nothing_of_the_secret_but_is_always_the_same() -> None:
    assert envelope.application_id(SECRET) == ApplicationId(envelope.application_id(bytes(SECRET)))
    assert envelope.application_id(bytes(16)) != envelope.application_id(SECRET)
