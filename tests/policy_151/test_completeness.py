"""The table is complete: no vector, leaf, code or answer of the policy without its row, and each leaf decides one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

import pytest

from cds_service.policies.policy_151.codes_2025_05_06 import CODES
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import AnyOf, ByCase, Criterion, Leaf, walk
from tests.policy_151.conftest import Determinations
from tests.policy_151.patients import readings
from tests.policy_151.table import Case, cases

Judged = list[tuple[Case, Determinations]]

GUARDED: Final = {"C9734": "V.guard", "E0767": "VII.guard"}
"""A guard that is not met makes the order one the policy does not address: no card, and that is its answer."""


def reported_leaves(criterion: Criterion) -> Iterator[str]:
    """The leaves under a criterion, where one that is reported whole counts as one."""
    if isinstance(criterion, ByCase):
        yield from reported_leaves(criterion.child)
    elif isinstance(criterion, Leaf) or (isinstance(criterion, AnyOf) and criterion.reported_whole):
        yield criterion.id
    else:
        for child in criterion.children:
            yield from reported_leaves(child)


LEAVES: Final = tuple(leaf for tree in REVISION.criteria for leaf in reported_leaves(tree))


def single(judged: Judged) -> list[tuple[Case, dict[str, Any]]]:
    """The rows with one order line, each with its determination."""
    return [(case, next(iter(found.values()), _silence(case))) for case, found in judged if len(case.lines) == 1]


def _silence(case: Case) -> dict[str, Any]:
    codes = [one.get("value") for one in readings(case.facts.get("orders", []))]
    return {"outcome": "no card", "answers": {GUARDED[code]: "not-met" for code in codes if code in GUARDED}}


def test_every_vector_of_the_formalisation_is_in_the_table() -> None:
    assert sorted(case.vector for case in cases() if case.vector) == list(range(1, 45))


def test_no_name_is_used_twice() -> None:
    names = [case.name for case in cases()]
    assert len(names) == len(set(names))


def test_no_two_rows_are_the_same_patient_with_the_same_order() -> None:
    by_facts = defaultdict(list)
    for case in cases():
        by_facts[repr(sorted(case.facts.items()))].append(case.name)
    assert [names for names in by_facts.values() if len(names) > 1] == []


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_policy_is_ordered_in_a_row(code: str) -> None:
    ordered = {one.get("value") for case in cases() for one in readings(case.facts.get("orders", ["47382"]))}
    assert code in ordered


@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize("answer", ["met", "not-met", "unknown"])
def test_every_leaf_has_a_row_for_each_answer(leaf: str, answer: str, judged: Judged) -> None:
    assert any(one["answers"].get(leaf) == answer for _, one in single(judged) if "answers" in one)


@pytest.mark.parametrize("leaf", LEAVES)
def test_CRDF71_every_leaf_decides_between_two_rows_that_differ_in_one_fact(leaf: str, judged: Judged) -> None:
    """Each condition shown to change the outcome alone, as in MC/DC."""
    assert next(_decisive_pairs(leaf, single(judged)), None) is not None


def _decisive_pairs(leaf: str, rows: list[tuple[Case, dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    answered = [(case, one) for case, one in rows if leaf in one.get("answers", {})]
    for (case, one), (other_case, other) in combinations(answered, 2):
        if one["answers"][leaf] == other["answers"][leaf] or one["outcome"] == other["outcome"]:
            continue
        if _differ_in_one_fact(case.facts, other_case.facts):
            yield case.name, other_case.name


def _differ_in_one_fact(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    missing = object()
    return sum(one.get(key, missing) != other.get(key, missing) for key in one.keys() | other.keys()) == 1


MISSING_ONCE: Final = {
    "I.D.1.a": "hcc",
    "I.D.1.b": "colorectal",
    "I.D.1.c": "neuroendocrine",
    "I.D.1.d": "breast",
    "I.D.2": "listed",
}


@pytest.mark.parametrize("branch", MISSING_ONCE)
def test_every_leaf_of_a_branch_and_of_a_to_c_is_asked_in_it(branch: str) -> None:
    """Within the rows of a branch, each leaf is missing once."""
    whole_tree = REVISION.criteria[0]
    wanted = {leaf for leaf in reported_leaves(whole_tree) if leaf.startswith((f"{branch}.", "I.A", "I.B", "I.C"))}
    asked = {number for case in cases() if _is_of(branch, case) for line in case.lines for number in line.missing}
    assert wanted - asked == set()


def _is_of(branch: str, case: Case) -> bool:
    return case.base == MISSING_ONCE[branch]


def test_every_criterion_has_a_statement() -> None:
    silent = [node.id for tree in REVISION.criteria for node in walk(tree) if not node.statement.strip()]
    assert silent == []
    assert {"II", "III", "V", "VI", "VII", "VIII", "IX"} == {n for n, text in REVISION.statements.items() if text}


def test_every_transplant_state_meets_every_branch() -> None:
    """Not listed, not awaiting, either, listed: for each of the four branches."""
    states = ["not-awaiting", "waiting list, organ not named", "listed"]
    for base in ("hcc", "colorectal", "neuroendocrine", "breast"):
        met = {case.facts["transplant"] for case in cases() if case.base == base and "transplant" in case.facts
               if isinstance(case.facts["transplant"], str)}  # fmt: skip
        assert set(states) <= met
