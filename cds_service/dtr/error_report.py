"""$log-questionnaire-errors (DTR): what went wrong with a form of ours, as far as it may be logged."""

from collections import Counter
from typing import Any, Final, NamedTuple

from cds_service.dtr.canonicals import VERSION, adaptive_url, form_url
from cds_service.dtr.parameters import Parameter, Parameters
from cds_service.dtr.refusals import BadParameters
from fhir_mappings.elements import items, text_of

Json = dict[str, Any]

_SEVERITIES: Final = ("fatal", "error", "warning", "information")
_OUTCOMES: Final = ("operationOutcome", "outcome", "OperationOutcome")
"""What the guide's versions call it."""


class ErrorReport(NamedTuple):
    """Which form, and how many issues of each severity. Never their words: those may quote a patient's answers."""

    form: str
    issues: dict[str, int]


def read_report(content: Json, base: str) -> ErrorReport:
    """Read the Parameters. Raises BadParameters."""
    given = Parameters(content)
    forms = given.texts("questionnaire", "valueCanonical")
    reports: list[Parameter] = [one for name in _OUTCOMES for one in given.resources(name, "OperationOutcome")]
    if not forms or not reports:
        raise BadParameters("questionnaire and operationOutcome are required", "$.parameter")
    issues = [issue for report in reports for issue in items(report.held.get("issue"))]
    counted = Counter(text_of(issue.get("severity")) for issue in issues)
    return ErrorReport(_form(forms[0], base), {name: counted[name] for name in _SEVERITIES if counted[name]})


def _form(canonical: str, base: str) -> str:
    """The form, if it is one of ours: nothing else a client writes is logged."""
    url, _, version = canonical.partition("|")
    if url not in (form_url(base), adaptive_url(base)):
        return "not of this service"
    return f"{url.rpartition('/')[2]}|{version if version in ('', VERSION) else 'another version'}"
