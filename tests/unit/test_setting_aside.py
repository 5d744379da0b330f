"""What is set aside opens with its slip, at this kiosk, for a time, and with nothing else."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk import setting_aside, unfinished
from kiosk.desk import CannotKeep
from kiosk.devices.code import find_code as find_printed_code
from kiosk.finding import SlipFound, SlipState
from kiosk.forms.descriptor import ReceiptOpens
from kiosk.forms.entry import Entry
from kiosk.language import local_date, set_language
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.layout import render
from kiosk.printing.profile import Proof, load_profile
from kiosk.printing.slip import Slip, Square
from kiosk.reopening import Aside, Reopened
from kiosk.resume_code import PREFIX, ResumeCode, find_code
from kiosk.services import NoSuchService
from kiosk.setting_aside import SetAside
from kiosk.unfinished import UnfinishedEntries
from sync import envelope as envelopes
from sync.clock import Steady, wall_now_ms
from sync.errors import CannotOpen
from sync.records import Stamp, TimeQuality
from sync.retention import DAY_MS
from tests.desk_kiosk import (
    DISK_BYTES,
    SAMPLE_PICTURE,
    DeskKiosk,
    central_with_services,
    publish_at,
)
from tests.sample_answers import BIRTH, COMPLAINT, RESIDENCE
from tests.stand_ins.central import StandInCentral

NAME = "ນາງ ຄຳ ແສງອາທິດ"
PHOTO = "/data/family_book"
STOPPED_AT = "/data/village"


@pytest.fixture
def central() -> StandInCentral:
    return central_with_services(RESIDENCE, BIRTH, COMPLAINT)


@pytest.fixture
def kiosk(tmp_path: Path, central: StandInCentral) -> Iterator[DeskKiosk]:
    set_language("lo")
    opened = DeskKiosk(tmp_path / "kiosk", central)
    opened.jobs.note_printer(PrinterCode.READY, 0)
    yield opened
    opened.ledger.close()


def begun(kiosk: DeskKiosk) -> Entry:
    """Somebody has answered with a photo, and stands in the middle."""
    entry = kiosk.filled()
    entry.attach(PHOTO, SAMPLE_PICTURE, "image/jpeg")
    assert entry.go_to(STOPPED_AT)
    return entry


def sets_aside(kiosk: DeskKiosk, before: Reopened | None = None) -> SetAside:
    entry = begun(kiosk) if before is None else before.entry
    return kiosk.desk.set_aside(entry, Aside({"child.name": "Dao"}, calm=True), before)


def prints(kiosk: DeskKiosk, aside: SetAside) -> None:
    """The paper comes out, and the kiosk sees so."""
    assert aside.job is not None
    assert kiosk.jobs.begin(aside.job)
    kiosk.jobs.printed(aside.job, Proof.PROCESSED)
    kiosk.desk.mind_slips()


def printed(kiosk: DeskKiosk) -> SetAside:
    aside = sets_aside(kiosk)
    prints(kiosk, aside)
    return aside


def scanned(kiosk: DeskKiosk, aside: SetAside) -> SlipState:
    finding = kiosk.desk.find_scanned(aside.code.text)
    assert isinstance(finding, SlipFound)
    return finding.state


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


# --- the code ---------------------------------------------------------------------------------


def test_a_code_is_read_as_it_was_written_also_in_small_letters() -> None:
    code = ResumeCode(4711, bytes(range(16)))
    assert find_code(code.text) == find_code(f" {code.text.lower()}\n") == code
    assert set(code.text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:")  # a small QR


def test_no_single_wrong_sign_makes_another_code() -> None:
    text = ResumeCode(4711, bytes(range(16))).text
    for place in range(len(PREFIX), len(text)):
        wrong = "0" if text[place] != "0" else "1"
        assert find_code(text[:place] + wrong + text[place + 1 :]) is None


def test_a_damaged_code_is_said_to_be_damaged(kiosk: DeskKiosk) -> None:
    aside = printed(kiosk)
    damaged = aside.code.text[:-1] + ("0" if aside.code.text[-1] != "0" else "1")
    assert kiosk.desk.find_scanned(damaged) == SlipFound(SlipState.DAMAGED)


@pytest.mark.parametrize("width", ["generic-58", "generic-80"])
def test_the_printed_code_is_read_and_opens_the_entry(kiosk: DeskKiosk, width: str) -> None:
    aside = sets_aside(kiosk)
    job = kiosk.jobs.find(aside.job or 0)
    assert job is not None
    seen = find_printed_code(render(job.paper, load_profile(width)))
    assert seen == aside.code.text
    prints(kiosk, aside)
    finding = kiosk.desk.find_scanned(seen)
    assert isinstance(finding, SlipFound)
    assert finding.code == aside.code


# --- back where she stopped -------------------------------------------------------------------


def test_everything_is_there_again_where_she_stopped(kiosk: DeskKiosk) -> None:
    record = begun(kiosk).record()["answers"]
    aside = printed(kiosk)
    kiosk.start()  # another day, another memory
    set_language("en")
    assert scanned(kiosk, aside) is SlipState.OPENS
    back = kiosk.desk.reopen(aside.code)
    assert back.entry.record()["answers"] == record
    assert [one.data for one in back.entry.attachments()] == [SAMPLE_PICTURE]
    page = back.entry.page
    assert page is not None
    assert [one.path for one in page.questions] == [STOPPED_AT]
    assert (back.language, back.entry.language) == ("lo", "lo")
    assert back.aside == Aside({"child.name": "Dao"}, calm=True)
    assert (back.has_newer_form, back.dropped, back.has_changed) == (False, 0, False)
    back.entry.answer(STOPPED_AT, "ໂນນສະຫວ່າງ")
    assert back.has_changed


def test_who_stopped_at_the_end_stands_at_the_end(kiosk: DeskKiosk) -> None:
    entry = kiosk.filled()
    assert entry.page is None
    aside = kiosk.desk.set_aside(entry, Aside())
    prints(kiosk, aside)
    assert kiosk.desk.reopen(aside.code).entry.page is None


def test_what_another_form_told_is_not_asked_again(kiosk: DeskKiosk) -> None:
    known = {"home.province": "LA01", "home.district": "LA0107", "home.village": "ໂພນທັນ"}
    entry = kiosk.desk.begin(RESIDENCE, known)
    entry.answer("/data/for_whom", "self")
    assert entry.known_paths()
    aside = kiosk.desk.set_aside(entry, Aside(known))
    prints(kiosk, aside)
    back = kiosk.desk.reopen(aside.code)
    assert back.entry.known_paths() == entry.known_paths()


def test_a_newer_form_is_filled_with_what_it_still_asks(
    kiosk: DeskKiosk, central: StandInCentral
) -> None:
    aside = printed(kiosk)
    publish_at(central, RESIDENCE, "2099.1.1")
    kiosk.exchanges()
    kiosk.start()
    back = kiosk.desk.reopen(aside.code)
    assert back.has_newer_form
    assert back.entry.definition is kiosk.desk.service(RESIDENCE).definition
    assert back.entry.value_of("/data/full_name") == NAME
    assert back.entry.attachments()


def test_a_photo_that_the_disk_has_damaged_is_said_and_asked_for_again(kiosk: DeskKiosk) -> None:
    aside = printed(kiosk)
    with kiosk.ledger.transaction():
        kiosk.ledger.database.execute("UPDATE unfinished_file SET body = x'00'")
    back = kiosk.desk.reopen(aside.code)
    assert back.dropped == 1
    assert back.entry.attachments() == ()
    assert back.entry.value_of(PHOTO) == ""
    assert back.entry.value_of("/data/full_name") == NAME


def test_a_service_that_is_not_offered_now_keeps_the_answers(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = printed(kiosk)
    with monkeypatch.context() as away:
        away.setattr(kiosk.desk._services, "all", tuple)
        with pytest.raises(NoSuchService):
            kiosk.desk.reopen(aside.code)
    assert kiosk.desk.reopen(aside.code).entry.value_of("/data/full_name") == NAME


# --- used once --------------------------------------------------------------------------------


def test_what_is_handed_in_is_erased_and_its_slip_says_so(kiosk: DeskKiosk) -> None:
    aside = printed(kiosk)
    back = kiosk.desk.reopen(aside.code)
    submitted = kiosk.desk.submit(back.entry, before=back)
    assert kiosk.ledger.find_by_id(submitted.application) is not None
    assert scanned(kiosk, aside) is SlipState.HANDED_IN
    assert kiosk.desk.unfinished_count() == 0
    with pytest.raises(CannotOpen):
        kiosk.desk.reopen(aside.code)


def test_the_first_slip_stays_good_until_the_second_is_in_her_hand(kiosk: DeskKiosk) -> None:
    first = printed(kiosk)
    back = kiosk.desk.reopen(first.code)
    second = sets_aside(kiosk, back)
    assert scanned(kiosk, first) is SlipState.OPENS
    prints(kiosk, second)
    assert scanned(kiosk, first) is SlipState.CONTINUED
    assert scanned(kiosk, second) is SlipState.OPENS


def test_a_second_slip_that_never_came_out_leaves_the_first_good(kiosk: DeskKiosk) -> None:
    first = printed(kiosk)
    second = sets_aside(kiosk, kiosk.desk.reopen(first.code))
    kiosk.jobs.note_printer(PrinterCode.PAPER_OUT, 0)
    kiosk.desk.mind_slips()
    assert scanned(kiosk, second) is SlipState.GONE
    third = sets_aside(kiosk, kiosk.desk.reopen(first.code))
    assert third.takes_place_of == first.id


def test_whatever_was_set_aside_before_ends_with_what_is_handed_in(kiosk: DeskKiosk) -> None:
    """Also where she went on before the second paper was out."""
    first = printed(kiosk)
    second = sets_aside(kiosk, kiosk.desk.reopen(first.code))
    back = kiosk.desk.reopen(second.code)
    kiosk.desk.submit(back.entry, before=back)
    assert scanned(kiosk, first) is scanned(kiosk, second) is SlipState.HANDED_IN


def test_a_power_cut_while_she_goes_on_leaves_her_slip_good(kiosk: DeskKiosk) -> None:
    aside = printed(kiosk)
    kiosk.desk.reopen(aside.code).entry.answer(STOPPED_AT, "ໂນນສະຫວ່າງ")
    kiosk.start()
    assert kiosk.desk.reopen(aside.code).entry.value_of(STOPPED_AT) == "ໂພນທັນ"


# --- only with the paper ----------------------------------------------------------------------


def test_a_typed_reference_opens_nothing_and_says_so(kiosk: DeskKiosk) -> None:
    aside = sets_aside(kiosk)
    reference = reference_of(kiosk)
    prints(kiosk, aside)
    assert kiosk.desk.find(reference) == SlipFound(SlipState.TYPED)
    back = kiosk.desk.reopen(aside.code)
    kiosk.desk.submit(back.entry, before=back)
    assert kiosk.desk.find(reference) == SlipFound(SlipState.HANDED_IN)


def reference_of(kiosk: DeskKiosk) -> str:
    (row,) = kiosk.ledger.database.execute("SELECT reference FROM unfinished").fetchall()
    return str(row[0])


def test_another_kiosk_says_whose_slip_it_is(
    kiosk: DeskKiosk, central: StandInCentral, tmp_path: Path
) -> None:
    other = DeskKiosk(tmp_path / "other", central, "CODE-2")
    aside = printed(kiosk)
    finding = other.desk.find_scanned(aside.code.text)
    assert isinstance(finding, SlipFound)
    assert finding.state is SlipState.ELSEWHERE
    name = other.ledger.kiosk_name(aside.code.kiosk_number)
    assert name in finding.next_step
    stranger = ResumeCode(aside.code.kiosk_number + 1000, bytes(16))
    assert other.desk.find_scanned(stranger.text) == SlipFound(SlipState.ELSEWHERE)
    other.ledger.close()


def test_a_slip_is_no_receipt_and_no_answer_to_a_question(kiosk: DeskKiosk) -> None:
    aside = printed(kiosk)
    assert kiosk.desk.is_receipt(aside.code.text)
    assert kiosk.ledger.waiting_count() == 0  # nothing of it leaves the kiosk
    kiosk.exchanges()
    assert kiosk.central.memory.applications == {}


def test_the_slip_says_nothing_of_her(kiosk: DeskKiosk) -> None:
    aside = sets_aside(kiosk)
    job = kiosk.jobs.find(aside.job or 0)
    assert job is not None
    assert isinstance(job.paper, Slip)
    for words in (NAME, "ໂພນທັນ", "1990"):
        assert words not in job.paper.text
    assert [one.text for one in job.paper.items if isinstance(one, Square)] == [aside.code.text]
    assert aside.until is not None
    assert f"{aside.until:%d/%m/%Y}" in job.paper.text


def test_without_a_paper_or_photograph_it_is_erased_when_she_has_gone(kiosk: DeskKiosk) -> None:
    kiosk.jobs.note_printer(PrinterCode.PAPER_OUT, 0)
    aside = sets_aside(kiosk)
    kiosk.desk.mind_slips(here=aside)
    assert scanned(kiosk, aside) is SlipState.OPENS
    kiosk.desk.mind_slips()
    assert scanned(kiosk, aside) is SlipState.GONE
    assert kiosk.desk.job_state(aside.job or 0) is JobState.DECLINED


def test_a_photograph_is_as_good_as_a_paper(kiosk: DeskKiosk) -> None:
    kiosk.jobs.note_printer(PrinterCode.PAPER_OUT, 0)
    aside = sets_aside(kiosk)
    kiosk.desk.photographed(aside)
    kiosk.desk.mind_slips()
    kiosk.start()
    assert scanned(kiosk, aside) is SlipState.OPENS
    assert kiosk.desk.job_state(aside.job or 0) is JobState.DECLINED  # no second key comes out


def test_where_there_is_no_printer_nothing_waits_for_one(kiosk: DeskKiosk) -> None:
    kiosk.jobs.note_printer(PrinterCode.NONE, 0)
    aside = sets_aside(kiosk)
    assert aside.job is None
    assert kiosk.jobs.waiting_count() == 0
    kiosk.desk.photographed(aside)
    assert scanned(kiosk, aside) is SlipState.OPENS


def test_a_slip_waits_a_minute_for_a_slow_printer_and_not_for_the_next_person(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(kiosk.desk._aside, "_monotonic_s", lambda: now_s[0])
    aside = sets_aside(kiosk)
    kiosk.desk.mind_slips(here=aside)
    now_s[0] += 10 * setting_aside.SLIP_WAITS_S  # she stands there and waits
    kiosk.desk.mind_slips(here=aside)
    kiosk.desk.mind_slips()
    now_s[0] += setting_aside.SLIP_WAITS_S - 1
    kiosk.desk.mind_slips()
    assert scanned(kiosk, aside) is SlipState.OPENS
    now_s[0] += 1
    kiosk.desk.mind_slips()
    assert scanned(kiosk, aside) is SlipState.GONE
    assert kiosk.jobs.find_oldest() is None


def test_after_a_power_cut_a_slip_that_waited_is_not_printed_and_its_entry_is_erased(
    kiosk: DeskKiosk,
) -> None:
    aside = sets_aside(kiosk)
    kiosk.start()
    kiosk.jobs.recover()
    assert scanned(kiosk, aside) is SlipState.GONE
    assert kiosk.jobs.find_oldest() is None


def test_a_slip_that_may_have_come_out_stays_good(kiosk: DeskKiosk) -> None:
    aside = sets_aside(kiosk)
    assert kiosk.jobs.begin(aside.job or 0)
    kiosk.start()
    kiosk.jobs.recover()
    assert scanned(kiosk, aside) is SlipState.OPENS


def test_a_paper_that_the_printer_took_back_ends_the_entry(kiosk: DeskKiosk) -> None:
    """It lies in the kiosk, and nothing aboard may open anything."""
    aside = printed(kiosk)
    kiosk.jobs.retracted(aside.job or 0, 1)
    assert kiosk.desk.erase_old_entries() == 1
    assert scanned(kiosk, aside) is SlipState.GONE


def test_a_second_paper_that_was_not_taken_leaves_the_first_slip_good(kiosk: DeskKiosk) -> None:
    first = printed(kiosk)
    second = sets_aside(kiosk, kiosk.desk.reopen(first.code))
    kiosk.jobs.note_printer(PrinterCode.TICKET_LIES, 0)
    prints(kiosk, second)
    assert scanned(kiosk, first) is scanned(kiosk, second) is SlipState.OPENS
    kiosk.jobs.retracted(second.job or 0, 1)
    kiosk.jobs.note_printer(PrinterCode.READY, 0)
    kiosk.desk.mind_slips()
    assert scanned(kiosk, first) is SlipState.OPENS
    assert scanned(kiosk, second) is SlipState.GONE


def test_she_may_want_nothing_kept(kiosk: DeskKiosk) -> None:
    aside = printed(kiosk)
    kiosk.desk.give_up(aside.id)
    assert scanned(kiosk, aside) is SlipState.GONE


# --- what may be set aside --------------------------------------------------------------------


def test_an_empty_form_is_not_set_aside(kiosk: DeskKiosk) -> None:
    entry = kiosk.desk.begin(RESIDENCE, {"home.province": "LA01"})
    assert not kiosk.desk.lets_set_aside(entry)
    entry.answer("/data/for_whom", "self")
    assert kiosk.desk.lets_set_aside(entry)
    assert kiosk.desk.lets_set_aside(entry, unasked=True)


def test_unasked_nothing_is_set_aside_that_nobody_could_open(kiosk: DeskKiosk) -> None:
    entry = begun(kiosk)
    kiosk.jobs.note_printer(PrinterCode.PAPER_OUT, 0)
    assert kiosk.desk.lets_set_aside(entry)
    assert not kiosk.desk.lets_set_aside(entry, unasked=True)


def test_a_complaint_is_set_aside_only_by_her_own_touch(kiosk: DeskKiosk) -> None:
    entry = kiosk.desk.begin_complaint()
    entry.answer("/data/category", "unofficial-fee")
    assert kiosk.desk.lets_set_aside(entry)
    assert not kiosk.desk.lets_set_aside(entry, unasked=True)


def test_of_a_service_whose_paper_opens_nothing_nothing_is_set_aside(kiosk: DeskKiosk) -> None:
    entry = begun(kiosk)
    sheet = kiosk.desk.service(RESIDENCE).descriptor
    object.__setattr__(sheet, "receipt_opens", ReceiptOpens.STATUS)
    assert not kiosk.desk.lets_set_aside(entry)


def test_a_site_may_keep_none(kiosk: DeskKiosk) -> None:
    kiosk.desk._aside._keep_days = 0
    assert not kiosk.desk.lets_set_aside(begun(kiosk))


def test_a_full_disk_is_said_and_the_answers_stay(kiosk: DeskKiosk) -> None:
    entry = begun(kiosk)
    kiosk.free_bytes = 1000
    set_language("en")
    with pytest.raises(CannotKeep, match="storage is full"):
        kiosk.desk.set_aside(entry, Aside())
    kiosk.free_bytes = DISK_BYTES
    (pages,) = kiosk.ledger.database.execute("PRAGMA page_count").fetchone()
    kiosk.ledger.database.execute(f"PRAGMA max_page_count = {pages}")
    entry.attach(PHOTO, SAMPLE_PICTURE * 5_000, "image/jpeg")
    with pytest.raises(CannotKeep, match="storage is full"):
        kiosk.desk.set_aside(entry, Aside())
    assert kiosk.desk.unfinished_count() == kiosk.jobs.waiting_count() == 0
    assert entry.value_of("/data/full_name") == NAME


def test_beyond_a_bound_the_oldest_goes_first(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "COUNT_MAX", 2)
    asides = [printed(kiosk) for _number in range(3)]
    assert [scanned(kiosk, one) for one in asides] == [SlipState.GONE] + 2 * [SlipState.OPENS]
    monkeypatch.setattr(unfinished, "BYTES_MAX", 1)
    last = printed(kiosk)
    assert scanned(kiosk, last) is SlipState.GONE


# --- how long ---------------------------------------------------------------------------------


def hears(kiosk: DeskKiosk, at_ms: int) -> None:
    """Central says what time it is."""
    with kiosk.ledger.transaction():
        kiosk.ledger.hear_time(Stamp(at_ms, TimeQuality.TRUSTED), Steady(0, "another start"))


def test_after_its_days_by_centrals_clock_it_is_erased(kiosk: DeskKiosk) -> None:
    aside = printed(kiosk)
    until = aside.until
    assert until == local_date(Stamp(wall_now_ms(), TimeQuality.TRUSTED)) + timedelta(days=30)
    hears(kiosk, wall_now_ms() + 30 * DAY_MS)
    assert kiosk.desk.erase_old_entries() == 0  # the day that the paper names belongs to it
    hears(kiosk, wall_now_ms() + 31 * DAY_MS + 60_000)
    assert kiosk.desk.erase_old_entries() == 1
    assert scanned(kiosk, aside) is SlipState.GONE


def test_a_clock_that_lies_erases_nothing(kiosk: DeskKiosk) -> None:
    """The days count from central's first word afterwards, whatever this machine believed."""
    entries = UnfinishedEntries(kiosk.ledger)
    long_ago = Stamp(wall_now_ms() - 400 * DAY_MS, TimeQuality.ESTIMATED)
    secret = bytes(16)
    with kiosk.ledger.transaction():
        entries.keep(
            envelopes.unfinished_id(secret),
            "0000-0000-0000",
            envelopes.seal_unfinished({}, secret),
            (),
            now=long_ago,
            until_ms=long_ago.at_ms + 30 * DAY_MS,
            job=None,
            takes_place_of=None,
        )
    assert entries.erase_old(30) == 0  # central has said nothing since
    hears(kiosk, wall_now_ms() + DAY_MS)
    assert entries.erase_old(30) == 0
    hears(kiosk, wall_now_ms() + 30 * DAY_MS)
    assert entries.erase_old(30) == 0
    hears(kiosk, wall_now_ms() + 31 * DAY_MS + 60_000)
    assert entries.erase_old(30) == 1


# --- nothing aboard opens it ------------------------------------------------------------------


def test_nothing_on_the_disk_opens_or_says_what_was_set_aside(kiosk: DeskKiosk) -> None:
    """Before its paper is out, afterwards, and while it is gone on with."""
    aside = sets_aside(kiosk)
    secret = aside.code.secret
    forms = (secret, secret.hex().encode(), aside.code.text.encode(), aside.code.text[7:].encode())
    words = (NAME.encode(), "ໂພນທັນ".encode(), b"LA0107", SAMPLE_PICTURE, RESIDENCE.encode())
    for _moment in ("waiting", "printed", "gone on with"):
        disk = bytes_on_disk(kiosk.folder)
        tables = "SELECT * FROM unfinished JOIN unfinished_file ON number = unfinished"
        rows = repr(kiosk.ledger.database.execute(tables).fetchall()).encode()
        assert [form for form in forms if form in disk] == []
        assert [one for one in words[:-1] if one in disk] == []
        assert words[-1] not in rows  # nor does a row say which service it was
        assert opening_windows(kiosk) == []
        if kiosk.desk.job_state(aside.job or 0) is JobState.QUEUED:
            prints(kiosk, aside)
        else:
            kiosk.desk.reopen(aside.code)
    record = envelopes.open_unfinished(body_of(kiosk), secret)  # the search would have found it
    assert record["record"]["answers"]["full_name"] == NAME


def body_of(kiosk: DeskKiosk) -> bytes:
    (row,) = kiosk.ledger.database.execute("SELECT body FROM unfinished").fetchall()
    return bytes(row[0])


def opening_windows(kiosk: DeskKiosk) -> list[bytes]:
    """Runs of 16 bytes of any small value in the ledger whose hash is a set-aside entry's id."""
    database = sqlite3.connect(kiosk.ledger.path)
    ids = {row[0] for row in database.execute("SELECT id FROM unfinished")}
    small: set[bytes] = set()
    for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
        for row in database.execute(f'SELECT * FROM "{table}"'):
            small |= {one for one in row if isinstance(one, bytes) and len(one) <= 4096}
    database.close()
    runs = {one[at : at + 16] for one in small for at in range(len(one) - 15)}
    assert len(runs) > 100
    return [run for run in runs if envelopes.unfinished_id(run) in ids]


def test_what_was_erased_is_overwritten_and_gives_its_room_back(kiosk: DeskKiosk) -> None:
    entry = begun(kiosk)
    entry.attach(PHOTO, os.urandom(300_000), "image/jpeg")
    aside = kiosk.desk.set_aside(entry, Aside())
    prints(kiosk, aside)
    query = "SELECT body FROM unfinished_file"
    (sealed,) = (row[0] for row in kiosk.ledger.database.execute(query).fetchall())
    kiosk.ledger.close()
    path = kiosk.ledger.path
    whole = path.stat().st_size
    assert sealed[1000:1100] in path.read_bytes()
    kiosk.start()
    kiosk.desk.give_up(aside.id)
    kiosk.ledger.close()
    assert sealed[1000:1100] not in bytes_on_disk(kiosk.folder)
    assert path.stat().st_size <= whole - 280_000


# --- a power cut while it is kept -------------------------------------------------------------

KILLED = f"""
import sys
from pathlib import Path
from kiosk.desk import Desk
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from kiosk.reopening import Aside
from sync.clock import DeviceClock
from sync.ledger import Ledger
ledger = Ledger.open(Path(sys.argv[1]), MIGRATIONS)
desk = Desk(ledger, PrintJobs(ledger, Vault()), DeviceClock(ledger))
desk.services()
print("ready", flush=True)
while True:
    entry = desk.begin("{RESIDENCE}")
    entry.answer("/data/full_name", "{NAME}")
    entry.attach("{PHOTO}", bytes(40_000), "image/jpeg")
    aside = desk.set_aside(entry, Aside())
    desk.give_up(aside.id)
    kept = desk.set_aside(entry, Aside())
    print(kept.code.text, flush=True)
"""


def test_a_kill_at_any_moment_leaves_whole_entries_with_their_jobs_or_none(
    kiosk: DeskKiosk,
) -> None:
    order = [sys.executable, "-c", KILLED, str(kiosk.ledger.path)]
    with subprocess.Popen(order, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        codes = [program.stdout.readline().strip() for _number in range(5)]
        os.kill(program.pid, signal.SIGKILL)
        codes += [line.strip() for line in program.stdout if line.endswith("\n")]
    rows = kiosk.ledger.database.execute(
        """
        SELECT unfinished.id, unfinished.body, unfinished_file.body, print_jobs.state
        FROM unfinished LEFT JOIN unfinished_file ON unfinished = number
        LEFT JOIN print_jobs ON print_jobs.id = unfinished.job WHERE fate = 'kept'
        """
    ).fetchall()
    whole = {id_ for id_, body, file, state in rows if body and file and state == "queued"}
    assert len(whole) == len(rows)
    told = [find_code(text) for text in codes]
    assert {envelopes.unfinished_id(code.secret) for code in told if code} <= whole
    kiosk.start()  # no paper ever came out
    assert kiosk.desk.unfinished_count() == 0


def test_the_jobs_of_slips_hold_nothing_once_they_are_over(kiosk: DeskKiosk) -> None:
    printed(kiosk)
    left = "SELECT count(*) FROM print_jobs WHERE slip NOT NULL OR sealed_slip NOT NULL"
    assert kiosk.ledger.database.execute(left).fetchone() == (0,)
    assert isinstance(kiosk.jobs, PrintJobs)
