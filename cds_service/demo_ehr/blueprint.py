"""The demo EHR's FHIR R4 API under /demo/fhir: read, search, transaction and batch."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from cds_service.demo_ehr.bundles import (
    bundle_response,
    found_response,
    refused_response,
    search_page,
    unknown_parameters,
    write_response,
)
from cds_service.demo_ehr.capability_statement import capability_statement
from cds_service.demo_ehr.errors import (
    BadRequestError,
    FhirError,
    NotAFormError,
    NotAllowedError,
    NotFoundError,
)
from cds_service.demo_ehr.responses import fhir_response, frame
from cds_service.demo_ehr.search_parameters import ELEMENTS
from cds_service.demo_ehr.search_query import SearchQuery, parse_search
from cds_service.demo_ehr.store import Store
from cds_service.demo_ehr.transaction import bundle_entries, planned_writes, url_to_get

PREFIX = "/demo/fhir"
_ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def demo_ehr_blueprint(store: Store) -> Blueprint:
    """The API over one store."""
    blueprint = Blueprint("demo_ehr", __name__, url_prefix=PREFIX)
    route = partial(_route, blueprint)
    route("/metadata", "metadata", _metadata, ["GET"])
    route("/<resource_type>/<resource_id>", "read", partial(_read, store), ["GET"])
    route("/<resource_type>", "search", partial(_search, store), ["GET"])
    route("/<resource_type>/_search", "posted_search", partial(_search, store), ["POST"])
    write = partial(_transaction, store)
    for root in ("", "/"):
        route(root, "transaction", write, ["POST"])
        route(root, "elsewhere", _nothing_here, _ANY_METHOD)
    route("/<path:rest>", "elsewhere", _nothing_here, _ANY_METHOD)
    frame(blueprint)
    return blueprint


def _route(blueprint: Blueprint, rule: str, name: str, view: Callable[..., Response], methods: list[str]) -> None:
    blueprint.add_url_rule(rule, name, view, methods=methods, provide_automatic_options=False)


def _metadata() -> Response:
    return fhir_response(capability_statement(_base()))


def _read(store: Store, resource_type: str, resource_id: str) -> Response:
    return fhir_response(_resource(store, resource_type, resource_id))


def _resource(store: Store, resource_type: str, resource_id: str) -> dict[str, Any]:
    _require_type(resource_type)
    resource = store.read(resource_type, resource_id)
    if resource is None:
        raise NotFoundError(f"No {resource_type} with this id.")
    return resource


def _search(store: Store, resource_type: str) -> Response:
    _require_type(resource_type)
    if request.method == "POST" and request.mimetype != "application/x-www-form-urlencoded":
        raise NotAFormError("Content-Type: expected application/x-www-form-urlencoded for _search.")
    query = parse_search(resource_type, [*_pairs(request.args), *_pairs(request.form)])
    if query.ignored and "handling=strict" in request.headers.get("Prefer", ""):
        return fhir_response(unknown_parameters(query, "error"), status=400)
    return fhir_response(_page(store, query))


def _page(store: Store, query: SearchQuery) -> dict[str, Any]:
    return search_page(_base(), query, store.search(query))


def _pairs(given: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Repeated parameters stay apart: each of them restricts the search."""
    return [(name, value) for name, values in given.lists() for value in values]


def _transaction(store: Store) -> Response:
    """All entries or none for a transaction; each on its own for a batch."""
    bundle = request.get_json(force=True, silent=True)
    if bundle is None:
        raise BadRequestError("The body is not JSON; expected a transaction or batch Bundle.")
    entries = bundle_entries(bundle)
    if bundle["type"] == "transaction":
        responses = _written(store, bundle)
    else:
        responses = [_batch_answer(store, {**bundle, "entry": [entry]}) for entry in entries]
    return fhir_response(bundle_response(bundle["type"], responses))


def _written(store: Store, bundle: dict[str, Any]) -> list[dict[str, Any]]:
    writes = planned_writes(bundle)
    created = store.write(writes)
    return [write_response(write, new) for write, new in zip(writes, created, strict=True)]


def _batch_answer(store: Store, bundle: dict[str, Any]) -> dict[str, Any]:
    try:
        url = url_to_get(bundle["entry"][0])
        return _written(store, bundle)[0] if url is None else found_response(_found(store, url))
    except FhirError as refused:
        return refused_response(refused)


def _found(store: Store, url: str) -> dict[str, Any]:
    """What a GET of this URL, relative to the base, answers: a resource or a page of a search."""
    asked = urlsplit(url)
    resource_type, _, resource_id = asked.path.partition("/")
    if resource_id:
        return _resource(store, resource_type, resource_id)
    _require_type(resource_type)
    return _page(store, parse_search(resource_type, parse_qsl(asked.query)))


def _nothing_here(rest: str = "") -> Response:
    if not rest or rest.partition("/")[0] in ELEMENTS:
        raise NotAllowedError(f"{request.method} is not supported here; see {PREFIX}/metadata.")
    raise NotFoundError(f"Nothing here; see {PREFIX}/metadata.")


def _require_type(resource_type: str) -> None:
    if resource_type not in ELEMENTS:
        raise NotFoundError(f"Resource type not known; {PREFIX}/metadata lists the known ones.")


def _base() -> str:
    return request.url_root.rstrip("/") + PREFIX
