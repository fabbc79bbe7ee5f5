"""What a payer has laid down, and the table one order is stated by (contract, pa-needed: by code, from the plan)."""

from typing import Any

import pytest

from cds_service.crd.decision import Contact
from cds_service.crd.terms import Rule, Terms, terms_of
from cds_service.settings import Settings

RULES = (
    Rule("47382", "auth-needed"),
    Rule("47382", "no-auth", "PPO-1"),
    Rule("47380", "no-auth"),
    Rule("47380", "no-auth", "PPO-1"),
    Rule("0686T", "performpa", "PPO-1"),
)


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        pytest.param(("PPO-1",), {"47382": "no-auth", "47380": "no-auth", "0686T": "performpa"}, id="the plan's own"),
        pytest.param(("HMO-2",), {"47382": "auth-needed", "47380": "no-auth"}, id="a plan without rules of its own"),
        pytest.param(("",), {"47382": "auth-needed", "47380": "no-auth"}, id="none of the payer's plans"),
        pytest.param(("PPO-1", "HMO-2"), {"47380": "no-auth"}, id="two plans: only what they agree on"),
        pytest.param(("", "PPO-1", "HMO-2"), {"47380": "no-auth"}, id="the plan is not told"),
    ],
)
def test_a_plan_goes_before_the_payer_and_plans_that_differ_state_nothing(
    plans: tuple[str, ...], expected: dict[str, str]
) -> None:
    assert Terms(RULES).table(plans).authorizations == expected


def test_contact_default_statement_and_time_are_those_of_the_payer() -> None:
    contact = Contact("Desk", "phone", "+1-555-0142")
    table = Terms((), "none", contact, 90).table(("",))
    assert (table.default_statement, table.contact, table.valid_days) == ("none", contact, 90)


def settings(**payer: Any) -> Settings:
    table: Any = [{"id": "a", "label": "A", **payer}]
    return Settings(payers=table, default_statement="none")


@pytest.mark.parametrize(("own", "expected"), [({}, "none"), ({"default_statement": "conditional"}, "conditional")])
def test_a_payers_default_statement_goes_before_that_of_the_service(own: dict[str, Any], expected: str) -> None:
    assert terms_of(settings(**own))["a"].default_statement == expected


@pytest.mark.parametrize("system", ["phone", "email", "url"])
def test_a_contact_is_reached_the_one_way_that_is_given(system: str) -> None:
    found = terms_of(settings(contact={"name": "Desk", system: "x"}))["a"]
    assert found.contact == Contact("Desk", system, "x")


def test_rules_come_from_the_settings_and_the_demonstration_payer_has_none() -> None:
    plans = [{"id": "PPO-1", "line_of_business": "commercial"}]
    rows = [{"code": "47382", "pa": "auth-needed"}, {"code": "47382", "pa": "no-auth", "plan": "PPO-1"}]
    assert terms_of(settings(plans=plans, authorizations=rows))["a"].rules == RULES[:2]
    (usual,) = terms_of(Settings()).values()
    assert usual == Terms()
