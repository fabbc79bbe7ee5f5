"""Assertion ids: the same for what is unchanged, another for what is not (resp-32, resp-36)."""

from datetime import timedelta
from typing import Any

import pytest

from cds_service.crd.deciding import decide
from cds_service.crd.rendering import render
from cds_service.crd.terms import PlanTable
from cds_service.crd.versions import Version
from cds_service.policy.determination import Outcome
from tests.crd.building import ON, case, coverage, decided, determination, order

FOUND = determination(Outcome.COVERED, "I.D.1.a")


def identity(**more: Any) -> str:
    return decided(**{"found": FOUND, **more}).assertion_id


def test_the_same_is_said_under_the_same_id_on_another_day() -> None:
    (later,) = decide(case(FOUND), PlanTable(), ON + timedelta(days=3), names_version=True)
    assert later.assertion_id == identity()


def test_an_order_that_comes_back_with_our_statement_stored_keeps_its_id() -> None:
    stored = [render(decided(FOUND), version) for version in Version]
    back = order(extension=stored, meta={"versionId": "2"}, text={"status": "generated", "div": "<div/>"})
    assert identity(order=back) == identity()


@pytest.mark.parametrize(
    "more",
    [
        {"order": order(code="47383")},
        {"order": order(extension=[{"url": "http://x", "valueCode": "y"}])},
        {"order": order(extension="none")},
        {"coverage": coverage("Coverage/other")},
        {"patient_id": "p2"},
        {"found": determination(Outcome.NOT_COVERED, "II", "I.C")},
        {"found": determination(Outcome.COVERED, "I.D.1.b")},
        {"found": None},
        {"plan": PlanTable({"47382": "auth-needed"})},
    ],
    ids=str,
)
def test_what_differs_has_an_id_of_its_own(more: dict[str, Any]) -> None:
    assert identity(**more) != identity()
