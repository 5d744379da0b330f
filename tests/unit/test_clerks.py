"""A clerk signs in without a line, is not impersonated by guessing, and stands on the record."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.pwhash import argon2id

from kiosk.clerks import WRONG_MAX, Clerk, Clerks, Refusal, Refused
from kiosk.copy_slip import MORE, copy_slip
from kiosk.language import in_language, set_language
from kiosk.printing import receipt_record
from kiosk.printing.jobs import JobState
from kiosk.printing.slip import Square
from kiosk.printing.tables import MIGRATIONS
from kiosk.visit import Visit
from sync import pin as pins
from sync.clock import Steady
from sync.envelope import open_answers, open_secret
from sync.errors import BadRecord
from sync.ledger import Ledger
from sync.records import ChangeKind, Channel, ClerkNote, Header, office_audience
from tests.desk_kiosk import DeskKiosk, central_with_services
from tests.papers import sample_receipt
from tests.sample_answers import RESIDENCE
from tests.slips import NOW
from tests.slips import OFFICE as OFFICE_NAME
from tests.stand_ins.central import OFFICE, StandInCentral

NUMBER, PIN, WRONG = 101, "480271", "480272"
NAME = "ນາງ ບົວລີ ສີສຸວັນ"
CLERK = Clerk(NUMBER, NAME)


@pytest.fixture(autouse=True)
def _in_no_time_and_in_lao(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.pin.OPERATIONS", argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr("sync.pin.MEMORY_BYTES", argon2id.MEMLIMIT_MIN)
    set_language("lo")


@pytest.fixture
def central() -> StandInCentral:
    return central_with_services(RESIDENCE)


@pytest.fixture
def kiosk(tmp_path: Path, central: StandInCentral) -> Iterator[DeskKiosk]:
    kiosk = DeskKiosk(tmp_path, central)
    yield kiosk
    kiosk.ledger.close()


def hears(kiosk: DeskKiosk, pin: str | None = PIN, office: str = OFFICE) -> None:
    """Central tells of the clerk; without a PIN: that her account has ended."""
    note = ClerkNote(NUMBER, office, NAME, pins.hash_of(pin) if pin else "")
    kiosk.central.publish(office_audience(OFFICE), ChangeKind.CLERK, note.to_bytes())
    kiosk.exchanges()


class Machine:
    """The clock of a kiosk's machine, and the clerks as they try there."""

    def __init__(self, kiosk: DeskKiosk) -> None:
        self.kiosk, self.up_ms, self.boot = kiosk, 60_000, "first start"

    def tries(self, pin: str) -> Clerk | Refused:
        """As soon as the next try may be made."""
        clerks = Clerks(self.kiosk.ledger, lambda: Steady(self.up_ms, self.boot))
        answer = clerks.sign_in(NUMBER, pin)
        if isinstance(answer, Refused) and answer.why is Refusal.WAIT:
            self.up_ms += 1000 * answer.wait_s
            return clerks.sign_in(NUMBER, pin)
        return answer

    def starts_again(self) -> None:
        self.kiosk.start()
        self.up_ms, self.boot = 0, f"after {self.boot}"


def test_a_note_reads_back_and_shows_no_hash() -> None:
    note = ClerkNote(NUMBER, OFFICE, NAME, pins.hash_of(PIN))
    assert ClerkNote.from_bytes(note.to_bytes()) == note
    assert note.pin_hash not in repr(note)
    ended = replace(note, pin_hash="")
    assert ClerkNote.from_bytes(ended.to_bytes()) == ended
    with pytest.raises(BadRecord):
        ClerkNote.from_bytes(replace(note, pin_hash="$argon2id$" + "x" * 200).to_bytes())


def test_a_clerk_of_whom_the_feed_told_signs_in_without_a_line(kiosk: DeskKiosk) -> None:
    assert not kiosk.desk.clerks.any()
    hears(kiosk)
    assert kiosk.desk.clerks.any()
    assert kiosk.desk.clerks.sign_in(NUMBER, PIN) == CLERK
    assert kiosk.desk.clerks.sign_in(NUMBER, WRONG) == Refused(Refusal.WRONG)
    assert kiosk.desk.clerks.sign_in(NUMBER + 1, PIN) == Refused(Refusal.WRONG)


def test_an_ended_clerk_and_one_of_another_office_do_not_sign_in(kiosk: DeskKiosk) -> None:
    hears(kiosk)
    hears(kiosk, None)
    assert not kiosk.desk.clerks.any()
    assert kiosk.desk.clerks.sign_in(NUMBER, PIN) == Refused(Refusal.WRONG)
    hears(kiosk, office="la-lpb-nambak")
    assert not kiosk.desk.clerks.any()
    assert kiosk.desk.clerks.sign_in(NUMBER, PIN) == Refused(Refusal.WRONG)


def test_what_an_older_program_kept_unread_counts_after_the_update(kiosk: DeskKiosk) -> None:
    note = ClerkNote(NUMBER, OFFICE, NAME, pins.hash_of(PIN))
    number = list(ChangeKind).index(ChangeKind.CLERK)
    with kiosk.ledger.transaction():
        kiosk.ledger.database.execute(  # as programs without clerks have written it
            "INSERT INTO unread_change VALUES (?, 1, ?, ?)",
            (office_audience(OFFICE), str(number), note.to_bytes()),
        )
    kiosk.start()
    assert kiosk.ledger.unread_count() == 0
    assert kiosk.desk.clerks.sign_in(NUMBER, PIN) == CLERK


def test_ten_wrong_pins_lock_her_also_with_power_cuts_between(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hears(kiosk)
    machine = Machine(kiosk)

    def cut(_hash: bytes, _pin: bytes) -> bool:
        raise KeyboardInterrupt

    for number in range(WRONG_MAX - 1):
        if number % 2:
            assert machine.tries(WRONG) == Refused(Refusal.WRONG)
            continue
        with monkeypatch.context() as patched:  # the plug is pulled while it is judged
            patched.setattr("sync.pin.argon2id.verify", cut)
            with pytest.raises(KeyboardInterrupt):
                machine.tries(WRONG)
        machine.starts_again()
    assert machine.tries(WRONG) == Refused(Refusal.LOCKED)
    machine.up_ms += 10**9
    assert machine.tries(PIN) == Refused(Refusal.LOCKED)
    machine.starts_again()
    assert machine.tries(PIN) == Refused(Refusal.LOCKED)


def test_another_pin_from_her_supervisor_lets_her_in_again(kiosk: DeskKiosk) -> None:
    hears(kiosk)
    machine = Machine(kiosk)
    for _try in range(WRONG_MAX):
        machine.tries(WRONG)
    assert machine.tries(PIN) == Refused(Refusal.LOCKED)
    hears(kiosk, "739146")
    assert machine.tries("739146") == CLERK
    assert machine.tries(PIN) == Refused(Refusal.WRONG)


def test_the_right_pin_forgives_and_between_wrong_ones_one_waits(kiosk: DeskKiosk) -> None:
    hears(kiosk)
    clerks = Clerks(kiosk.ledger, lambda: Steady(60_000, "this start"))
    for _time in range(3):
        assert clerks.sign_in(NUMBER, WRONG) == Refused(Refusal.WRONG)
        assert clerks.sign_in(NUMBER, WRONG) == Refused(Refusal.WRONG)
        assert clerks.sign_in(NUMBER, PIN) == CLERK
    for _time in range(3):
        clerks.sign_in(NUMBER, WRONG)
    assert clerks.sign_in(NUMBER, PIN) == Refused(Refusal.WAIT, 30)


def test_what_she_helped_with_names_her_on_record_and_receipt(kiosk: DeskKiosk) -> None:
    helped = kiosk.desk.submit(kiosk.filled(), assisted_by=CLERK)
    kiosk.exchanges()
    envelope = kiosk.central.memory.applications[helped.application]
    assert (envelope.parsed.assisted_by, envelope.parsed.channel) == (NUMBER, Channel.DESK)
    secret = open_secret(envelope.sealed_secret, bytes(kiosk.central.box))
    dictionary = kiosk.desk.service(RESIDENCE).bundle.dictionary
    assert open_answers(envelope, secret, dictionary)["confirmed"] is True
    assert f": {NAME}" in helped.receipt.slip().text
    job = kiosk.jobs.find(helped.job)
    assert job is not None
    assert job.paper.slip().text == helped.receipt.slip().text  # also after a power cut


def test_without_help_records_and_receipts_keep_their_bytes(kiosk: DeskKiosk) -> None:
    alone = kiosk.submits()
    kiosk.exchanges()
    envelope = kiosk.central.memory.applications[alone.application]
    header = envelope.parsed
    assert (header.assisted_by, header.channel) == (None, Channel.KIOSK)
    assert replace(header, assisted_by=None).to_bytes() == envelope.header
    secret = open_secret(envelope.sealed_secret, bytes(kiosk.central.box))
    dictionary = kiosk.desk.service(RESIDENCE).bundle.dictionary
    assert "confirmed" not in open_answers(envelope, secret, dictionary)
    assert b"helped_by" not in receipt_record.to_bytes(sample_receipt())
    assert Header.from_bytes(envelope.header) == header


def test_a_copy_has_her_answers_which_no_other_paper_and_no_disk_has_in_clear(
    kiosk: DeskKiosk,
) -> None:
    entry = kiosk.filled(full_name="ນາງ ກາລະເກດ ບໍ່ມີໃຜຮູ້")
    helped = kiosk.desk.submit(entry, assisted_by=CLERK)
    kiosk.desk.print_copy(entry, helped)
    job = kiosk.jobs.find(helped.job + 1)
    assert job is not None
    text = job.paper.slip().text
    for line in entry.lines():
        assert not line.given or (line.label in text and line.shown in text)
    for words in ("ກາລະເກດ", NAME, helped.receipt.reference, "ນີ້ບໍ່ແມ່ນໃບຮັບ"):
        assert words in text
    assert not [
        item for item in job.paper.slip().items if isinstance(item, Square)
    ]  # opens nothing
    assert "ກາລະເກດ" not in helped.receipt.slip().text
    for file in kiosk.folder.iterdir():
        assert "ກາລະເກດ".encode() not in file.read_bytes()
    kiosk.start()
    kiosk.jobs.recover()
    assert kiosk.desk.job_state(helped.job + 1) is JobState.DECLINED  # after a power cut it is gone


@pytest.mark.parametrize("most", [{"ANSWERS_MAX": 3}, {"LETTERS_MAX": 120}], ids=str)
def test_a_copy_says_what_is_not_on_it(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch, most: dict[str, int]
) -> None:
    for name, value in most.items():
        monkeypatch.setattr(f"kiosk.copy_slip.{name}", value)
    entry = kiosk.filled()
    given = [line for line in entry.lines() if line.given]
    slip = copy_slip(entry, sample_receipt(), OFFICE_NAME, NOW)
    shown = [line for line in given if line.label in slip.text]
    assert shown == given[: len(shown)]
    assert 0 < len(shown) < len(given)
    assert in_language("lo", MORE, count=len(given) - len(shown)) in slip.text


def test_the_visit_s_end_signs_her_out(kiosk: DeskKiosk) -> None:
    visit = Visit(lambda: 0.0, idle_s=60, warning_s=20)
    visit.begin("lo")
    visit.clerk = CLERK
    visit.entry = kiosk.filled()
    visit.wipe()
    assert visit.clerk is None
    assert visit.helper is None


def test_a_clerk_who_signs_out_is_still_named_by_what_was_being_filled_in(
    kiosk: DeskKiosk,
) -> None:
    visit = Visit(lambda: 0.0, idle_s=60, warning_s=20)
    visit.clerk = CLERK
    visit.entry = kiosk.filled()
    visit.sign_out()
    assert visit.clerk is None
    assert visit.helper == CLERK
    visit.hands_in(kiosk.desk.submit(visit.entry, assisted_by=visit.helper))
    assert visit.helper is None
    visit.entry = kiosk.filled()
    assert visit.helper is None


def test_what_is_set_aside_for_another_day_goes_on_naming_her(kiosk: DeskKiosk) -> None:
    visit = Visit(lambda: 0.0, idle_s=60, warning_s=20)
    for helper in (CLERK, None):
        visit.begin("lo")
        visit.clerk, visit.entry = helper, kiosk.filled()
        aside = kiosk.desk.set_aside(visit.entry, visit.leaves())
        visit.sets_aside(aside)
        visit.wipe()
        visit.goes_on(kiosk.desk.reopen(aside.code))
        assert visit.clerk is None
        assert visit.helper == helper
        visit.wipe()


def test_a_pin_that_is_drawn_is_no_weak_one() -> None:
    drawn = {pins.draw() for _pin in range(50)}
    assert len(drawn) > 45
    for pin in drawn:
        pins.check_strong(pin)


def test_a_hash_that_is_none_opens_nothing() -> None:
    assert not pins.is_it(PIN, "")
    assert not pins.is_it(PIN, "no hash")
    assert not pins.is_it(PIN, "x" * 500)


def test_tries_survive_in_the_file(kiosk: DeskKiosk) -> None:
    hears(kiosk)
    Machine(kiosk).tries(WRONG)
    again = Ledger.open(kiosk.ledger.path, MIGRATIONS)
    (wrong,) = again.database.execute("SELECT wrong FROM clerk_tries").fetchone()
    again.close()
    assert wrong == 1
