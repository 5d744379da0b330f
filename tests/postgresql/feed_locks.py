"""Why appends to the feed queue up, shown on PostgreSQL, where writers do run side by side.

Run by `test_on_postgresql.py`; on SQLite there is one writer anyway.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from sync.central.intake import feed
from sync.records import Audience, ChangeKind

HERE = Audience("office:here")
A_WHILE_S = 0.3


@pytest.fixture(autouse=True)
def database(central: Path) -> Path:
    assert connection.vendor == "postgresql"
    return central


class SlowWriter(threading.Thread):
    """Writes, and commits only when told."""

    def __init__(self, write: str) -> None:
        super().__init__()
        self._write = write
        self.has_written = threading.Event()
        self.may_commit = threading.Event()

    def run(self) -> None:
        with transaction.atomic():
            writes(self._write, b"slow")
            self.has_written.set()
            self.may_commit.wait(60)
        connections.close_all()


def writes(how: str, payload: bytes) -> None:
    if how == "feed":
        feed.append(HERE, ChangeKind.STATUS, payload)
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO naive_feed (payload) VALUES (%s)", [payload])


@contextmanager
def a_naive_feed() -> Iterator[None]:
    """Positions from the database's own sequence, as one would write it at first."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_feed (position bigserial PRIMARY KEY, payload bytea)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE naive_feed")


def naive_after(position: int) -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM naive_feed WHERE position > %s ORDER BY position", [position])
        return [(number, bytes(payload)) for number, payload in cursor.fetchall()]


def test_a_plain_sequence_loses_what_commits_late() -> None:
    with a_naive_feed():
        slow = SlowWriter("naive")
        slow.start()
        slow.has_written.wait(60)
        writes("naive", b"quick")
        read = naive_after(0)
        slow.may_commit.set()
        slow.join()
        assert read == [(2, b"quick")]
        assert naive_after(2) == []  # the slow one is there, and no reader will ever see it
        assert [payload for _number, payload in naive_after(0)] == [b"slow", b"quick"]


def test_our_feed_waits_for_what_commits_late() -> None:
    feed.append(HERE, ChangeKind.STATUS, b"first")
    slow = SlowWriter("feed")
    slow.start()
    slow.has_written.wait(60)

    def quick() -> None:
        writes("feed", b"quick")
        connections.close_all()

    second = threading.Thread(target=quick)
    second.start()
    second.join(A_WHILE_S)
    assert second.is_alive()  # it queues up behind the slow one
    assert [change.payload for change in feed.after([HERE], {}, 10**6).changes] == [b"first"]
    slow.may_commit.set()
    slow.join()
    second.join()
    rest = feed.after([HERE], {HERE: 1}, 10**6).changes
    assert [(change.position, change.payload) for change in rest] == [(2, b"slow"), (3, b"quick")]


def test_writers_of_other_audiences_do_not_wait() -> None:
    feed.append(HERE, ChangeKind.STATUS, b"first")
    slow = SlowWriter("feed")
    slow.start()
    slow.has_written.wait(60)
    feed.append(Audience("office:elsewhere"), ChangeKind.STATUS, b"quick")
    slow.may_commit.set()
    slow.join()
