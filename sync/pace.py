"""How much goes into one request: more while the line holds, less when it breaks.

On a line that breaks every few seconds only what fits between two breaks ever arrives; on a good
one each round trip costs more than the bytes. So a request that came through quickly lets the next
one be twice as large, one that took long lets it be smaller, and one that broke a quarter. It
begins where a 2G line takes some seconds.
"""

from dataclasses import dataclass

QUICK_S = 10.0  # of one request: then the next may be larger
SLOW_S = 40.0  # half way to the end of patience (HttpCentral.deadline_s)
SLICE_BYTES_MIN, SLICE_BYTES_MAX = 4 * 1024, 1024 * 1024
PIECE_BYTES_MAX = 512 * 1024
ENVELOPES_MIN, ENVELOPES_MAX = 10, 1000
_PLAIN_ENVELOPE_BYTES = 330  # on the wire, see tests/bench/bench_sync.py


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes into one request and one answer."""

    envelopes_max: int = 100
    slice_bytes_max: int = 96 * 1024  # 16 s at 50 kbit/s
    room_bytes: int = 256 * 1024
    piece_bytes_max: int = 64 * 1024


class Pace:
    """Follows a line.

    Args:
        limits: where it begins; and where it stays when `fixed`.
        fixed: whether it does not follow the line at all.
    """

    def __init__(self, limits: Limits | None = None, *, fixed: bool = False) -> None:
        self.limits = limits or Limits()
        self._fixed = fixed

    def came_through(self, taken_s: float, bytes_: int) -> None:
        """A request of so many bytes, there and back, took so long."""
        if taken_s > SLOW_S:
            self._times(1, 2)
        elif taken_s <= QUICK_S and 2 * bytes_ >= min(
            self.limits.slice_bytes_max, self.limits.piece_bytes_max
        ):  # a small one that was quick says nothing of a large one
            self._times(2, 1)

    def broke(self) -> None:
        """A request did not come through."""
        self._times(1, 4)

    def _times(self, by: int, over: int) -> None:
        if self._fixed:
            return
        slice_bytes = _within(
            self.limits.slice_bytes_max * by // over, SLICE_BYTES_MIN, SLICE_BYTES_MAX
        )
        self.limits = Limits(
            envelopes_max=_within(
                slice_bytes // _PLAIN_ENVELOPE_BYTES, ENVELOPES_MIN, ENVELOPES_MAX
            ),
            slice_bytes_max=slice_bytes,
            room_bytes=slice_bytes * 8 // 3,
            piece_bytes_max=min(slice_bytes * 2 // 3, PIECE_BYTES_MAX),
        )


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))
