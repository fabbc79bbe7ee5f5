"""Calls nobody meant to send, on every hook: valid ones with pieces replaced, removed, wrapped. No 5xx, no HTML."""

import json
from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from tests.conformance.wire import example_names
from tests.conftest import order
from tests.crd.calls import ASKED_BY, HOOKS, ORDERS, VERSIONS, appointment, as_call_of
from tests.crd.suites import assert_answer
from tests.test_fuzz import broken

BOUNDED = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
CALLS = [
    *(as_call_of(hook, name, extension=VERSIONS[n % 2]) for hook in HOOKS for n, name in enumerate(example_names())),
    *(ASKED_BY[hook](*ORDERS.values(), extension=version) for hook in HOOKS for version in VERSIONS),
    ASKED_BY["appointment-book"](appointment(serviceType=[order("0686T")["code"]]), extension=VERSIONS[0]),
]


@given(body=broken(CALLS))
@BOUNDED
def test_CRDF56_an_odd_call_is_answered_or_refused_in_json(client: FlaskClient, body: Any) -> None:
    hook = next(hook for hook in HOOKS if hook in json.dumps(body) or hook == HOOKS[-1])
    answer = client.post(f"/cds-services/{hook}-crd", data=json.dumps(body), content_type="application/json")
    assert answer.status_code in (200, 400, 412)
    if answer.status_code == 200:
        assert_answer(answer)
    else:
        assert answer.get_json()["resourceType"] == "OperationOutcome"
