"""What is known of a case already, as answers of the form: a draft a person looks through."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cds_service.dtr.enabling import MODALITY, PRIMARY
from cds_service.dtr.items import unit
from cds_service.dtr.outline import criteria_of
from cds_service.dtr.questions import QUESTIONS, Choice, Question
from cds_service.dtr.standing import Case, Standing
from cds_service.policies.policy_151.reporting import is_relevant, relevant_branches
from fhir_mappings.child_pugh import CHILD_PUGH_CLASSES, CLASS_POINTS
from fhir_mappings.facts import TREATED_TUMOR
from fhir_mappings.finding import METASTASES, NO_FINDING, Finding, Interval, Reason, Spread, Transplant, Tumor
from fhir_mappings.finding import Choice as Value
from fhir_mappings.form_codes import CHILD_PUGH, TUMOR_DIAGNOSIS

Json = dict[str, Any]

_SURE: Final = frozenset({Reason.RECORDED, Reason.ATTESTED, Reason.COMPUTED})
"""What was inferred is not written on anybody's form; what contradicts itself neither."""

_CODES: Final[Mapping[str, Mapping[Value, str]]] = {
    TUMOR_DIAGNOSIS: {
        Tumor.HCC: "hcc", Tumor.HCC_MIXED: "hcc-mixed", Tumor.OTHER_PRIMARY: "other-primary", Tumor.BENIGN: "benign",
        **dict.fromkeys(METASTASES, "metastasis"),
    },
    PRIMARY: {
        Tumor.COLORECTAL: "colorectal", Tumor.NEUROENDOCRINE: "neuroendocrine", Tumor.BREAST: "breast",
        Tumor.MELANOMA: "melanoma", Tumor.OTHER_METASTASIS: "other",
    },
    "lt-status": {Transplant.LISTED: "listed", Transplant.NOT_AWAITING: "not-awaiting"},
    "extrahepatic-disease": {
        Spread.NONE: "none", Spread.STABLE_BONE_ONLY: "stable-bone-only", Spread.PRESENT: "present",
    },
}  # fmt: skip
_STATED_ONLY: Final = frozenset({"dx-confirmation-method", MODALITY})
"""Choices finer than what a criterion asks: only an earlier statement tells which."""


def known_answers(case: Case, now: Standing) -> dict[str, Json]:
    """The answers that are known, by link id, to questions that have to do with this case."""
    branches = relevant_branches(now.findings)
    asked = [q for q in QUESTIONS if any(is_relevant(number, branches) for number in criteria_of(q))]
    found = {question.link_id: _known(question, case, now) for question in asked}
    return {link_id: held for link_id, held in found.items() if held is not None}


def _known(question: Question, case: Case, now: Standing) -> Json | None:
    if question.link_id in _STATED_ONLY:
        said = case.chart.stated(question.link_id, case.chart.windows.statement_days).value
        return _choice(question, said) if isinstance(said, str) else None
    fact = TREATED_TUMOR if TREATED_TUMOR in question.facts else question.facts[0]
    finding = now.findings.get(fact.name, NO_FINDING)
    if not finding.established or (finding.reason not in _SURE and question.link_id != TUMOR_DIAGNOSIS):
        return None
    return _BY_KIND[question.kind](question, finding)


def _yes_or_no(_: Question, finding: Finding) -> Json | None:
    value = _only(finding)
    return {"valueBoolean": value} if isinstance(value, bool) else None


def _only(finding: Finding) -> Value | None:
    possible = finding.possible
    return next(iter(possible)) if isinstance(possible, frozenset) and len(possible) == 1 else None


def _number(finding: Finding) -> float | None:
    known = finding.possible
    return known.low if isinstance(known, Interval) and known.low == known.high else None


def _whole(_: Question, finding: Finding) -> Json | None:
    number = _number(finding)
    return None if number is None else {"valueInteger": int(number)}


def _length(_: Question, finding: Finding) -> Json | None:
    number = _number(finding)
    return None if number is None else {"valueQuantity": {"value": number, **unit("cm")}}


def _coded(question: Question, finding: Finding) -> Json | None:
    if question.link_id == CHILD_PUGH:
        return _child_pugh(question, finding.possible)
    possible = finding.possible if isinstance(finding.possible, frozenset) else frozenset()
    codes = {_CODES[question.link_id].get(value, "") for value in possible}
    return _choice(question, codes.pop()) if len(codes) == 1 else None


def _child_pugh(question: Question, points: object) -> Json | None:
    for (_, code), letter in CHILD_PUGH_CLASSES.items():
        band = CLASS_POINTS[letter]
        if isinstance(points, Interval) and None not in points[:2] and band.meet(points) == points:
            return _choice(question, code)
    return None


def _choice(question: Question, code: str) -> Json | None:
    chosen = next((choice for choice in question.choices if choice.code == code), None)
    return _coding(chosen) if chosen else None


def _coding(choice: Choice) -> Json:
    system = {"system": choice.system} if choice.system else {}
    return {"valueCoding": {**system, "code": choice.code, "display": choice.display}}


_BY_KIND: Final[Mapping[str, Callable[[Question, Finding], Json | None]]] = {
    "boolean": _yes_or_no, "choice": _coded, "integer": _whole, "quantity": _length,
}  # fmt: skip
