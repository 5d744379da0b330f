"""The kiosk is stolen: its disk tells nothing of anybody, no key aboard opens anything (SEC-01).

Ten made-up people, whose words are found nowhere else, apply for services or complain, with
photos, while there is no line, and half of them while there is no paper: everything that can wait
on the disk waits there. Two more leave before the end and go on another day. Then the power goes,
and a thief reads every file. Each search is first shown to find.
"""

import base64
import json
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import zxingcpp
from nacl.bindings import crypto_scalarmult_base
from nacl.signing import SigningKey

from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from kiosk.resume_code import find_code, is_resume_code
from kiosk.services import Services
from sync import envelope as envelopes
from sync.central.keys import read_keys
from sync.ledger import Ledger
from sync.records import ApplicationId, Envelope, KeyPurpose
from tests.acceptance.bad_road import BadRoad
from tests.acceptance.kiosk_machine import KioskMachine
from tests.canaries import key_material, middle_of_base64, opens, traces_of, windows, word_by
from tests.central import RunningCentral
from tests.papers import until
from tests.sample_answers import BUSINESS, COMPLAINT, RESIDENCE

PEOPLE = 10
PROFILE = load_profile("generic-80")
SECRET_BYTES, KEY_BYTES = 16, 32
JPEG_WORDS = "photographed-for-{}"


@dataclass(frozen=True, slots=True)
class Canary:
    """One person: words that occur in her application and nowhere else."""

    service: str
    words: dict[str, str]
    photo_words: str

    @property
    def answers(self) -> dict[str, str]:
        """What she answers."""
        more = {
            RESIDENCE: {"purposes": "other"},
            BUSINESS: {"activities": "other"},
            COMPLAINT: {"name_given": "yes", "office": "other"},
        }
        return self.words | more[self.service]

    def traces(self) -> Iterator[bytes]:
        """Her words as they might lie on a disk."""
        yield from traces_of((*self.words.values(), self.photo_words))


def canary(number: int, chance: random.Random) -> Canary:
    """A person whom nobody knows."""

    def word() -> str:
        return word_by(chance)

    photo_words = JPEG_WORDS.format(f"{chance.getrandbits(64):x}")
    if number % 5 == 0:
        words = {"complainant_name": f"ນາງ {word()}", "office_other": word()}
        return Canary(COMPLAINT, words | {"what_happened": f"{word()} {word()}"}, photo_words)
    if number % 2:
        words = {"full_name": f"ນາງ {word()}", "village": word(), "house_number": word()}
        return Canary(RESIDENCE, words | {"purpose_other": word()}, photo_words)
    words = {"full_name": f"ທ້າວ {word()}", "village": word(), "business_name": word()}
    return Canary(BUSINESS, words | {"activity_other": word()}, photo_words)


@dataclass
class Loot:
    """What the thief has, and what central and the papers know."""

    files: dict[Path, bytes]
    people: list[Canary]
    ledger: Ledger
    secrets: dict[ApplicationId, bytes]  # opened by central
    tokens: list[str]  # digits on the papers that came out
    sealing_keys: list[bytes]  # private, at central
    leavers: list[Canary]
    resume_codes: list[str]  # on the leavers' slips

    def holders_of(self, trace: bytes) -> list[str]:
        """The files in which that stands."""
        return [str(path) for path, data in self.files.items() if trace in data]

    @cached_property
    def envelopes(self) -> list[Envelope]:
        """All that waits to be sent."""
        return list(self.ledger.outbox(10_000, 10**9).envelopes)


@pytest.fixture(scope="module")
def loot(
    tmp_path_factory: pytest.TempPathFactory, common_central: RunningCentral
) -> Iterator[Loot]:
    folder = tmp_path_factory.mktemp("stolen")
    everybody = [canary(number, random.Random(number)) for number in range(PEOPLE + 2)]
    people, leavers = everybody[:PEOPLE], everybody[PEOPLE:]
    leave = iter(leavers)
    kiosk = KioskMachine(folder / "kiosk")
    with (
        BadRoad(common_central.base_url) as road,
        VirtualPrinter(PROFILE, link=folder / "printer") as printer,
    ):
        kiosk.provision(
            road.url,
            common_central.enrolment_code(),
            printer_port=printer.path,
            printer_profile=PROFILE.name,
        )
        road.wash_out()
        kiosk.start()
        kiosk.sees(lambda state: state["printer"] == PrinterCode.READY)
        resume_codes = []
        for number, person in enumerate(people):
            if number in {0, PEOPLE - 1}:  # one with a paper, one with a photograph
                gone = next(leave)
                resume_codes.append(
                    kiosk.set_aside(
                        service=gone.service, answers=gone.answers, photo_words=gone.photo_words
                    )
                )
            if number == PEOPLE // 2:
                assert until(lambda: _all_are_printed(kiosk), 120)
                printer.end_paper_after(0)
                kiosk.sees(lambda state: state["printer"] == PrinterCode.PAPER_OUT)
            kiosk.submit(
                service=person.service, answers=person.answers, photo_words=person.photo_words
            )
        kiosk.kill()
    ledger = Ledger.open(folder / "copy" / "ledger.sqlite3")
    ledger.close()
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name in ("ledger.sqlite3", "ledger.sqlite3-wal"):
        (folder / "copy" / name).write_bytes(files[kiosk.data / name])
    ledger = Ledger.open(folder / "copy" / "ledger.sqlite3")
    opening = [bytes(key) for key in read_keys(common_central.data / "keys").opening.values()]
    secrets = {}
    for made in ledger.outbox(10_000, 10**9).envelopes:
        secrets[made.parsed.id] = envelopes.open_secret(made.sealed_secret, opening[0])
    codes = [code for paper in printer.papers for code in zxingcpp.read_barcodes(paper)]
    assert [code.text for code in codes if is_resume_code(code.text)] == resume_codes[:1]
    receipts = [code.text for code in codes if not is_resume_code(code.text)]
    tokens = ["".join(filter(str.isdigit, text.rpartition("#")[2])) for text in receipts]
    yield Loot(files, people, ledger, secrets, tokens, opening, leavers, resume_codes)
    ledger.close()


def _all_are_printed(kiosk: KioskMachine) -> bool:
    return all(kiosk.job_state(promise) is JobState.PRINTED for promise in kiosk.promised)


def test_everything_waits_aboard(loot: Loot) -> None:
    assert len(loot.envelopes) == len(loot.secrets) == PEOPLE
    assert len(loot.tokens) == PEOPLE // 2
    documents = [path for path in loot.files if path.parent.name == "evidence"]
    assert len(documents) == PEOPLE
    waiting = "SELECT count(*) FROM print_jobs WHERE sealed_secret NOT NULL"
    assert loot.ledger.database.execute(waiting).fetchone() == (PEOPLE // 2,)


def test_no_file_says_anything_of_anybody(loot: Loot) -> None:
    traces = {trace for person in loot.people for trace in person.traces()}
    assert len(traces) > 20 * PEOPLE
    assert {trace: held for trace in traces if (held := loot.holders_of(trace))} == {}


def test_no_file_holds_a_secret_or_a_receipt(loot: Loot) -> None:
    for secret in loot.secrets.values():
        forms = (secret, secret.hex().encode(), middle_of_base64(secret, 0))
        assert [held for form in forms for held in loot.holders_of(form)] == []
    for token in loot.tokens:
        assert loot.holders_of(token.encode()) == []


def test_no_key_of_central_is_aboard(loot: Loot) -> None:
    for key in loot.sealing_keys:
        assert loot.holders_of(key) == []
        assert loot.holders_of(key.hex().encode()) == []


def test_every_key_aboard_opens_nothing(loot: Loot) -> None:
    material = key_material(loot.ledger.path)
    assert bytes(loot.ledger.device_key()) in material
    keys = windows(material, KEY_BYTES)
    sealing = set(loot.ledger.keys(KeyPurpose.SEALING).values())
    assert [key for key in keys if crypto_scalarmult_base(key) in sealing] == []
    as_curve = (bytes(SigningKey(key).to_curve25519_private_key().public_key) for key in keys)
    assert sealing.isdisjoint(as_curve)
    assert [key for key in keys for made in loot.envelopes if opens(key, made)] == []
    ids = set(loot.secrets)
    secrets = windows(material, SECRET_BYTES)
    assert [secret for secret in secrets if envelopes.application_id(secret) in ids] == []


def test_what_was_set_aside_says_nothing_and_nothing_aboard_opens_it(loot: Loot) -> None:
    traces = {trace for person in loot.leavers for trace in person.traces()}
    assert {trace: held for trace in traces if (held := loot.holders_of(trace))} == {}
    query = "SELECT id, body FROM unfinished WHERE fate = 'kept'"
    kept = dict(sqlite3.connect(loot.ledger.path).execute(query).fetchall())
    assert len(kept) == len(loot.leavers) == 2
    runs = windows(key_material(loot.ledger.path), SECRET_BYTES)
    assert [run for run in runs if envelopes.unfinished_id(run) in kept] == []
    for text, person in zip(loot.resume_codes, loot.leavers, strict=True):
        code = find_code(text)
        assert code is not None
        secret = code.secret
        forms = (secret, secret.hex().encode(), middle_of_base64(secret, 0), text[7:].encode())
        assert [held for form in forms for held in loot.holders_of(form)] == []
        opened = envelopes.open_unfinished(kept[envelopes.unfinished_id(secret)], secret)
        said = json.dumps(opened, ensure_ascii=False)
        assert [words for words in person.words.values() if words not in said] == []


def test_the_search_finds_what_is_there(loot: Loot) -> None:
    """What the four tests above look for exists, and they would see it."""
    services = Services(loot.ledger)
    said = []
    for made in loot.envelopes:
        secret = loot.secrets[made.parsed.id]
        assert opens(envelopes.key_for(secret, envelopes.ANSWERS), made)
        service = services.find(made.parsed.service, made.parsed.service_version)
        assert service is not None
        record = envelopes.open_answers(made, secret, service.bundle.dictionary)
        said.append(json.dumps(record, ensure_ascii=False))
        (note,) = made.parsed.evidence
        (sealed,) = (data for path, data in loot.files.items() if path.name == note.sha256.hex())
        said.append(envelopes.open_evidence(secret, 0, sealed).decode("latin-1"))
    opened = "".join(said)
    for person in loot.people:
        for words in (*person.words.values(), person.photo_words):
            assert words in opened
    planted = Path("planted")
    loot.files[planted] = base64.b64encode(b"x" + loot.people[0].photo_words.encode() + b"y")
    assert any(loot.holders_of(trace) for trace in loot.people[0].traces())
    del loot.files[planted]
    central = set(loot.ledger.keys(KeyPurpose.SEALING).values())
    assert {crypto_scalarmult_base(key) for key in loot.sealing_keys} == central
