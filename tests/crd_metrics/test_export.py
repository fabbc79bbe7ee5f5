"""A recorded call as CRDMetricData (CRD 2.2.1): the elements of the logical model, their cardinalities, their codes."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.crd.extension import URL, sub
from cds_service.crd_metrics.export import Organizations, metric_of, metrics_of, organizations_of
from cds_service.settings import ClientSettings, PayerSettings, Settings
from cds_service.store.listing import Listed
from fhir_mappings.practitioners import US_NPI
from tests.crd_metrics.building import Json
from tests.store.building import call

INFO: Json = {"covered": "covered", "assertionId": "coverage-hooks-1"}
REQUEST: Json = {
    "type": "ServiceRequest",
    "orderDetail": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "47382"}]},
    "response": [
        {"type": "guideline", "focus": ["ServiceRequest"], "card": "card-1"},
        {"type": "coverage-info", "focus": ["ServiceRequest"], "coverageInfo": [INFO]},
    ],
}
METRIC: Json = {
    "payer": "northlake", "provider": "1234567893", "tokenUse": "used",
    "resources": [{"type": "Condition", "count": 4, "prefetch": True}], "request": [REQUEST],
}  # fmt: skip
OURS = Organizations("https://payer.example/fhir/payers", "", {"General Hospital": "1999999992"})


def told(metric: Json | None = METRIC, engagement: dict[str, str] | None = None, **more: Any) -> Json:
    return metric_of(Listed(call(metric=metric, **more), (), engagement or {}), OURS, {})


def test_a_call_tells_every_element_that_is_known() -> None:
    assert told() == {
        "source": "payer-src",
        "hookInstance": "d1577c69",
        "hookType": "order-sign",
        "providerId": {"system": US_NPI, "value": "1234567893"},
        "groupId": {"system": US_NPI, "value": "1999999992"},
        "payerId": {"system": "https://payer.example/fhir/payers", "value": "northlake"},
        "requestTime": "2026-11-24T12:00:00.250Z",
        "responseTime": "2026-11-24T12:00:00.262Z",
        "httpResponse": 200,
        "tokenUse": "used",
        "resources": [{"type": "Condition", "count": 4, "prefetch": True}],
        "request": [{
            **REQUEST,
            "response": [{"type": "guideline", "focus": ["ServiceRequest"]}, REQUEST["response"][1]],
        }],
    }  # fmt: skip


def test_a_failed_call_tells_status_and_issue() -> None:
    failed = told({"issue": [{"code": "required"}], "tokenUse": "not-used"}, status=412)
    assert (failed["httpResponse"], failed["issue"]) == (412, [{"code": "required"}])
    assert "request" not in failed


def test_a_call_from_before_it_was_counted_tells_what_its_columns_do() -> None:
    assert set(told(None)) == {
        "source", "hookInstance", "hookType", "groupId", "requestTime", "responseTime", "httpResponse",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("acts", "engagement"),
    [({}, None), ({"card-1": "accepted"}, "accept"), ({"card-1": "overridden"}, "override"),
     ({"card-2": "accepted"}, None)],
)  # fmt: skip
def test_engagement_is_what_feedback_told_and_silence_is_not_to_ignore(acts: Any, engagement: Any) -> None:
    card, statement = told(engagement=acts)["request"][0]["response"]
    assert card.get("engagement") == engagement
    assert "engagement" not in statement


def test_without_the_hospitals_npi_and_with_several_payers_both_are_absent() -> None:
    listed = Listed(call(metric={"tokenUse": "not-used"}, client="Elsewhere"), (), {})
    assert {"groupId", "payerId"}.isdisjoint(metric_of(listed, OURS, {}))


def test_the_only_payer_answers_calls_without_coverage_too() -> None:
    listed = Listed(call(metric={"tokenUse": "not-used"}), (), {})
    assert metric_of(listed, replace(OURS, only_payer="solo"), {})["payerId"]["value"] == "solo"


def test_the_organizations_are_those_of_the_settings() -> None:
    hospital = ClientSettings(name="General", issuer="https://ehr.example", jwks_file="k.json", npi="1999999992")
    other = ClientSettings(name="Other", issuer="https://o.example", jwks_file="k.json")
    one, two = PayerSettings(id="a", label="A"), PayerSettings(id="b", label="B")
    settings = Settings(clients=(hospital, other), payers=(one, two), canonical_base="https://payer.example/fhir")
    assert organizations_of(settings) == Organizations(
        "https://payer.example/fhir/payers", "", {"General": "1999999992"}
    )
    assert organizations_of(Settings(payers=(one,))).only_payer == "a"


SATISFIED: Json = {"request": [{"response": [{"coverageInfo": [{**INFO, "paNeeded": "satisfied"}]}]}]}
STATED: Json = {"url": URL, "extension": [sub("coverage-assertion-id", "String", "coverage-hooks-1"),
                                          sub("satisfied-pa-id", "String", "PA-7")]}  # fmt: skip


class TestTheNumberOfAnAuthorization:
    """It identifies a member's authorization: it lies in the sealed payload, and is told with the key only."""

    def told(self, metric: Json, has_key: bool) -> tuple[Json, list[str]]:
        opened: list[str] = []

        def payload(call_id: str) -> Json:
            opened.append(call_id)
            return {"systemActions": [{"resource": {"extension": [STATED]}}]}

        (one,) = metrics_of([Listed(call(id="c-1", metric=metric), (), {})], OURS, payload if has_key else None)
        return one["request"][0]["response"][-1]["coverageInfo"][0], opened

    def test_with_the_key(self) -> None:
        info, opened = self.told(SATISFIED, has_key=True)
        assert (info["satisfiedId"], opened) == ("PA-7", ["c-1"])

    def test_without_the_key(self) -> None:
        assert "satisfiedId" not in self.told(SATISFIED, has_key=False)[0]

    def test_what_states_none_is_not_opened(self) -> None:
        info, opened = self.told(METRIC, has_key=True)
        assert ("satisfiedId" in info, opened) == (False, [])


def test_the_response_is_dated_by_how_long_the_call_took() -> None:
    late = told(duration_ms=4321.0)
    assert late["responseTime"] == "2026-11-24T12:00:04.571Z"
