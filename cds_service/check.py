"""How orders are judged here, and one order of a call on its way to a determination."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from cds_service.member_directory import MemberDirectory, TrustCoverage
from cds_service.policies.policy_151.codes_2025_05_06 import NOT_ADDRESSED, Governed, governing
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from fhir_mappings.chart import Windows
from fhir_mappings.client import FhirClient
from fhir_mappings.order_reads import DraftOrder
from fhir_mappings.orders import Order, line_of, read_order
from fhir_mappings.payers import Payer, is_in_force

_TRUST: Final = TrustCoverage()


@dataclass(frozen=True, slots=True)
class Check:
    """How orders are judged here: the payers, the age limits, the time for reads, and who does the reading.

    `members` says who of the patients is a member; by default each Coverage is trusted.
    """

    payers: tuple[Payer, ...]
    windows: Windows
    fhir_deadline_seconds: float
    client: FhirClient
    members: MemberDirectory = _TRUST

    def begun(self, moment: float) -> "Check":
        """The same for a call that began at this moment (time.monotonic()): its time for reads has begun with it."""
        return replace(self, fhir_deadline_seconds=self.fhir_deadline_seconds - (time.monotonic() - moment))

    def is_in_force(self, payer: Payer | None) -> bool:
        """Whether the policy is in force under a payer; while the payer is not known, whether it may be."""
        return is_in_force(REVISION.number, payer, self.payers)

    def is_in_force_everywhere(self) -> bool:
        """Whether no payer is without the policy, so that whose coverage it is need not be known first."""
        return all(REVISION.number in payer.policies for payer in self.payers)


@dataclass(frozen=True, slots=True)
class Line:
    """One order as it came, read as one of the types that are judged (else None), and what governs it."""

    draft: DraftOrder
    order: Order | None
    governed: Governed

    @property
    def is_addressed(self) -> bool:
        """Whether the policy addresses it."""
        return self.order is not None and self.governed.by != NOT_ADDRESSED

    def as_order(self) -> Order:
        """The order, of whatever type: whose coverage it is under can be asked of any."""
        return self.order or line_of(self.draft.body, self.draft.reference)


def lines_of(drafts: Iterable[DraftOrder]) -> tuple[Line, ...]:
    """Each order with what governs it by its own codes."""
    return tuple(_line(draft) for draft in drafts)


def _line(draft: DraftOrder) -> Line:
    order = read_order(draft.body, draft.reference)
    return Line(draft, order, governing(order.service) if order else Governed(NOT_ADDRESSED))
