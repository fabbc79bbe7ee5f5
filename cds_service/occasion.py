"""One hook call, as it comes in and as far as it has come."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from cds_service.coverage_check import Checked
from cds_service.hook_request import HookRequest


@dataclass(frozen=True, slots=True)
class Occasion:
    """One call: of which service and hook, by whom, under which id, and since when (`began` by time.monotonic)."""

    service: str
    hook: str
    client: str
    request_id: str
    received_at: datetime
    began: float
    tenant: str = ""

    def so_far_ms(self) -> float:
        """The time since the call came in, in milliseconds."""
        return round((time.monotonic() - self.began) * 1000, 1)


@dataclass(slots=True)
class Progress:
    """How far one call has come, for the record of a call that fails; it lives as long as the call."""

    body: bytes = b""
    asked: HookRequest | None = None
    checked: Checked | None = None


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)
