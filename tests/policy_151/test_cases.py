"""Each case of the clinician's table, posted as an EHR posts it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.policy_151.conftest import Ask, Determinations
from tests.policy_151.patients import Facts, request_of
from tests.policy_151.table import NO_CARD, Case, Line, cases


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])
def test_CRDF69_the_policy_says(case: Case, judge: Callable[[Facts], Determinations]) -> None:
    found = judge(case.facts)
    expected = {f"order-{n}": line for n, line in enumerate(case.lines, 1) if line.outcome != NO_CARD}
    orders = {reference.split("/", 1)[1]: one for reference, one in found.items()}
    assert {o: _said(one) for o, one in orders.items()} == {o: _expected(line) for o, line in expected.items()}
    for order, line in expected.items():
        assert {number: orders[order]["answers"][number] for number in line.answers} == line.answers
        assert line.note in "\n".join(orders[order].get("notes", []))


def _said(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "outcome": one["outcome"],
        "criteria": one["criteria"],
        "missing": [question["criterion"] for question in one.get("missing", [])],
        "repeat": one["repeat"],
        "advisory": one.get("advisory"),
    }


def _expected(line: Line) -> dict[str, Any]:
    return {
        "outcome": line.outcome,
        "criteria": list(line.criteria),
        "missing": list(line.missing),
        "repeat": line.repeat,
        "advisory": line.advisory,
    }


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])
def test_the_form_and_local_observations_carry_the_same_facts(case: Case, ask: Ask) -> None:
    """Terminology 6: the carriers are interchangeable."""
    by_form, by_observations = (ask(request_of(case.facts, carrier)) for carrier in ("form", "observations"))
    assert _without_places(by_form) == _without_places(by_observations)


def _without_places(found: Determinations) -> list[dict[str, Any]]:
    return [{**_said(one), "answers": one.get("answers")} for one in found.values()]
