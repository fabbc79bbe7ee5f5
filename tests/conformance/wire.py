"""What these tests know of the wire: the errors and refusals a client sees, and requests to send."""

import json
import time
import uuid
from typing import Any, Final

from fhir.resources.R4B.operationoutcome import OperationOutcome

from examples.record import FOLDER
from tests.conftest import Json, determinations
from tests.security.building import EC_KEY, PUBLIC_URL, header, token

DISCOVERY: Final = "/cds-services"
SIGN: Final = "/cds-services/order-sign-crd"
FEEDBACK: Final = "/cds-services/order-sign-crd/feedback"

NEEDS_NO_RECORD: Final = "0686T"
"""Histotripsy: an order of it is judged without anything of the patient."""

OPERATION_OUTCOME: Final[Json] = {
    "resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}],
}  # fmt: skip
GRANT: Final[Json] = {
    "access_token": "access-token-of-the-ehr", "token_type": "Bearer", "expires_in": 300, "scope": "user/*.read",
    "subject": "coverage-hooks",
}  # fmt: skip


def assert_explained(answer: Any, status: int, *places: str) -> str:
    """The answer is this error as a valid OperationOutcome, about these places; its text comes back."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/fhir+json"
    issue = OperationOutcome.model_validate(answer.get_json()).issue[0]
    assert issue.severity in ("error", "fatal")
    assert not places or issue.expression == list(places)
    assert "Traceback" not in answer.get_data(as_text=True)
    return str(issue.details.text)


def assert_refused(answer: Any) -> None:
    """A bare 401: no reason to learn from, and the scheme that would be accepted."""
    assert answer.status_code == 401, answer.get_data(as_text=True)
    assert answer.data == b""
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def example(name: str) -> Json:
    """A recorded request of the demonstration, fully prefetched."""
    return json.loads((FOLDER / name / "request.json").read_text("utf-8"))


def example_names() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/request.json"))


def advice(answer: Any) -> list[Json]:
    """The cards without any uuid: what is said, whenever it is said."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(without_uuids(answer.get_json()["cards"]))


def without_uuids(value: Any) -> Any:
    """A JSON value without the members named uuid, however deep."""
    if isinstance(value, dict):
        return {name: without_uuids(inner) for name, inner in value.items() if name != "uuid"}
    return [without_uuids(inner) for inner in value] if isinstance(value, list) else value


def outcomes(answer: Any) -> list[str]:
    """The outcome of each coverage card, in their order."""
    return [found["outcome"] for found in determinations(answer)]


def empties(value: Any, place: str = "$") -> list[str]:
    """The places of everything null or empty in a JSON value, however deep."""
    if value is None or value in ("", [], {}):
        return [place]
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in empties(inner, f"{place}.{name}")]
    if isinstance(value, list):
        return [found for index, inner in enumerate(value) for found in empties(inner, f"{place}[{index}]")]
    return []


def fresh_token(path: str = SIGN, head: Json | None = None, key: Any = EC_KEY, **claims: Any) -> str:
    """A token as the hospital makes one now for a path; claims given replace the good ones."""
    now = int(time.time())
    good = {"aud": PUBLIC_URL + path, "iat": now, "exp": now + 300, "jti": uuid.uuid4().hex}
    return token(head or header(), key, **{**good, **claims})


def bearing(compact: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {compact}"}
