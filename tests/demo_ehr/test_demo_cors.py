import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("address", ["", "/metadata", "/Patient/x", "/Observation/_search"])
def test_a_preflight_allows_what_clients_send(ehr: FlaskClient, address: str) -> None:
    asked = {"Access-Control-Request-Headers": "authorization,content-type"}
    answer = ehr.options(f"/demo/fhir{address}", headers=asked)
    assert answer.status_code == 204
    allowed = answer.headers["Access-Control-Allow-Headers"]
    assert all(name in allowed for name in ("Authorization", "Content-Type", "Prefer"))


@pytest.mark.parametrize("address", ["metadata", "Patient", "Patient/nobody", "Spaceship/1", "Patient?_count=x"])
def test_every_answer_is_open_to_browsers_errors_too(ehr: FlaskClient, address: str) -> None:
    assert ehr.get(f"/demo/fhir/{address}").headers["Access-Control-Allow-Origin"] == "*"
