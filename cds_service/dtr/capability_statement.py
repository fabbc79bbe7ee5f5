"""What the payer's FHIR endpoint does, as a CapabilityStatement (DTR, dtr-payer-service)."""

from importlib.metadata import version
from typing import Any, Final

from cds_service.dtr.questionnaire import LAST_CHANGED
from fhir_mappings.models import built

Json = dict[str, Any]

_DTR: Final = "http://hl7.org/fhir/us/davinci-dtr"
_SDC: Final = "http://hl7.org/fhir/uv/sdc"
_OPERATIONS: Final = {
    "questionnaire-package": f"{_DTR}/OperationDefinition/questionnaire-package",
    "next-question": f"{_SDC}/OperationDefinition/Questionnaire-next-question",
    "log-questionnaire-errors": f"{_DTR}/OperationDefinition/log-questionnaire-errors",
}
_BY_URL: Final = (("url", "uri"), ("version", "token"))


def capability_statement(url: str, *, keeps_forms: bool) -> Json:
    """The statement; `keeps_forms`: completed forms are taken here, beside those the EHR keeps."""
    artifacts = [_resource(name, ("read", "search-type"), _BY_URL) for name in ("CodeSystem", "ValueSet")]
    artifacts[1]["operation"] = [_operation("expand", "http://hl7.org/fhir/OperationDefinition/ValueSet-expand")]
    forms = _resource("Questionnaire", ("read", "search-type"), _BY_URL)
    forms["operation"] = [_operation(name, definition) for name, definition in _OPERATIONS.items()]
    taken = [_resource("QuestionnaireResponse", ("create", "read"), ())] if keeps_forms else []
    return built({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": LAST_CHANGED,
        "kind": "instance",
        "software": {"name": "coverage-hooks", "version": version("coverage-hooks")},
        "implementation": {"description": "Documentation for coverage policies", "url": url},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "instantiates": [f"{_DTR}/CapabilityStatement/dtr-payer-service"],
        "rest": [{
            "mode": "server",
            "security": {"description": "Bearer tokens of registered clients (JWT, aud is the URL called); what holds "
                                        "no patient data is open to all"},
            "resource": [forms, *taken, *artifacts],
        }],
    })  # fmt: skip


def _resource(kind: str, interactions: tuple[str, ...], searched: tuple[tuple[str, str], ...]) -> Json:
    parameters = [{"name": name, "type": of} for name, of in searched]
    return {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        **({"searchParam": parameters} if parameters else {}),
    }


def _operation(name: str, definition: str) -> Json:
    return {"name": name, "definition": definition}
