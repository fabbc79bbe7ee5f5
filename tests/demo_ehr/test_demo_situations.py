"""Each situation is a patient, orders of that patient, and one expected answer per order."""

from importlib.resources import files

import pytest

from cds_service.demo_ehr import Situation, load_situations, load_store
from cds_service.demo_ehr.date_shift import WRITTEN_FOR

SITUATIONS = load_situations(WRITTEN_FOR)
STORE = load_store(WRITTEN_FOR)
OUTCOMES = {"covered", "not-covered", "missing-documentation", "refer", "no-criterion", "undetermined", "no card"}
each_situation = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.id)


@each_situation
def test_its_patient_is_in_the_record(situation: Situation) -> None:
    assert STORE.read("Patient", situation.patient_id) is not None


@each_situation
def test_its_orders_name_its_patient_and_a_coverage_of_that_patient(situation: Situation) -> None:
    patient = {"reference": f"Patient/{situation.patient_id}"}
    for order in situation.draft_orders:
        insurance = order["insurance"][0]["reference"]
        coverage = STORE.read("Coverage", insurance.removeprefix("Coverage/"))
        assert order["subject"] == patient
        assert coverage is not None
        assert coverage["beneficiary"] == patient


@each_situation
def test_it_expects_one_answer_per_order(situation: Situation) -> None:
    assert len(outcomes(situation)) == len(situation.draft_orders)
    assert set(outcomes(situation)) <= OUTCOMES


@each_situation
def test_the_readme_tells_the_same(situation: Situation) -> None:
    readme = (files("cds_service.demo_ehr") / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| {situation.id} |"))
    assert row.split(" | ")[2].split("; ") == outcomes(situation)


def test_every_example_patient_has_a_situation() -> None:
    names = {one.name for one in (files("cds_service.demo_ehr") / "patients").iterdir()}
    assert names - {"demo-practitioner.json"} == {f"{one.patient_id}.json" for one in SITUATIONS}


def outcomes(situation: Situation) -> list[str]:
    """The outcome words, one per draft order, without the criteria."""
    return [part.partition(" (")[0] for part in situation.expected.split("; ")]
