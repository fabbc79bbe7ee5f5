"""Whatever an EHR's FHIR server does, the order is judged by what could be read, or said to be undetermined."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.conftest import Json, cards_on
from tests.crd.calls import V2_2, covered
from tests.faults.conftest import (
    ENOUGH_SECONDS,
    LISTED,
    SHORT_SECONDS,
    SIGN,
    TOO_LARGE,
    call,
    counted,
    outcomes,
    reading,
)  # fmt: skip
from tests.faults.ehr import FAULTS, LASTING, PATIENCE_SECONDS, FaultyEhr, everybodys, running
from tests.faults.table import ehr_faults
from tests.policy_151.patients import Facts, chart_of

EVERY_FAULT = pytest.mark.parametrize("name", FAULTS)


def answered_in_time(ehr: FaultyEhr) -> bool:
    """Whether no fault had run out when the answer came."""
    return not ehr.over.acquire(blocking=False)


@EVERY_FAULT
def test_a_fault_of_every_search_leaves_the_order_undetermined(
    name: str, ehr: FaultyEhr, logged: Callable[[], str]
) -> None:
    service, result = reading(ehr, SHORT_SECONDS if name in LASTING else 30), ehr_faults()[name].counted
    before = counted(service, "fhir_reads_total", result)
    ehr.faults["*"] = FAULTS[name]
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["undetermined"]
    assert answered_in_time(ehr)
    assert counted(service, "fhir_reads_total", result) > before
    assert counted(service, "deadline_hits_total") == (result == "deadline")
    logged()


@EVERY_FAULT
def test_an_answer_that_does_not_hang_on_the_fault_is_given(name: str, ehr: FaultyEhr) -> None:
    ehr.faults["MedicationStatement"] = FAULTS[name]
    service = reading(ehr, ENOUGH_SECONDS if name in LASTING else 30)
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["covered"]
    assert answered_in_time(ehr)


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in LASTING | {"status-404"}])
@pytest.mark.parametrize(
    ("facts", "whole"), [(LISTED, "covered"), (TOO_LARGE, "not-covered")], ids=["listed", "too large"]
)
def test_what_could_not_be_read_of_a_type_never_turns_the_answer(name: str, facts: Facts, whole: str) -> None:
    """Of the listed patient the form alone says so: to overlook it would deny for the size of the tumor."""
    with running(chart_of(facts).resources) as ehr:
        service = reading(ehr)
        for kind in ("Condition", "Observation", "Procedure", "QuestionnaireResponse", "BodyStructure"):
            ehr.faults = {kind: FAULTS[name]}
            assert outcomes(service.post(SIGN, json=call(ehr, facts))) in ([whole], ["undetermined"]), kind


@pytest.mark.parametrize("kind", ["Condition", "Observation", "Procedure"])
def test_a_core_type_that_is_not_found_is_unread(kind: str, ehr: FaultyEhr, service: FlaskClient) -> None:
    """404 says that a server has no such type (FHIR, http). Of a supplementary type there is nothing then; no EHR is
    without a core type."""
    ehr.faults[kind] = FAULTS["status-404"]
    answer = service.post(SIGN, json=call(ehr))
    assert outcomes(answer) in (["undetermined"], ["covered"])
    assert f"{kind} was not read: HTTP status 404" in answer.get_data(as_text=True)


@EVERY_FAULT
def test_a_coverage_record_that_could_not_be_read_is_not_an_empty_one(name: str, ehr: FaultyEhr) -> None:
    """An encounter is about coverage alone: to say that none was found would send the patient to find a payer."""
    ehr.faults["Coverage"] = FAULTS[name]
    service = reading(ehr, SHORT_SECONDS if name in LASTING else 30)
    answer = service.post("/cds-services/encounter-start-crd", json=encounter(ehr))
    (card,) = cards_on("insurance", answer)
    assert card["summary"] == "Coverage could not be checked: the coverage record was not read"
    assert answered_in_time(ehr)


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "status-404"])
def test_a_plan_denies_nothing_while_the_member_number_could_not_be_read(name: str, ehr: FaultyEhr) -> None:
    """The Coverage has a number nobody knows; the Patient may have the one that is known."""
    (coverage,) = ehr.of_type("Coverage")
    coverage["subscriberId"] = "A-1"
    service = reading(ehr, ENOUGH_SECONDS if name in LASTING else 30, members="table")
    asked = call(ehr, extension=V2_2)
    assert covered(service.post(SIGN, json=asked)) == ["not-covered"]
    ehr.faults["Patient"] = FAULTS[name]
    assert covered(service.post(SIGN, json=asked)) == ["indeterminate"]


def encounter(ehr: FaultyEhr) -> Json:
    context = {"userId": "Practitioner/dr-1", "patientId": call(ehr)["context"]["patientId"], "encounterId": "e-1"}
    return {**call(ehr), "hook": "encounter-start", "context": context}


@pytest.mark.parametrize("name", sorted(LASTING))
def test_the_service_hangs_up_on_every_search_it_gives_up(name: str, ehr: FaultyEhr) -> None:
    """A search that held its thread would starve the searches of others."""
    ehr.faults["*"] = FAULTS[name]
    reading(ehr, SHORT_SECONDS).post(SIGN, json=call(ehr))
    assert all(ehr.hung_up.acquire(timeout=PATIENCE_SECONDS) for _ in ehr.asked)
    assert answered_in_time(ehr)


def test_everybodys_data_is_refused_and_counted(
    ehr: FaultyEhr, service: FlaskClient, logged: Callable[[], str]
) -> None:
    ehr.faults["*"] = everybodys
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["covered"]
    assert counted(service, "resources_refused_total") > 0
    logged()
