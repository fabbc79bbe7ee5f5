"""The pieces the tests of CRD are made of: an order, a Coverage, a determination for each outcome."""

import json
from datetime import date
from typing import Any

from cds_service.crd.deciding import Case, decide
from cds_service.crd.decision import CoverageDecision
from cds_service.crd.extension import URL
from cds_service.crd.terms import PlanTable
from cds_service.policy.determination import Determination, OpenQuestion, Outcome
from fhir_mappings.coverage import Resolved, Standing
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.order_reads import DraftOrder
from fhir_mappings.record import Resource

Json = dict[str, Any]

ON = date(2026, 11, 24)
CPT = "http://www.ama-assn.org/go/cpt"
LINK = "https://coverage.example/policies/151#I.D.1.a"


def draft(body: Json) -> DraftOrder:
    return DraftOrder(json.dumps(body).encode(), body, f"{body.get('resourceType')}/{body.get('id')}")


def order(code: str = "47382", **more: Any) -> DraftOrder:
    return draft({
        "resourceType": "ServiceRequest",
        "id": "sr-1",
        "status": "draft",
        "intent": "order",
        "code": {"coding": [{"system": CPT, "code": code}]},
        "subject": {"reference": "Patient/p1"},
        **more,
    })  # fmt: skip


def coverage(*references: str, line: LineOfBusiness = LineOfBusiness.COMMERCIAL) -> Resolved:
    named = references or ("Coverage/cov-7",)
    standing = Standing.ACTIVE if len(named) == 1 else Standing.SEVERAL
    return Resolved(tuple(Resource(r, {}) for r in named), None, line, standing=standing)


def determination(outcome: Outcome, *criteria: str, **more: Any) -> Determination:
    asked = tuple(OpenQuestion(c, "a question") for c in criteria) if outcome is Outcome.MISSING else ()
    return Determination("ServiceRequest/sr-1", "151", "2025-05-06", outcome, criteria, asked, **more)


def case(found: Determination | None = None, **more: Any) -> Case:
    return Case(**{
        "patient_id": "p1", "order": order(), "coverage": coverage(), "determination": found, "policy_url": LINK, **more
    })  # fmt: skip


def decided(found: Determination | None = None, plan: PlanTable | None = None, **more: Any) -> CoverageDecision:
    (decision,) = decide(case(found, **more), plan or PlanTable(), ON, names_version=True)
    return decision


def said(extension: Json, url: str) -> Any:
    """What an extension says under one url: its values, in their order."""
    assert extension["url"] == URL
    subs = [e for e in extension["extension"] if e["url"] == url]
    return [next(v for name, v in e.items() if name.startswith("value")) for e in subs if "extension" not in e]


def details(extension: Json) -> dict[str, Any]:
    """The details of an extension by their code."""
    found = {}
    for detail in (e for e in extension["extension"] if e["url"] == "detail"):
        parts = {e["url"]: next(v for name, v in e.items() if name.startswith("value")) for e in detail["extension"]}
        found[parts["code"]["coding"][0]["code"]] = parts["value"]
    return found
