"""The examples of the demonstration as the form sees them."""

from functools import cache

from cds_service import check_of
from cds_service.dtr.cases import open_cases
from cds_service.dtr.standing import Case
from cds_service.hook_request import HookRequest, parse_request
from cds_service.reading import source_of
from cds_service.settings import Settings
from fhir_mappings.gathering import gather
from fhir_mappings.orders import read_order
from fhir_mappings.prefetch import CLINICAL
from tests.conformance.wire import FOLDER
from tests.conftest import TODAY

MISSING = ("crc-unproven-confinement", "hcc-no-child-pugh")
"""The examples in which documentation is missing."""


def request_of(name: str) -> HookRequest:
    return parse_request((FOLDER / name / "request.json").read_bytes(), "order-sign")


@cache
def cases_of(name: str) -> tuple[Case, ...]:
    """The cases of an example, its record read from prefetch."""
    request = request_of(name)
    check = check_of(Settings(auth="off", today=TODAY))
    record = gather(source_of(request, check, ()), CLINICAL, check.client)
    orders = [order for draft in request.orders if (order := read_order(draft.body, draft.reference))]
    return open_cases(orders, record, TODAY, check.windows)
