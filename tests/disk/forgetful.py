"""What may be on the disk after the power went: all that was synced, and any part of the rest.

A write that was not synced may be there, or not, or be torn between two sectors; a later one may be
there without an earlier one. A name that was made, changed or removed may or may not be so until
its folder is synced. Two rules for names: by POSIX each of them is on its own; ext4 keeps their
order, and a file's sync takes along all names changed before it.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from tests.disk.recording import Done, What

SECTOR_BYTES = 512  # what a disk writes whole or not at all
NAMES = (What.CREATE, What.RENAME, What.REMOVE, What.MAKE_FOLDER)


class Rules(Enum):
    """How a file system treats names that were not synced."""

    POSIX = "posix"
    EXT4 = "ext4"


class Luck(Enum):
    """What happens to the rest."""

    NOTHING = "nothing of it is there"
    ALL = "all of it is there"
    BEGINNING = "its beginning is there"
    ANY = "any of it is there"


@dataclass(slots=True)
class File:
    """A file's bytes for certain, and what was done to them since."""

    certain: bytearray = field(default_factory=bytearray)
    since: list[Done] = field(default_factory=list)

    def sync(self) -> None:
        """All of it is certain now."""
        for done in self.since:
            _apply(self.certain, done)
        self.since.clear()


@dataclass(slots=True)
class Names:
    """Which names there are: a file, or None for a folder."""

    certain: dict[Path, File | None] = field(default_factory=dict)
    since: list[tuple[Done, File | None]] = field(default_factory=list)

    def sync(self, touches: Callable[[Done], bool]) -> None:
        """Those that were changed so are certain now."""
        for done, file in self.since:
            if touches(done):
                _rename(self.certain, done, file)
        self.since = [(done, file) for done, file in self.since if not touches(done)]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, or a folder (`data` is None), that was there before."""

    name: Path
    inode: int
    data: bytes | None


def kept_in(root: Path) -> list[Kept]:
    """All that is below a folder now."""
    return [
        Kept(path, path.stat().st_ino, None if path.is_dir() else path.read_bytes())
        for path in sorted(root.rglob("*"))
    ]


class ForgetfulDisk:
    """Lives through a story and says what a power cut may leave of it.

    Args:
        rules: how names are treated.
        obeys: whether this disk does what a sync asks it; one that lies shows what syncs are for.
        holds: what is on it for certain when the story begins.
    """

    def __init__(
        self,
        rules: Rules = Rules.POSIX,
        obeys: Callable[[Done], bool] = lambda _done: True,
        holds: Sequence[Kept] = (),
    ) -> None:
        self._rules = rules
        self._obeys = obeys
        self._files: dict[int, File] = {}  # by inode
        self._now: dict[Path, File | None] = {}  # as the process sees them
        self._names = Names()
        for kept in holds:
            file = None if kept.data is None else File(bytearray(kept.data))
            if file is not None:
                self._files[kept.inode] = file
            self._names.certain[kept.name] = self._now[kept.name] = file

    def live(self, story: Iterable[Done]) -> None:
        """What is done next."""
        for done in story:
            if done.what in NAMES:
                file = self._now.get(done.name)
                if done.what is What.CREATE:
                    file = self._files[done.inode] = File()
                self._names.since.append((done, file))
                _rename(self._now, done, file)
            elif done.what in (What.WRITE, What.TRUNCATE):
                self._files[done.inode].since.append(done)
            elif done.what in (What.SYNC, What.SYNC_FOLDER) and self._obeys(done):
                self._sync(done)

    def _sync(self, done: Done) -> None:
        if done.what is What.SYNC_FOLDER:
            self._names.sync(lambda change: done.name in _folders(change))
            return
        self._files[done.inode].sync()
        if self._rules is Rules.EXT4:
            self._names.sync(lambda _change: True)

    def cut(self, luck: Luck, chance: random.Random, root: Path, into: Path) -> None:
        """The power goes: what is below `root` then lies in `into`, as it may be after it.

        The disk itself goes on; it may be cut again.
        """
        names = dict(self._names.certain)
        for done, file in self._lucky(self._names.since, luck, chance):
            _rename(names, done, file)
        for name, file in sorted(names.items()):
            here = into / name.relative_to(root)
            if file is None:
                here.mkdir(parents=True, exist_ok=True)
            elif name.parent == root or name.parent in names:
                here.parent.mkdir(parents=True, exist_ok=True)
                here.write_bytes(_left_of(file, luck, chance))

    def _lucky(
        self,
        since: list[tuple[Done, File | None]],
        luck: Luck,
        chance: random.Random,
    ) -> list[tuple[Done, File | None]]:
        match luck:
            case Luck.NOTHING:
                return []
            case Luck.ALL:
                return since
            case Luck.ANY if self._rules is Rules.POSIX:
                return [change for change in since if chance.random() < 0.5]
            case _:
                return since[: chance.randint(0, len(since))]


def _left_of(file: File, luck: Luck, chance: random.Random) -> bytearray:
    """A file's bytes: what is certain, and what luck adds."""
    left = bytearray(file.certain)
    since = file.since
    if luck is Luck.NOTHING:
        return left
    if luck is Luck.BEGINNING:
        since = since[: chance.randint(0, len(since))]
    for number, done in enumerate(since):
        if luck is Luck.ANY and chance.random() < 0.5:
            continue
        is_torn = luck is Luck.ANY or (luck is Luck.BEGINNING and number == len(since) - 1)
        _apply(left, _torn(done, chance) if is_torn and chance.random() < 0.5 else done)
    return left


def _torn(done: Done, chance: random.Random) -> Done:
    """A write of which only the sectors before a border came to the disk."""
    if done.what is not What.WRITE:
        return done
    first = -done.offset % SECTOR_BYTES
    borders = range(first, len(done.data), SECTOR_BYTES)
    kept = chance.choice(borders) if borders else 0
    return Done(done.what, done.inode, done.name, done.offset, done.data[:kept])


def _apply(data: bytearray, done: Done) -> None:
    end = done.offset if done.what is What.TRUNCATE else done.offset + len(done.data)
    if len(data) < end:
        data.extend(bytes(end - len(data)))
    if done.what is What.TRUNCATE:
        del data[end:]
    else:
        data[done.offset : end] = done.data


def _folders(change: Done) -> tuple[Path, ...]:
    """The folders whose sync makes a change of a name certain."""
    if change.what is What.RENAME:
        return (change.name.parent, Path(change.data.decode()).parent)
    return (change.name.parent,)


def _rename(names: dict[Path, File | None], done: Done, file: File | None) -> None:
    match done.what:
        case What.CREATE:
            names[done.name] = file
        case What.MAKE_FOLDER:
            names[done.name] = None
        case What.REMOVE:
            names.pop(done.name, None)
        case _:
            new = Path(done.data.decode())
            names.pop(done.name, None)
            names[new] = file
