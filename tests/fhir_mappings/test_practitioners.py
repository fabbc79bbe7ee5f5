"""The NPI of the user: told by an order that speaks of the user, and of nobody else."""

from typing import Any

import pytest

from fhir_mappings.practitioners import US_NPI, npi_of

USER = "Practitioner/dr-1"
NPI = "1234567893"


def npi(value: Any = NPI, system: Any = US_NPI) -> dict[str, Any]:
    return {"system": system, "value": value}


def by(**requester: Any) -> dict[str, Any]:
    return {"resourceType": "ServiceRequest", "requester": requester}


def contained(kind: str) -> dict[str, Any]:
    return {**by(reference="#r"), "contained": [{"resourceType": kind, "id": "r", "identifier": [npi()]}]}


@pytest.mark.parametrize(
    "order",
    [
        by(reference=USER, identifier=npi()),
        by(reference=f"https://ehr.example/fhir/{USER}", identifier=npi()),
        by(identifier=npi()),
        by(type="Practitioner", identifier=npi()),
        contained("Practitioner"),
        {"resourceType": "NutritionOrder", "orderer": {"reference": USER, "identifier": npi()}},
        {"resourceType": "VisionPrescription", "prescriber": {"reference": USER, "identifier": npi()}},
    ],
)
def test_an_order_by_the_user_tells_the_npi(order: Any) -> None:
    assert npi_of(USER, [order]) == NPI


@pytest.mark.parametrize(
    "order",
    [
        {},
        by(reference=USER),
        by(reference="Practitioner/dr-2", identifier=npi()),
        by(type="Organization", identifier=npi()),
        by(reference=USER, identifier=npi(system="http://hospital.example/staff")),
        by(reference=USER, identifier=npi("123456789")),
        by(reference=USER, identifier=npi("jane.doe@x")),
        by(reference=USER, identifier=npi(1234567893)),
        by(reference="#absent", identifier=npi()),
        contained("Organization"),
        {"requester": "Practitioner/dr-1"},
        by(reference=USER, identifier=[7, None]),
    ],
)
def test_what_does_not_tell_the_users_npi_tells_none(order: Any) -> None:
    assert npi_of(USER, [order]) == ""


def test_without_a_user_an_order_by_somebody_tells_nothing() -> None:
    assert npi_of("", [by(reference=USER, identifier=npi())]) == ""


def test_two_orders_that_tell_different_numbers_tell_none() -> None:
    one, other = by(reference=USER, identifier=npi()), by(reference=USER, identifier=npi("1999999992"))
    assert npi_of(USER, [one, one]) == NPI
    assert npi_of(USER, [one, other]) == ""
