"""The record as it is read for one order on one day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from fhir_mappings.conditions import Diagnosis, read_diagnoses
from fhir_mappings.finding import Finding
from fhir_mappings.forms import CompletedForm, completed_forms
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


Asked = TypeVar("Asked")


@dataclass(frozen=True, eq=False)
class Chart:
    """What a reader may ask: the record, the order judged, the other draft orders, today, the windows.

    What several readers ask of one chart is found once, and lives as long as the chart of the call.
    """

    record: PatientRecord
    order: Order
    other_orders: tuple[Order, ...]
    today: date
    windows: Windows
    diagnoses: tuple[Diagnosis, ...]
    _found: dict[Callable[["Chart"], Any], Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def forms(self) -> tuple[CompletedForm, ...]:
        """The patient's completed forms of ours."""
        return completed_forms(self.record)

    @cached_property
    def statements(self) -> Mapping[str, tuple[Statement, ...]]:
        """Every answer to one of our questions, by its code."""
        return read_statements(self.record, self.forms)

    def once(self, question: Callable[["Chart"], Asked]) -> Asked:
        """The answer to a question about this chart, worked out when it is asked first."""
        if question not in self._found:
            self._found[question] = question(self)
        answer: Asked = self._found[question]
        return answer

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
    """Open the record for one order: diagnoses are read once for every reader."""
    return Chart(record, order, other_orders, today, windows, read_diagnoses(record))
