"""What the routes share: who may call, what answers, which day it is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response

from cds_service.admission import Admission
from cds_service.dtr.desk import Desk, Moment
from cds_service.responding import FHIR_JSON, json_response
from cds_service.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """Wired once by create_app."""

    settings: Settings
    admission: Admission
    desk: Desk

    def now(self) -> Moment:
        """The day, as the settings have it, and this instant on it."""
        today, clock = self.settings.on(), datetime.now(UTC)
        return Moment(today, clock if clock.date() == today else datetime.combine(today, clock.timetz()))


def fhir_response(resource: dict[str, Any], status: int = 200, *, is_of_patient: bool = False) -> Response:
    """A resource; what is about a patient no cache keeps."""
    answer = json_response(resource, status, FHIR_JSON)
    if is_of_patient:
        answer.headers["Cache-Control"] = "no-store"
    return answer
