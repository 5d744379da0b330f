"""The rows that lie on the pages of an SQLite file, found without asking SQLite.

SQLite reaches a row from the first page down, and reads of a write-ahead log only what stands
before its first fault. So one broken page may hide hundreds of rows that are whole. Here each page
is looked at by itself, as https://www.sqlite.org/fileformat2.html describes them: rows on leaves of
tables, what overflows from them, and each committed state of the write-ahead log. What is found may
be old, or was deleted since: whoever asks must know by the content what to believe.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

PAGE_BYTES = 4096  # SQLite's own choice, and so that of our files
_LEAF, _INNER_INDEX, _LEAF_INDEX = 0x0D, 0x02, 0x0A
_INDEX = (_INNER_INDEX, _LEAF_INDEX)
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_FIRST_PAGE_HEADER_BYTES = 100
_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)  # by serial type
_REAL, _ZERO, _ONE, _FIRST_BLOB = 7, 8, 9, 12
_VARINT_BYTES_MAX = 9

Value = None | int | bytes  # a text is its bytes; of a number with a fraction nothing is known


@dataclass(frozen=True, slots=True)
class Row:
    """A row of some table."""

    key: int
    values: tuple[Value, ...]


class _Broken(Exception):
    """It is no row."""


def rows(file: bytes, wal: bytes = b"") -> Iterator[Row]:
    """Every row that can be found, older states of the file before newer ones."""
    for pages, number in _states(file, wal):
        for page, at in _cells(pages, number, (_LEAF,)):
            with suppress(_Broken, IndexError):
                yield _row(pages, page, at)


def entries(file: bytes, wal: bytes = b"") -> Iterator[tuple[Value, ...]]:
    """The values of every short entry of some index that can be found."""
    for pages, number in _states(file, wal):
        for page, at in _cells(pages, number, _INDEX):
            with suppress(_Broken, IndexError):
                size, start = _varint(page, at)
                yield tuple(_values(page[start : start + size]))


def _states(file: bytes, wal: bytes) -> "Iterator[tuple[_Pages, int]]":
    """Each page of the file, then each that a commit has changed, as the pages were then."""
    pages = _Pages(file)
    for number in range(1, len(file) // PAGE_BYTES + 1):
        yield pages, number
    for committed in _commits(wal):
        pages.changed.update(committed)
        for number in committed:
            yield pages, number


class _Pages:
    """The pages of a file as a write-ahead log has changed them."""

    def __init__(self, file: bytes) -> None:
        self._file = file
        self.changed: dict[int, bytes] = {}

    def page(self, number: int) -> bytes:
        if number in self.changed:
            return self.changed[number]
        page = self._file[(number - 1) * PAGE_BYTES : number * PAGE_BYTES] if number else b""
        if len(page) < PAGE_BYTES:
            raise _Broken
        return page


def _commits(wal: bytes) -> Iterator[dict[int, bytes]]:
    """The pages that each transaction wrote, of those that were committed."""
    salts = wal[16:24]
    written: dict[int, bytes] = {}
    step = _FRAME_HEADER_BYTES + PAGE_BYTES
    for start in range(_WAL_HEADER_BYTES, len(wal) - step + 1, step):
        header = wal[start : start + _FRAME_HEADER_BYTES]
        if header[8:16] != salts:  # of the log's life before
            continue
        written[int.from_bytes(header[:4], "big")] = wal[start + len(header) : start + step]
        if any(header[4:8]):  # the file's size: it ends a transaction
            yield written
            written = {}


def _cells(pages: _Pages, number: int, kinds: tuple[int, ...]) -> Iterator[tuple[bytes, int]]:
    """A page of one of these kinds, and where each of its rows or entries begins."""
    try:
        page = pages.page(number)
    except _Broken:
        return
    start = _FIRST_PAGE_HEADER_BYTES if number == 1 else 0
    if page[start] not in kinds:
        return
    is_inner = page[start] == _INNER_INDEX
    places = start + (12 if is_inner else 8)
    for place in range(int.from_bytes(page[start + 3 : start + 5], "big")):
        at = page[places + 2 * place : places + 2 * place + 2]
        yield page, int.from_bytes(at, "big") + (4 if is_inner else 0)  # after its child's number


def _row(pages: _Pages, page: bytes, at: int) -> Row:
    size, at = _varint(page, at)
    key, at = _varint(page, at)
    local = _local_bytes(size)
    payload = page[at : at + local]
    if local < size:
        payload += _overflow(pages, page[at + local : at + local + 4], size - local)
    if len(payload) != size:
        raise _Broken
    return Row(key, tuple(_values(payload)))


def _local_bytes(size: int) -> int:
    """How much of a row stands on its leaf."""
    most = PAGE_BYTES - 35
    if size <= most:
        return size
    least = (PAGE_BYTES - 12) * 32 // 255 - 23
    local = least + (size - least) % (PAGE_BYTES - 4)
    return local if local <= most else least


def _overflow(pages: _Pages, first: bytes, size: int) -> bytes:
    data = bytearray()
    number = int.from_bytes(first, "big")
    while len(data) < size:
        page = pages.page(number)
        data += page[4 : 4 + size - len(data)]
        number = int.from_bytes(page[:4], "big")
    return bytes(data)


def _values(payload: bytes) -> Iterator[Value]:
    at_value, at = _varint(payload, 0)
    end = at_value
    while at < end:
        kind, at = _varint(payload, at)
        if kind < len(_INTEGER_BYTES):
            size = _INTEGER_BYTES[kind]
        elif kind >= _FIRST_BLOB:
            size = (kind - _FIRST_BLOB) // 2
        else:
            raise _Broken
        data = payload[at_value : at_value + size]
        if len(data) != size:
            raise _Broken
        yield _value(kind, data)
        at_value += size


def _value(kind: int, data: bytes) -> Value:
    if kind >= _FIRST_BLOB:
        return data
    if kind in (_ZERO, _ONE):
        return kind - _ZERO
    return None if kind in (0, _REAL) else int.from_bytes(data, "big", signed=True)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number and the place after it."""
    value = 0
    for place in range(at, at + _VARINT_BYTES_MAX - 1):
        byte = data[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the last one has no high bit
            return value, place + 1
    return value << 8 | data[at + _VARINT_BYTES_MAX - 1], at + _VARINT_BYTES_MAX
