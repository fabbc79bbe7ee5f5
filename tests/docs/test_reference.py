"""The reference says what the service does: generated parts are up to date, and answers have the shapes it tells."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pydantic_core import PydanticUndefined

from cds_service.settings import ClientSettings, Settings, WindowSettings
from documentation.http_api import openapi, routes, whole_app
from documentation.operations import OPERATIONS
from documentation.reference import FOLDER, reference
from examples.record import FOLDER as EXAMPLES
from tests.docs.blocks import ROOT

DOCUMENT = openapi()
EXAMPLE_NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/request.json"))


@pytest.mark.parametrize("name", sorted(reference()))
def test_a_generated_file_is_up_to_date(name: str) -> None:
    stored = (FOLDER / name).read_text("utf-8")
    assert stored == reference()[name], "run python -m documentation, and read the difference"


def test_the_http_api_is_openapi() -> None:
    validate(DOCUMENT)


def test_every_route_is_described_and_every_description_has_its_route() -> None:
    app = whole_app()
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(OPERATIONS) <= endpoints
    assert [path for path, _, operation in routes(app) if not operation.summary or "." in operation.summary] == []


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator({**DOCUMENT, "$ref": f"#/components/schemas/{name}"})


@pytest.mark.parametrize("name", EXAMPLE_NAMES)
def test_requests_and_answers_have_the_shapes_that_are_told(name: str) -> None:
    for kind, told in (("request", "HookRequest"), ("response", "HookResponse")):
        body = json.loads((EXAMPLES / name / f"{kind}.json").read_text("utf-8"))
        assert list(schema(told).iter_errors(body)) == []


@pytest.mark.parametrize(
    ("path", "told"), [("/cds-services", "Discovery"), ("/policies/151", "Policy"), ("/nowhere", "OperationOutcome")]
)
def test_other_answers_have_the_shapes_that_are_told(client: FlaskClient, path: str, told: str) -> None:
    body = client.get(path, headers={"Accept": "application/json"}).get_json()
    assert list(schema(told).iter_errors(body)) == []


def test_a_shape_that_is_told_can_be_missed() -> None:
    assert list(schema("HookResponse").iter_errors({"cards": [{"summary": "x" * 140}]}))


def written(default: Any) -> set[str]:
    """The ways a default may stand in the table of settings."""
    plain = json.dumps(default) if isinstance(default, bool | int | float) else str(default)
    listed = ", ".join(f"`{one}`" for one in default) if isinstance(default, tuple) else ""
    return {plain, f"`{plain}`", listed, "none" if default in ((), None, "") else plain, "" if default == "" else plain}


DEFAULTS = [
    (name, field.default)
    for table in (Settings, WindowSettings, ClientSettings)
    for name, field in table.model_fields.items()
    if field.default is not PydanticUndefined
]


@pytest.mark.parametrize(("name", "default"), DEFAULTS, ids=[name for name, _ in DEFAULTS])
def test_the_default_of_a_setting_is_the_one_that_is_told(name: str, default: Any) -> None:
    text = Path(ROOT / "docs/settings.md").read_text("utf-8")
    told = {row[1].strip() for row in re.findall(rf"^\| `({name})` \| ([^|]*)\|", text, re.M)}
    if name in ("clients", "payers", "windows"):
        assert f"(`{name}`)" in text
    elif name in ("today", "tenants", "audience", "jwks_url", "jwks_file", "jku"):
        assert told, "its default is told in words"
    else:
        assert told & written(default), f"{name} is {default!r}, not {told}"
