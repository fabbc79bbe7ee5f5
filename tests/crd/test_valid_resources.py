"""resp-47: a resource that was valid is valid when it is sent back, with its statement an extension like any other."""

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from flask.testing import FlaskClient
from pydantic import ValidationError

from tests.conformance.wire import example, example_names
from tests.conftest import Json, order
from tests.crd.calls import (
    ASKED_BY,
    HOOKS,
    ORDERS,
    V2_0,
    VERSIONS,
    actions,
    appointment,
    as_call_of,
    post,
)  # fmt: skip
from tests.crd.suites import without_statements

IN_BOTH: Any = pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])
ON_EACH: Any = pytest.mark.parametrize("hook", HOOKS)
FOCUS = {**ORDERS, "Appointment": appointment(serviceType=[order()["code"]])}


def assert_valid(resource: Json) -> None:
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@ON_EACH
@IN_BOTH
@pytest.mark.parametrize("kind", FOCUS)
def test_resp_47_a_valid_resource_of_each_type_stays_valid(
    client: FlaskClient, hook: str, version: Json, kind: str
) -> None:
    assert_valid(FOCUS[kind])
    ask = ASKED_BY["appointment-book" if kind == "Appointment" else hook]
    found = actions(post(client, ask(FOCUS[kind], extension=version)))
    assert found or (kind == "VisionPrescription" and version is V2_0)
    for action in found:
        assert_valid(action["resource"])


@ON_EACH
@IN_BOTH
@pytest.mark.parametrize("name", example_names())
def test_resp_47_the_orders_of_every_example_stay_valid(
    client: FlaskClient, hook: str, version: Json, name: str
) -> None:
    for entry in example(name)["context"]["draftOrders"]["entry"]:
        assert_valid(entry["resource"])
    found = actions(post(client, as_call_of(hook, name, extension=version)))
    assert found
    for action in found:
        assert_valid(action["resource"])


@IN_BOTH
def test_what_was_not_valid_comes_back_as_it_came(client: FlaskClient, version: Json) -> None:
    """Unknown elements are no error of the guide's (found-33), and no reason to withhold an answer."""
    odd = {**ORDERS["ServiceRequest"], "unheardOf": 1}
    (action,) = actions(post(client, ASKED_BY["order-sign"](odd, extension=version)))
    assert without_statements(action["resource"]) == odd
    with pytest.raises(ValidationError):
        assert_valid(action["resource"])


@pytest.mark.parametrize("broken", [{"valueCode": "x", "valueString": "y"}, {"valueNothing": 1}, {"valueDate": "no"}])
def test_the_models_see_an_extension_that_is_none(broken: Json) -> None:
    with pytest.raises(ValidationError):
        assert_valid({**ORDERS["ServiceRequest"], "extension": [{"url": "http://x.example", **broken}]})
