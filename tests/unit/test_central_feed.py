"""The feed is numbered without holes for each audience, and read from where a kiosk stopped."""

import threading
from pathlib import Path

import pytest
from django.db import connections, transaction

from sync.central.intake import feed
from sync.central.intake.exchange import CentralServer
from sync.records import NATION, Audience, ChangeKind, office_audience
from tests.paper_kiosk import PaperKiosk
from tests.sample_service import OFFICE

HERE, ELSEWHERE = Audience("office:here"), Audience("office:elsewhere")


@pytest.fixture(autouse=True)
def database(central: Path) -> Path:
    return central


def append(audience: Audience, payload: bytes) -> int:
    return feed.append(audience, ChangeKind.STATUS, payload)


def test_positions_count_from_one_for_each_audience() -> None:
    assert [append(HERE, b"a"), append(HERE, b"b"), append(ELSEWHERE, b"c")] == [1, 2, 1]


def test_what_is_rolled_back_leaves_no_hole() -> None:
    append(HERE, b"a")
    with transaction.atomic():
        append(HERE, b"lost")
        transaction.set_rollback(True)
    assert append(HERE, b"b") == 2


def test_writers_at_the_same_moment_leave_no_hole() -> None:
    def write() -> None:
        for _ in range(10):
            append(HERE, b"x")
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    changes = feed.after([HERE], {}, 10**6).changes
    assert [change.position for change in changes] == list(range(1, 41))


def test_a_slice_follows_the_cursor() -> None:
    for payload in (b"a", b"b", b"c"):
        append(HERE, payload)
    slice_ = feed.after([HERE], {HERE: 1}, 10**6)
    assert [change.payload for change in slice_.changes] == [b"b", b"c"]
    assert not slice_.more


def test_a_slice_keeps_to_its_room_but_brings_at_least_one_change() -> None:
    append(HERE, bytes(5000))
    append(HERE, bytes(5000))
    append(ELSEWHERE, b"c")
    first = feed.after([HERE, ELSEWHERE], {}, 100)
    assert ([change.position for change in first.changes], first.more) == ([1], True)
    rest = feed.after([HERE, ELSEWHERE], {HERE: 1}, 100_000)
    assert ([change.audience for change in rest.changes], rest.more) == ([HERE, ELSEWHERE], False)


def test_a_kiosk_reads_its_office_and_the_nation_and_no_other_office() -> None:
    kiosk = PaperKiosk(CentralServer())
    append(ELSEWHERE, b"not for us")
    assert {change.audience for change in kiosk.sends().changes} == {
        office_audience(OFFICE),
        NATION,
    }


def test_a_kiosk_that_says_how_far_it_read_gets_only_the_rest() -> None:
    kiosk = PaperKiosk(CentralServer())
    first = kiosk.sends()
    cursor = {change.audience: change.position for change in first.changes}
    again = kiosk.batch(epoch=first.epoch, cursor=cursor)
    assert kiosk.sends(again).changes == ()


def test_in_a_new_epoch_the_feed_begins_again() -> None:
    kiosk = PaperKiosk(CentralServer())
    first = kiosk.sends()
    cursor = {change.audience: change.position + 100 for change in first.changes}
    feed.begin_epoch()
    answer = kiosk.sends(kiosk.batch(epoch=first.epoch, cursor=cursor))
    assert answer.epoch != first.epoch
    assert answer.changes == first.changes
