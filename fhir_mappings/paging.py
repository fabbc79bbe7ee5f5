"""One search to its end: its pages in order, as long as they stay on the server and the call has time and bytes."""

from dataclasses import dataclass
from typing import Final

from fhir_mappings.bundles import Arrival, Page, read_page
from fhir_mappings.origins import is_absolute, joined, same_origin
from fhir_mappings.reads import TOO_LARGE, Access, Allowance, Query, Read
from fhir_mappings.record import RawResource
from fhir_mappings.requesting import FhirSession

MAX_PAGES: Final = 50
MAX_SEARCH_BYTES: Final = 16 * 1024 * 1024
"""What one search may bring, half of what all may: it does not cost the others theirs."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page as it arrived, and its size in bytes."""

    page: Page
    size: int


def read_pages(
    session: FhirSession, access: Access, query: Query, allowance: Allowance, first: Arrived | Read | None = None
) -> Read:
    """Read a search. Its first page is asked for, unless a batch brought it or says why it does not come."""
    if isinstance(first, Arrived) and not allowance.grants(first.size):
        return Read(failure=TOO_LARGE)
    url = query.text if is_absolute(query.text) else f"{access.base_url}/{query.text}"
    found: list[RawResource] = []
    size = counted = 0
    asked: set[str] = set()
    while len(asked) < MAX_PAGES:
        if not same_origin(url, access.base_url):
            return Read(tuple(found), "the next page is on another server")
        if url in asked:
            return Read(tuple(found), "the pages lead in a circle")
        asked.add(url)
        answer = first or _page(session.fetch(access, url, allowance, MAX_SEARCH_BYTES - size), query, len(asked))
        if isinstance(answer, Read):
            return answer if len(asked) == 1 else Read(tuple(found), answer.failure)
        page, first = answer.page, None
        size += answer.size
        found += page.resources
        counted += page.counted
        if not page.next_url:
            is_whole = is_absolute(query.text) or counted >= (page.total or 0)  # a next page counts all pages
            return Read(tuple(found), "" if is_whole and page.arrival is Arrival.PARTIAL else _why(page))
        url = joined(url, page.next_url)
    return Read(tuple(found), f"the search has more than {MAX_PAGES} pages")


def arrived(text: bytes, query: Query, number: int) -> Arrived:
    """Look at a page of a search by its number, 1 for the first."""
    return Arrived(read_page(text, query.resource_type, f"{query.key} page {number}"), len(text))


def _page(answer: bytes | Read, query: Query, number: int) -> Arrived | Read:
    return answer if isinstance(answer, Read) else arrived(answer, query, number)


def _why(page: Page) -> str:
    return {
        Arrival.COMPLETE: "",
        Arrival.PARTIAL: "fewer resources came than the search counted",
        Arrival.FAILED: "the server reported an error",
        Arrival.MALFORMED: "the answer is not a FHIR Bundle",
    }[page.arrival]
