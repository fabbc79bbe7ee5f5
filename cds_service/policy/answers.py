"""The three answers, with the tables of strong Kleene logic."""

import enum
from collections.abc import Iterable
from operator import attrgetter
from typing import Final, NoReturn


class Answer(enum.Enum):
    """Met, not met, or unknown. Ordered: not met < unknown < met."""

    NOT_MET = 0
    UNKNOWN = 1
    MET = 2

    def __bool__(self) -> NoReturn:
        """Refuse to be read as yes or no: unknown is neither."""
        raise TypeError("an Answer is met, not met or unknown: compare it with `is`")

    @property
    def word(self) -> str:
        """As it stands in a determination: met, not-met, unknown."""
        return _WORDS[self._value_]


_WORDS: Final = ("not-met", "unknown", "met")
_rank: Final = attrgetter("_value_")  # what `value` is, without the detour by which an Enum looks it up


def all_met(answers: Iterable[Answer]) -> Answer:
    """Met when all are, not met when one is not, else unknown."""
    return min(answers, key=_rank, default=Answer.MET)


def any_met(answers: Iterable[Answer]) -> Answer:
    """Met when one is, not met when none can be, else unknown."""
    return max(answers, key=_rank, default=Answer.NOT_MET)


def agreed(answers: Iterable[Answer]) -> Answer:
    """The answer all possible worlds share, else unknown."""
    distinct = set(answers)
    return distinct.pop() if len(distinct) == 1 else Answer.UNKNOWN
