"""The patient list: names, initials, ages and histories, whatever the record lacks."""

from datetime import date
from typing import Any

import pytest

from cds_service.console.patients import list_patients
from cds_service.demo_ehr import Situation, Store
from cds_service.demo_ehr.transaction import Write

TODAY = date(2026, 11, 24)


def listed(*resources: dict[str, Any]) -> Any:
    store = Store()
    store.write([Write(resource, None) for resource in resources])
    (one,) = list_patients([Situation("s", "A situation", "p1", [], "covered")], store, TODAY)
    return one


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p1", **more}


@pytest.mark.parametrize(
    ("born", "age"),
    [("1961-11-24", "65 years"), ("1961-11-25", "64 years"), ("1961", "age unknown"), ("", "age unknown")],
)
def test_an_age_is_full_years_or_unknown(born: str, age: str) -> None:
    assert listed(patient(birthDate=born, gender="female")).about == f"{age}, female"


def test_a_patient_without_a_name_or_sex_is_listed_all_the_same() -> None:
    one = listed(patient())
    assert (one.name, one.initials, one.about) == ("", "", "age unknown, unknown")


def test_a_history_is_the_active_problems_the_newest_first_each_once() -> None:
    def problem(identity: str, text: str, recorded: str, status: str = "active") -> dict[str, Any]:
        return {
            "resourceType": "Condition", "id": identity, "subject": {"reference": "Patient/p1"}, "code": {"text": text},
            "clinicalStatus": {"coding": [{"code": status}]}, "recordedDate": recorded,
        }  # fmt: skip

    one = listed(
        patient(name=[{"family": "Ng", "given": ["Amy"]}]),
        problem("a", "Cirrhosis", "2020-01-01"),
        problem("b", "HCC", "2026-01-01"),
        problem("c", "Cirrhosis", "2019-01-01"),
        problem("d", "Flu", "2026-02-01", status="resolved"),
    )
    assert one.history == "HCC, cirrhosis"
    assert one.initials == "AN"
