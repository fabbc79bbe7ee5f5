"""What the demo EHR can do, as FHIR clients ask for it."""

from typing import Any

from cds_service.demo_ehr.date_shift import WRITTEN_FOR
from cds_service.demo_ehr.search_parameters import ELEMENTS, kind_of


def capability_statement(base: str) -> dict[str, Any]:
    """The CapabilityStatement, drawn from the same table the searches use."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": WRITTEN_FOR.isoformat(),
        "kind": "instance",
        "software": {"name": "Coverage Hooks demo EHR"},
        "implementation": {"description": "Synthetic patients for demonstrations", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [_rest()],
    }


def _rest() -> dict[str, Any]:
    return {
        "mode": "server",
        "security": {"cors": True, "description": "Open: the patients are not real."},
        "resource": [_resource(name) for name in sorted(ELEMENTS)],
        "interaction": [{"code": "transaction"}, {"code": "batch"}],
    }


def _resource(name: str) -> dict[str, Any]:
    parameters = [{"name": "_id", "type": "token"}]
    parameters += [{"name": one, "type": _parameter_type(one)} for one in sorted(ELEMENTS[name])]
    return {
        "type": name,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": parameters,
    }


def _parameter_type(parameter: str) -> str:
    """FHIR searches canonical addresses as references."""
    return "token" if kind_of(parameter) == "token" else "reference"
