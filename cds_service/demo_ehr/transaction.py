"""What a transaction or batch Bundle asks for; what is to be written is checked before anything is."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from cds_service.demo_ehr.errors import BadRequestError
from cds_service.demo_ehr.search_parameters import ELEMENTS

_PUT_URL = re.compile(r"([A-Za-z]+)/([A-Za-z0-9\-.]{1,64})")


@dataclass(frozen=True)
class Write:
    """One resource to be stored under its type and id; `full_url` is its name inside the Bundle."""

    resource: dict[str, Any]
    full_url: str | None

    @property
    def address(self) -> str:
        """Type/id, as references spell it."""
        return f"{self.resource['resourceType']}/{self.resource['id']}"


def planned_writes(bundle: Any) -> list[Write]:
    """Every write of a Bundle, references between entries resolved; one bad entry refuses all."""
    entries = bundle_entries(bundle)
    writes = [planned_write(entry, f"Bundle.entry[{at}]") for at, entry in enumerate(entries)]
    addresses = {write.full_url: write.address for write in writes if write.full_url}
    return [Write(_with_references(write.resource, addresses), write.full_url) for write in writes]


def bundle_entries(bundle: Any) -> list[Any]:
    """The entries of a transaction or batch."""
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise BadRequestError("Expected a Bundle.", "Bundle")
    if bundle.get("type") not in ("transaction", "batch"):
        raise BadRequestError("Expected type transaction or batch.", "Bundle.type")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise BadRequestError("Expected a list.", "Bundle.entry")
    return entries


def url_to_get(entry: Any) -> str | None:
    """The URL of an entry that only reads, relative to the base; None for every other entry."""
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(request, dict) or request.get("method") != "GET":
        return None
    return str(request.get("url", ""))


def planned_write(entry: Any, place: str) -> Write:
    """The write one entry asks for: PUT Type/id, or POST Type with an id of our making."""
    request, resource = _parts(entry, place)
    url = str(request.get("url", ""))
    if resource.get("resourceType") not in ELEMENTS:
        raise BadRequestError("Expected a resource of a supported type.", f"{place}.resource")
    if request.get("method") == "PUT":
        return Write(_updated(resource, url, place), entry.get("fullUrl"))
    if request.get("method") == "POST" and url == resource["resourceType"]:
        return Write({**resource, "id": str(uuid.uuid4())}, entry.get("fullUrl"))
    raise BadRequestError("Expected PUT Type/id or POST Type of the resource.", f"{place}.request")


def _parts(entry: Any, place: str) -> tuple[dict[str, Any], dict[str, Any]]:
    given = entry if isinstance(entry, dict) else {}
    request, resource = given.get("request"), given.get("resource")
    if not isinstance(request, dict) or not isinstance(resource, dict):
        raise BadRequestError("Expected a request and a resource.", place)
    return request, resource


def _updated(resource: dict[str, Any], url: str, place: str) -> dict[str, Any]:
    found = _PUT_URL.fullmatch(url)
    if found is None or found[1] != resource["resourceType"]:
        raise BadRequestError("Expected Type/id of the entry's resource.", f"{place}.request.url")
    if resource.get("id", found[2]) != found[2]:
        raise BadRequestError("Expected the id of request.url.", f"{place}.resource.id")
    return {**resource, "id": found[2]}


def _with_references(value: Any, addresses: dict[str, str]) -> Any:
    """The resource with references to other entries' fullUrls turned into their addresses."""
    if isinstance(value, dict):
        return {
            key: addresses.get(item, item)
            if key == "reference" and isinstance(item, str)
            else _with_references(item, addresses)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_references(item, addresses) for item in value]
    return value
