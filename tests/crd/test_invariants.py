"""Each invariant of coverage-information broken once, in each version, and each rule of shape."""

import copy
from typing import Any

import pytest

from cds_service.crd.extension import coverage_information, sub
from cds_service.crd.invariants import INVARIANTS, InvariantBreach, check
from cds_service.crd.rendering import render
from cds_service.crd.terms import PlanTable
from cds_service.crd.versions import Version
from cds_service.policy.determination import Outcome
from tests.crd.building import decided, determination

V2_0, V2_2 = Version.V2_0, Version.V2_2
BOTH = tuple(Version)
REASON = sub("reason", "CodeableConcept", {"text": "why"})
CODED = {"coding": [{"system": "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp", "code": "gold-card"}]}


def stated(*parts: dict[str, Any], covered: str = "covered", pa: str = "no-auth") -> dict[str, Any]:
    return coverage_information(
        [sub("coverage", "Reference", {"reference": "Coverage/1"}), sub("covered", "Code", covered)],
        [sub("pa-needed", "Code", pa)] if pa else [],
        parts,
        [sub("date", "Date", "2026-11-24"), sub("coverage-assertion-id", "String", "a")],
    )


def code(url: str, value: str) -> dict[str, Any]:
    return sub(url, "Code", value)


BROKEN = [
    ("crd-ci-q1", BOTH, stated(sub("questionnaire", "Canonical", "http://q|1"))),
    ("crd-ci-q1", (V2_0,), stated(sub("response", "Reference", {"reference": "QuestionnaireResponse/1"}))),
    ("crd-ci-q2", BOTH, stated(REASON, covered="not-covered")),
    ("crd-ci-q2", (V2_0,), stated(pa="")),
    ("crd-ci-q3", BOTH, stated(REASON, pa="conditional")),
    ("crd-ci-q3", BOTH, stated(REASON, covered="conditional")),
    ("crd-ci-q3", BOTH, stated(REASON, code("doc-needed", "conditional"))),
    ("crd-ci-q3", BOTH, stated(REASON, code("info-needed", "OTH"))),
    ("crd-ci-q4", BOTH, stated(REASON, code("doc-purpose", "withpa"))),
    ("crd-ci-q4", BOTH, stated(REASON, code("doc-purpose", "withpa"), pa="satisfied")),
    ("crd-ci-q4", BOTH, stated(REASON, code("doc-purpose", "withpa"), covered="not-covered", pa="")),
    ("crd-ci-q5", BOTH, stated(pa="satisfied")),
    ("crd-ci-q5", BOTH, stated(sub("satisfied-pa-id", "String", "PA-1"))),
    ("crd-ci-q6", BOTH, stated(code("info-needed", "OTH"), covered="conditional")),
    ("crd-ci-q7", BOTH, stated(sub("reason", "CodeableConcept", {"coding": [{"system": "http://x", "code": "y"}]}))),
    ("crd-ci-q7", BOTH, stated(REASON, sub("reason", "CodeableConcept", {}))),
    ("crd-ci-q8", BOTH, stated(code("doc-purpose", "withclaim"))),
    ("crd-ci-q9", (V2_2,), stated(covered="indeterminate")),
    ("crd-ci-q9", (V2_2,), stated(pa="indeterminate")),
    ("crd-ci-q9", (V2_2,), stated(code("doc-needed", "indeterminate"))),
    ("response: not defined", (V2_2,), stated(code("doc-needed", "clinical"), sub("response", "Reference", {}))),
    ("expiry-date: not defined", (V2_0,), stated(sub("expiry-date", "Date", "2027-01-01"))),
    ("covered: value", (V2_0,), stated(REASON, covered="indeterminate")),
    ("covered: value", BOTH, stated(covered="maybe")),
    ("pa-needed: value", (V2_0,), stated(REASON, pa="indeterminate")),
    ("doc-needed: value", (V2_0,), stated(code("doc-needed", "patient"))),
    ("doc-needed: value", (V2_2,), stated(code("doc-needed", "both"))),
    ("doc-needed: cardinality", (V2_0,), stated(code("doc-needed", "clinical"), code("doc-needed", "admin"))),
    ("info-needed: value", (V2_0,), stated(REASON, code("info-needed", "detail-code"), covered="conditional")),
    ("contact: value", (V2_0,), stated(sub("contact", "ContactDetail", {"name": "x"}))),
    ("contact: value", (V2_2,), stated(sub("contact", "ContactPoint", {"system": "phone"}))),
    ("covered: cardinality", BOTH, stated(code("covered", "covered"))),
    ("billingCode: value", BOTH, stated({"url": "billingCode", "valueCoding": {}, "valueString": "x"})),
    ("questionnaire: value", BOTH, stated(code("doc-needed", "clinical"), sub("questionnaire", "Canonical", ""))),
    ("own: not defined", BOTH, stated(sub("own", "String", "x"))),
    ("detail.code: cardinality", BOTH, stated({"url": "detail", "extension": [sub("value", "Boolean", True)]})),
    ("detail.category: not defined", (V2_0,), stated({"url": "detail", "extension": [code("category", "cat-other")]})),
    ("detail.category: cardinality", (V2_2,), stated({"url": "detail", "extension": []})),
    ("detail.value: value", (V2_0,), stated({"url": "detail", "extension": [sub("value", "Url", "http://x")]})),
    ("detail: value", BOTH, stated(sub("detail", "String", "x"))),
]  # fmt: skip
CASES = [(rule, version, extension) for rule, versions, extension in BROKEN for version in versions]


@pytest.mark.parametrize(("rule", "version", "extension"), CASES)
def test_a_breach_is_named_and_nothing_is_sent(rule: str, version: Version, extension: dict[str, Any]) -> None:
    with pytest.raises(InvariantBreach) as caught:
        check(copy.deepcopy(extension), version)
    assert rule in caught.value.rules


def test_every_invariant_of_the_guide_is_broken_above() -> None:
    assert set(INVARIANTS) == {f"crd-ci-q{n}" for n in range(1, 10)}
    assert {rule for rule, _, _ in BROKEN} >= set(INVARIANTS)


@pytest.mark.parametrize("version", Version)
def test_what_keeps_the_rules_is_handed_on_as_it_is(version: Version) -> None:
    sound = stated(sub("reason", "CodeableConcept", CODED), code("doc-needed", "clinical"))
    assert check(sound, version) is sound


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("word", ["", "no-auth", "auth-needed", "performpa"])
def test_no_outcome_breaks_a_rule_whatever_the_plan_asks(outcome: Outcome, version: Version, word: Any) -> None:
    plan = PlanTable({"47382": word} if word else {})
    render(decided(determination(outcome, "I.C"), plan, questionnaires=("http://q|1",)), version)
