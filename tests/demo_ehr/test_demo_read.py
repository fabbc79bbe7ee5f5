from flask.testing import FlaskClient


def test_a_patient_is_read_by_type_and_id(ehr: FlaskClient) -> None:
    answer = ehr.get("/demo/fhir/Patient/hcc-covered")
    assert answer.status_code == 200
    assert answer.json["name"][0]["given"] == ["Marcus"]


def test_an_answer_is_fhir_json_whatever_the_accept_header(ehr: FlaskClient) -> None:
    for accept in ("application/fhir+json", "application/json+fhir", "*/*"):
        answer = ehr.get("/demo/fhir/Patient/hcc-covered", headers={"Accept": accept})
        assert answer.mimetype == "application/fhir+json"


def test_an_unknown_id_is_a_404_operation_outcome_without_the_id(ehr: FlaskClient) -> None:
    answer = ehr.get("/demo/fhir/Patient/somebody-else")
    assert answer.status_code == 404
    assert answer.json["resourceType"] == "OperationOutcome"
    assert "somebody-else" not in answer.text


def test_an_unknown_type_is_a_404_operation_outcome(ehr: FlaskClient) -> None:
    for address in ("/demo/fhir/Spaceship/1", "/demo/fhir/Spaceship", "/demo/fhir/a/b/c"):
        answer = ehr.get(address)
        assert answer.status_code == 404
        assert answer.json["issue"][0]["code"] == "not-found"


def test_an_interaction_that_is_not_offered_is_a_405_operation_outcome(ehr: FlaskClient) -> None:
    for answer in (ehr.delete("/demo/fhir/Patient/hcc-covered"), ehr.get("/demo/fhir")):
        assert answer.status_code == 405
        assert answer.json["resourceType"] == "OperationOutcome"


def test_CRDF80_metadata_states_the_fhir_version_and_the_searches(ehr: FlaskClient) -> None:
    statement = ehr.get("/demo/fhir/metadata").json
    assert statement["fhirVersion"] == "4.0.1"
    by_type = {one["type"]: one for one in statement["rest"][0]["resource"]}
    observation = {one["name"] for one in by_type["Observation"]["searchParam"]}
    assert observation >= {"_id", "patient", "subject", "code", "status", "category"}
