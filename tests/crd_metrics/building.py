"""Calls as the metrics see them: what was asked, what was found, what was answered."""

import json
from typing import Any

import msgspec

from cds_service.coverage_check import Checked
from cds_service.crd.rendering import render
from cds_service.crd.system_actions import system_action
from cds_service.crd.versions import Version
from cds_service.hook_request import HookRequest
from cds_service.policy.determination import Outcome
from fhir_mappings.coverage import Payer, Resolved
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.order_reads import DraftOrder
from fhir_mappings.record import Resource
from tests.crd.building import decided, determination, order

Json = dict[str, Any]

USER = "Practitioner/dr-1"
OURS = Payer("northlake", "Northlake Health Plan")
COVERED = determination(Outcome.COVERED, "I.D.1.a")
MISSING = determination(Outcome.MISSING, "I.C")


def asked(*orders: DraftOrder, hook: str = "order-sign", token: str = "", **more: Any) -> HookRequest:
    return HookRequest(
        hook=hook, hook_instance="d1577c69", patient_id="p1", user_id=USER, orders=orders, prefetch={},
        access_token=token, **more,
    )  # fmt: skip


def resolved(line: LineOfBusiness = LineOfBusiness.COMMERCIAL, payer: Payer | None = OURS) -> Resolved:
    return Resolved((Resource("Coverage/cov-7", {}),), payer, line)


def checked(*orders: DraftOrder, line: LineOfBusiness = LineOfBusiness.COMMERCIAL, **more: Any) -> Checked:
    return Checked(**{"orders": orders, "coverages": tuple(resolved(line) for _ in orders), **more})


def card(about: str = "ServiceRequest/sr-1", topic: str = "guideline", **extension: Any) -> Json:
    said = extension or {"coverage-hooks.determination": {"order": about}}
    return {"uuid": "card-1", "source": {"label": "x", "topic": {"code": topic}}, "extension": said}


def action(one: DraftOrder | None = None, *decisions: Any, version: Version = Version.V2_2) -> Json:
    made = system_action(one or order(), decisions or (decided(COVERED),), version, "Northlake Health Plan")
    assert made is not None
    return made


def carrying(extension: Json, **more: Any) -> Json:
    """A system action with just this statement."""
    body = {"resourceType": "ServiceRequest", "id": "sr-1", "extension": [extension], **more}
    return {"type": "update", "description": "x", "resource": msgspec.Raw(json.dumps(body).encode())}


def statement(version: Version = Version.V2_2) -> Json:
    return render(decided(COVERED), version)
