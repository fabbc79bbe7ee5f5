"""What a hook call gets beside its cards: coverage statements on its orders (CRD, coverage information response)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from cds_service.anchors import policy_url
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
from cds_service.hooks import SECONDARY_HOOKS
from cds_service.policy.determination import Determination
from cds_service.settings import Settings
from fhir_mappings.coverage import Resolved
from fhir_mappings.order_reads import DraftOrder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client says of CRD in a call."""

    declaration: Declaration
    options: Options


def read_asked(request: HookRequest, settings: Settings) -> Asked:
    """Read version and configuration; options without use are logged by their names. Raises UnsupportedVersion."""
    declaration = read_declaration(request.extension, Version(settings.crd_default_version))
    options = read_options(request.extension, request.hook)
    if options.nonsense:  # names of ours, whatever the client wrote (dev-6)
        log.warning("configuration options that make no sense were left at their default: %s", options.nonsense)
    return Asked(declaration, options)


def system_actions(
    request: HookRequest, checked: Checked, asked: Asked, settings: Settings, today: date
) -> list[dict[str, Any]]:
    """One update for each resource that gets a coverage statement.

    Raises CoverageNeeded for a client that declares CRD and whose patient has no Coverage of ours (one that could not
    be read is no patient without one), SeveralCoverages where the deployment wants that refused.
    """
    _refuse(request, checked, asked, settings)
    if not asked.options.wants(COVERAGE_INFO):
        return []
    plan = PlanTable(default_statement=settings.default_statement)
    lines = zip(checked.orders, checked.coverages, strict=False)  # no coverages where no record was needed
    return [
        action
        for order, resolved in lines
        for action in _actions(order, resolved, request, checked, asked, settings, plan, today)
    ]


def _refuse(request: HookRequest, checked: Checked, asked: Asked, settings: Settings) -> None:
    resolved = [one for one in checked.coverages if one.coverages]
    is_about_coverage = checked.orders or checked.coverages
    if asked.declaration.is_declared and is_about_coverage and not resolved and not checked.is_coverage_unread:
        raise CoverageNeeded
    if settings.several_coverages == "refuse" and any(len(one.coverages) > 1 for one in resolved):
        raise SeveralCoverages


def _actions(  # noqa: PLR0913, PLR0917
    order: DraftOrder, resolved: Resolved, request: HookRequest, checked: Checked, asked: Asked, settings: Settings,
    plan: PlanTable, today: date,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    if not resolved.coverages or resolved.payer is None:  # never a statement on a guess of the Coverage
        return
    determination = checked.determination_of(order)
    url = policy_url(determination, settings.public_url) if determination else ""
    case = Case(
        request.patient_id, order, resolved, determination, url, _forms(determination, settings),
        is_primary=request.hook not in SECONDARY_HOOKS,
    )  # fmt: skip
    decisions = decide(case, plan, today, names_version=asked.declaration.names_version)
    version = asked.declaration.version
    for carrier in _carriers(order, request.appointments if version is Version.V2_0 else ()):
        action = system_action(carrier, decisions, version, resolved.payer.label)
        if action is not None:
            yield action


def _forms(determination: Determination | None, settings: Settings) -> tuple[str, ...]:
    """The form that supplies what is missing (resp-38)."""
    is_asked = determination is not None and determination.asked_on_form
    return (form_canonical(settings.canonical_base),) if is_asked else ()


def _carriers(order: DraftOrder, appointments: tuple[DraftOrder, ...]) -> tuple[DraftOrder, ...]:
    """Where a statement on an order stands: on the appointments that are for it alone, else on the order itself."""
    return tuple(appointment for appointment in appointments if _is_for(appointment, order)) or (order,)


def _is_for(appointment: DraftOrder, order: DraftOrder) -> bool:
    named = tuple(dict.fromkeys(based_on(appointment.body)))
    return len(named) == 1 and order.is_named_by(named[0])
