"""The Bundles a client receives: pages of a search, and the response to a transaction."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from cds_service.demo_ehr.errors import FhirError, operation_outcome
from cds_service.demo_ehr.search_query import DEFAULT_PAGE, SearchQuery, page_token
from cds_service.demo_ehr.transaction import Write


def search_page(base: str, query: SearchQuery, found: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of results; `total` counts every match, on this page or not."""
    page = found[query.offset : query.offset + query.count]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": _links(base, query, len(found)),
        "entry": [_match(base, resource) for resource in page] + _remarks(query),
    }


def unknown_parameters(query: SearchQuery, severity: str) -> dict[str, Any]:
    """Names what a search left out of account. Names only: values may be about a patient."""
    return operation_outcome(
        {
            "severity": severity,
            "code": "not-supported",
            "diagnostics": f"Search parameter not supported for {query.resource_type}: {name}",
        }
        for name in query.ignored
    )


def bundle_response(asked: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer to a transaction or batch, one entry for each that was sent."""
    return {"resourceType": "Bundle", "type": f"{asked}-response", "entry": entries}


def write_response(write: Write, created: bool) -> dict[str, Any]:
    """What a transaction or batch says about one entry that was stored."""
    status = HTTPStatus.CREATED if created else HTTPStatus.OK
    return {"response": {"status": _status(status), "location": write.address}}


def found_response(resource: dict[str, Any]) -> dict[str, Any]:
    """What a batch says about one entry that was a read or search."""
    return {"resource": resource, "response": {"status": _status(HTTPStatus.OK)}}


def refused_response(refused: FhirError) -> dict[str, Any]:
    """What a batch says about one entry that was not carried out."""
    return {"response": {"status": _status(HTTPStatus(refused.status)), "outcome": refused.outcome()}}


def _status(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"


def _match(base: str, resource: dict[str, Any]) -> dict[str, Any]:
    address = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": address, "resource": resource, "search": {"mode": "match"}}


def _remarks(query: SearchQuery) -> list[dict[str, Any]]:
    if not query.ignored:
        return []
    return [{"resource": unknown_parameters(query, "warning"), "search": {"mode": "outcome"}}]


def _links(base: str, query: SearchQuery, total: int) -> list[dict[str, str]]:
    links = [{"relation": "self", "url": _page_url(base, query, query.offset)}]
    following = query.offset + query.count
    if query.count and following < total:
        links.append({"relation": "next", "url": _page_url(base, query, following)})
    return links


def _page_url(base: str, query: SearchQuery, offset: int) -> str:
    asked = [pair for pair in query.asked if pair[0] not in query.ignored]
    if query.count != DEFAULT_PAGE:
        asked.append(("_count", str(query.count)))
    if offset:
        asked.append(("_page", page_token(offset)))
    return f"{base}/{query.resource_type}" + (f"?{urlencode(asked)}" if asked else "")
