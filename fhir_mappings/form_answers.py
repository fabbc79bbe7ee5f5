"""Answers of the form to what standard Observations carry: performance status and Child-Pugh class."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from fhir_mappings.chart import Chart
from fhir_mappings.elements import Json
from fhir_mappings.finding import Finding, Interval, Reason
from fhir_mappings.forms import Answer, CompletedForm
from fhir_mappings.observations import newest_of
from fhir_mappings.quantities import Unusable
from fhir_mappings.record import Resource


def answered(chart: Chart, link_id: str) -> tuple[Resource, ...]:
    """Each clinical answer to a question, as the Observation it stands for: of the form's day, and final."""
    if not chart.record.was_read("QuestionnaireResponse"):
        return ()
    clinical = (form for form in chart.forms if not form.is_by_patient)
    return tuple(stood_for for form in clinical for stood_for in _observations(form, link_id))


def _observations(form: CompletedForm, link_id: str) -> Iterator[Resource]:
    reference, body = form.resource.reference, form.resource.body
    for answer in form.answers:
        if answer.link_id == link_id and (value := _value(answer)):
            dated = {"resourceType": "Observation", "status": "final", "effectiveDateTime": body.get("authored")}
            yield Resource(reference, {**dated, **value})


def _value(answer: Answer) -> Json:
    """A value[x] as an Observation has it. Left open, or "don't know", it is none (reading A63)."""
    coding = answer.held.get("valueCoding")
    if isinstance(coding, dict):
        return {"valueCodeableConcept": {"coding": [coding]}} if _says_something(coding) else {}
    return {name: value for name, value in answer.held.items() if name.startswith("value")}


def _says_something(coding: Json) -> bool:
    return not str(coding.get("system", "")).endswith("/data-absent-reason")


@dataclass(frozen=True, slots=True)
class Scale:
    """A scalar fact as Observations carry it: the question of the form, how a value is read and said."""

    link_id: str
    read: Callable[[Json], Interval | Unusable]
    say: Callable[[Interval, Json], str]


def newest_with_form(chart: Chart, found: Iterable[Resource], window_days: int, scale: Scale) -> Finding:
    """The newest value of a scalar fact, the form's answer among the records of it.

    A newer record that differs from the form is a contradiction: every value between them stays possible.
    """
    answers = answered(chart, scale.link_id)
    newest = newest_of((*found, *answers), chart.today, window_days, scale.read, scale.say)
    if not answers:
        return newest
    return _against(newest, newest_of(answers, chart.today, window_days, scale.read, scale.say))


def _against(newest: Finding, said: Finding) -> Finding:
    one, other = newest.possible, said.possible
    if not isinstance(one, Interval) or not isinstance(other, Interval) or one == other:
        return newest
    if set(said.evidence) <= set(newest.evidence):
        return newest
    both = (*said.evidence, *newest.evidence)
    names = ", ".join(dict.fromkeys(e.reference for e in both))
    note = f"{names}: the form and a newer record differ; every value between them was considered"
    return replace(
        newest, possible=other.hull(one), reason=Reason.CONFLICT, evidence=both, notes=(*newest.notes, note)
    )  # fmt: skip
