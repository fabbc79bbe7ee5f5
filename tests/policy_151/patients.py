"""From facts in the policy's words to a chart: plain R4 resources, and the CDS Hooks request that carries them.

A fact is a value (`ecog = 1`), or a table where more must be said (`ecog = {value = 1, days_old = 91}`), or a list
of these where the chart holds several records of it. The keys are explained at the head of cases.toml.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal

from tests.policy_151.vocabulary import (
    BONE_STATUS,
    CLINICAL_STATUS,
    CONDITION_RELATED,
    CT,
    ELSEWHERE,
    ICD_10_CM,
    ICD_10_PCS,
    INTENTS,
    LIVER,
    LOCAL_FACTS,
    LOINC,
    MRI,
    OCTREOTIDE,
    PAYER_TYPOLOGY,
    PRIMARIES,
    PROCEDURE_INTENT,
    QUESTIONNAIRE,
    SEVERITY,
    SNOMED,
    STATEMENTS,
    STOPPED_FOR,
    TUMORS,
    TYPOLOGY,
    UCUM,
    VERIFICATION_STATUS,
    Code,
    procedure,
)  # fmt: skip

TODAY: Final = date(2026, 11, 24)
PATIENT: Final = "liver-1"
DEFAULT_AGE_DAYS: Final = 10

Json = dict[str, Any]
Facts = Mapping[str, Any]
Carrier = Literal["form", "observations"]

KEYS: Final = {
    "Condition": "conditions",
    "Observation": "observations",
    "Procedure": "procedures",
    "ServiceRequest": "serviceRequests",
    "DiagnosticReport": "diagnosticReports",
    "ImagingStudy": "imagingStudies",
    "BodyStructure": "bodyStructures",
    "QuestionnaireResponse": "questionnaireResponses",
    "MedicationRequest": "medicationRequests",
    "MedicationStatement": "medicationStatements",
    "Coverage": "coverage",
}
"""The prefetch key that brings each type."""


def readings(value: Any) -> list[Json]:
    """A fact as a list of tables, however it was written."""
    listed = value if isinstance(value, list) else [value]
    return [one if isinstance(one, dict) else {"value": one} for one in listed]


def concept(*codes: Code, text: str = "") -> Json:
    coded: Json = {"coding": [{"system": system, "code": code} for system, code in codes]} if codes else {}
    return coded | ({"text": text} if text else {})


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def dated(one: Json) -> str:
    """The clinical date of a record: `on`, as written in the chart, or `days_old`."""
    return str(one.get("on") or days_ago(one.get("days_old", DEFAULT_AGE_DAYS)))


def quantity(said: Any, unit: str = "") -> Json:
    """`4.2 g/dL`, `<5 cm`, or a plain number with the unit given."""
    found = re.fullmatch(r"([<>]=?)?\s*([\d.]+)\s*(\S*)", str(said))
    if not found:
        raise ValueError(f"{said}: expected a number with its unit")
    comparator, number, written = found.groups()
    unit = written or unit
    parts: Json = {"value": float(number) if "." in number else int(number)}
    parts |= {"unit": unit, "system": UCUM, "code": unit} if unit else {}
    return parts | ({"comparator": comparator} if comparator else {})


class Chart:
    """The resources of one patient while they are written: numbered per type, in the order of the facts."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.resources: list[Json] = []
        self.tumors: list[Json] = []
        self.statements: dict[tuple[tuple[str, str], ...], list[tuple[str, Any]]] = {}

    def add(self, kind: str, **elements: Any) -> Json:
        number = 1 + sum(one["resourceType"] == kind for one in self.resources)
        subject = {
            "Coverage": {"beneficiary": {"reference": f"Patient/{PATIENT}"}},
            "BodyStructure": {"patient": {"reference": f"Patient/{PATIENT}"}},
        }
        whose = subject.get(kind, {"subject": {"reference": f"Patient/{PATIENT}"}})
        one = {"resourceType": kind, "id": f"{kind.lower()}-{number}", **whose, **elements}
        self.resources.append(one)
        return one

    def observe(self, code: Code, one: Json, **elements: Any) -> Json:
        return self.add(
            "Observation",
            status=one.get("status", "final"),
            code=concept(code),
            effectiveDateTime=dated(one),
            **elements,
        )

    def diagnose(self, code: Code, one: Json, **elements: Any) -> Json:
        known = {
            "clinicalStatus": concept((CLINICAL_STATUS, one.get("clinical", "active"))),
            "code": concept(code),
            "recordedDate": dated({"days_old": 60} | one),
        }
        if one.get("verification"):
            known["verificationStatus"] = concept((VERIFICATION_STATUS, one["verification"]))
        if one.get("in_liver"):
            known["bodySite"] = [concept(LIVER)]
        return self.add("Condition", **known, **elements)

    def state(self, fact: str, one: Json) -> None:
        """Keep a statement: those of one day and one author go on one form."""
        when = (("authored", dated(one)), ("by", one.get("by", "clinician")), ("status", one.get("status", "")))
        self.statements.setdefault(when, []).append((STATEMENTS[fact], one["value"]))


# ---------------------------------------------------------------------------- performance status and the liver


def ecog(chart: Chart, value: Any, _: Facts) -> None:
    for one in readings(value):
        said = {"valueInteger": one["value"]} if isinstance(one["value"], int) else {"valueString": one["value"]}
        chart.observe((LOINC, "89247-1"), one, **said)


def kps(chart: Chart, value: Any, _: Facts) -> None:
    for one in readings(value):
        chart.observe((LOINC, "89243-0"), one, valueQuantity=quantity(one["value"], "%"))


def child_pugh(chart: Chart, value: Any, _: Facts) -> None:
    """Points as a number, a class as a letter, both as `B7`."""
    for one in readings(value):
        if isinstance(one["value"], int):
            chart.observe((LOINC, "98152-2"), one, valueInteger=one["value"])
        else:
            chart.observe((LOINC, "98153-0"), one, valueString=one["value"])


def laboratory(code: str, unit: str) -> Callable[[Chart, Any, Facts], None]:
    def write(chart: Chart, value: Any, _: Facts) -> None:
        for one in readings(value):
            chart.observe((LOINC, code), one, valueQuantity=quantity(one["value"], unit))

    return write


def sign(code: Code) -> Callable[[Chart, Any, Facts], None]:
    """Ascites or encephalopathy: none, present, or present in a degree."""

    def write(chart: Chart, value: Any, _: Facts) -> None:
        for one in readings(value):
            if one["value"] == "none":
                chart.diagnose(code, one | {"verification": "refuted"})
                continue
            degree = SEVERITY.get(one["value"])
            chart.diagnose(code, one, **({"severity": concept(degree)} if degree else {}))

    return write


def encephalopathy(chart: Chart, value: Any, facts: Facts) -> None:
    if value == "coma":
        chart.diagnose((ICD_10_CM, "K72.91"), {})
    else:
        sign((ICD_10_CM, "K76.82"))(chart, value, facts)


def hepatic_failure(chart: Chart, value: Any, _: Facts) -> None:
    chart.diagnose((ICD_10_CM, "K72.10"), readings(value)[0])


# ---------------------------------------------------------------------------- the tumor and where it comes from


_MARKED_AS_CONFIRMED: Final = frozenset(
    {
        "imaging", "status alone", "status and biopsy", "status and biopsy not done", "status and imaging study",
        "status and measured on imaging", "status and report of benign disease",
    }
)  # fmt: skip


def tumor(chart: Chart, value: Any, facts: Facts) -> None:
    """The tumors of the liver, with what confirms them and the primary each is linked to."""
    for one in readings(value):
        confirmed = facts.get("confirmed", "nothing")
        status = {"verification": "confirmed"} if confirmed in _MARKED_AS_CONFIRMED else {}
        evidence = {"evidence": [{"code": [concept(MRI)]}]} if confirmed == "imaging" else {}
        chart.tumors.append(chart.diagnose(TUMORS[one["value"]], status | one, **evidence))


def confirmed(chart: Chart, value: str, _: Facts) -> None:
    """What stands beside the Condition itself; "imaging" stands on it as its evidence."""
    if value not in _MARKED_AS_CONFIRMED | {"nothing", "biopsy", "report of benign disease"}:
        raise ValueError(f"confirmed: {value}?")
    if "biopsy" in value:
        status = "not-done" if value.endswith("not done") else "completed"
        chart.add("Procedure", status=status, code=concept((SNOMED, "86259008")))
    if value.endswith("imaging study"):
        chart.add("ImagingStudy", status="available", started=days_ago(20))
    if value.endswith("measured on imaging"):
        size = {"valueQuantity": quantity("12 mm"), "bodySite": concept(LIVER), "method": concept(MRI)}
        chart.observe((LOINC, "33728-7"), {}, **size)
    if value.endswith("benign disease"):
        chart.add(
            "DiagnosticReport",
            status="final",
            code=concept((LOINC, "65752-8")),
            effectiveDateTime=days_ago(20),
            conclusionCode=[concept((ICD_10_CM, "D13.4"))],
        )


def primary(chart: Chart, value: Any, facts: Facts) -> None:
    for one in readings(value):
        written = chart.diagnose(PRIMARIES[one["value"]], one)
        if one.get("linked"):
            reference = {"reference": f"Condition/{written['id']}"}
            for metastasis in chart.tumors:
                metastasis["extension"] = [{"url": CONDITION_RELATED, "valueReference": reference}]


def spread(chart: Chart, value: Any, _: Facts) -> None:
    for one in readings(value):
        chart.diagnose(ELSEWHERE[one["value"]], one)


def bone(chart: Chart, value: Any, _: Facts) -> None:
    """A bone metastasis with the newest status of it; `no status` leaves it at the diagnosis."""
    for one in readings(value):
        metastasis = chart.diagnose(ELSEWHERE["bone"], {})
        if one["value"] != "no status":
            chart.observe(
                (LOINC, "97509-4"),
                one,
                valueCodeableConcept=concept(BONE_STATUS[one["value"]]),
                focus=[{"reference": f"Condition/{metastasis['id']}"}],
            )


def staging(chart: Chart, value: Any, _: Facts) -> None:
    """A radiology report: `staging = true`, or a table with its age or status."""
    for one in readings(value):
        chart.add(
            "DiagnosticReport",
            status=one.get("status", "final"),
            category=[concept(("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD"))],
            code=concept(CT),
            effectiveDateTime=dated(one),
        )


# ---------------------------------------------------------------------------- sizes, treatment, transplant


def sizes_mm(chart: Chart, value: Any, _: Facts) -> None:
    """Every tumor of the liver with its largest diameter; text where the unit is not millimeters."""
    for one in readings(value):
        structure = chart.add("BodyStructure", active=not one.get("treated", False), location=concept(LIVER))
        component = {"code": concept((LOINC, "33728-7")), "valueQuantity": quantity(one["value"], "mm")}
        specimen = {"specimen": {"reference": "Specimen/1"}} if one.get("removed") else {}
        focus = {} if one.get("removed") else {"focus": [{"reference": f"BodyStructure/{structure['id']}"}]}
        chart.observe((LOINC, "21889-1"), one, component=[component], **focus, **specimen)


def count_at_diagnosis(chart: Chart, value: Any, _: Facts) -> None:
    for one in readings(value):
        chart.observe((LOINC, "42032-3"), one, valueInteger=one["value"])


def coded_unresectable(chart: Chart, value: Any, _: Facts) -> None:
    chart.diagnose((SNOMED, "711361003"), readings(value)[0] | {"in_liver": True})


def octreotide(chart: Chart, value: str, _: Facts) -> None:
    """`active`, or why it was stopped."""
    stopped = {"statusReason": concept(STOPPED_FOR[value])} if value in STOPPED_FOR else {}
    chart.add(
        "MedicationRequest",
        status="stopped" if stopped else "active",
        intent="order",
        medicationCodeableConcept=concept(OCTREOTIDE),
        authoredOn=days_ago(40),
        **stopped,
    )


def carcinoid_syndrome(chart: Chart, value: Any, _: Facts) -> None:
    chart.diagnose((ICD_10_CM, "E34.00"), readings(value)[0])


def transplant(chart: Chart, value: Any, _: Facts) -> None:
    """Stated (`listed`, `evaluating`, `not-awaiting`), or coded."""
    for one in readings(value):
        waiting = (ICD_10_CM, "Z76.82")
        if one["value"] == "waiting list, organ not named":
            chart.diagnose(waiting, one)
        elif one["value"] == "waiting list, liver":
            chart.diagnose(waiting, one | {"in_liver": True})
        elif one["value"] == "transplant ordered":
            chart.add("ServiceRequest", status="active", intent="order", code=concept((SNOMED, "18027006")))
        elif one["value"] == "transplanted":
            chart.diagnose((ICD_10_CM, "Z94.4"), one)
        else:
            chart.state("transplant", one)


def prior_ablation(chart: Chart, value: Any, _: Facts) -> None:
    for one in readings(value):
        chart.add(
            "Procedure",
            status=one.get("status", "completed"),
            code=concept((ICD_10_PCS, "0F503ZZ")),
            performedDateTime=dated({"days_old": 200} | one),
        )


def line_of_business(chart: Chart, value: str, _: Facts) -> None:
    if value == "no coverage":
        return
    kind = {"type": concept((PAYER_TYPOLOGY, TYPOLOGY[value]))} if value in TYPOLOGY else {}
    chart.add("Coverage", status="active", payor=[{"display": "Example payer"}], **kind)


def stated(fact: str) -> Callable[[Chart, Any, Facts], None]:
    def write(chart: Chart, value: Any, _: Facts) -> None:
        for one in readings(value):
            chart.state(fact, one)

    return write


WRITERS: Final[dict[str, Callable[[Chart, Any, Facts], None]]] = {
    **{fact: stated(fact) for fact in STATEMENTS},
    "ecog": ecog,
    "kps": kps,
    "child_pugh": child_pugh,
    "bilirubin": laboratory("1975-2", "mg/dL"),
    "albumin": laboratory("1751-7", "g/dL"),
    "inr": laboratory("6301-6", "{INR}"),
    "ascites": sign((ICD_10_CM, "R18.8")),
    "encephalopathy": encephalopathy,
    "hepatic_failure": hepatic_failure,
    "tumor": tumor,
    "confirmed": confirmed,
    "primary": primary,
    "spread": spread,
    "bone": bone,
    "staging": staging,
    "sizes_mm": sizes_mm,
    "count_at_diagnosis": count_at_diagnosis,
    "coded_unresectable": coded_unresectable,
    "octreotide": octreotide,
    "carcinoid_syndrome": carcinoid_syndrome,
    "transplant": transplant,
    "prior_ablation": prior_ablation,
    "line_of_business": line_of_business,
}
ORDER_FACTS: Final = frozenset({"orders", "resection_ordered"})
FACTS: Final = frozenset(WRITERS) | ORDER_FACTS
"""Every word a case may use."""


def chart_of(facts: Facts, carrier: Carrier = "form") -> Chart:
    """The chart of a patient of whom these facts hold."""
    unknown = facts.keys() - FACTS
    if unknown:
        raise ValueError(f"no such facts: {', '.join(sorted(unknown))}")
    chart = Chart(carrier)
    for name, write in WRITERS.items():  # not the order of the case, so that links find what they point to
        if name in facts:
            write(chart, facts[name], facts)
    _write_statements(chart)
    return chart


def _write_statements(chart: Chart) -> None:
    for when, answers in chart.statements.items():
        said = dict(when)
        if chart.carrier == "form":
            _form(chart, said, answers)
        else:
            for code, value in answers:
                _statement(chart, said, code, value)


_AUTHORS: Final = {"clinician": "Practitioner/surgeon-1", "patient": f"Patient/{PATIENT}"}


def _form(chart: Chart, said: Json, answers: list[tuple[str, Any]]) -> None:
    author = {"reference": _AUTHORS[said["by"]]}
    chart.add(
        "QuestionnaireResponse",
        questionnaire=f"{QUESTIONNAIRE}|1.0",
        status=said["status"] or "completed",
        authored=said["authored"],
        author=author,
        source=author,
        item=[{"linkId": code, "answer": [_answer(code, value, "valueCoding")]} for code, value in answers],
    )


def _statement(chart: Chart, said: Json, code: str, value: Any) -> None:
    status = {"in-progress": "preliminary", "": "final"}.get(said["status"], said["status"])
    answer = _answer(code, value, "valueCodeableConcept")
    chart.observe(
        (LOCAL_FACTS, code),
        {"on": said["authored"], "status": status},
        performer=[{"reference": _AUTHORS[said["by"]]}],
        **answer,
    )


def _answer(code: str, value: Any, coded: str) -> Json:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if code == STATEMENTS["largest_cm"]:
        return {"valueDecimal": value} if coded == "valueCoding" else {"valueQuantity": quantity(value, "cm")}
    if isinstance(value, int):
        return {"valueInteger": value}
    if value == "don't know":
        coding = {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "asked-unknown"}
    else:
        coding = {"system": LOCAL_FACTS, "code": value}
    return {coded: coding if coded == "valueCoding" else {"coding": [coding]}}


# ---------------------------------------------------------------------------- the orders and the request


def orders_of(facts: Facts, chart: Chart) -> list[Json]:
    """The draft orders: a code, or a table with more; a resection ordered beside comes last."""
    written = [_order(number, one, chart) for number, one in enumerate(readings(facts.get("orders", ["47382"])), 1)]
    if facts.get("resection_ordered"):
        resection = {"value": "", "codings": [[SNOMED, "71273005"]]}
        written.append(_order(len(written) + 1, resection, chart))
    return written


def _order(number: int, one: Json, chart: Chart) -> Json:
    codings = [procedure(one["value"])] if one.get("value") else []
    codings += [(SNOMED, code) for code in one.get("snomed", [])]
    codings += [(system, code) for system, code in one.get("codings", [])]
    kind = one.get("type", "ServiceRequest")
    order: Json = {
        "resourceType": kind,
        "id": f"order-{number}",
        "status": one.get("status", "draft"),
        "intent": "order",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "authoredOn": one.get("on", TODAY.isoformat()),
        "codeCodeableConcept" if kind == "DeviceRequest" else "code": concept(*codings, text=one.get("text", "")),
    }
    if "reason" in one:
        order["reasonCode"] = [concept((ICD_10_CM, code)) for code in one["reason"]]
    if one.get("for_the_tumor"):
        order["reasonReference"] = [{"reference": f"Condition/{t['id']}"} for t in chart.tumors[:1]]
    if "site" in one:
        order["bodySite"] = [concept(LIVER if one["site"] == "liver" else (SNOMED, one["site"]))]
    if "intent" in one:
        order["extension"] = [{"url": PROCEDURE_INTENT, "valueCodeableConcept": concept(INTENTS[one["intent"]])}]
    return order | ({"doNotPerform": True} if one.get("do_not_perform") else {})


def bundle(resources: list[Json]) -> Json:
    entries = [{"fullUrl": f"https://ehr.example/fhir/{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def prefetch_of(resources: list[Json]) -> Json:
    """Every search of the service, answered in full."""
    return {key: bundle(list(_of_type(kind, resources))) for kind, key in KEYS.items()}


def _of_type(kind: str, resources: list[Json]) -> Iterator[Json]:
    return (one for one in resources if one["resourceType"] == kind)


def request_body(orders: list[Json], prefetch: Json | None) -> Json:
    """An order-sign call."""
    entries = [{"fullUrl": f"urn:uuid:{o['id']}", "resource": o} for o in orders]
    body: Json = {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/surgeon-1",
            "patientId": PATIENT,
            "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": entries},
        },
    }
    return body | ({} if prefetch is None else {"prefetch": prefetch})


def request_of(facts: Facts, carrier: Carrier = "form") -> Json:
    """The order-sign call for a patient of whom these facts hold, with everything in prefetch."""
    chart = chart_of(facts, carrier)
    return request_body(orders_of(facts, chart), prefetch_of(chart.resources))
