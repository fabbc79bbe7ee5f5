"""The record as it is read for one order on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from fhir_mappings.conditions import Diagnosis, read_diagnoses
from fhir_mappings.finding import Finding
from fhir_mappings.orders import Order
from fhir_mappings.record import PatientRecord
from fhir_mappings.statements import NOTHING_STATED, Stated, Statement, read_statements, stated


@dataclass(frozen=True, slots=True)
class Windows:
    """How old data may be, in days. The policy sets no age limit anywhere: these are ours, and settings."""

    performance_days: int = 90
    laboratory_days: int = 90
    child_pugh_days: int = 90
    imaging_days: int = 90
    liver_reserve_days: int = 90
    transplant_days: int = 90
    statement_days: int = 365
    laboratory_spread_days: int = 30
    concurrent_order_days: int = 7


NO_LIMIT = 365 * 200


@dataclass(frozen=True, slots=True)
class Chart:
    """What a reader may ask: the record, the order judged, the other draft orders, today, the windows."""

    record: PatientRecord
    order: Order
    other_orders: tuple[Order, ...]
    today: date
    windows: Windows
    diagnoses: tuple[Diagnosis, ...]
    statements: Mapping[str, tuple[Statement, ...]]

    def stated(self, code: str, window_days: int) -> Stated:
        """What the form and the local Observations say about one of our own codes."""
        given = [s for s in self.statements.get(code, ()) if self.record.was_read(s.carrier)]
        return stated(tuple(given), self.today, window_days) if given else NOTHING_STATED

    def if_whole(self, finding: Finding, *resource_types: str) -> Finding:
        """A finding, if these types were read to their end; else unknown: the newest may be what was not read."""
        unread = self.record.unread_of(*resource_types)
        return replace(finding, possible=None, unread=finding.unread | unread) if unread else finding


def open_chart(
    record: PatientRecord, order: Order, other_orders: tuple[Order, ...], today: date, windows: Windows
) -> Chart:
    """Open the record for one order: diagnoses and statements are read once for every reader."""
    return Chart(record, order, other_orders, today, windows, read_diagnoses(record), read_statements(record))
