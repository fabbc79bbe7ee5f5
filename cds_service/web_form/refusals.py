"""Why a form is not shown or not saved: what was found, and what to do now.

RequestError
|-- NoSuchLink          404    no link of this secret: mistyped, altered, or removed when it ended
|-- LinkExpired         410    the link ended
|-- AlreadySaved        409    the form was saved: it is shown, and not changed
|-- AnotherCase         409    the answers were written on the page of another case
|-- BeingSaved          409    somebody else saves it at this moment
|-- UnusableAnswers     422    answers that cannot be used, each with its place
|-- TooMuch             413    the body is larger than any form
|-- NotNow              503    links cannot be read, or forms not be kept, at this moment
`-- NotTheForm          415    the body is not that of the form
"""

from collections.abc import Mapping
from typing import Any

from cds_service.errors import RequestError
from fhir_mappings.models import operation_outcome

ANEW = "sign the order again: the card that comes back has a new link"


class NoSuchLink(RequestError):
    """There is no link of this secret."""

    status = 404
    issue = "not-found"

    def __init__(self) -> None:
        super().__init__(f"there is no form under this link. Check that it is whole, or {ANEW}")


class LinkExpired(RequestError):
    """The link ended."""

    status = 410
    issue = "expired"

    def __init__(self) -> None:
        super().__init__(f"this link has expired; nothing was saved with it. Now {ANEW}")


class AlreadySaved(RequestError):
    """The form was saved before."""

    status = 409
    issue = "conflict"

    def __init__(self) -> None:
        super().__init__(f"this form was saved before, and stays as it is. To say more, {ANEW}")


class AnotherCase(RequestError):
    """The page was made for another case."""

    status = 409
    issue = "conflict"

    def __init__(self) -> None:
        super().__init__("these answers were written on the page of another case: nothing was saved", "case")


class BeingSaved(RequestError):
    """Somebody else saves the same form now."""

    status = 409
    issue = "lock-error"

    def __init__(self) -> None:
        super().__init__("this form is being saved already: open the link again in two minutes")


class NotTheForm(RequestError):
    """The body is not what the page sends."""

    status = 415
    issue = "not-supported"

    def __init__(self) -> None:
        super().__init__("send the form as application/x-www-form-urlencoded")


class UnusableAnswers(RequestError):
    """Answers that cannot be used: what is wrong, by the name of the field."""

    status = 422
    issue = "value"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("some answers cannot be used: nothing was saved")
        self.faults = faults

    def outcome(self) -> dict[str, Any]:
        """One issue for each answer."""
        single = [operation_outcome(self.issue, said, place)["issue"] for place, said in self.faults.items()]
        whole: dict[str, Any] = {
            "resourceType": "OperationOutcome",
            "issue": [issue for one in single for issue in one],
        }
        return whole


class TooMuch(RequestError):
    """The body is larger than any form."""

    status = 413
    issue = "too-long"

    def __init__(self) -> None:
        super().__init__("this is larger than the form can be: nothing was saved")


class NotNow(RequestError):
    """The database does not answer, or a key is missing."""

    status = 503
    issue = "transient"

    def __init__(self) -> None:
        super().__init__(
            "the form cannot be opened or saved at this moment. Try again in a minute: it is saved only once"
        )
