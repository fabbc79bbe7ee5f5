"""Patients nobody thought of: a base of the clinician's table, with facts of the whole table put in and taken out.

`EXAMPLES=2000` in the environment tries so many of each kind, others at each run; else they are few, always the same.
"""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.conftest import Json
from tests.policy_151.patients import FACTS, WRITERS, Facts, chart_of, orders_of
from tests.policy_151.table import TABLE, cases

EXAMPLES: Final = os.environ.get("EXAMPLES", "")
BOUNDED: Final = settings(
    max_examples=int(EXAMPLES or 100),
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@cache
def _values() -> Mapping[str, tuple[Any, ...]]:
    """Every value the table has for a fact, and the same value too old to count."""
    found: dict[str, dict[str, Any]] = {fact: {} for fact in FACTS}
    for case in cases():
        for fact, value in case.facts.items():
            found[fact][repr(value)] = value
            if fact in WRITERS and isinstance(value, int | str) and fact not in _UNDATED:
                old = {"value": value, "days_old": 400}
                found[fact][repr(old)] = old
    return {fact: tuple(values.values()) for fact, values in found.items() if values}


_UNDATED: Final = frozenset({"line_of_business", "confirmed", "octreotide", "encephalopathy", "tumor"})


@cache
def _bases() -> tuple[Facts, ...]:
    return tuple(tomllib.loads(TABLE.read_text("utf-8"))["base"].values())


@st.composite
def patients(draw: st.DrawFn, *, most_changes: int = 4) -> Facts:
    """Facts of one patient."""
    facts: dict[str, Any] = dict(draw(st.sampled_from([*_bases(), {}])))
    for _ in range(draw(st.integers(0, most_changes))):
        if facts and draw(st.booleans()):
            del facts[draw(st.sampled_from(sorted(facts)))]
        else:
            fact = draw(st.sampled_from(sorted(_values())))
            facts[fact] = draw(st.sampled_from(_values()[fact]))
    return facts


ABLATION: Final = {"orders": ["47382"]}
"""The order that hangs on the patient's whole record."""


@st.composite
def charts(draw: st.DrawFn) -> tuple[list[Json], list[Json]]:
    """The orders and the resources of one patient; statements on a form, or each by itself."""
    ordered = {"orders": draw(st.sampled_from(_values()["orders"]))} if draw(st.integers(0, 3)) == 0 else ABLATION
    facts = {**draw(patients()), **ordered}
    chart = chart_of(facts, draw(st.sampled_from(["form", "observations"])))
    return orders_of(facts, chart), chart.resources
