"""Coverages and plans in every shape: always an answer, and never not-covered for what is missing or cannot be read."""

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service import create_app
from cds_service.payer_settings import PayerSettings, PlanSettings
from cds_service.settings import Settings
from tests.conformance.wire import example, outcomes
from tests.conftest import TODAY, Json, searchset
from tests.crd.calls import V2_0, V2_2, all_statements, parts, post
from tests.crd.suites import assert_answer, assert_ids
from tests.test_fuzz import ODD

BOUNDED = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PAYERS = (
    PayerSettings(
        id="providence",
        label="Providence Health Plan",
        identifiers=("Providence Health Plan", "Organization/demo-payer", "12345"),
        plans=(
            PlanSettings(id="PPO-1", line_of_business="commercial"),
            PlanSettings(id="OHP", line_of_business="medicaid"),
            PlanSettings(id="ADV", line_of_business="medicare"),
        ),
    ),
    PayerSettings(id="northlake", label="Northlake Health Plan", identifiers=("Northlake",)),
)
NAMES = ("hcc-covered", "hcc-no-child-pugh", "medicaid-member", "unlisted-ethanol")
"""Patients who are covered, or of whom something is missing: never denied by their record."""


@pytest.fixture(scope="module", params=[(), PAYERS], ids=["the demonstration payer", "configured payers"])
def service(request: pytest.FixtureRequest) -> FlaskClient:
    return create_app(Settings(auth="off", today=TODAY, payers=request.param)).test_client()


ENDED, NOT_BEGUN = ("2026-01-01", "2020", "2026-11-23"), ("2027-05",)
DATES = st.sampled_from([*ENDED, *NOT_BEGUN, "2026-11-24", "2026-13-45", "", None, 7])
PAYORS = st.sampled_from([
    {"display": "Providence Health Plan"}, {"reference": "Organization/demo-payer"}, {"identifier": {"value": "12345"}},
    {"display": "Northlake"}, {"display": "Another payer"}, {"reference": "#contained"}, {"identifier": "12345"}, {},
    None,
])  # fmt: skip
CLASSES = st.sampled_from([
    {"value": "PPO-1"}, {"value": "OHP"}, {"value": "ADV"}, {"value": 7}, {"value": ["PPO-1"]}, {"type": {}}, None, "x",
])  # fmt: skip
TYPES = st.sampled_from(["5", "2", "1", "14", "9", "", "51", "x"]).map(
    lambda code: {"coding": [{"system": "https://nahdo.org/sopt", "code": code}]}
)
ELEMENTS: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(["c1", "c2", "", "a/b", "urn:uuid:1"]),
    "status": st.sampled_from(["active", "cancelled", "draft", "entered-in-error"]),
    "period": st.fixed_dictionaries({}, optional={"start": DATES, "end": DATES}),
    "order": st.sampled_from([1, 2, 0, -1, True, "1", 1.5, 10**30]),
    "payor": st.lists(PAYORS, max_size=2),
    "class": st.lists(CLASSES, max_size=2),
    "type": TYPES,
    "beneficiary": st.sampled_from([{"reference": "Patient/somebody-else"}, {"reference": ""}, {"display": "x"}]),
    "resourceType": st.just("Coverage"),
}


@st.composite
def coverages(draw: st.DrawFn, usual: Json) -> Any:
    """A Coverage with elements changed, removed, or of no shape at all."""
    found = copy.deepcopy(usual)
    for name in draw(st.lists(st.sampled_from(list(ELEMENTS)), max_size=4, unique=True)):
        how = draw(st.sampled_from(["other", "other", "odd", "gone"]))
        if how == "gone":
            found.pop(name, None)
        else:
            found[name] = draw(ELEMENTS[name] if how == "other" else st.sampled_from(ODD))
    return found


@st.composite
def sent(draw: st.DrawFn, usual: Json) -> Any:
    """What stands under the prefetch key `coverage`."""
    listed = draw(st.lists(coverages(usual), max_size=3))
    whole = searchset(*listed)
    shapes = [whole, {**whole, "total": 9}, {**whole, "link": [{"relation": "next", "url": "https://x.example"}]}]
    odd = [*ODD, {"resourceType": "OperationOutcome", "issue": []}, listed[0] if listed else None]
    return draw(st.sampled_from([*shapes, *shapes, draw(st.sampled_from(odd))]))


@st.composite
def calls(draw: st.DrawFn) -> Json:
    """A call of a patient nothing denies, with its Coverage written every way."""
    body = example(draw(st.sampled_from(NAMES)))
    (usual,) = (entry["resource"] for entry in body["prefetch"]["coverage"]["entry"])
    body["prefetch"]["coverage"] = draw(sent(usual))
    (entry,) = body["context"]["draftOrders"]["entry"]
    named = draw(st.sampled_from(["as it was", "gone", "odd"]))
    if named != "as it was":
        entry["resource"].pop("insurance", None)
    if named == "odd":
        entry["resource"]["insurance"] = draw(st.sampled_from([*ODD, [{"reference": "Coverage/c2"}]]))
    return {**body, "extension": draw(st.sampled_from([V2_0, V2_2, {}]))}


@given(body=calls())
@BOUNDED
def test_found_34_however_coverages_are_written_nothing_is_denied_for_it(service: FlaskClient, body: Json) -> None:
    answer = post(service, body)
    if answer.status_code == 400:
        assert body["extension"], "only who declares CRD is told that a Coverage is needed"
        assert answer.get_json()["issue"][0]["code"] == "not-found"
        return
    assert_answer(answer)
    assert "not-covered" not in outcomes(answer)
    found = all_statements(answer)
    assert_ids(found)
    for one in (parts(one) for one in found):
        if one["covered"] == "not-covered":
            assert is_unresolved(one, body) or is_over(one, body), "only for several, or for one that is over"


def sent_coverages(body: Json) -> list[Json]:
    sent = body["prefetch"]["coverage"]
    return [entry["resource"] for entry in sent["entry"]] if "entry" in sent else [sent]


def is_unresolved(statement: Json, body: Json) -> bool:
    """Whether a statement says, rightly, that it is open which of several Coverages is meant."""
    return "not resolved" in statement["reason"]["text"] and len(sent_coverages(body)) > 1


def is_over(statement: Json, body: Json) -> bool:
    """Whether a statement says, rightly, that no coverage is active: by the very one it names (resp-45)."""
    named = statement["coverage"]["reference"].removeprefix("Coverage/")
    sent = [one for one in sent_coverages(body) if isinstance(one, dict) and one.get("id") == named]
    return "is active" in statement["reason"]["text"] and any(map(is_inactive, sent))


def is_inactive(coverage: Json) -> bool:
    period = coverage["period"] if isinstance(coverage.get("period"), dict) else {}
    is_out = period.get("end") in ENDED or period.get("start") in NOT_BEGUN
    return is_out or coverage.get("status") in ("cancelled", "draft")
