"""A dated text: what is said of an order outside the time it is known to be in force."""

from datetime import date

import pytest

from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import walk

BEFORE = "the order is dated before 2025-05-06, when this revision of policy 151 took effect"
AFTER = "policy 151 was due for review in 11/2025: a newer revision may be in force"


@pytest.mark.parametrize(
    ("ordered_on", "note"),
    [
        (date(2024, 1, 1), BEFORE),
        (date(2025, 5, 5), BEFORE),
        (date(2025, 5, 6), ""),
        (date(2025, 8, 1), ""),
        (date(2025, 11, 30), ""),
        (date(2025, 12, 1), AFTER),
        (date(2026, 11, 24), AFTER),
        (None, ""),
    ],
)
def test_the_note_on_an_order_date(ordered_on: date | None, note: str) -> None:
    assert REVISION.note_on_date(ordered_on) == note


def test_CRDF70_a_revision_is_cited_by_its_effective_date() -> None:
    assert REVISION.id == "2025-05-06"


@pytest.mark.parametrize("number", ["I", "IV", "V.guard", "VII.guard"])
def test_the_trees_of_a_text_are_found_by_their_numbers(number: str) -> None:
    assert next(walk(REVISION.criterion(number))).id == number


def test_a_text_has_no_tree_of_another_number() -> None:
    with pytest.raises(KeyError):
        REVISION.criterion("I.A")
