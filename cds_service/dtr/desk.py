"""What answers the form's operations: the record as far as it can be read, coverage statements, forms that are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from cds_service.check import Check
from cds_service.dtr.holding import forms_held, owner_of
from cds_service.dtr.statement import Statement, statement_of_call
from cds_service.security.tokens import Caller
from cds_service.store.shelf import Shelf
from fhir_mappings.elements import text_of
from fhir_mappings.gathering import Source, deadline_in, gather
from fhir_mappings.origins import is_allowed
from fhir_mappings.prefetch import CLINICAL
from fhir_mappings.reads import Access
from fhir_mappings.record import PatientRecord

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """Wired once. `base` is the canonical base of our artifacts, `url` where the operations are called."""

    check: Check
    shelf: Shelf
    base: str
    url: str

    def statement(self, identity: str, caller: Caller) -> Statement | None:
        """The coverage statement of this id, if it was made to this caller. Raises StoreUnavailable, WrongKey."""
        told = self.shelf.statement(identity, caller.name)
        return statement_of_call(told, identity, caller.tenant) if told else None

    def record(
        self, caller: Caller, patient_id: str, fhir_server: str = "", brought: Iterable[Json] = ()
    ) -> PatientRecord:
        """The patient's record: what the caller brought, the forms that are kept here, the rest from the EHR.

        No token comes with these operations: the EHR is asked as it answers without one, and only where it may be.
        """
        owner = owner_of(caller, fhir_server, patient_id)
        access = Access(owner.fhir_server) if is_allowed(owner.fhir_server, caller.fhir_servers) else None
        prefetch = _by_key(brought)
        deadline = deadline_in(self.check.fhir_deadline_seconds)
        source = Source(
            patient_id, prefetch, access, deadline, frozenset(prefetch), lambda: forms_held(self.shelf, owner)
        )  # fmt: skip
        return gather(source, CLINICAL, self.check.client)


@dataclass(frozen=True, slots=True)
class Moment:
    """When an operation is called: the day the policy is asked for, and the instant it is written down."""

    today: date
    now: datetime


def _by_key(brought: Iterable[Json]) -> Mapping[str, msgspec.Raw]:
    """Resources as the prefetch of their type: more of it may be in the EHR."""
    found: dict[str, list[Json]] = {}
    keys = {search.resource_type: search.key for search in CLINICAL}
    for resource in brought:
        key = keys.get(text_of(resource.get("resourceType")))
        if key:
            found.setdefault(key, []).append({"resource": resource})
    return {key: msgspec.Raw(msgspec.json.encode(_searchset(entries))) for key, entries in found.items()}


def _searchset(entries: list[Json]) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}
