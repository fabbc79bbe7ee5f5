"""What people read beside the criteria: the code table, the readings taken, the history of the text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListedCode:
    """A code of the policy's table, with our own label, and what it leads to: a criterion's number, or words."""

    system: str
    code: str
    label: str
    governed_by: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sentence that leaves a choice is understood: what was open, what was taken, and why.

    `criteria` are the anchors it bears on; none where it is about the order or the data as a whole.
    """

    id: str
    criteria: tuple[str, ...]
    question: str
    taken: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the payer's revision history: its date, to the month or the day, and what changed."""

    date: str
    summary: str


@dataclass(frozen=True, slots=True)
class Documentation:
    """All of it for one revision."""

    codes: tuple[ListedCode, ...]
    readings: tuple[Reading, ...]
    history: tuple[Change, ...]

    def readings_on(self, number: str) -> tuple[Reading, ...]:
        """The readings that bear on a criterion."""
        return tuple(reading for reading in self.readings if number in reading.criteria)
