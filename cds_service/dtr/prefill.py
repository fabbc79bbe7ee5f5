"""What prefills a question from the EHR's own record, in FHIRPath: an earlier form, else where the record keeps it.

The expressions claim no more than our readers do: where records of the newest day differ, where one of them is not
final, or where form and record differ, they are empty and the question is left to a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cds_service.dtr.canonicals import DONT_KNOW_SYSTEM, facts_url
from cds_service.dtr.fhirpath import (
    DAY_AUTHORED,
    DAY_OBSERVED,
    among,
    are_usable,
    coded,
    first_of,
    iif,
    last_day,
    observed,
    of_day,
    only,
)  # fmt: skip
from cds_service.dtr.questions import Question
from fhir_mappings.chart import NO_LIMIT, Windows
from fhir_mappings.child_pugh import CHILD_PUGH_CLASSES, CHILD_PUGH_CODES, CLASS_POINTS
from fhir_mappings.form_codes import CHILD_PUGH, ECOG, KARNOFSKY, PRIOR_ABLATION, STATEMENTS, TUMOR_DIAGNOSIS
from fhir_mappings.performance_status import ECOG_ANSWERS, ECOG_CODES, KARNOFSKY_ANSWERS, KARNOFSKY_CODES
from fhir_mappings.terminology import Code, value_set

_WINDOWS: Final = Windows()
_DAYS: Final = {
    ECOG: _WINDOWS.performance_days,
    KARNOFSKY: _WINDOWS.performance_days,
    CHILD_PUGH: _WINDOWS.child_pugh_days,
    "liver-reserve-adequate": _WINDOWS.liver_reserve_days,
    "lt-status": _WINDOWS.transplant_days,
    "liver-tumor-count": _WINDOWS.imaging_days,
    "largest-liver-tumor-cm": _WINDOWS.imaging_days,
    **dict.fromkeys(("dx-confirmation-method", "mets-primary", TUMOR_DIAGNOSIS, PRIOR_ABLATION), NO_LIMIT),
}
"""How many days old an answer may be, the last inside; the others as `statement_days` says. The limits are ours."""

_KINDS: Final = {
    "hcc": "hepatocellular-carcinoma", "hcc-mixed": "hepatocellular-mixed", "other-primary": "primary-liver-other",
    "benign": "benign-liver-tumor", "metastasis": "liver-metastasis",
}  # fmt: skip
_CURRENT: Final = "(clinicalStatus.empty() and abatement.empty() or clinicalStatus.coding.code in {})".format(
    among(("active", "recurrence", "relapse"))
)
_BY_STAFF: Final = "({}).reference.where(matches('(^|.*/)(Patient|RelatedPerson)/.*')).empty()"
"""Reading A37: what the patient or a relative answered is not for clinical questions."""
_SURE: Final = "(verificationStatus.empty() or verificationStatus.coding.code = 'confirmed')"
_REFUTED: Final = "verificationStatus.coding.code = 'refuted'"


@dataclass(frozen=True, slots=True)
class Prefill:
    """How a question is prefilled: variables by name, each of which may use those before it, and the answer."""

    variables: dict[str, str]
    answer: str


def prefill_of(question: Question, base: str) -> Prefill:
    """The FHIRPath that answers a question from the record of `%patient`."""
    days = _DAYS.get(question.link_id, _WINDOWS.statement_days)
    recorded = _recorded(question, base, days)
    code = ".code" if question.kind == "choice" else ""
    agreed = f"%recorded.empty() or %recorded{code} = %said{code}.first()"
    answer = iif("%said.empty()", "%recorded", iif(agreed, only("%said")))
    typed = ".ofType(Quantity)" if question.kind == "quantity" else ""
    return Prefill({**_said(question.link_id, days), **recorded}, (answer if recorded else only("%said")) + typed)


def _said(link_id: str, days: int) -> dict[str, str]:
    """The answers in the newest completed forms that have one."""
    known = f"system.empty() or system != '{DONT_KNOW_SYSTEM}'"
    answers = f"repeat(item).where(linkId = '{link_id}').answer.value.where({known})"
    complete = f"status in {among(('completed', 'amended'))} and {answers}.exists()"
    return {
        "answered": f"%forms.entry.resource.where({complete} and {_BY_STAFF.format('source | author')})",
        "answeredOn": last_day("%answered", DAY_AUTHORED),
        "said": f"{of_day('%answered', DAY_AUTHORED, '%answeredOn', days)}.{answers}",
    }


def _recorded(question: Question, base: str, days: int) -> dict[str, str]:
    """What the record says where it keeps such facts; nothing where only a form can."""
    if question.link_id == TUMOR_DIAGNOSIS:
        return _diagnosis()
    if question.link_id in _MEASURED:
        codes, value = _MEASURED[question.link_id]
        return _newest(observed(coded(codes)), value, days)
    if question.link_id not in STATEMENTS:
        return {}
    system = f"system = '{facts_url(base)}'"
    value = f"value.ofType(CodeableConcept).coding.where({system})" if question.kind == "choice" else "value"
    records = observed(f"{system} and code = '{question.link_id}'") + f".where({_BY_STAFF.format('performer')})"
    return _newest(records, value, days)


def _newest(records: str, value: str, days: int) -> dict[str, str]:
    return {
        "records": records,
        "recordedOn": last_day("%records", DAY_OBSERVED),
        "newest": of_day("%records", DAY_OBSERVED, "%recordedOn", days),
        "values": f"%newest.select({value})",
        "recorded": iif(are_usable("%newest", "%records"), only("%values")),
    }


def _number(answers: dict[Code, int]) -> str:
    """A number from an integer, a quantity or a coded answer."""
    concept = "value.ofType(CodeableConcept).coding"
    listed = {n: [code for code, number in answers.items() if number == n] for n in sorted(set(answers.values()))}
    return first_of({
        "value is integer": "value.ofType(integer)",
        "value is Quantity": "value.ofType(Quantity).value.toInteger()",
        **{f"{concept}.where({coded(codes)}).exists()": str(n) for n, codes in listed.items()},
    })  # fmt: skip


def _child_pugh() -> str:
    """The class, from a coded class, a letter, or points."""
    points = iif("value is integer", "value.ofType(integer)", "value.ofType(Quantity).value")
    cases = {}
    for code, letter in CHILD_PUGH_CLASSES.items():
        low, high = CLASS_POINTS[letter].low or 0, CLASS_POINTS[letter].high or 0
        named = f"value.ofType(CodeableConcept).coding.where({coded([code])}).exists() or value = '{letter}'"
        cases[f"{named} or ({points} >= {low:g} and {points} <= {high:g})"] = _option(CHILD_PUGH, code[1])
    return first_of(cases)


def _option(link_id: str, code: str) -> str:
    """The answer option of this code, from the form itself."""
    return f"%questionnaire.repeat(item).where(linkId = '{link_id}').answerOption.value.where(code = '{code}')"


def _diagnosis() -> dict[str, str]:
    """The kind of liver tumor, where current diagnoses name one kind only and none of them is refuted."""
    named = {kind: f"code.coding.where({coded(value_set(name).codes)}).exists()" for kind, name in _KINDS.items()}
    kinds = first_of({test: _option(TUMOR_DIAGNOSIS, kind) for kind, test in named.items()})
    return {
        "tumors": f"%conditions.entry.resource.where({' or '.join(named.values())})",
        "kinds": f"%tumors.where({_CURRENT} and {_SURE}).select({kinds})",
        "recorded": iif(f"%tumors.where({_REFUTED}).empty()", only("%kinds")),
    }


def _measured(codes: Iterable[Code], value: str) -> tuple[frozenset[Code], str]:
    return frozenset(codes), value


_MEASURED: Final = {
    ECOG: _measured(ECOG_CODES, _number(ECOG_ANSWERS)),
    KARNOFSKY: _measured(KARNOFSKY_CODES, _number(KARNOFSKY_ANSWERS)),
    CHILD_PUGH: _measured(CHILD_PUGH_CODES, _child_pugh()),
}
OBSERVED: Final = frozenset(code for codes, _ in _MEASURED.values() for _, code in codes) | frozenset(STATEMENTS)
"""The bare codes of the Observations the expressions look at."""
