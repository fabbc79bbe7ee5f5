"""The prior authorizations on file for an order: this member's, or a gold-carded practitioner's, on its day."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Protocol

from cds_service.crd.billing import billing_codes
from cds_service.crd.prior_authorization import Granted, Grants
from cds_service.store.authorizations import Authorization, StoredAuthorizations
from cds_service.store.errors import StoreUnavailable
from fhir_mappings.coverage import Resolved
from fhir_mappings.dates import read_date
from fhir_mappings.elements import Json, member
from fhir_mappings.member_numbers import member_numbers
from fhir_mappings.order_reads import DraftOrder
from fhir_mappings.record import PatientRecord
from fhir_mappings.requester import requester_npis

log = logging.getLogger(__name__)


class AuthorizationBook(Protocol):
    """What the payers have granted."""

    def grants(self, order: DraftOrder, coverage: Resolved, record: PatientRecord, today: date) -> Grants | None:
        """What is on file for an order, by code; None when it cannot be read."""


class StoredBook:
    """The authorizations loaded into the database."""

    def __init__(self, stored: StoredAuthorizations) -> None:
        self._stored = stored

    def grants(self, order: DraftOrder, coverage: Resolved, record: PatientRecord, today: date) -> Grants | None:
        """By the patient's own member numbers: under a subscriber's others are insured too."""
        codes = [code.code for code in billing_codes(order.body)]
        if not codes or coverage.payer is None:
            return {}
        payer, patients = coverage.payer, record.of_type("Patient")
        own = [n for c in coverage.coverages for n in member_numbers(c, patients, payer.member_systems).own]
        practitioners = requester_npis(order.body)
        if not own and not practitioners:
            return {}
        try:
            found = self._stored.on_file(payer.id, own, practitioners, codes, service_days(order.body, today))
        except StoreUnavailable as error:
            log.error("the prior authorizations on file cannot be read: %s", error)  # noqa: TRY400
            return None
        return by_code(found)


def by_code(found: Iterable[Authorization]) -> Mapping[str, tuple[Granted, ...]]:
    """Rows of the table by the code they are for."""
    grants: dict[str, tuple[Granted, ...]] = {}
    for one in found:
        granted = Granted(one.number, one.ends, is_gold_card=bool(one.practitioner))
        grants[one.code] = (*grants.get(one.code, ()), granted)
    return grants


_WHEN: Final = (("occurrenceDateTime",), ("occurrencePeriod", "start"), ("occurrencePeriod", "end"), ("start",))


def service_days(order: Json, today: date) -> tuple[date, date]:
    """The first and the last day an order may be done on, none of them past; today where it does not say."""
    told = [found for path in _WHEN if (found := read_date(member(order, *path)))]
    first = min((day.earliest for day in told), default=today)
    return max(first, today), max([today, *(day.latest for day in told)])
