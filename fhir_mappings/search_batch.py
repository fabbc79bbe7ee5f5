"""Several searches in one request: a batch Bundle, and what its answer says of each of them (FHIR R4, http.html)."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from fhir_mappings.bundles import Arrival, Page
from fhir_mappings.capabilities import Capabilities
from fhir_mappings.json_text import UNREADABLE
from fhir_mappings.paging import MAX_SEARCH_BYTES, Arrived, arrived
from fhir_mappings.reads import TOO_LARGE, Query, Read, declined

_NULL: Final = b"null"


class _Response(msgspec.Struct):
    status: str

    @property
    def code(self) -> int:
        """The HTTP status in front of its phrase; 0 when there is none."""
        number = self.status.partition(" ")[0]
        return int(number) if len(number) == 3 and number.isascii() and number.isdigit() else 0


class _Entry(msgspec.Struct):
    response: _Response
    resource: msgspec.Raw = msgspec.Raw(_NULL)


class _Bundle(msgspec.Struct, rename={"resource_type": "resourceType"}):
    resource_type: str
    type: str
    entry: list[_Entry]


_bundle = msgspec.json.Decoder(_Bundle)


def batch_of(queries: Iterable[Query]) -> bytes:
    """The Bundle that asks for all of them."""
    entries = [{"request": {"method": "GET", "url": query.text}} for query in queries]
    return msgspec.json.encode({"resourceType": "Bundle", "type": "batch", "entry": entries})


def read_answers(text: bytes, queries: Sequence[Query], said: Capabilities) -> dict[str, Read | Arrived]:
    """What the answer to a batch says of its searches, by key: a first page, or how the search was declined.

    A search that is missing here is to be asked for by itself, and all are when the answer cannot be believed: an
    entry that is no search result may stand in another's place, and then another one only seems to be empty.
    """
    answered = list(zip(queries, _entries(text, len(queries)), strict=False))
    first = {query.key: _first(query, entry.resource) for query, entry in answered if entry.response.code == 200}
    if not first or Arrival.MALFORMED in map(_arrival, first.values()):
        return {}
    others = {query.key: why for query, entry in answered if (why := _declined(query, entry.response.code, said))}
    return {key: one for key, one in first.items() if _arrival(one) is not Arrival.FAILED} | others


def _entries(text: bytes, number: int) -> list[_Entry]:
    """The entries of an answer to this many searches; none when it is no such answer."""
    try:
        bundle = _bundle.decode(text)
    except UNREADABLE:
        return []
    is_answer = (bundle.resource_type, bundle.type, len(bundle.entry)) == ("Bundle", "batch-response", number)
    return bundle.entry if is_answer else []


def _first(query: Query, resource: msgspec.Raw) -> Read | Arrived:
    text = bytes(resource)
    if len(text) > MAX_SEARCH_BYTES:
        return Read(failure=TOO_LARGE)
    return Arrived(Page(Arrival.MALFORMED), 0) if text == _NULL else arrived(text, query, 1)


def _arrival(one: Read | Arrived) -> Arrival | None:
    return one.page.arrival if isinstance(one, Arrived) else None


def _declined(query: Query, status: int, said: Capabilities) -> Read | None:
    """How a search was declined; None when it was not, or when asked for by itself it might get another answer.

    That a type is not there is believed of one the server does not list either: a batch may reach less than a search.
    """
    if not 200 < status < 500:
        return None
    read = declined(status)
    is_listed = not said.types or query.resource_type in said.types
    return None if read.is_not_offered and is_listed else read
