from typing import Any

import pytest
from flask.testing import FlaskClient

ECOG = "http://loinc.org|89247-1"


def ids(bundle: dict[str, Any]) -> list[str]:
    matches = [entry for entry in bundle["entry"] if entry["search"]["mode"] == "match"]
    return [entry["resource"]["id"] for entry in matches]


def search(ehr: FlaskClient, resource_type: str, **asked: str) -> dict[str, Any]:
    answer = ehr.get(f"/demo/fhir/{resource_type}", query_string=asked)
    assert answer.status_code == 200
    return answer.json


@pytest.mark.parametrize("name", ["patient", "subject"])
@pytest.mark.parametrize("value", ["hcc-covered", "Patient/hcc-covered"])
def test_a_patient_is_named_by_id_or_reference(ehr: FlaskClient, name: str, value: str) -> None:
    found = search(ehr, "Condition", **{name: value})
    assert found["total"] == 4
    assert all(one.startswith("hcc-covered-") for one in ids(found))


def test_the_start_of_an_id_is_not_the_id(ehr: FlaskClient) -> None:
    assert search(ehr, "Condition", patient="hcc")["total"] == 0


@pytest.mark.parametrize("code", [ECOG, "89247-1", f"http://loinc.org|1-8,{ECOG}", "http://loinc.org|89247-1"])
def test_a_code_is_found_with_and_without_its_system(ehr: FlaskClient, code: str) -> None:
    found = search(ehr, "Observation", patient="hcc-covered", code=code)
    assert ids(found) == ["hcc-covered-ecog", "hcc-covered-ecog-old"]


@pytest.mark.parametrize("code", ["http://snomed.info/sct|89247-1", "|89247-1", "892471", ","])
def test_another_system_or_another_spelling_finds_nothing(ehr: FlaskClient, code: str) -> None:
    assert search(ehr, "Observation", patient="hcc-covered", code=code)["total"] == 0


def test_a_dot_belongs_to_the_code(ehr: FlaskClient) -> None:
    assert search(ehr, "Condition", patient="uveal-melanoma", code="C78.7")["total"] == 1
    assert search(ehr, "Condition", patient="uveal-melanoma", code="C787")["total"] == 0


def test_a_system_alone_finds_all_its_codes(ehr: FlaskClient) -> None:
    found = search(ehr, "Condition", patient="uveal-melanoma", code="http://snomed.info/sct|")
    assert ids(found) == ["uveal-melanoma-choroid"]


def test_status_and_category_narrow_a_search(ehr: FlaskClient) -> None:
    found = search(ehr, "Observation", patient="hcc-three-tumors", status="entered-in-error", category="survey")
    assert ids(found) == ["hcc-three-tumors-ecog-mistaken"]


def test_the_standard_coverage_search_finds_the_member(ehr: FlaskClient) -> None:
    found = search(ehr, "Coverage", patient="medicaid-member", status="active")
    assert found["entry"][0]["resource"]["type"]["coding"][0]["code"] == "21"


def test_an_id_search_finds_each_listed_resource(ehr: FlaskClient) -> None:
    assert ids(search(ehr, "Patient", _id="hcc-covered,net-refractory,nobody")) == [
        "hcc-covered",
        "net-refractory",
    ]


def test_a_form_of_any_version_is_found_by_its_address(ehr: FlaskClient) -> None:
    form = "http://coverage-hooks.example.org/fhir/Questionnaire/liver-tumor-ablation"
    found = search(ehr, "QuestionnaireResponse", patient="hcc-covered", questionnaire=form)
    assert found["total"] == 1


def test_a_posted_search_finds_the_same(ehr: FlaskClient) -> None:
    asked = {"patient": "hcc-covered", "code": ECOG}
    posted = ehr.post("/demo/fhir/Observation/_search", data=asked).json
    assert posted == search(ehr, "Observation", **asked)


def test_a_posted_search_that_is_no_form_is_refused_rather_than_answered_with_everything(
    ehr: FlaskClient,
) -> None:
    answer = ehr.post("/demo/fhir/Observation/_search", json={"patient": "hcc-covered"})
    assert answer.status_code == 415


def test_newest_first_is_by_clinical_date(ehr: FlaskClient) -> None:
    oldest_first = ids(search(ehr, "Observation", patient="hcc-covered", _sort="date"))
    newest_first = ids(search(ehr, "Observation", patient="hcc-covered", _sort="-date"))
    assert oldest_first[:2] == ["hcc-covered-bilirubin-old", "hcc-covered-ecog-old"]
    assert newest_first[-2:] == ["hcc-covered-ecog-old", "hcc-covered-bilirubin-old"]


def test_an_unknown_parameter_is_reported_beside_the_results(ehr: FlaskClient) -> None:
    found = search(ehr, "Observation", patient="hcc-covered", color="blue", code=ECOG)
    outcome = found["entry"][-1]
    assert found["total"] == 2
    assert outcome["search"]["mode"] == "outcome"
    assert "color" in outcome["resource"]["issue"][0]["diagnostics"]
    assert "blue" not in str(found)


def test_an_unknown_parameter_is_refused_when_the_client_is_strict(ehr: FlaskClient) -> None:
    answer = ehr.get("/demo/fhir/Observation?color=blue", headers={"Prefer": "handling=strict"})
    assert answer.status_code == 400
    assert answer.json["issue"][0]["severity"] == "error"


def test_an_empty_parameter_restricts_nothing(ehr: FlaskClient) -> None:
    assert search(ehr, "Observation", patient="hcc-covered", code="") == search(
        ehr, "Observation", patient="hcc-covered"
    )


def test_a_repeated_parameter_must_hold_both_times(ehr: FlaskClient) -> None:
    both = ehr.get("/demo/fhir/Observation?patient=hcc-covered&code=89247-1&code=1975-2").json
    assert both["total"] == 0
