"""One line of the benchmark's table: a figure, its unit, and the goal it is held to."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure; `goal` is the most it may be, or the least where `at_least`."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal holds; None where none was set."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        digits = 0 if self.value == int(self.value) else 2 if abs(self.value) < 100 else 1
        return f"{self.value:,.{digits}f} {self.unit}"

    @property
    def verdict(self) -> str:
        """The goal and whether it is met, in words."""
        if self.goal is None:
            return ""
        sign = "≥" if self.at_least else "≤"
        return f"goal {sign} {self.goal:g} {self.unit}: {'met' if self.met else 'MISSED'}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies: percentile(times, 0.95)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
