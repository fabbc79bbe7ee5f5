"""Gather the record of one hook call: prefetch first, the rest from the EHR, each type known to be whole or not."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from fhir_mappings.bundles import Arrival, read_page
from fhir_mappings.client import FhirClient
from fhir_mappings.origins import same_origin
from fhir_mappings.prefetch import OBSERVATION_CODES, Search
from fhir_mappings.reads import DEADLINE_PASSED, Access, Read
from fhir_mappings.record import PatientRecord, RawResource, Retrieved, ServerRead, build_record

FORMS: Final = "QuestionnaireResponse"
NOT_SENT: Final = "it was not sent and cannot be asked for"
"""Why a core type is unread when neither prefetch nor an allowed server holds it."""


@dataclass(frozen=True, slots=True)
class Held:
    """Completed forms of the patient that the service holds itself, each at its reference; or why there are none."""

    resources: tuple[RawResource, ...] = ()
    failure: str = ""


NOTHING_HELD: Final = Held()


def nothing_held() -> Held:
    """No form was submitted here."""
    return NOTHING_HELD


@dataclass(frozen=True, slots=True)
class Source:
    """Where one call's record may come from.

    `partial_keys` are prefetch keys that may hold less than all of the patient's: what they bring counts, what they
    lack says nothing. What is `held` here comes beside what the EHR has, asked for with its forms.
    """

    patient_id: str
    prefetch: Mapping[str, msgspec.Raw]
    access: Access | None
    deadline: float
    partial_keys: frozenset[str] = frozenset()
    held: Callable[[], Held] = nothing_held


@dataclass(slots=True)
class _Gathered:
    """What has come in so far, by resource type: local to one call of gather."""

    raw: list[RawResource] = field(default_factory=list)
    retrieved: list[Retrieved] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    not_offered: set[str] = field(default_factory=set)
    withheld: dict[str, str] = field(default_factory=dict)
    to_ask: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, search: Search, resources: tuple[RawResource, ...], *, by_prefetch: bool) -> None:
        """Take in what a search brought."""
        self.raw += resources
        if resources:
            self.retrieved.append(Retrieved(search.resource_type, len(resources), by_prefetch))


def gather(source: Source, searches: tuple[Search, ...], client: FhirClient) -> PatientRecord:
    """Read the record: what prefetch brought whole is not asked again; a failed read is not an empty one."""
    found = _Gathered()
    by_key = {search.key: search for search in searches}
    held = source.held() if any(search.resource_type == FORMS for search in searches) else NOTHING_HELD
    found.raw += held.resources
    for search in searches:
        _from_prefetch(search, source, found)
    reads: list[ServerRead] = []
    if found.to_ask and source.access is not None:
        answers = client.search_all(source.access, found.to_ask, source.deadline)
        for key, read in answers.items():
            _from_server(by_key[key], read, found)
            reads.append(server_read(by_key[key].resource_type, read))
    else:
        for key in found.to_ask:
            _not_askable(by_key[key], found)
    if held.failure:  # as with what an EHR withholds: the answer stands, and nothing is denied for it
        found.withheld[FORMS] = held.failure
    record = build_record(source.patient_id, found.raw, OBSERVATION_CODES, found.unread, frozenset(found.not_offered))
    others = _only_others({read.resource_type for read in reads}, record)
    reads = [read._replace(result="failed") if read.resource_type in others else read for read in reads]
    told = tuple(f"{one.place} was submitted to this service" for one in held.resources)
    return replace(
        record,
        unread={**others, **record.unread},
        withheld=found.withheld,
        reads=tuple(reads),
        retrieved=tuple(found.retrieved),
        notes=(*record.notes, *told),
    )


def _only_others(asked: Iterable[str], record: PatientRecord) -> dict[str, str]:
    """Types asked of a server that sent other patients' data and none of this one's: it answered another question.

    A server that sends everybody's data sends this patient's among them in some type: then none is none. A client
    fills prefetch for this patient: what strays into it is refused and says nothing of the rest.
    """
    kinds = sorted(kind for kind in asked if record.strangers.get(kind))
    if any(record.of_type(kind) for kind in kinds):
        return {}
    return dict.fromkeys(kinds, "only other patients' data came")


def server_read(resource_type: str, read: Read) -> ServerRead:
    """What a search of the EHR's server came to, in one word."""
    return ServerRead(resource_type, _result(read))


def _result(read: Read) -> str:
    if not read.failure:
        return "ok"
    if read.failure == DEADLINE_PASSED:
        return "deadline"
    if read.is_refused:
        return "refused"
    return "not-offered" if read.is_not_offered else "failed"


def _from_prefetch(search: Search, source: Source, found: _Gathered) -> None:
    query = search.query(source.patient_id)
    value = source.prefetch.get(search.key)
    if value is None:
        found.to_ask[search.key] = (search.resource_type, query)
        return
    page = read_page(value, search.resource_type, f"prefetch.{search.key}")
    found.take(search, page.resources, by_prefetch=True)
    if search.key in source.partial_keys:
        found.to_ask[search.key] = (search.resource_type, query)
    elif page.arrival is Arrival.FAILED:
        found.unread[search.resource_type] = "the client's own query failed"
    elif page.arrival is Arrival.PARTIAL:
        found.unread[search.resource_type] = "only a part of it was sent"
        rest = page.next_url if source.access and same_origin(page.next_url, source.access.base_url) else query
        found.to_ask[search.key] = (search.resource_type, rest)
    elif page.arrival is Arrival.MALFORMED:
        found.to_ask[search.key] = (search.resource_type, query)


def _from_server(search: Search, read: Read, found: _Gathered) -> None:
    found.take(search, read.resources, by_prefetch=False)
    if not read.failure:
        found.unread.pop(search.resource_type, None)
    elif read.is_not_offered and not search.is_core:
        found.not_offered.add(search.resource_type)
    elif read.is_refused and not search.is_core:
        found.withheld[search.resource_type] = read.failure
    else:
        found.unread[search.resource_type] = read.failure


def _not_askable(search: Search, found: _Gathered) -> None:
    if search.is_core:
        found.unread.setdefault(search.resource_type, NOT_SENT)
    elif search.resource_type not in found.unread:
        found.not_offered.add(search.resource_type)


def deadline_in(seconds: float) -> float:
    """The moment, on time.monotonic(), at which reading must stop."""
    return time.monotonic() + seconds
