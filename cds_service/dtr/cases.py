"""From a patient's record and orders to cases, for whatever asks a form for them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from cds_service.dtr.standing import Case
from cds_service.policies.policy_151.codes_2025_05_06 import NOT_ADDRESSED, governing
from fhir_mappings.chart import Windows, open_chart
from fhir_mappings.orders import Order
from fhir_mappings.record import PatientRecord


def open_cases(
    orders: Iterable[Order], record: PatientRecord, today: date, windows: Windows, background: Iterable[Order] = ()
) -> tuple[Case, ...]:
    """A case for every order a policy addresses.

    What could not be read of the record, or was withheld, is asked like what is not in it: the form fills the gap,
    whatever its reason. But what the record lacks then says nothing (`is_whole`).
    """
    listed = tuple(orders)
    is_whole = not record.unread and not record.withheld
    known = record if is_whole else replace(record, unread={}, withheld={})
    charts = (
        open_chart(known, order, (*(o for o in listed if o is not order), *background), today, windows)
        for order in listed
        if governing(order.service).by != NOT_ADDRESSED
    )
    return tuple(Case(chart, is_whole=is_whole) for chart in charts)
