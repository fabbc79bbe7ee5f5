"""crd-ci-q1 to q9 in FHIRPath, over every statement of the test data, and over each one broken on purpose."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.crd.deciding import PlanTable
from cds_service.crd.decision import Contact
from cds_service.crd.rendering import render
from cds_service.crd.versions import Version
from cds_service.policy.determination import Outcome
from tests.conformance.wire import example_names
from tests.conftest import Json, order
from tests.crd.building import decided, determination
from tests.crd.calls import ASKED_BY, HOOKS, ORDERS, VERSIONS, all_statements, appointment, as_call_of, post
from tests.crd.fhirpath_invariants import broken, expressions
from tests.crd.test_invariants import CASES

NAMES = [f"crd-ci-q{number}" for number in range(1, 10)]
WORDS: tuple[Any, ...] = ("", "no-auth", "auth-needed", "performpa")


def test_crd_ci_q1_to_q9_are_all_written() -> None:
    assert [list(expressions(version)) for version in Version] == [NAMES, NAMES]


def asked(client: FlaskClient, version: Json) -> Iterator[Json]:
    """Every statement the examples, every order type and an appointment get, on every hook."""
    for hook in HOOKS:
        for name in example_names():
            yield from all_statements(post(client, as_call_of(hook, name, extension=version)))
        for one in (*ORDERS.values(), order("0686T")):
            yield from all_statements(post(client, ASKED_BY[hook](one, extension=version)))
    yield from all_statements(post(client, ASKED_BY["appointment-book"](appointment(), extension=version)))


@pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])
def test_crd_ci_q1_q2_q3_q4_q5_q6_q7_q8_q9_every_statement_on_the_wire_keeps_them(
    client: FlaskClient, version: Json
) -> None:
    found = list(asked(client, version))
    assert len(found) > 80
    spoken = Version(version["davinci-crd.requestedVersion"])
    assert {rule: one for one in found for rule in broken(one, spoken)} == {}


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("outcome", [*Outcome, None])
@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("is_primary", [True, False])
def test_crd_ci_q1_every_outcome_under_every_plan_keeps_them(
    version: Version, outcome: Outcome | None, word: Any, is_primary: bool
) -> None:
    plan = PlanTable({"47382": word} if word else {}, contact=Contact("Review desk", "phone", "+1-555-0142"))
    for number in ("I.C", "order.detail-code", "order.line-of-business"):
        found = determination(outcome, number) if outcome else None
        forms = ("http://example.org/Questionnaire/q|1",)
        assert broken(render(decided(found, plan, questionnaires=forms, is_primary=is_primary), version), version) == []


INVARIANTS_BROKEN = [case for case in CASES if case[0].startswith("crd-ci-")]


@pytest.mark.parametrize(("rule", "version", "extension"), INVARIANTS_BROKEN)
def test_an_extension_that_breaks_an_invariant_breaks_it_in_fhirpath_too(
    rule: str, version: Version, extension: Json
) -> None:
    assert rule in broken(extension, version)
