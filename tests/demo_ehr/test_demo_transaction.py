from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

ADA = {"resourceType": "Patient", "id": "ada", "name": [{"family": "Fictional", "given": ["Ada"]}]}
Build = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("address", ["/demo/fhir", "/demo/fhir/"])
def test_resources_are_put(empty_ehr: FlaskClient, transaction: Build, address: str) -> None:
    first = empty_ehr.post(address, json=transaction(ADA))
    again = empty_ehr.post(address, json=transaction(ADA))
    assert first.json["type"] == "transaction-response"
    created = {"status": "201 Created", "location": "Patient/ada"}
    assert first.json["entry"][0]["response"] == created
    assert again.json["entry"][0]["response"]["status"] == "200 OK"
    assert empty_ehr.get("/demo/fhir/Patient/ada").json == ADA


def test_a_posted_resource_gets_an_id_and_references_follow_it(empty_ehr: FlaskClient) -> None:
    condition = {"resourceType": "Condition", "subject": {"reference": "urn:uuid:1"}}
    entries = [
        {
            "fullUrl": "urn:uuid:1",
            "request": {"method": "POST", "url": "Patient"},
            "resource": {"resourceType": "Patient"},
        },
        {"request": {"method": "POST", "url": "Condition"}, "resource": condition},
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answers = empty_ehr.post("/demo/fhir/", json=bundle).json["entry"]
    patient, stored = [one["response"]["location"] for one in answers]
    assert empty_ehr.get(f"/demo/fhir/{stored}").json["subject"]["reference"] == patient


def test_one_bad_entry_refuses_a_whole_transaction_and_names_the_place(
    empty_ehr: FlaskClient, transaction: Build
) -> None:
    bundle = transaction(ADA, {**ADA, "id": "bob"})
    bundle["entry"][1]["request"]["url"] = "Patient/somebody-else"
    answer = empty_ehr.post("/demo/fhir/", json=bundle)
    assert answer.status_code == 400
    assert answer.json["issue"][0]["expression"] == ["Bundle.entry[1].resource.id"]
    assert empty_ehr.get("/demo/fhir/Patient/ada").status_code == 404


def test_a_batch_keeps_its_good_entries(empty_ehr: FlaskClient, transaction: Build) -> None:
    bundle = transaction(ADA, {"resourceType": "Spaceship", "id": "one"}) | {"type": "batch"}
    good, bad = empty_ehr.post("/demo/fhir/", json=bundle).json["entry"]
    assert good["response"]["status"] == "201 Created"
    assert bad["response"]["status"] == "400 Bad Request"
    assert bad["response"]["outcome"]["resourceType"] == "OperationOutcome"


def asked_in_one(ehr: FlaskClient, *urls: str) -> list[dict[str, Any]]:
    entries = [{"request": {"method": "GET", "url": url}} for url in urls]
    answer = ehr.post("/demo/fhir", json={"resourceType": "Bundle", "type": "batch", "entry": entries})
    assert (answer.status_code, answer.json["type"]) == (200, "batch-response")
    return answer.json["entry"]


def test_a_batch_answers_searches_and_reads_as_single_requests_are_answered(ehr: FlaskClient) -> None:
    urls = ("Condition?patient=hcc-covered&_count=1", "Patient/hcc-covered", "Observation?patient=nobody")
    entries = asked_in_one(ehr, *urls)
    assert [entry["response"] for entry in entries] == [{"status": "200 OK"}] * 3
    assert [entry["resource"] for entry in entries] == [ehr.get(f"/demo/fhir/{url}").json for url in urls]


@pytest.mark.parametrize("url", ["Spaceship?patient=x", "Patient/nobody", "Condition?_count=x", "", "Patient/a/b"])
def test_a_batch_refuses_what_a_single_request_is_refused(ehr: FlaskClient, url: str) -> None:
    refused, good = asked_in_one(ehr, url, "Patient/hcc-covered")
    assert refused["response"]["status"] == ("400 Bad Request" if "_count" in url else "404 Not Found")
    assert refused["response"]["outcome"]["resourceType"] == "OperationOutcome"
    assert "resource" not in refused
    assert good["response"] == {"status": "200 OK"}


@pytest.mark.parametrize(
    "body",
    [
        "{not json",
        "[]",
        '{"resourceType": "Patient"}',
        '{"resourceType": "Bundle", "type": "searchset"}',
        '{"resourceType": "Bundle", "type": "transaction", "entry": 3}',
        '{"resourceType": "Bundle", "type": "transaction", "entry": [null]}',
    ],
)
def test_what_is_no_transaction_is_a_400_outcome(empty_ehr: FlaskClient, body: str) -> None:
    answer = empty_ehr.post("/demo/fhir/", data=body)
    assert answer.status_code == 400
    assert answer.json["resourceType"] == "OperationOutcome"


def test_a_transaction_cannot_delete(empty_ehr: FlaskClient, transaction: Build) -> None:
    bundle = transaction(ADA)
    bundle["entry"][0]["request"]["method"] = "DELETE"
    assert empty_ehr.post("/demo/fhir/", json=bundle).status_code == 400


def test_apps_share_nothing(ehr: FlaskClient, empty_ehr: FlaskClient, transaction: Build) -> None:
    empty_ehr.post("/demo/fhir/", json=transaction(ADA))
    assert ehr.get("/demo/fhir/Patient/ada").status_code == 404


def test_a_malformed_resource_breaks_no_search(empty_ehr: FlaskClient, transaction: Build) -> None:
    odd = {"resourceType": "Condition", "id": "odd", "code": {"coding": [None]}, "subject": "ada"}
    odder = {"resourceType": "Condition", "id": "odder", "code": 3, "subject": {"reference": 4}}
    empty_ehr.post("/demo/fhir/", json=transaction(odd, odder))
    assert empty_ehr.get("/demo/fhir/Condition?patient=ada&code=C22.0").json["total"] == 0
    assert empty_ehr.get("/demo/fhir/Condition?code=C22.0").json["total"] == 0
