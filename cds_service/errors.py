"""What can go wrong with a request, one class for each thing a caller would do differently.

RequestError                     the caller's mistake; never holds patient data
|-- UnreadableRequest     400    the body is no hook request: `place` is its JSON path
|-- UnknownService        404    no service of this id
|-- UnsupportedMedia      415    the body is not JSON
`-- RecordNeeded          412    an order needs the record, and nothing of it was sent or can be asked for
SettingsError                    the service cannot start with these settings
"""

from typing import Any, NamedTuple

from fhir_mappings.models import operation_outcome


class RequestError(Exception):
    """A request that cannot be answered: HTTP status, FHIR issue code, where, what, and the remedy."""

    status = 400
    issue = "invalid"

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def outcome(self) -> dict[str, Any]:
        """The error as an OperationOutcome."""
        return operation_outcome(self.issue, self.message, self.place)


class UnreadableRequest(RequestError):
    """The body is not the request this service answers."""


class UnknownService(RequestError):
    """There is no service, policy or page of this name."""

    status = 404
    issue = "not-found"


class UnsupportedMedia(RequestError):
    """The body is not JSON."""

    status = 415
    issue = "not-supported"


class RecordNeeded(RequestError):
    """The clinical record was neither sent nor can it be asked for."""

    status = 412
    issue = "required"


class Failure(NamedTuple):
    """How a call ended that was not answered: HTTP status and FHIR issue code."""

    status: int
    issue: str

    @property
    def is_the_callers(self) -> bool:
        """Whether the request was refused, before or after reading, rather than the service at fault."""
        return self.status < 500


class SettingsError(Exception):
    """Settings the service cannot start with; the message names the setting and the remedy."""
