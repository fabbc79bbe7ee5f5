"""What surgeon and interventionist documented: resection, access, foci, goal (policy 151, i, ii and iv of a-d)."""

from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Liver, proofs, site_of
from fhir_mappings.dates import seen
from fhir_mappings.elements import Json, codes, items, member, reference_id, text_of
from fhir_mappings.finding import Evidence, Finding, Reason
from fhir_mappings.observations import Standing, observed, standing, yes_or_no
from fhir_mappings.orders import Order, read_order
from fhir_mappings.statements import STATEMENT_TYPES, Stated
from fhir_mappings.terminology import Code, value_set

UNRESECTABLE: Final[frozenset[Code]] = value_set("unresectable").codes
_CURATIVE: Final[Code] = ("snomed", "373808002")
_PALLIATIVE: Final[Code] = ("snomed", "363676003")
_ORDERED: Final = frozenset({"active", "draft"})


def resection_feasible(chart: Chart) -> Finding:
    """Whether the tumor could be resected: stated, coded as unresectable, or a resection ordered beside."""
    stated = chart.stated("resection-feasible", chart.windows.statement_days)
    unresectable = _unresectable(chart)
    ordered = _ordered_resections(chart)
    notes = stated.notes
    if stated.reason is Reason.CONFLICT:
        return Finding(None, Reason.CONFLICT, stated.evidence, notes)
    no = (*(stated.evidence if stated.value is False else ()), *unresectable)
    yes = (*(stated.evidence if stated.value is True else ()), *ordered)
    if no and yes:
        note = "resection is documented as not feasible, and also as feasible or ordered"
        return Finding(None, Reason.CONFLICT, (*no, *yes), (*notes, note))
    if no or yes:
        reason = Reason.ATTESTED if stated.value is not None else Reason.RECORDED
        return Finding(frozenset({bool(yes)}), reason, no or yes, notes)
    return Finding(None, stated.reason, (), notes, chart.record.unread_of("Condition", *STATEMENT_TYPES))


def _unresectable(chart: Chart) -> tuple[Evidence, ...]:
    """SNOMED 711361003 as a current Condition, as an Observation, or as the value of one."""
    diagnoses = [d for d in proofs(chart.diagnoses, value_set("unresectable")) if d.site is not Liver.NO]
    coded = observed(chart.record, UNRESECTABLE | {("assertion", "ASSERTION")})
    said = [o for o in coded if standing(o.body) is Standing.USABLE and _says_unresectable(o.body)]
    return (
        *(d.evidence("tumor cannot be resected") for d in diagnoses),
        *(seen(o, "tumor cannot be resected") for o in said if site_of(o.body, chart.record) is not Liver.NO),
    )


def _says_unresectable(observation: Json) -> bool:
    if UNRESECTABLE.intersection(codes(observation.get("valueCodeableConcept"))):
        return True
    named = UNRESECTABLE.intersection(codes(observation.get("code")))
    return bool(named) and observation.get("dataAbsentReason") is None and yes_or_no(observation) is not False


def resection_concurrent(chart: Chart) -> Finding:
    """Whether the ablation is done together with a resection: stated, or a resection ordered beside (b.i)."""
    stated = chart.stated("resection-concurrent", chart.windows.statement_days)
    ordered = _ordered_resections(chart)
    if stated.value is False and ordered:
        note = "concurrent resection is denied, and a resection is ordered"
        return Finding(None, Reason.CONFLICT, (*stated.evidence, *ordered), (*stated.notes, note))
    if isinstance(stated.value, bool):
        return Finding(frozenset({stated.value}), Reason.ATTESTED, stated.evidence + ordered, stated.notes)
    if ordered and stated.reason is not Reason.CONFLICT:
        return Finding(frozenset({True}), Reason.RECORDED, ordered, stated.notes)
    unread = chart.record.unread_of(*STATEMENT_TYPES)
    return Finding(None, stated.reason, stated.evidence, stated.notes, unread)


def _ordered_resections(chart: Chart) -> tuple[Evidence, ...]:
    """A liver resection among the drafts, or an active order that shares a day's window, a request or a group."""
    drafts = [o for o in chart.other_orders if _is_resection(o)]
    active = [
        order
        for one in chart.record.of_type("ServiceRequest")
        if text_of(one.body.get("status")) in _ORDERED
        and (order := read_order(one.body, one.reference)) is not None
        and _is_resection(order)
        and _is_beside(order, chart)
    ]
    orders = {o.reference: o for o in (*drafts, *active)}
    return tuple(
        Evidence(o.reference, "liver resection ordered", o.when.text if o.when else "") for o in orders.values()
    )


def _is_resection(order: Order) -> bool:
    return value_set("liver-resection").any_of(order.service.codes)


def _is_beside(order: Order, chart: Chart) -> bool:
    if _shared(order.body, chart.order.body):
        return True
    mine = chart.order.when.earliest if chart.order.when else chart.today
    if order.when is None:
        return False
    return abs((order.when.earliest - mine).days) <= chart.windows.concurrent_order_days


def _shared(one: Json, other: Json) -> bool:
    """The same basedOn, the same requisition, or one order based on the other."""
    based = {reference_id(r)[1] for r in items(one.get("basedOn"))} - {""}
    others = {reference_id(r)[1] for r in items(other.get("basedOn"))} - {""}
    if based & others or text_of(other.get("id")) in based or text_of(one.get("id")) in others:
        return True
    group = text_of(member(one, "requisition", "value"))
    return bool(group) and group == text_of(member(other, "requisition", "value"))


def location_accessible(chart: Chart) -> Finding:
    """Whether the tumor can be reached through skin, laparoscope or incision: stated only (a.ii, b.ii)."""
    return _stated_only(chart, "location-accessible")


def all_foci_amenable(chart: Chart) -> Finding:
    """Whether every tumor focus can be ablated: stated only (a.iv)."""
    return _stated_only(chart, "all-foci-amenable")


def _stated_only(chart: Chart, code: str) -> Finding:
    stated = chart.stated(code, chart.windows.statement_days)
    return _of_statement(stated, chart)


def _of_statement(stated: Stated, chart: Chart) -> Finding:
    if isinstance(stated.value, bool):
        return Finding(frozenset({stated.value}), Reason.ATTESTED, stated.evidence, stated.notes)
    unread = chart.record.unread_of(*STATEMENT_TYPES)
    return Finding(None, stated.reason, stated.evidence, stated.notes, unread)


def complete_ablation_goal(chart: Chart) -> Finding:
    """Whether the goal is long-term control by complete ablation: stated, or the intent on the order (a.iv)."""
    stated = chart.stated("complete-ablation-goal", chart.windows.statement_days)
    curative, palliative = _CURATIVE in chart.order.intents, _PALLIATIVE in chart.order.intents
    own = (Evidence(chart.order.reference, "intent of the order"),)
    if isinstance(stated.value, bool):
        contrary = palliative if stated.value else curative
        if contrary:
            note = "the stated goal of the ablation and the intent on the order contradict each other"
            return Finding(None, Reason.CONFLICT, stated.evidence + own, (*stated.notes, note))
        return _of_statement(stated, chart)
    if curative != palliative and stated.reason is not Reason.CONFLICT:
        return Finding(frozenset({curative}), Reason.RECORDED, own, stated.notes)
    return _of_statement(stated, chart)
