"""Hook calls over one kept connection, each answer looked at."""

import http.client
import json
from collections.abc import Callable
from typing import Any, Final

PATH: Final = "/cds-services/order-sign-crd"
JSON: Final = {"Content-Type": "application/json"}

Check = Callable[[Any], None]


def connect(port: int) -> http.client.HTTPConnection:
    """A connection to a server on loopback."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def post(connection: http.client.HTTPConnection, body: bytes, authorization: str = "", path: str = PATH) -> Any:
    """One call. Raises AssertionError for anything but an answer."""
    connection.request("POST", path, body, {**JSON, "Authorization": authorization} if authorization else JSON)
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, (answer.status, content[:200])
    return json.loads(content)


def is_covered(answer: Any) -> None:
    """The ablation is covered: the answer every warmed patient has."""
    found = answer["cards"][0]["extension"]["coverage-hooks.determination"]
    assert found["outcome"] == "covered", found


def is_outside(answer: Any) -> None:
    """No card, and the statement that no rule is held for the order."""
    assert answer["cards"] == [], answer
    assert len(answer["systemActions"]) == 1, answer


def is_fixed(answer: Any) -> None:
    """The card of the twin."""
    assert answer["cards"][0]["summary"] == "fixed", answer
