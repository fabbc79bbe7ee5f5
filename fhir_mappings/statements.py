"""Facts no standard code has: the documentation form and local Observations, and which of them to believe."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fhir_mappings.code_systems import LOCAL_FACTS
from fhir_mappings.dates import ClinicalDate, clinical_date, days_old
from fhir_mappings.elements import Json, codes, items, local_code, member, reference_id, text_of
from fhir_mappings.finding import Choice, Evidence, Interval, Reason
from fhir_mappings.form_codes import FORM_STATEMENTS, LARGEST_TUMOR, STATEMENTS, TUMOR_COUNT, TUMOR_DIAGNOSIS
from fhir_mappings.forms import PATIENT_SOURCES, CompletedForm
from fhir_mappings.observations import Standing, standing, untimely_note, value_absent, yes_or_no
from fhir_mappings.quantities import Unusable, number, read_quantity
from fhir_mappings.record import PatientRecord, Resource

NOT_CLINICAL: Final = "it was answered by the patient or a relative, not by clinical staff"
"""Reading A37: such an answer neither counts nor stands in the way of one that does."""

_CHOICES: Final = STATEMENTS | FORM_STATEMENTS

_IN_WORDS: Final = {
    "dx-confirmation-method": "diagnosis confirmed by",
    "resection-concurrent": "resection in the same session",
    "location-accessible": "tumors accessible",
    LARGEST_TUMOR: "largest liver tumor in cm",
    "mets-confined-to-liver": "metastases confined to the liver",
    "net-symptoms-refractory": "symptoms refractory to treatment",
    "lt-status": "liver transplant status",
    "bridge-to-transplant-intent": "ablation as a bridge to transplant",
    "mets-primary": "primary of the metastases",
    TUMOR_DIAGNOSIS: "liver tumor that is treated",
}

STATEMENT_TYPES: Final = ("Observation", "QuestionnaireResponse")
"""The resource types that carry statements."""

Value = Choice | Interval
FORM: Final = 2
LOCAL_OBSERVATION: Final = 1
"""How much a carrier is trusted: the form outranks local Observations (terminology 6)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One answer as it stands in the record. `value` of None: it was given but cannot be used, see `problem`."""

    code: str
    value: Value | None
    reference: str
    when: ClinicalDate | None
    trust: int
    problem: str = ""

    @property
    def carrier(self) -> str:
        """The resource type it stands in."""
        return "QuestionnaireResponse" if self.trust == FORM else "Observation"


@dataclass(frozen=True, slots=True)
class Stated:
    """What all statements about one code come to on a day. No value: nothing said, or nothing to rely on."""

    value: Value | None = None
    reason: Reason = Reason.NO_DATA
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()


NOTHING_STATED: Final = Stated()


def read_statements(record: PatientRecord, completed: Iterable[CompletedForm]) -> dict[str, tuple[Statement, ...]]:
    """Every answer to one of our questions by its code: completed forms (trust 2), local Observations (trust 1)."""
    forms = (s for form in completed for s in _form(form))
    observed = (s for one in record.of_type("Observation") for s in _observation(one))
    found: dict[str, list[Statement]] = {}
    for statement in (*forms, *observed):
        found.setdefault(statement.code, []).append(statement)
    return {code: tuple(listed) for code, listed in found.items()}


def _form(form: CompletedForm) -> Iterator[Statement]:
    when = clinical_date(form.resource.body)
    for code, answer in form.answers:
        if code not in _CHOICES:
            continue
        value, problem = (None, NOT_CLINICAL) if form.is_by_patient else _value(code, answer)
        if value is not None or problem:
            yield Statement(code, value, form.resource.reference, when, FORM, problem)


def _observation(one: Resource) -> Iterator[Statement]:
    body = one.body
    for system, code in codes(body.get("code")):
        if system == LOCAL_FACTS and code in STATEMENTS and standing(body) is not Standing.IGNORED:
            value, problem = _observed_value(code, body)
            if value is not None or problem:
                yield Statement(code, value, one.reference, clinical_date(body), LOCAL_OBSERVATION, problem)


def _observed_value(code: str, body: Json) -> tuple[Value | None, str]:
    if standing(body) is not Standing.USABLE:
        return None, "it is not final"
    if value_absent(body):
        return None, "its value is marked as absent"
    performers = [reference_id(p)[0] for p in items(body.get("performer"))]
    if performers and all(p in PATIENT_SOURCES for p in performers):
        return None, NOT_CLINICAL
    return _value(code, body)


def _value(code: str, holder: Json) -> tuple[Value | None, str]:
    """A value and no problem, no value and a problem, or neither where the question was left open."""
    if code == LARGEST_TUMOR:
        return _centimeters(holder)
    if code == TUMOR_COUNT:
        return _count(holder)
    choices = _CHOICES[code]
    if choices is None:
        answer = yes_or_no(holder)
        return answer, "" if answer is not None or _is_open(holder) else "it is neither yes nor no"
    said = local_code(holder.get("valueCoding")) or local_code(holder.get("valueCodeableConcept"))
    said = said or text_of(holder.get("valueString"))
    return (said, "") if said in choices else (None, "")


def _is_open(holder: Json) -> bool:
    """No value at all, or a coded answer that is not ours, such as "don't know": no answer (reading A63)."""
    values = [key for key in holder if key.startswith("value")]
    return all(key in ("valueCoding", "valueCodeableConcept", "valueString") for key in values)


def _centimeters(holder: Json) -> tuple[Value | None, str]:
    quantity: Any = holder.get("valueQuantity")
    if quantity is None:
        plain = holder.get("valueDecimal", holder.get("valueInteger"))
        if plain is None:
            return None, ""
        quantity = {"value": plain, "code": "cm"}  # the question itself names the unit
    read = read_quantity(quantity, "tumor-size")
    return (None, read.why) if isinstance(read, Unusable) else (read.value, "")


def _count(holder: Json) -> tuple[Value | None, str]:
    value = holder.get("valueInteger", holder.get("valueDecimal"))
    if value is None:
        value = member(holder, "valueQuantity", "value")
    if value is None:
        return None, ""
    count = number(value)
    if count is None or count != int(count) or count < 0:
        return None, "a number of tumors is a whole number"
    return Interval(float(count), float(count)), ""


def stated(given: tuple[Statement, ...], today: date, window_days: int) -> Stated:
    """Settle all statements on one code.

    The form outranks local Observations; in each the newest day speaks. A newer, or same-day, statement of
    less trust that says otherwise makes the answer unknown, as does one day's disagreement. One without a date
    might be of any age: it is not used, as no undated measurement is.
    """
    mine = [s for s in given if s.problem != NOT_CLINICAL]
    if not mine:
        return Stated(notes=tuple(f"{s.reference} was not used: {s.problem}" for s in given))
    fresh = [s for s in mine if s.when and 0 <= days_old(s.when, today) <= window_days]
    stale = tuple(untimely_note(s.reference, s.when, today, window_days) for s in mine if s not in fresh)
    if not fresh:
        return Stated(reason=Reason.STALE, notes=stale)
    return _settled([_newest(fresh, trust) for trust in (FORM, LOCAL_OBSERVATION)])


def _newest(fresh: list[Statement], trust: int) -> list[Statement]:
    mine = [s for s in fresh if s.trust == trust]
    last = max((_day(s) for s in mine), default=date.min)
    return [s for s in mine if _day(s) == last]


def _day(statement: Statement) -> date:
    return statement.when.latest if statement.when else date.min


def _settled(carriers: list[list[Statement]]) -> Stated:
    speaking = [group for group in carriers if group]
    leading = speaking[0]
    heard = leading + [s for group in speaking[1:] for s in group if _day(s) >= _day(leading[0])]
    notes = tuple(f"{s.reference} was not used: {s.problem}" for s in heard if s.value is None)
    usable = [s for s in heard if s.value is not None]
    return _one_answer(usable, notes) if usable else Stated(notes=notes)


def _one_answer(usable: list[Statement], notes: tuple[str, ...]) -> Stated:
    evidence = tuple(
        Evidence(s.reference, f"{_said(s.code)}: {say(s.value)}", s.when.text if s.when else "") for s in usable
    )
    if len({s.value for s in usable}) > 1:
        names = ", ".join(dict.fromkeys(s.reference for s in usable))
        return Stated(None, Reason.CONFLICT, evidence, (*notes, f"{names} contradict each other on {usable[0].code}"))
    return Stated(usable[0].value, Reason.ATTESTED, evidence, notes)


def _said(code: str) -> str:
    """A local code as words: the code names its question in English."""
    return _IN_WORDS.get(code, code.replace("-", " "))


def say(value: Value | None) -> str:
    """A stated value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Interval):
        return value.in_words
    return str(value)
