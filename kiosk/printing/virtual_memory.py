"""The memory of a printer that is not there: pictures that it keeps without power (`GS ( L`)."""

from collections.abc import Callable
from dataclasses import dataclass, field

KEYS_TOLD = 40  # in one answer to function 64; the computer asks for more with ACK
HEAD_BYTES = 9  # of function 67, before the dots
FORGET, DEFINE, TELL, PRINT = b"A", b"C", b"@", b"E"  # functions 65, 67, 64 and 69


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """Dots as they were defined, row by row."""

    row_bytes: int
    rows: int
    dots: bytes


@dataclass
class PictureMemory:
    """Obeys the functions of `GS ( L` that we send, and says what it was sent wrongly.

    Args:
        answer: gives bytes back to the computer.
        problem: takes what it should not have been sent.
    """

    answer: Callable[[bytes], None]
    problem: Callable[[str], None]
    kept: dict[bytes, KeptPicture] = field(default_factory=dict)
    writes: int = 0  # flash wears: sets that were written
    _untold: list[bytes] = field(default_factory=list)

    def obey(self, body: bytes) -> tuple[KeptPicture, bool] | None:
        """Do what the command says; the picture that it prints, and whether doubled."""
        function, rest = body[1:2], body[2:]
        if function == FORGET:
            self.kept.clear()
            self.writes += 1
        elif function == DEFINE:
            self._define(rest)
        elif function == TELL:
            self._untold = list(self.kept)
            self._tell()
        elif function == PRINT and rest[:2] in self.kept:
            return self.kept[rest[:2]], rest[2:4] == b"\x02\x02"
        else:
            self.problem(f"graphics {body[:6].hex(' ')}")
        return None

    def tells_more(self) -> bool:
        """The computer has sent ACK: the next keys, if there are any."""
        if not self._untold:
            return False
        self._tell()
        return True

    def _define(self, rest: bytes) -> None:
        width, height = (int.from_bytes(rest[at : at + 2], "little") for at in (4, 6))
        row_bytes, dots = (width + 7) // 8, rest[HEAD_BYTES:]
        if len(dots) != row_bytes * height:
            self.problem(f"a picture of {width} x {height} dots in {len(dots)} bytes")
        self.kept[rest[1:3]] = KeptPicture(row_bytes, height, dots)

    def _tell(self) -> None:
        told, self._untold = self._untold[:KEYS_TOLD], self._untold[KEYS_TOLD:]
        more = b"\x41" if self._untold else b"\x40"
        self.answer(b"\x37\x72" + more + b"".join(told) + b"\x00")
