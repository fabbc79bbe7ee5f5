"""SDC population: the launch context, the searches the expressions of a form need, the expressions themselves."""

from collections.abc import Iterable
from typing import Any, Final

from cds_service.dtr.canonicals import FHIR, SDC, form_url
from cds_service.dtr.prefill import OBSERVED, prefill_of
from cds_service.dtr.questions import Question

Json = dict[str, Any]

FHIRPATH: Final = "text/fhirpath"
X_FHIR_QUERY: Final = "application/x-fhir-query"
_PATIENT: Final = "patient={{%patient.id}}"


def item_extensions(question: Question, base: str) -> list[Json]:
    """The variables of a question and the expression that answers it (SDC, initialExpression)."""
    prefill = prefill_of(question, base)
    initial = {"language": FHIRPATH, "expression": prefill.answer}
    return [
        *(_variable(name, expression, FHIRPATH) for name, expression in prefill.variables.items()),
        {"url": f"{SDC}/sdc-questionnaire-initialExpression", "valueExpression": initial},
    ]


def form_extensions(questions: Iterable[Question], base: str) -> list[Json]:
    """The patient at launch, and the searches these questions' expressions name (DTR, sec-3)."""
    used = " ".join(text for question in questions for text in prefill_of(question, base).variables.values())
    named = {name: query for name, query in searches(base).items() if f"%{name}." in used}
    return [_launch_context(), *(_variable(name, query, X_FHIR_QUERY) for name, query in named.items())]


def searches(base: str) -> dict[str, str]:
    """The searches by the name of their variable."""
    return {
        "observations": f"Observation?{_PATIENT}&code={','.join(sorted(OBSERVED))}",
        "conditions": f"Condition?{_PATIENT}",
        "forms": f"QuestionnaireResponse?{_PATIENT}&questionnaire={form_url(base)}",
    }


def _variable(name: str, expression: str, language: str) -> Json:
    return {
        "url": f"{FHIR}/variable",
        "valueExpression": {"name": name, "language": language, "expression": expression},
    }


def _launch_context() -> Json:
    context = {"system": "http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext", "code": "patient", "display": "Patient"}
    return {
        "url": f"{SDC}/sdc-questionnaire-launchContext",
        "extension": [{"url": "name", "valueCoding": context}, {"url": "type", "valueCode": "Patient"}],
    }
