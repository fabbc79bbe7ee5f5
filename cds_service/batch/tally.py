"""What a batch comes to in numbers: outcomes, and the criteria behind them. No patient is in it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from cds_service.batch.comparing import Change
from cds_service.policy.determination import Determination, Outcome

Counts = dict[str, int]

FAILED: Final = "the service failed on this record"
"""The note on an order that could not be judged, through a fault of ours."""


class Tally(msgspec.Struct):
    """Counts of patients, of determinations by outcome, and of criteria: missing, failed, unread.

    `silent` are patients of whom nothing is said, `failures` orders the service failed on. `advisories` are the
    outcomes the policy itself would have where other rules come first or coverage is open. `changes` are counted by
    both outcomes.
    """

    patients: int = 0
    silent: int = 0
    repeats: int = 0
    failures: int = 0
    outcomes: Counts = msgspec.field(default_factory=dict)
    advisories: Counts = msgspec.field(default_factory=dict)
    missing: Counts = msgspec.field(default_factory=dict)
    failed: Counts = msgspec.field(default_factory=dict)
    unread: Counts = msgspec.field(default_factory=dict)
    changes: Counts = msgspec.field(default_factory=dict)

    def count_patient(self, said: Iterable[Determination], changes: Iterable[Change] = ()) -> None:
        """Count one patient: what is said of the orders, and what another revision would say otherwise."""
        before = sum(self.outcomes.values())
        for determination in said:
            self._count(determination)
        for changed in changes:
            _add(self.changes, " -> ".join(changed.outcomes))
        self.patients += 1
        self.silent += before == sum(self.outcomes.values())

    def _count(self, one: Determination) -> None:
        _add(self.outcomes, one.outcome.value)
        self.repeats += one.repeat
        self.failures += FAILED in one.notes
        _add(self.missing, *{question.criterion for question in one.missing})
        if one.advisory:
            _add(self.advisories, one.advisory.value)
        for judged, criteria in ((one.outcome, one.criteria), (one.advisory, one.advice)):
            if judged is Outcome.NOT_COVERED:
                _add(self.failed, *criteria)
            if judged is Outcome.UNDETERMINED:
                _add(self.unread, *criteria)

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        names = self.__struct_fields__
        return msgspec.convert({name: _sum(getattr(self, name), getattr(other, name)) for name in names}, Tally)


def _add(counts: Counts, *names: str) -> None:
    for name in names:
        counts[name] = counts.get(name, 0) + 1


def _sum(one: Any, other: Any) -> Any:
    return one + other if isinstance(one, int) else Counter(one) + Counter(other)


def most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first; equals in the order of their names."""
    return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
