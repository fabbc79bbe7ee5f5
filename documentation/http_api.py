"""The HTTP API as OpenAPI 3.1, read from the app's own routes, and the same as a page."""

import json
import re
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from cds_service import create_app
from cds_service.settings import Settings
from documentation.operations import HTML, JSON, OPERATIONS, Operation
from documentation.schemas import SCHEMAS, ref

_PARAMETER: Final = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def whole_app() -> Flask:
    """The service with every part that a setting switches on, without the demonstration."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(auth="off", console=True, insights=True)
        app = create_app(settings.model_copy(update={"database_url": f"sqlite:///{folder}/record.db"}))
        app.extensions["record of answers"].engine.dispose()
    return app


def openapi() -> dict[str, Any]:
    """The document."""
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation in routes(whole_app()):
        paths.setdefault(path, {})[method] = _operation(path, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Coverage Hooks",
            "version": version("coverage-hooks"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def openapi_text() -> str:
    """The document as it is stored."""
    return json.dumps(openapi(), indent=1, ensure_ascii=False) + "\n"


def routes(app: Flask) -> Iterator[tuple[str, str, Operation]]:
    """Every route: its path with parameters in braces, its method, what it is for."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint.endswith("static"):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield _PARAMETER.sub(r"{\1}", rule.rule), method.lower(), _described(app, rule)


def _described(app: Flask, rule: Rule) -> Operation:
    known = OPERATIONS.get(rule.endpoint)
    if known is not None:
        return known
    said = (app.view_functions[rule.endpoint].__doc__ or rule.endpoint).strip().partition("\n")[0].rstrip(".")
    return Operation(rule.endpoint.partition(".")[0], said, answers={JSON: ""})


def _operation(path: str, operation: Operation) -> dict[str, Any]:
    whole: dict[str, Any] = {"tags": [operation.tag], "summary": operation.summary}
    names = re.findall(r"{([^}]+)}", path)
    if names:
        whole["parameters"] = [_parameter(name) for name in names]
    if operation.body:
        whole["requestBody"] = {"required": True, "content": {JSON: {"schema": ref(operation.body)}}}
    if operation.needs_token:
        whole["security"] = [{"token": []}]
    content = {kind: {"schema": ref(name)} if name else {} for kind, name in operation.answers.items()}
    whole["responses"] = {"200": {"description": "Answered", "content": content}}
    for status, said in operation.refusals.items():
        whole["responses"][status] = {"description": said, **_outcome(status)}
    return whole


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _outcome(status: str) -> dict[str, Any]:
    """A refused token is a bare 401; every other error is an OperationOutcome."""
    if status == "401":
        return {}
    return {"content": {"application/fhir+json": {"schema": ref("OperationOutcome")}}}


def api_page() -> str:
    """The routes as a table, and how errors and tokens go."""
    rows = [
        f"| `{method.upper()} {path}` | {operation.summary} | {_kinds(operation)} |"
        for path, method, operation in routes(whole_app())
    ]
    return "\n".join([
        "# HTTP API", "",
        "Written by `python -m documentation` from the service's own routes; [the same as OpenAPI 3.1](openapi.json).",
        "",
        "| route | what | answers |", "|---|---|---|", *rows, "",
        "Errors are FHIR OperationOutcomes that name the place, what was found and the remedy; a call without a good "
        "token gets a bare 401. Calls and feedback carry `Authorization: Bearer` with a signed token "
        "([register a client](../register-a-client.md)).", "",
    ])  # fmt: skip


def _kinds(operation: Operation) -> str:
    words = {JSON: "JSON", HTML: "page"}
    return ", ".join(words.get(kind, kind) for kind in operation.answers)
