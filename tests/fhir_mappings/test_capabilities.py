"""A server's CapabilityStatement: what it offers for reads, and that a statement nobody can read offers nothing."""

import json
from typing import Any

import pytest

from cds_service.demo_ehr.capability_statement import capability_statement
from fhir_mappings.capabilities import NOT_KNOWN, Capabilities, read_statement
from fhir_mappings.prefetch import CLINICAL, COVERAGE

BATCH = {"code": "batch"}


def statement(*interactions: Any, mode: str = "server", **more: Any) -> dict[str, Any]:
    rest = {"mode": mode, "interaction": list(interactions), **more}
    return {"resourceType": "CapabilityStatement", "status": "active", "rest": [rest]}


def read(body: Any) -> Capabilities | None:
    return read_statement(json.dumps(body).encode())


def of_type(kind: str, *parameters: str) -> dict[str, Any]:
    return {"type": kind, "searchParam": [{"name": name, "type": "reference"} for name in parameters]}


@pytest.mark.parametrize(
    ("body", "can_batch"),
    [
        pytest.param(statement(BATCH), True, id="batch"),
        pytest.param(statement({"code": "transaction"}, BATCH), True, id="batch among others"),
        pytest.param(statement({"code": "transaction"}), False, id="transactions only"),
        pytest.param(statement({"code": "Batch"}), False, id="another code"),
        pytest.param(statement({"documentation": "batch"}), False, id="no code"),
        pytest.param(statement(), False, id="no interaction"),
        pytest.param(statement(BATCH, mode="client"), False, id="what it does as a client"),
        pytest.param({**statement(), "rest": None}, False, id="null"),
        pytest.param({"resourceType": "CapabilityStatement"}, False, id="nothing at all"),
        pytest.param(
            {**statement(), "rest": statement()["rest"] + statement(BATCH)["rest"]}, True, id="the second server side"
        ),
    ],
)
def test_a_server_takes_batches_when_its_statement_says_so(body: Any, can_batch: bool) -> None:
    said = read(body)
    assert said is not None
    assert said.can_batch is can_batch


@pytest.mark.parametrize(
    "text",
    [
        b"", b"<html>", b"null", b"[]", b"7", b'{"resourceType": "CapabilityStatement", "rest": [', b"\xff",
        b'{"resourceType": "OperationOutcome"}', b'{"rest": [{"mode": "server", "interaction": [{"code": "batch"}]}]}',
        *(json.dumps({**statement(BATCH), "rest": odd}).encode() for odd in (
            "server", {"mode": "server"}, [None], ["server"], [{"mode": ["server"]}],
            [{"mode": "server", "interaction": "batch"}], [{"mode": "server", "interaction": [{"code": ["batch"]}]}],
            [{"mode": "server", "resource": [{"type": 7}]}],
        )),
        b'{"resourceType": "CapabilityStatement", "rest": ' + b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_statement_nobody_can_read_says_nothing(text: bytes) -> None:
    assert read_statement(text) is None


@pytest.mark.parametrize(
    ("listed", "query"),
    [
        pytest.param(of_type("Condition", "subject", "code"), "Condition?subject=Patient/p-1", id="subject alone"),
        pytest.param(of_type("Condition", "patient", "subject"), "Condition?patient=p-1", id="both"),
        pytest.param(of_type("Condition", "patient"), "Condition?patient=p-1", id="patient alone"),
        pytest.param(of_type("Condition", "code"), "Condition?patient=p-1", id="neither"),
        pytest.param(of_type("Condition"), "Condition?patient=p-1", id="none listed"),
        pytest.param(of_type("Procedure", "subject"), "Condition?patient=p-1", id="another type"),
    ],
)
def test_CRDF21_CRD48_a_patient_is_searched_by_the_name_the_server_lists(listed: Any, query: str) -> None:
    said = read(statement(resource=[listed]))
    assert said is not None
    assert said.worded("Condition", "Condition?patient=p-1") == query


def test_other_parameters_stay_as_they_are() -> None:
    said = Capabilities(by_subject=frozenset({"Observation"}))
    assert said.worded("Observation", "Observation?patient=p&code=1,2") == "Observation?subject=Patient/p&code=1,2"
    assert said.worded("Observation", "Observation?_id=patient") == "Observation?_id=patient"


def test_of_a_server_nobody_knows_queries_stay_as_they_are() -> None:
    assert NOT_KNOWN.worded("Condition", "Condition?patient=p") == "Condition?patient=p"


def test_the_types_a_server_has_are_those_it_lists() -> None:
    said = read(statement(resource=[of_type("Condition"), of_type("Patient", "name")]))
    assert said is not None
    assert said.types == {"Condition", "Patient"}


def test_the_demonstration_ehr_takes_batches_and_lists_nearly_all_we_ask() -> None:
    said = read(capability_statement("https://ehr.example/fhir"))
    assert said is not None
    assert (said.can_batch, said.by_subject) == (True, frozenset())
    assert said.types >= {search.resource_type for search in (COVERAGE, *CLINICAL)}
