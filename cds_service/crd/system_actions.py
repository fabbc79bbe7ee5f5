"""System actions: the update that puts coverage statements on an order (CRD 2.2.1, coverage information response)."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from cds_service.crd.assertion import is_ours
from cds_service.crd.decision import CoverageDecision
from cds_service.crd.echo import extensions_of, with_extensions
from cds_service.crd.extension import JsonObject, assertion_of, coverage_of, is_coverage_information, values
from cds_service.crd.invariants import InvariantBreach
from cds_service.crd.rendering import render
from cds_service.crd.shapes import CARRIERS
from cds_service.crd.versions import Version
from fhir_mappings.elements import Json, items, text_of
from fhir_mappings.json_text import decode_unbounded
from fhir_mappings.order_reads import DraftOrder
from fhir_mappings.orders import NOT_ORDERED

log = logging.getLogger(__name__)

EXPIRY: Final = "expiry-date"
_NOT_CONTENT: Final = frozenset({"date", EXPIRY, "coverage"})


def is_stated_on(order: Json, version: Version) -> bool:
    """Whether a statement belongs on this resource: a version's order types, to be done, with an id to update."""
    return (
        text_of(order.get("resourceType")) in CARRIERS[version]
        and bool(text_of(order.get("id")))
        and order.get("doNotPerform") is not True
        and text_of(order.get("status")) not in NOT_ORDERED
    )


def system_action(
    order: DraftOrder, decisions: Sequence[CoverageDecision], version: Version, label: str
) -> dict[str, Any] | None:
    """The one update of an order that carries these statements; None when nothing is new (resp-29, resp-35).

    `resource` is the order as received, as msgspec.Raw: only our own coverage statements are added or replaced.
    A statement that would break an invariant is left out and logged.
    """
    current = extensions_of(order.text)
    if current is None or not is_stated_on(order.body, version):
        return None
    before = [_Written(text, decode_unbounded(text)) for text in current]
    after = before
    for statement in _sound(decisions, version):
        after = _placed(after, statement, decisions[0].stated_on)
    if len(after) == len(before) and all(new is old for new, old in zip(after, before, strict=True)):
        return None
    return {
        "type": "update",
        "description": f"Record the coverage information of {label} on {order.reference}",
        "resource": with_extensions(order.text, [one.text for one in after]),
    }


class _Written(NamedTuple):
    """An extension with the bytes it is written in."""

    text: bytes
    value: Any


def _sound(decisions: Sequence[CoverageDecision], version: Version) -> list[JsonObject]:
    sound = []
    for decision in decisions:
        try:
            sound.append(render(decision, version))
        except InvariantBreach as breach:
            log.error("a coverage statement was withheld, it breaks %s", breach)  # noqa: TRY400
    return sound


def _placed(current: list[_Written], statement: JsonObject, today: date) -> list[_Written]:
    """The extensions with this statement in the place of our earlier ones for the same Coverage, else at the end."""
    earlier = [one for one in current if _is_ours_for(one.value, coverage_of(statement))]
    said = next((one for one in earlier if _says_it_still(one.value, statement, today)), None)
    said = said or _Written(msgspec.json.encode(statement), statement)
    if not earlier:
        return [*current, said]
    outdated = {id(one) for one in earlier[1:]}
    return [said if one is earlier[0] else one for one in current if id(one) not in outdated]


def _says_it_still(earlier: Any, statement: JsonObject, today: date) -> bool:
    """Whether an earlier statement says the same and has not expired: it is reused, its dates included (resp-36).

    One that would hold longer than what is stated now is not: an authorization may have been cut short.
    """
    if _content(earlier) != _content(statement):
        return False
    ends, now_ends = (text_of(next(iter(values(one, EXPIRY, "Date")), None)) for one in (earlier, statement))
    if not ends:
        return not now_ends
    return today.isoformat() <= ends and (not now_ends or ends <= now_ends)


def _is_ours_for(extension: Any, coverage: str) -> bool:
    if not is_coverage_information(extension) or not is_ours(assertion_of(extension)):
        return False
    return coverage_of(extension) == coverage


def _content(extension: Any) -> list[bytes]:
    """What a statement says, apart from its dates, however an EHR wrote it down again."""
    subs = (e for e in items(extension.get("extension")) if e.get("url") not in _NOT_CONTENT)
    return sorted(msgspec.json.encode(e, order="sorted") for e in subs)
