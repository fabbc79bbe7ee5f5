"""A revision of a policy: when it is in force, what it asks, and the codes it governs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cds_service.policy.criteria import Criterion, walk


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """One dated text of a policy. Equal only to itself.

    `criteria` are the trees that ask facts; `numbers` the text's top-level criteria in order, those that ask
    nothing of the patient included; `statements` say what the latter are.
    """

    number: str
    title: str
    effective: date
    superseded_after: date
    source: str
    criteria: tuple[Criterion, ...]
    numbers: tuple[str, ...]
    statements: Mapping[str, str]

    @property
    def id(self) -> str:
        """The revision as a determination cites it: its effective date."""
        return self.effective.isoformat()

    def criterion(self, number: str) -> Criterion:
        """The tree of this number. Raises KeyError for one this text does not have."""
        for tree in self.criteria:
            if next(walk(tree)).id == number:
                return tree
        raise KeyError(number)

    def all_statements(self) -> dict[str, str]:
        """What every criterion says, by its number."""
        return {**self.statements, **{node.id: node.statement for tree in self.criteria for node in walk(tree)}}

    def note_on_date(self, ordered_on: date | None) -> str:
        """What to say when an order lies outside the time this text is known to be in force; else nothing."""
        if ordered_on is not None and ordered_on < self.effective:
            return f"the order is dated before {self.id}, when this revision of policy {self.number} took effect"
        if ordered_on is not None and ordered_on > self.superseded_after:
            month = f"{self.superseded_after:%m/%Y}"
            return f"policy {self.number} was due for review in {month}: a newer revision may be in force"
        return ""
