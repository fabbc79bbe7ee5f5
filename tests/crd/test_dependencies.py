"""Which other orders a statement depends on (CRD, dependency): only those the order is judged by or plans."""

from typing import Any

import pytest

from cds_service.crd.dependencies import dependencies
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.finding import Evidence
from fhir_mappings.order_reads import DraftOrder
from tests.crd.building import determination, draft, order

SIMULATION = order("0944T", id="sim")
IX = determination(Outcome.NOT_COVERED, "IX")
MICROWAVE = {"coding": [{"system": "http://snomed.info/sct", "code": "609232008"}]}


def rested(*evidence: tuple[str, str], **more: Any) -> Determination:
    proofs: dict[str, tuple[Evidence, ...]] = {}
    for number, reference in evidence:
        proofs[number] = (*proofs.get(number, ()), Evidence(reference, "a proof"))
    return determination(Outcome.COVERED, "I.D.1.b", evidence=proofs, **more)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (order("47382", id="abl"), ("ServiceRequest/abl",)),
        (draft({**order(id="abl").body, "code": MICROWAVE}), ("ServiceRequest/abl",)),
        (order("47370", id="abl"), ()),
        (order("99213", id="visit"), ()),
        (order("0944T", id="again"), ()),
        (order("47382", id="abl", status="revoked"), ()),
        (draft({"resourceType": "CommunicationRequest", "id": "c"}), ()),
    ],
    ids=[
        "the ablation", "the ablation in SNOMED CT", "a laparoscopic one", "a visit", "another simulation",
        "an ablation that is off", "no order of a service",
    ],
)  # fmt: skip
def test_a_simulation_refers_to_the_ablation_it_plans(other: DraftOrder, expected: tuple[str, ...]) -> None:
    assert dependencies(SIMULATION, IX, (SIMULATION, other)) == expected


def test_the_ablation_is_judged_without_its_simulation() -> None:
    """A33: the simulation is a service of its own; what is said of the ablation holds with or without it."""
    own = rested(("I.A.ecog", "Observation/ecog"))
    assert dependencies(order("47382"), own, (order("47382"), SIMULATION)) == ()


def test_an_ablation_refers_to_the_resection_it_is_judged_by() -> None:
    found = rested(("I.D.1.b.dx", "Condition/c"), ("I.D.1.b.i.2", "ServiceRequest/resection"))
    assert dependencies(order("47382"), found, ()) == ("ServiceRequest/resection",)


def test_orders_of_branches_beside_and_the_order_itself_are_none() -> None:
    found = rested(("I.D.1.a.i", "ServiceRequest/resection"), ("IX", "ServiceRequest/sr-1"), beside=("I.D.1.a",))
    assert dependencies(order("47382"), found, ()) == ()


def test_each_order_is_referred_to_once_and_in_its_local_form() -> None:
    found = rested(
        ("I.D.1.b.i.2", "https://ehr.example/fhir/ServiceRequest/r"),
        ("I.D.1.b.i", "ServiceRequest/r"),
        ("I.D.1.b.ii", "ServiceRequest at $.prefetch.serviceRequests.entry[0].resource"),
    )
    assert dependencies(order("47382"), found, ()) == ("ServiceRequest/r",)


def test_an_order_outside_every_policy_depends_on_none() -> None:
    assert dependencies(SIMULATION, None, (order("47382", id="abl"),)) == ()
