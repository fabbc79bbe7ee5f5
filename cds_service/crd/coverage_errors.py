"""Requests no coverage statement can be made for: hook-13 asks for a 400 with an OperationOutcome."""

from cds_service.errors import RequestError


class CoverageNeeded(RequestError):
    """No Coverage of a payer answered for here was sent or found."""

    issue = "not-found"

    def __init__(self) -> None:
        super().__init__("no active Coverage of a payer this service answers for was found", "$.prefetch.coverage")


class SeveralCoverages(RequestError):
    """Several Coverages are in question, and the deployment wants them refused."""

    issue = "multiple-matches"

    def __init__(self) -> None:
        super().__init__(
            "several active Coverages of this payer were found: name one in the order's insurance",
            "$.prefetch.coverage",
        )
