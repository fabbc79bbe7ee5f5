"""Routes of what holds no patient data: open to all, as the policy pages are."""

from flask import Blueprint, Response, request

from cds_service.dtr.artifacts import TYPES, artifact, asked_of_expansion, expansion, search
from cds_service.dtr.capability_statement import capability_statement
from cds_service.dtr.parameters import read_resource
from cds_service.fhir_operations.office import Office, fhir_response
from cds_service.responding import json_body


def artifact_routes(fhir: Blueprint, office: Office) -> None:
    """The CapabilityStatement, forms, code system and value sets."""
    desk = office.desk

    @fhir.get("/metadata")
    def metadata() -> Response:
        return fhir_response(capability_statement(desk.url, keeps_forms=desk.shelf.keeps_forms))

    for kind in TYPES:
        _reads(fhir, office, kind)

    @fhir.get("/ValueSet/$expand")
    @fhir.get("/ValueSet/<identity>/$expand")
    def expand(identity: str = "") -> Response:
        return fhir_response(expansion(request.args, identity, desk.base, office.now().today.isoformat()))

    @fhir.post("/ValueSet/$expand")
    def expand_posted() -> Response:
        asked = asked_of_expansion(read_resource(json_body(), "Parameters"))
        return fhir_response(expansion(asked, "", desk.base, office.now().today.isoformat()))


def _reads(fhir: Blueprint, office: Office, kind: str) -> None:
    desk = office.desk

    def read(identity: str) -> Response:
        return fhir_response(artifact(kind, identity, desk.base, desk.url))

    def find() -> Response:
        return fhir_response(search(kind, request.args, desk.base, desk.url))

    fhir.add_url_rule(f"/{kind}/<identity>", f"read_{kind}", read)
    fhir.add_url_rule(f"/{kind}", f"search_{kind}", find)
