"""What every determination keeps, and the coverage statement that comes with it, for every patient."""

from typing import Any, Final

from flask.testing import FlaskClient
from hypothesis import given

from tests.conftest import Json, coverage_cards
from tests.crd.calls import V2_2, actions, parts, statements
from tests.policy_151.patients import prefetch_of, request_body
from tests.properties.generated import BOUNDED, charts
from tests.properties.test_determinations import Made, proved_by, reference

DETERMINATION: Final = "coverage-hooks.determination"
STATED: Final = {
    "covered": "covered",
    "not-covered": "not-covered",
    "missing-documentation": "conditional",
    "undetermined": "indeterminate",
    "refer": "indeterminate",
    "no-criterion": "indeterminate",
}
"""Policy-logic 4: the coverage statement of each outcome."""
DENYING: Final = {"II", "IV", "V", "VI", "VII", "VIII", "IX"}
"""The criteria of the policy that deny; under II those of I that are not met stand beside."""


def answered(service: FlaskClient, made: Made, **more: Any) -> Any:
    orders, resources = made
    return service.post("/cds-services/order-sign-crd", json={**request_body(orders, prefetch_of(resources)), **more})


def test_the_patients_that_are_made_get_every_answer(service: FlaskClient) -> None:
    """Or else the properties would hold of nobody."""
    seen: set[str] = set()

    @BOUNDED
    @given(made=charts())
    def look(made: Made) -> None:
        seen.update(card["extension"][DETERMINATION]["outcome"] for card in coverage_cards(answered(service, made)))

    look()
    assert seen == STATED.keys() - {"undetermined"}


@BOUNDED
@given(made=charts())
def test_every_determination_is_proved_by_what_was_sent_and_agrees_with_itself(
    service: FlaskClient, made: Made
) -> None:
    sent = {reference(one) for resources in made for one in resources}
    for card in coverage_cards(answered(service, made)):
        said = card["extension"][DETERMINATION]
        assert said["revision"] == "2025-05-06"
        assert said["criteria"]
        assert proved_by(said) <= sent
        AGREES[said["outcome"]](said)


def is_met(said: Json) -> None:
    assert {said["answers"][number] for number in said["criteria"]} == {"met"}
    assert said["answers"]["IV"] == "not-met"
    assert "missing" not in said
    assert all(said["evidence"].get(number) for number in proving(said))


def proving(said: Json) -> list[str]:
    """The diagnosis of the branch that covers, or the place on the list: what no inference can stand for."""
    branches = [number for number in said["criteria"] if number.startswith("I.D.")]
    assert branches
    return ["I.D.2.listed" if branch == "I.D.2" else f"{branch}.dx" for branch in branches]


def is_denied(said: Json) -> None:
    first, *failed = said["criteria"]
    assert first in DENYING
    assert "missing" not in said
    if first == "II":
        assert failed
        assert {said["answers"][number] for number in failed} == {"not-met"}
    elif first == "IV":
        assert said["answers"]["IV"] == "met"


def is_open(said: Json) -> None:
    asked = [each["criterion"] for each in said["missing"]]
    assert said["criteria"] == asked
    assert len(asked) == len(set(asked))
    assert all(each["question"].strip() for each in said["missing"])
    assert {said.get("answers", {}).get(number, "unknown") for number in asked} == {"unknown"}


def is_left_to_others(said: Json) -> None:
    assert "missing" not in said or said.get("advisory") == "missing-documentation"


AGREES: Final = {
    "covered": is_met,
    "not-covered": is_denied,
    "missing-documentation": is_open,
    "refer": is_left_to_others,
    "no-criterion": is_left_to_others,
    "undetermined": is_left_to_others,
}


@BOUNDED
@given(made=charts())
def test_card_and_coverage_statement_say_the_same_of_each_order(service: FlaskClient, made: Made) -> None:
    """The statements themselves are held against the guide's invariants, and all cards against the rules of answers,
    in every test of this suite."""
    answer = answered(service, made, extension=V2_2)
    if answer.status_code == 400:  # no Coverage of a payer we answer for
        assert not any(one["resourceType"] == "Coverage" for one in made[1])
        return
    by_card = {
        card["extension"][DETERMINATION]["order"]: card["extension"][DETERMINATION] for card in coverage_cards(answer)
    }
    stated = {
        reference(action["resource"]): [parts(one)["covered"] for one in statements(action["resource"])]
        for action in actions(answer)
    }
    for order, said in by_card.items():
        assert stated.get(order) == [STATED[said["outcome"]]]
