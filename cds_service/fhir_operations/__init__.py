"""The payer's FHIR endpoint: routes of the documentation form and its operations (contract section 3)."""

from flask import Blueprint

from cds_service.fhir_operations.artifacts import artifact_routes
from cds_service.fhir_operations.forms import form_routes
from cds_service.fhir_operations.office import Office


def fhir_blueprint(office: Office) -> Blueprint:
    """Everything under /fhir."""
    fhir = Blueprint("fhir", __name__, url_prefix="/fhir")
    artifact_routes(fhir, office)
    form_routes(fhir, office)
    return fhir


__all__ = ["Office", "fhir_blueprint"]
