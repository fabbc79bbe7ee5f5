"""What the form's operations refuse, each with its status and remedy: messages name places, never what stands there.

RequestError
|-- BadParameters       400    the input of an operation is not what it takes
|-- NotHere             404    there is no such form, value set or code system
|-- Unprocessable       422    understood, and not possible: whose data it is, what it is about, what it answers
`-- NotKept             422    forms are not kept here: save it in the EHR
"""

from cds_service.errors import RequestError


class BadParameters(RequestError):
    """The input is not what the operation takes; `place` is its JSON path."""


class NotHere(RequestError):
    """There is no such artifact."""

    status = 404
    issue = "not-found"


class Unprocessable(RequestError):
    """It was understood and cannot be done."""

    status = 422
    issue = "business-rule"

    def __init__(self, message: str, place: str = "", issue: str = "business-rule") -> None:
        super().__init__(message, place)
        self.issue = issue


class NotKept(RequestError):
    """Without a key to encrypt it with no form is kept."""

    status = 422
    issue = "not-supported"

    def __init__(self) -> None:
        super().__init__(
            "this service keeps no forms: save it in the EHR, where it is read with the next call",
            "$",
        )
