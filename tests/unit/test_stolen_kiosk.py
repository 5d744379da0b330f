"""Fifty people use every service; who then reads the whole kiosk learns nothing of any (SEC-01).

With a window and a printer, and with fewer people, the acceptance test of the stolen kiosk does it.
"""

import json
import logging
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from nacl.bindings import crypto_scalarmult_base

from kiosk.desk import CannotKeep
from kiosk.forms import publish, samples
from kiosk.forms.definition import ATTACHING, QuestionKind
from kiosk.forms.entry import Entry, Question
from kiosk.language import set_language
from kiosk.reopening import Aside
from kiosk.resources import assets
from kiosk.services import Services
from sync import envelope as envelopes
from sync.clock import wall_now_ms
from sync.envelope import open_answers, open_evidence, open_secret
from sync.records import NATION, ChangeKind, Envelope, KeyPurpose, ServiceNote
from sync.scrubbed import Scrubbed
from tests.canaries import key_material, middle_of_base64, opens, traces_of, windows, word_by
from tests.desk_kiosk import PUBLISHER, DeskKiosk, opened
from tests.sample_answers import ANSWERS, EVERY_FOLDER, FEEDBACK
from tests.stand_ins.central import StandInCentral

PEOPLE = 50
BLOB_BYTES_MAX = 64  # a sealed secret has as many
SECRET_BYTES, KEY_BYTES = 16, 32


@dataclass
class Loot:
    """What lies about after fifty people, and what they said."""

    kiosk: DeskKiosk
    words: list[str]  # of those whose applications are kept, and then of one whose is not
    unkept: int
    secrets: list[bytes]
    tokens: list[str]
    envelopes: list[Envelope]
    files: dict[str, bytes]

    def holders_of(self, trace: bytes) -> list[str]:
        """Where that stands."""
        return [name for name, data in self.files.items() if trace in data]


def says(entry: Entry, question: Question, chance: random.Random) -> str:
    """Answer with a word that nobody says, where the form lets her; the word."""
    word = word_by(chance)
    if question.kind is QuestionKind.TEXT and not question.readonly:
        if entry.answer(question.path, word) is None:
            return word
        entry.answer(question.path, question.value)
    elif question.kind in ATTACHING:
        entry.attach(question.path, word.encode() * 50, "image/jpeg")
        return word
    return ""


def tells(entry: Entry, service: str, chance: random.Random) -> list[str]:
    """Fill a form in; what is hers alone in it."""
    words = []
    while (page := entry.page) is not None:
        for question in page.questions:
            value = ANSWERS[service].get(question.path.rpartition("/")[2])
            if value is not None:
                entry.answer(question.path, value)
        words += [says(entry, question, chance) for question in page.questions]
        violations = entry.advance()
        assert not violations, violations
    return [word for word in words if word]


def central_with_every_service() -> StandInCentral:
    """Its bundles are as always but for their dictionaries, which take long to train."""
    central = StandInCentral(now_ms=wall_now_ms)
    central.bundles = PUBLISHER
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(publish, "sample_records", partial(samples.sample_records, count=5))
        for service, folder in EVERY_FOLDER.items():
            data = publish.publish(assets() / "services" / folder, None, PUBLISHER)
            note = ServiceNote(service, opened(data).version, data)
            central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    return central


@pytest.fixture(scope="module")
def loot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loot]:
    folder = tmp_path_factory.mktemp("kiosk")
    temporary, log_path = tmp_path_factory.mktemp("temporary"), folder / "log"
    handler = logging.FileHandler(log_path)
    handler.setFormatter(Scrubbed("%(message)s"))
    logging.getLogger().addHandler(handler)
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    chance = random.Random(50)
    kiosk = DeskKiosk(folder / "data", central_with_every_service())
    words: list[str] = []
    secrets: list[bytes] = []
    tokens: list[str] = []
    services = list(EVERY_FOLDER)
    for number in range(PEOPLE):
        set_language(("lo", "en")[number % 2])
        service = services[number % len(services)]
        if service == FEEDBACK:
            kiosk.desk.feedback(services[0], {"easy": 1 + number % 4, "overall": 4})
            continue
        entry = kiosk.desk.begin(service)
        told = tells(entry, service, chance)
        assert told, service
        words += told
        if number % 7 == 0 and kiosk.desk.lets_set_aside(entry):  # she goes on another day
            kiosk.desk.photographed(kiosk.desk.set_aside(entry, Aside()))
        receipt = kiosk.desk.submit(entry).receipt
        tokens.append(receipt.token)
        if receipt.claims.secret is not None:
            secrets.append(receipt.claims.secret)
    kept = len(words)
    _fails_on_a_broken_disk(kiosk, services[0], chance, words)
    tempfile.tempdir = before
    logging.getLogger().removeHandler(handler)
    handler.close()
    places = (folder, temporary)
    files = {
        str(path): path.read_bytes() + path.name.encode()
        for place in places
        for path in place.rglob("*")
        if path.is_file()
    }
    made = list(kiosk.ledger.outbox(10_000, 10**9).envelopes)
    yield Loot(kiosk, words, len(words) - kept, secrets, tokens, made, files)
    kiosk.ledger.close()
    set_language("lo")


def _fails_on_a_broken_disk(
    kiosk: DeskKiosk, service: str, chance: random.Random, words: list[str]
) -> None:
    """One more fails and is written down: in the log is no word of hers either."""
    entry = kiosk.desk.begin(service)
    words += tells(entry, service, chance)
    kiosk.ledger.database.execute("PRAGMA query_only = ON")
    try:
        kiosk.desk.submit(entry)
    except CannotKeep:
        logging.getLogger("kiosk").exception("It could not be kept.")
    kiosk.ledger.database.execute("PRAGMA query_only = OFF")


def test_fifty_people_have_used_every_service(loot: Loot) -> None:
    used = {made.parsed.service for made in loot.envelopes}
    assert used == set(EVERY_FOLDER) - {FEEDBACK}
    assert len(loot.envelopes) >= PEOPLE
    assert len(loot.words) > 3 * PEOPLE
    assert any(data for name, data in loot.files.items() if "evidence" in name)
    assert (
        "CannotKeep in " in loot.files[next(n for n in loot.files if n.endswith("/log"))].decode()
    )


def test_nothing_that_lies_about_says_anything_of_anybody(loot: Loot) -> None:
    everything = b"\0".join(loot.files.values())
    assert [trace for trace in traces_of(loot.words) if trace in everything] == []
    for secret in loot.secrets:
        forms = (secret, secret.hex().encode(), middle_of_base64(secret, 0))
        assert [held for form in forms for held in loot.holders_of(form)] == []
    assert [token for token in loot.tokens if token.encode() in everything] == []


def test_every_key_aboard_fails_to_open_one(loot: Loot) -> None:
    material = key_material(loot.kiosk.ledger.path, BLOB_BYTES_MAX)
    keys = windows(material, KEY_BYTES)
    assert bytes(loot.kiosk.ledger.device_key()) in keys
    of_each = {made.parsed.service: made for made in loot.envelopes}.values()
    assert [key for key in keys for made in of_each if opens(key, made)] == []
    sealing = set(loot.kiosk.ledger.keys(KeyPurpose.SEALING).values())
    assert [key for key in keys if crypto_scalarmult_base(key) in sealing] == []
    ids = {made.parsed.id for made in loot.envelopes}
    runs = windows(material, SECRET_BYTES)
    assert [run for run in runs if envelopes.application_id(run) in ids] == []


def test_central_s_key_opens_all_of_it(loot: Loot) -> None:
    """What is looked for above exists, and the search would find it."""
    said = []
    services = Services(loot.kiosk.ledger)
    for made in loot.envelopes:
        secret = open_secret(made.sealed_secret, bytes(loot.kiosk.central.box))
        assert opens(envelopes.key_for(secret, envelopes.ANSWERS), made)
        service = services.find(made.parsed.service, made.parsed.service_version)
        assert service is not None
        record = open_answers(made, secret, service.bundle.dictionary)
        said.append(json.dumps(record, ensure_ascii=False))
        for place, note in enumerate(made.parsed.evidence):
            sealed = loot.kiosk.ledger.read_evidence(note.sha256)
            said.append(open_evidence(secret, place, sealed).decode())
    everything = "".join(said)
    assert [word for word in loot.words[: -loot.unkept] if word not in everything] == []
    loot.files["planted"] = middle_of_base64(loot.words[0].encode(), 1).join((b"x", b"y"))
    assert any(loot.holders_of(trace) for trace in traces_of(loot.words[:1]))
    del loot.files["planted"]
