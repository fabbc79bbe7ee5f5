import pytest
from flask.testing import FlaskClient

FIRST = "/demo/fhir/Observation?patient=hcc-three-tumors&_count=5"


def next_link(bundle: dict) -> str | None:
    return next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)


def test_following_next_links_brings_every_match_once(ehr: FlaskClient) -> None:
    whole = ehr.get("/demo/fhir/Observation?patient=hcc-three-tumors").json
    seen, url = [], FIRST
    while url is not None:
        page = ehr.get(url).json
        assert page["total"] == whole["total"]
        assert len(page["entry"]) <= 5
        seen += [entry["fullUrl"] for entry in page["entry"]]
        url = next_link(page)
    assert seen == [entry["fullUrl"] for entry in whole["entry"]]


def test_a_next_link_stays_on_the_same_origin_and_says_no_number(ehr: FlaskClient) -> None:
    link = next_link(ehr.get(FIRST).json) or ""
    assert link.startswith("http://localhost/demo/fhir/Observation?patient=hcc-three-tumors&")
    assert "_page=" in link
    assert "offset" not in link


def test_a_single_page_has_no_next_link(ehr: FlaskClient) -> None:
    assert next_link(ehr.get("/demo/fhir/Patient").json) is None


def test_count_zero_asks_for_the_total_only(ehr: FlaskClient) -> None:
    page = ehr.get("/demo/fhir/Patient?_count=0").json
    assert page["total"] == 20
    assert page["entry"] == []
    assert next_link(page) is None


@pytest.mark.parametrize("asked", ["_count=many", "_count=-1", "_page=made-up", "_page=é", "_page=ZnJvbSAtNQ"])
def test_a_page_that_cannot_exist_is_a_400(ehr: FlaskClient, asked: str) -> None:
    answer = ehr.get(f"/demo/fhir/Patient?{asked}")
    assert answer.status_code == 400
    assert answer.json["resourceType"] == "OperationOutcome"
