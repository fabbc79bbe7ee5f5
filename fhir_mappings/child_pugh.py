"""Child-Pugh, recorded or computed (policy 151, I.C)."""

import re
from dataclasses import replace
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.child_pugh_components import computed_points
from fhir_mappings.elements import Json, codes, items, member, text_of
from fhir_mappings.finding import Finding, Interval, Reason, exactly
from fhir_mappings.form_answers import Scale, newest_with_form
from fhir_mappings.form_codes import CHILD_PUGH
from fhir_mappings.observations import observed, value_absent
from fhir_mappings.quantities import Unusable, interval, number, plain_unit
from fhir_mappings.terminology import Code

CHILD_PUGH_CODES: Final[frozenset[Code]] = frozenset(
    {("loinc", "98152-2"), ("loinc", "98153-0"), ("snomed", "3191000175106")}
)

CHILD_PUGH_CLASSES: Final[dict[Code, str]] = {
    ("snomed", "710065009"): "A", ("snomed", "710066005"): "B", ("snomed", "710067001"): "C",
}  # fmt: skip

CLASS_POINTS: Final = {"A": Interval(5, 6), "B": Interval(7, 9), "C": Interval(10, 15)}
"""Child-Pugh class from points: A 5-6, B 7-9, C 10-15 (policy 151, Policy Guidelines)."""

_POINT_UNITS: Final = frozenset({"", "1", "{score}", "score", "{points}", "points", "{pts}"})
_CLASS_TEXT: Final = re.compile(
    r"(?:child(?:-|\s)*(?:turcotte(?:-|\s)*)?(?:pugh)?)?\W*(?:class|score|grade)?\W*([ABC])?\W*(\d{1,2})?\W*(?:points?)?\W*",
    re.IGNORECASE,
)


def child_pugh_points(chart: Chart) -> Finding:
    """Child-Pugh points, 5 to 15: the newest recorded score or class, else computed from its components.

    A stale record is replaced by computing; an invalid, contradictory or preliminary one is not (reading A50).
    """
    return chart.if_whole(_points_on_record(chart), "Observation")


def _points_on_record(chart: Chart) -> Finding:
    recorded = _recorded(chart)
    if recorded.possible is not None or recorded.reason not in (Reason.NO_DATA, Reason.STALE):
        return recorded
    if recorded.reason is Reason.NO_DATA and recorded.notes:
        return recorded
    computed = computed_points(chart)
    return replace(computed, notes=recorded.notes + computed.notes)


def _recorded(chart: Chart) -> Finding:
    found = observed(chart.record, CHILD_PUGH_CODES | CHILD_PUGH_CLASSES.keys())
    found += tuple(d.resource for d in chart.diagnoses if d.is_proof and set(d.codes) & CHILD_PUGH_CLASSES.keys())
    scored = [one for one in found if not _is_bare_panel(one.body)]
    return newest_with_form(chart, scored, chart.windows.child_pugh_days, Scale(CHILD_PUGH, _score, _say_points))


def _is_bare_panel(observation: Json) -> bool:
    """A panel that holds no value itself and points to the members that do."""
    holds = any(key.startswith("value") for key in observation) or observation.get("component") is not None
    return not holds and observation.get("hasMember") is not None and observation.get("dataAbsentReason") is None


def _say_points(points: Interval, _: Json) -> str:
    for letter, band in CLASS_POINTS.items():
        if points == band:
            return f"Child-Pugh class {letter}"
    return f"Child-Pugh {points.in_words} points"


def _score(observation: Json) -> Interval | Unusable:
    said = [*_points(observation), *_classes(observation)]
    for component in items(observation.get("component")):
        listed = set(codes(component.get("code")))
        if listed & (CHILD_PUGH_CODES | CHILD_PUGH_CLASSES.keys()) and not value_absent(component):
            said += [*_points(component), *_classes(component)]
    if not said:
        return Unusable("it holds neither Child-Pugh points nor a class")
    whole: Interval | None = Interval(5, 15)
    for part in said:
        whole = whole.meet(part) if whole else None
    if whole is None:
        return Unusable("its Child-Pugh points and class contradict each other or lie outside 5 to 15", True)
    if any(bound is not None and bound != int(bound) for bound in (whole.low, whole.high)):
        return Unusable("Child-Pugh points are whole numbers", True)
    return whole


def _points(holder: Json) -> list[Interval]:
    plain = number(holder.get("valueInteger"))
    if plain is not None:
        return [exactly(float(plain))]
    quantity = holder.get("valueQuantity")
    value = number(member(quantity, "value"))
    if value is None or not isinstance(quantity, dict) or plain_unit(quantity) not in _POINT_UNITS:
        return []
    read = interval(float(value), text_of(member(holder, "valueQuantity", "comparator")))
    return [read] if read else []


def _classes(holder: Json) -> list[Interval]:
    coded = [*codes(holder.get("valueCodeableConcept")), *codes(holder.get("interpretation"))]
    if not coded or not any(code in CHILD_PUGH_CLASSES for code in coded):
        coded += codes(holder.get("code"))
    said = [CLASS_POINTS[CHILD_PUGH_CLASSES[code]] for code in coded if code in CHILD_PUGH_CLASSES]
    written = text_of(holder.get("valueString")) or text_of(member(holder, "valueCodeableConcept", "text"))
    found = _CLASS_TEXT.fullmatch(written)
    if found and found.group(1):
        said.append(CLASS_POINTS[found.group(1).upper()])
    if found and found.group(2):
        said.append(exactly(float(found.group(2))))
    return said
