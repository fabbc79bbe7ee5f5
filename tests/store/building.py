"""Calls and cards as tests need them: one valid, changed where the test says."""

import uuid
from datetime import UTC, datetime
from typing import Any

from cds_service.store.calls import Call, Card
from cds_service.store.feedback_body import Entry

NOON = datetime(2026, 11, 24, 12, 0, 0, 250000, tzinfo=UTC)


def call(**changes: Any) -> Call:
    return Call(**{
        "id": str(uuid.uuid4()), "request_id": "request-1", "service": "order-sign-crd", "hook": "order-sign",
        "hook_instance": "d1577c69", "client": "General Hospital", "received_at": NOON, "duration_ms": 12.5,
        "status": 200, "revisions": ("151@2025-05-06",), "payload": {"order": "ServiceRequest/sr-1", "size": [3.5]},
        **changes,
    })  # fmt: skip


def card(**changes: Any) -> Card:
    return Card(**{
        "uuid": str(uuid.uuid4()), "position": 0, "kind": "coverage", "outcome": "covered", "criteria": ("I.D.1.a",),
        "policy": "151", "revision": "2025-05-06", "assertion_id": str(uuid.uuid4()), **changes,
    })  # fmt: skip


def entry(card_uuid: str, **changes: Any) -> Entry:
    return Entry(**{"card": card_uuid, "outcome": "overridden", "given_at": NOON, **changes})
