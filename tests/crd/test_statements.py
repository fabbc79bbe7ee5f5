"""What coverage statements say on the wire: all that is known, on what it depends, and in the guide's own words."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.crd.billing import HCPCS
from tests.conformance.wire import example_names
from tests.conftest import CPT, Json, determinations, order
from tests.crd.calls import (
    ASKED_BY,
    HOOKS,
    ORDERS,
    PRIMARY,
    V2_0,
    V2_2,
    VERSIONS,
    actions,
    all_statements,
    as_call_of,
    parts,
    post,
    statements,
)  # fmt: skip
from tests.crd.suites import without_statements

IN_BOTH: Any = pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])
OF_EACH: Any = pytest.mark.parametrize("name", example_names())
ALWAYS = {"coverage", "covered", "reason", "date", "coverage-assertion-id"}
SOMETIMES = {
    "billingCode", "pa-needed", "doc-needed", "doc-purpose", "info-needed", "detail", "dependency", "questionnaire",
    "satisfied-pa-id", "contact",
}  # fmt: skip
DEFINED = {"2.0": ALWAYS | SOMETIMES | {"response"}, "2.2": ALWAYS | SOMETIMES | {"expiry-date"}}


def is_billable(order: Json) -> bool:
    """Whether an example's order has a CPT or HCPCS code."""
    return any(system in str(order) for system in (f"'{CPT}'", f"'{HCPCS}'"))


def urls(statement: Json) -> set[str]:
    return {part["url"] for part in statement["extension"]}


def detail(statement: Json) -> dict[str, tuple[str, Any]]:
    """Category and value of each detail, by its code."""
    found = {}
    for one in (part for part in statement["extension"] if part["url"] == "detail"):
        inside = {p["url"]: next(v for k, v in p.items() if k.startswith("value")) for p in one["extension"]}
        found[inside["code"]["coding"][0]["code"]] = (inside["category"], inside["value"])
    return found


NOT_ACTIVE = "No coverage of this payer is active"


def is_on_the_coverage(said: Json) -> bool:
    """Whether a statement denies for the coverage itself, whatever was ordered."""
    return bool(said["reason"]["text"].startswith(NOT_ACTIVE))


@OF_EACH
@IN_BOTH
def test_conf_5_CRDF27_what_is_known_is_filled_in(client: FlaskClient, version: Json, name: str) -> None:
    for action in actions(post(client, as_call_of("order-sign", name, extension=version))):
        (statement,) = statements(action["resource"])
        assert urls(statement) >= ALWAYS
        said = parts(statement)
        is_about_the_code = is_billable(without_statements(action["resource"])) and not is_on_the_coverage(said)
        assert ("billingCode" in urls(statement)) is is_about_the_code
        assert re.fullmatch(r"Coverage/\S+", said["coverage"]["reference"])
        assert said["date"] == "2026-11-24"
        assert said["reason"]["text"]


@OF_EACH
@IN_BOTH
def test_conf_13_a_statement_is_made_of_the_guides_own_elements(client: FlaskClient, version: Json, name: str) -> None:
    for statement in all_statements(post(client, as_call_of("order-sign", name, extension=version))):
        assert urls(statement) <= DEFINED[version["davinci-crd.requestedVersion"]]


@pytest.mark.parametrize("hook", PRIMARY)
@IN_BOTH
def test_resp_30_resp_42_CRDF31_missing_documentation_is_asked_for_with_what_it_is_needed_for(
    client: FlaskClient, hook: str, version: Json
) -> None:
    (statement,) = all_statements(post(client, as_call_of(hook, "hcc-no-child-pugh", extension=version)))
    said = parts(statement)
    assert (said["covered"], said["doc-needed"], said["info-needed"]) == ("conditional", "clinical", "OTH")
    reasons = [p["valueCodeableConcept"]["text"] for p in statement["extension"] if p["url"] == "reason"]
    assert "documentation is missing for criterion I.C" in reasons[0]


def test_resp_30_CRDF35_what_is_open_stands_in_a_detail_with_its_category(client: FlaskClient) -> None:
    (statement,) = all_statements(post(client, as_call_of("order-sign", "hcc-no-child-pugh", extension=V2_2)))
    category, said = detail(statement)["instructions"]
    assert category == "cat-other"
    assert said.startswith("Still needed: I.C: Child-Pugh")


@pytest.mark.parametrize(("name", "criterion"), [("hcc-covered", "I.D.1.a"), ("histotripsy", "VI")])
def test_resp_30_CRDF12_in_2_2_a_detail_links_to_the_criterion_that_decides(
    client: FlaskClient, name: str, criterion: str
) -> None:
    (statement, *_) = all_statements(post(client, as_call_of("order-sign", name, extension=V2_2)))
    assert detail(statement)["policy-link"] == ("cat-other", f"http://127.0.0.1:8000/policies/151#{criterion}")


@pytest.mark.parametrize(("name", "criterion"), [("hcc-covered", "I.D.1.a"), ("histotripsy", "VI")])
def test_resp_30_CRDF11_in_2_0_criterion_and_link_stand_in_the_reason(
    client: FlaskClient, name: str, criterion: str
) -> None:
    (statement, *_) = all_statements(post(client, as_call_of("order-sign", name, extension=V2_0)))
    reasons = [p["valueCodeableConcept"]["text"] for p in statement["extension"] if p["url"] == "reason"]
    assert f"criterion {criterion}" in reasons[0]
    assert reasons[0].endswith(f"/policies/151#{criterion}")


@pytest.mark.parametrize("name", example_names())
@IN_BOTH
def test_hook_19_no_documentation_is_asked_for_on_a_secondary_hook(
    client: FlaskClient, version: Json, name: str
) -> None:
    found = all_statements(post(client, as_call_of("order-select", name, extension=version)))
    assert found
    assert not any(urls(one) & {"doc-needed", "doc-purpose", "questionnaire"} for one in found)
    asked = [said for one in found for code, (_, said) in detail(one).items() if code == "instructions"]
    assert not any("Still needed" in said for said in asked if "order.detail-code" not in said)


@OF_EACH
@IN_BOTH
def test_covinfo_1_covinfo_2_one_statement_for_each_coverage_that_says_what_it_is_about(
    client: FlaskClient, version: Json, name: str
) -> None:
    for action in actions(post(client, as_call_of("order-sign", name, extension=version))):
        (statement,) = statements(action["resource"])
        first = next(p for p in statement["extension"] if p["url"] == "reason")["valueCodeableConcept"]["text"]
        openings = ["Policy 151, revision 2025-05-06: ", "No coverage rule is held here for this order"]
        openings += [NOT_ACTIVE] if name == "coverage-ended" else []
        assert first.startswith(tuple(openings))


@pytest.mark.parametrize("hook", HOOKS)
@IN_BOTH
def test_CRDF43_there_is_one_update_for_each_order(client: FlaskClient, hook: str, version: Json) -> None:
    three = [ORDERS["ServiceRequest"], order("0686T", id="sr-2"), ORDERS["DeviceRequest"]]
    found = actions(post(client, ASKED_BY[hook](*three, extension=version)))
    assert len(found) == len({(a["resource"]["resourceType"], a["resource"]["id"]) for a in found}) == 3


def test_resp_51_impl_5_what_can_be_inferred_is_inferred_and_said_to_be(client: FlaskClient) -> None:
    """No Child-Pugh class on record: it is computed from the laboratory, and the card tells from what."""
    (found,) = determinations(answer := post(client, as_call_of("order-sign", "hcc-child-pugh-from-labs")))
    assert found["answers"]["I.C"] == "met"
    assert "Child-Pugh computed from bilirubin, albumin, INR" in answer.get_json()["cards"][0]["detail"]


def test_found_13_an_order_no_policy_addresses_gets_no_card(client: FlaskClient) -> None:
    answer = post(client, ASKED_BY["order-sign"](order("99213"), extension=V2_2))
    assert answer.get_json()["cards"] == []
    assert "No coverage rule is held here" in parts(all_statements(answer)[0])["reason"]["text"]


def test_CRDF51_topics_are_of_the_guides_code_system(client: FlaskClient) -> None:
    (card,) = post(client, ASKED_BY["order-sign"](order("0686T"), extension=V2_0)).get_json()["cards"]
    assert card["source"]["topic"]["system"] == "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"
