"""What a hook call gets beside its cards: coverage statements on its orders (CRD, coverage information response)."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cds_service.anchors import policy_url
from cds_service.contexts import based_on
from cds_service.coverage_check import Checked
from cds_service.crd.authorization_book import AuthorizationBook
from cds_service.crd.coverage_errors import CoverageNeeded, SeveralCoverages
from cds_service.crd.deciding import Case, decide
from cds_service.crd.declaration import Declaration, read_declaration
from cds_service.crd.dependencies import dependencies
from cds_service.crd.options import COVERAGE_INFO, UNSOLICITED_DETERMINATION, Options, read_options
from cds_service.crd.prior_authorization import Grants
from cds_service.crd.system_actions import system_action
from cds_service.crd.terms import Terms
from cds_service.crd.unresolved import is_resolved
from cds_service.crd.versions import Version
from cds_service.dtr.canonicals import form_canonical
from cds_service.hook_request import HookRequest
from cds_service.hooks import SECONDARY_HOOKS
from cds_service.policy.determination import Determination
from cds_service.settings import Settings
from fhir_mappings.coverage import Resolved, Standing
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


@dataclass(frozen=True, slots=True)
class Statements:
    """How coverage is stated here: what each payer has laid down and granted, and the settings. Wired once."""

    settings: Settings
    terms: Mapping[str, Terms]
    book: AuthorizationBook


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: what was asked, what was found, and by what it is stated on."""

    request: HookRequest
    checked: Checked
    asked: Asked
    how: Statements
    today: date


def system_actions(
    request: HookRequest, checked: Checked, asked: Asked, how: Statements, today: date
) -> list[dict[str, Any]]:
    """One update for each resource that gets a coverage statement.

    Raises CoverageNeeded for a client that declares CRD and whose patient has no Coverage of ours (one that could not
    be read is no patient without one), SeveralCoverages where the deployment wants that refused.
    """
    call = _Call(request, checked, asked, how, today)
    _refuse(call)
    if not asked.options.wants(COVERAGE_INFO):
        return []
    lines = zip(checked.orders, checked.coverages, strict=False)  # no coverages where no record was needed
    return [action for order, resolved in lines for action in _actions(call, order, resolved)]


def _refuse(call: _Call) -> None:
    checked = call.checked
    resolved = [one for one in checked.coverages if one.coverages]
    is_without = bool(checked.orders or checked.coverages) and not resolved and not checked.is_coverage_unread
    if call.asked.declaration.is_declared and is_without:
        raise CoverageNeeded
    is_refusing = call.how.settings.several_coverages == "refuse"
    if is_refusing and any(one.standing is Standing.SEVERAL and len(one.coverages) > 1 for one in resolved):
        raise SeveralCoverages


def _actions(call: _Call, order: DraftOrder, resolved: Resolved) -> Iterator[dict[str, Any]]:
    if not resolved.coverages or resolved.payer is None:  # never a statement on a guess of the Coverage
        return
    declaration = call.asked.declaration
    plan = call.how.terms[resolved.payer.id].table(resolved.plans)
    decisions = decide(_case(call, order, resolved), plan, call.today, names_version=declaration.names_version)
    version = declaration.version
    for carrier in _carriers(order, call.request.appointments if version is Version.V2_0 else ()):
        action = system_action(carrier, decisions, version, resolved.payer.label)
        if action is not None:
            yield action


def _case(call: _Call, order: DraftOrder, resolved: Resolved) -> Case:
    determination = call.checked.determination_of(order)
    return Case(
        patient_id=call.request.patient_id,
        order=order,
        coverage=resolved,
        determination=determination,
        policy_url=policy_url(determination, call.how.settings.public_url) if determination else "",
        questionnaires=_forms(determination, call.how.settings),
        grants=_grants(call, order, resolved),
        dependencies=dependencies(order, determination, (*call.checked.orders, *call.request.background)),
        is_primary=call.request.hook not in SECONDARY_HOOKS,
    )


def _forms(determination: Determination | None, settings: Settings) -> tuple[str, ...]:
    """The form that supplies what is missing (resp-38)."""
    is_asked = determination is not None and determination.asked_on_form
    return (form_canonical(settings.canonical_base),) if is_asked else ()


def _grants(call: _Call, order: DraftOrder, resolved: Resolved) -> Grants | None:
    """What is on file; a client that only asks what if is granted nothing (found-35)."""
    record = call.checked.record
    is_asked = call.asked.options.wants(UNSOLICITED_DETERMINATION) and is_resolved(resolved.standing)
    if record is None or not is_asked:
        return {}
    return call.how.book.grants(order, resolved, record, call.today)


def _carriers(order: DraftOrder, appointments: tuple[DraftOrder, ...]) -> tuple[DraftOrder, ...]:
    """Where a statement on an order stands: on the appointments that are for it alone, else on the order itself."""
    return tuple(appointment for appointment in appointments if _is_for(appointment, order)) or (order,)


def _is_for(appointment: DraftOrder, order: DraftOrder) -> bool:
    named = tuple(dict.fromkeys(based_on(appointment.body)))
    return len(named) == 1 and order.is_named_by(named[0])
