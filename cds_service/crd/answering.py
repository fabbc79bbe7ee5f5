"""What a hook call gets beside its cards: coverage statements on its orders (CRD, coverage information response)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cds_service.cards import policy_url
from cds_service.contexts import based_on
from cds_service.coverage_check import Checked
from cds_service.crd.coverage_errors import CoverageNeeded, SeveralCoverages
from cds_service.crd.deciding import Case, PlanTable, decide
from cds_service.crd.declaration import Declaration, read_declaration
from cds_service.crd.options import COVERAGE_INFO, Options, read_options
from cds_service.crd.system_actions import system_action
from cds_service.crd.versions import Version
from cds_service.dtr.canonicals import form_canonical
from cds_service.hook_request import HookRequest
from cds_service.policy.determination import Determination, Outcome
from cds_service.settings import Settings
from fhir_mappings.coverage import Resolved
from fhir_mappings.order_reads import DraftOrder


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client says of CRD in a call."""

    declaration: Declaration
    options: Options


def read_asked(request: HookRequest, settings: Settings) -> Asked:
    """Read version and configuration. Raises UnsupportedVersion."""
    declaration = read_declaration(request.extension, Version(settings.crd_default_version))
    return Asked(declaration, read_options(request.extension))


def system_actions(
    request: HookRequest, checked: Checked, asked: Asked, settings: Settings, today: date
) -> list[dict[str, Any]]:
    """One update for each order that gets a coverage statement.

    Raises CoverageNeeded for a client that declares CRD and whose patient has no Coverage of ours, SeveralCoverages
    where the deployment wants that refused.
    """
    _refuse(request, checked, asked, settings)
    if not asked.options.wants(COVERAGE_INFO):
        return []
    plan = PlanTable(default_statement=settings.default_statement)
    lines = zip(checked.orders, checked.coverages, strict=False)  # no coverages where no record was needed
    found = (_action(order, resolved, request, checked, asked, settings, plan, today) for order, resolved in lines)
    return [action for action in found if action is not None]


def _refuse(request: HookRequest, checked: Checked, asked: Asked, settings: Settings) -> None:
    resolved = [one for one in checked.coverages if one.coverages]
    if asked.declaration.is_declared and checked.orders and not resolved:
        raise CoverageNeeded
    if settings.several_coverages == "refuse" and any(len(one.coverages) > 1 for one in resolved):
        raise SeveralCoverages


def _action(  # noqa: PLR0913, PLR0917
    order: DraftOrder, resolved: Resolved, request: HookRequest, checked: Checked, asked: Asked, settings: Settings,
    plan: PlanTable, today: date,
) -> dict[str, Any] | None:  # fmt: skip
    if not resolved.coverages or resolved.payer is None:  # never a statement on a guess of the Coverage
        return None
    determination = checked.determination_of(order.reference)
    url = policy_url(determination, settings.public_url) if determination else ""
    case = Case(
        request.patient_id, order, resolved, determination, url, _forms(determination, settings),
        is_primary=request.hook not in SECONDARY_HOOKS,
    )  # fmt: skip
    decisions = decide(case, plan, today, names_version=asked.declaration.names_version)
    carrier = _appointment_of(order, request.appointments) if asked.declaration.version is Version.V2_0 else None
    return system_action(carrier or order, decisions, asked.declaration.version, resolved.payer.label)


def _forms(determination: Determination | None, settings: Settings) -> tuple[str, ...]:
    """The form that supplies what is missing (resp-38)."""
    is_missing = determination is not None and determination.outcome is Outcome.MISSING
    return (form_canonical(settings.canonical_base),) if is_missing else ()


def _appointment_of(order: DraftOrder, appointments: Iterable[DraftOrder]) -> DraftOrder | None:
    """The appointment that is for this order alone; where it is for several, each order speaks for itself."""
    for appointment in appointments:
        named = tuple(dict.fromkeys(based_on(appointment.body)))
        if len(named) == 1 and order.is_named_by(named[0]):
            return appointment
    return None


SECONDARY_HOOKS = frozenset({"order-select", "encounter-start", "encounter-discharge"})
"""Hooks on which no documentation is asked for (hook-19)."""
