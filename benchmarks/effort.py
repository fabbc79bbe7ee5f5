"""How long a run takes: a minute to try something, or minutes for figures that are published."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Effort:
    """Rounds of each pairing, calls and seconds of each round, and different patients."""

    name: str
    rounds: int
    calls: int
    seconds: int
    patients: int

    def calls_at(self, observations: int) -> int:
        """Calls of a round: fewer where each is large, never fewer than five."""
        return max(5, self.calls if observations <= 100 else self.calls * 400 // (observations + 600))

    def patients_at(self, observations: int) -> int:
        """Different patients: as many as fit in memory where each is large."""
        return self.patients if observations <= 1000 else max(2, self.patients // 40)


QUICK: Final = Effort("quick", rounds=2, calls=30, seconds=1, patients=10)
FULL: Final = Effort("full", rounds=5, calls=400, seconds=5, patients=200)
