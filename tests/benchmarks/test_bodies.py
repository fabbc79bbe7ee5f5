"""The benchmarks ask what they say they ask: the answers are those of real calls, and every patient is another."""

import json

import pytest
from flask.testing import FlaskClient

from benchmarks.bodies import addressed, unaddressed, without_prefetch
from benchmarks.calls import PATH, is_covered, is_fixed, is_outside
from benchmarks.ehr import TYPES, answers
from benchmarks.measurements.peers import HERE
from benchmarks.measurements.profile import PLACES, place
from benchmarks.soak.phases import Bodies, instance, number_of
from cds_service import create_app
from cds_service.settings import Settings
from examples.record import TODAY
from fhir_mappings.prefetch import CLINICAL, COVERAGE


@pytest.fixture
def service(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    url = f"sqlite:///{tmp_path_factory.mktemp('record')}/calls.db"
    return create_app(Settings(auth="off", today=TODAY, database_url=url)).test_client()


@pytest.mark.parametrize("observations", [10, 100])
def test_an_ablation_is_covered_however_many_laboratory_values_lie_beside(
    service: FlaskClient, observations: int
) -> None:
    body = addressed(observations, 7)
    assert len(json.loads(body)["prefetch"]["observations"]["entry"]) == observations
    is_covered(service.post(PATH, data=body, content_type="application/json").get_json())


def test_an_office_visit_gets_no_card_and_a_statement(service: FlaskClient) -> None:
    is_outside(service.post(PATH, data=unaddressed(10, 7), content_type="application/json").get_json())


def test_an_answer_that_is_not_the_expected_one_is_no_measurement() -> None:
    with pytest.raises(AssertionError):
        is_covered({"cards": [{"extension": {"coverage-hooks.determination": {"outcome": "undetermined"}}}]})
    with pytest.raises(AssertionError):
        is_outside({"cards": [], "systemActions": []})
    with pytest.raises(AssertionError):
        is_fixed({"cards": [{"summary": "another"}]})


def test_patients_differ_in_every_id() -> None:
    assert b"patient-7" in addressed(10, 7)
    assert b"patient-7" not in addressed(10, 8)
    assert b"hcc-covered" not in addressed(10, 8)


def test_a_call_without_prefetch_names_the_server_to_read() -> None:
    asked = json.loads(without_prefetch(1, "http://127.0.0.1:1/fhir"))
    assert "prefetch" not in asked
    assert asked["fhirServer"] == "http://127.0.0.1:1/fhir"


def test_the_slow_server_holds_every_type_that_is_searched() -> None:
    assert {search.resource_type for search in (COVERAGE, *CLINICAL)} <= answers().keys()
    assert set(TYPES.values()) == answers().keys()


def test_a_call_is_known_by_its_hook_instance() -> None:
    bodies = Bodies([addressed(10, 0), addressed(10, 1)])
    asked = json.loads(bodies(41))
    assert asked["hookInstance"] == instance(41)
    assert number_of(asked["hookInstance"]) == 41
    assert asked["context"]["patientId"] == "patient-1"


@pytest.mark.parametrize("stage", PLACES, ids=lambda stage: f"{stage[1].__name__}.{stage[2]}")
def test_every_stage_of_the_profile_is_a_function_of_the_service(stage: tuple[str, object, str]) -> None:
    assert callable(getattr(stage[1], stage[2]))


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("/anywhere/venv/lib/python3.11/site-packages/flask/app.py", "`flask/app.py full`"),
        ("/home/somebody/fhir_mappings/record.py", "`fhir_mappings/record.py full`"),
    ],
)
def test_a_function_is_named_without_the_folder_it_lies_in(file: str, shown: str) -> None:
    assert place(file, 1, "full") == shown


def test_a_function_of_c_is_named_without_its_address() -> None:
    assert place("~", 0, "<built-in method __new__ of type object at 0x7ff0>") == (
        "`built-in method __new__ of type object`"
    )


def test_the_peers_are_here() -> None:
    assert {path.name for path in HERE.iterdir() if path.is_file()} == {
        "cql.js",
        "express.js",
        "healthchain_service.py",
    }
