"""The records of one demo EHR, in memory, safe to use from several threads."""

import copy
import threading
from collections.abc import Iterable
from typing import Any

from cds_service.demo_ehr.search_parameters import ELEMENTS
from cds_service.demo_ehr.search_query import SearchQuery
from cds_service.demo_ehr.transaction import Write, planned_writes


class Store:
    """Resources by type and id. Copies go in and come out: nobody edits a record in place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resources: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in ELEMENTS}

    def load_bundle(self, bundle: dict[str, Any]) -> None:
        """Writes every entry of a transaction or batch Bundle, or none when one of them is bad."""
        self.write(planned_writes(bundle))

    def write(self, writes: Iterable[Write]) -> list[bool]:
        """Stores the resources in one step; says for each whether it is new."""
        copies = [copy.deepcopy(write.resource) for write in writes]
        with self._lock:
            return [self._put(resource) for resource in copies]

    def read(self, resource_type: str, resource_id: str) -> dict[str, Any] | None:
        """The resource at Type/id, or nothing."""
        with self._lock:
            found = self._resources.get(resource_type, {}).get(resource_id)
        return copy.deepcopy(found)

    def search(self, query: SearchQuery) -> list[dict[str, Any]]:
        """All resources that answer the query, in order; the caller cuts the page."""
        with self._lock:
            held = list(self._resources.get(query.resource_type, {}).values())
        return query.ordered([copy.deepcopy(one) for one in held if query.admits(one)])

    def _put(self, resource: dict[str, Any]) -> bool:
        same_type = self._resources[resource["resourceType"]]
        created = resource["id"] not in same_type
        same_type[resource["id"]] = resource
        return created
