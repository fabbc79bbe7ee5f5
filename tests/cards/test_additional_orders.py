"""The additional-orders card: tests Child-Pugh lacks, where criterion I.C hangs on them (resp-57, resp-58)."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from fhir_mappings.laboratory import LABORATORY_TESTS
from tests.cards.building import (
    LOINC,
    OPEN,
    call,
    created,
    drafted,
    laboratory,
    laboratory_order,
    on_record,
    ordered,
    post,
)  # fmt: skip
from tests.conformance.wire import OPERATION_OUTCOME
from tests.conftest import Json, cards_on, determinations

TOPIC = "clinical-reminder"
BILIRUBIN, ALBUMIN, INR = ("1975-2", "1751-7", "6301-6")
BAD_BILIRUBIN = laboratory(BILIRUBIN, 4.0, "mg/dL")
BAD_ALBUMIN = laboratory(ALBUMIN, 2.5, "g/dL")


def cards(answer: Any) -> list[Json]:
    """The cards that suggest tests; the form has the same topic."""
    return [card for card in cards_on(TOPIC, answer) if card["summary"].startswith("Tests")]


def suggested_tests(answer: Any) -> list[Json]:
    return [suggestion for card in cards(answer) for suggestion in card["suggestions"]]


def numbers(answer: Any) -> list[str]:
    """The LOINC numbers of the tests that are suggested."""
    return [created(one)["code"]["coding"][0]["code"] for one in suggested_tests(answer)]


@pytest.mark.parametrize(
    ("known", "lacking"),
    [
        pytest.param([], [BILIRUBIN, ALBUMIN, INR], id="nothing but a bilirubin of last year"),
        pytest.param([BAD_BILIRUBIN], [ALBUMIN, INR], id="bilirubin is there"),
        pytest.param([laboratory("14631-6", 70, "umol/L")], [ALBUMIN, INR], id="bilirubin in moles is one as well"),
        pytest.param([BAD_BILIRUBIN, BAD_ALBUMIN], [INR], id="bilirubin and albumin are there"),
        pytest.param([laboratory(INR, 1.9, "{INR}", on="2026-08-01")], [BILIRUBIN, ALBUMIN, INR], id="INR is too old"),
        pytest.param(
            [BAD_BILIRUBIN, laboratory(INR, 1.9, "{INR}", on="2026-10-01")], [ALBUMIN, INR],
            id="INR is of another period than the newest value",
        ),
        pytest.param([laboratory(ALBUMIN, 5200, "g/dL")], [BILIRUBIN, ALBUMIN, INR], id="albumin cannot be right"),
        pytest.param([{**BAD_ALBUMIN, "status": "preliminary"}], [BILIRUBIN, ALBUMIN, INR], id="albumin is not final"),
    ],
)  # fmt: skip
def test_just_the_tests_without_a_usable_result_are_suggested(
    client: FlaskClient, known: list[Json], lacking: list[str]
) -> None:
    assert numbers(post(client, on_record(call(), "observations", *known))) == lacking


def test_the_determination_says_which_parts_are_not_known(client: FlaskClient) -> None:
    (nothing,) = determinations(post(client, call()))
    assert "Child-Pugh components not known: bilirubin, albumin, INR, ascites, encephalopathy" in nothing["notes"]
    (partly,) = determinations(post(client, on_record(call(), "observations", BAD_BILIRUBIN)))
    assert any("not known: albumin, INR, ascites, encephalopathy" in note for note in partly["notes"])


def test_resp_57_the_drafts_meet_the_least_the_profile_asks(client: FlaskClient) -> None:
    """CRD 2.0.1, profile-servicerequest: status draft, intent, code, subject, authoredOn, requester."""
    for suggestion in suggested_tests(post(client, call())):
        order = created(suggestion)
        assert (order["status"], order["intent"]) == ("draft", "original-order")
        assert order["code"]["coding"][0]["system"] == LOINC
        assert order["subject"] == {"reference": f"Patient/{OPEN}"}
        assert order["authoredOn"] == "2026-11-24"
        assert order["requester"] == {"reference": "Practitioner/demo-practitioner"}
        assert "id" not in order


def test_resp_3_resp_58_any_number_of_them_may_be_chosen_and_each_is_one_action(client: FlaskClient) -> None:
    (card,) = cards(post(client, call()))
    assert card["selectionBehavior"] == "any"
    assert [[a["type"] for a in one["actions"]] for one in card["suggestions"]] == [["create"]] * 3
    assert len({one["uuid"] for one in card["suggestions"]}) == 3
    assert "links" not in card
    assert "I.C" in card["detail"]


REQUESTED = {"reference": "PractitionerRole/chief"}


@pytest.mark.parametrize(
    ("requester", "user", "named"),
    [
        (REQUESTED, "Practitioner/dr-1", "PractitionerRole/chief"),
        (None, "Practitioner/dr-1", "Practitioner/dr-1"),
        (None, "PractitionerRole/pr-1", "PractitionerRole/pr-1"),
        ({"reference": "Patient/p"}, "Practitioner/dr-1", "Practitioner/dr-1"),
        (
            {"reference": "https://ehr.example/fhir/Practitioner/far"},
            "Patient/p",
            "https://ehr.example/fhir/Practitioner/far",
        ),
        ({"reference": 5}, "Practitioner/dr-1", "Practitioner/dr-1"),
        ({"display": "Dr. No"}, "Practitioner/dr-1", "Practitioner/dr-1"),
    ],
)
def test_the_requester_is_the_orders_else_the_user(
    client: FlaskClient, requester: Any, user: str, named: str
) -> None:  # fmt: skip
    body = ordered(call(), requester=requester)
    body["context"]["userId"] = user
    assert {created(one)["requester"]["reference"] for one in suggested_tests(post(client, body))} == {named}


@pytest.mark.parametrize("user", ["Patient/p", "RelatedPerson/r", "dr-1", "Practitioner/"])
def test_without_a_practitioner_nothing_is_suggested(client: FlaskClient, user: str) -> None:
    body = ordered(call(), requester=None)
    body["context"]["userId"] = user
    assert cards(post(client, body)) == []


class TestWhatIsOrderedAlready:
    """resp-16: what the EHR knows itself is not advised."""

    @pytest.mark.parametrize("status", ["draft", "active", "on-hold"])
    def test_a_test_among_the_orders_on_record_is_not_suggested_again(self, client: FlaskClient, status: str) -> None:
        body = on_record(call(), "serviceRequests", laboratory_order(INR, status))
        assert numbers(post(client, body)) == [BILIRUBIN, ALBUMIN]

    @pytest.mark.parametrize("status", ["completed", "revoked", "entered-in-error"])
    def test_one_that_is_over_brought_no_result(self, client: FlaskClient, status: str) -> None:
        body = on_record(call(), "serviceRequests", laboratory_order(INR, status))
        assert numbers(post(client, body)) == [BILIRUBIN, ALBUMIN, INR]

    @pytest.mark.parametrize("hook", ["order-sign", "order-select"])
    def test_a_draft_beside_the_order_is_enough(self, client: FlaskClient, hook: str) -> None:
        asked = call(hook=hook)  # on order-select the selection names the ablation only
        body = drafted(asked, laboratory_order(INR, "draft"), laboratory_order("61151-7", "draft"))
        assert numbers(post(client, body)) == [BILIRUBIN]

    def test_when_all_are_ordered_there_is_no_card(self, client: FlaskClient) -> None:
        body = drafted(call(), *(laboratory_order(loinc, "draft") for loinc in (BILIRUBIN, ALBUMIN, INR)))
        assert cards(post(client, body)) == []

    def test_accepting_the_suggestions_ends_them(self, client: FlaskClient) -> None:
        accepted = [created(one) | {"id": f"new-{n}"} for n, one in enumerate(suggested_tests(post(client, call())))]
        assert cards(post(client, drafted(call(), *accepted))) == []


def changed(name: str, **prefetch: Json) -> Json:
    body = call(name)
    return {**body, "prefetch": {**body["prefetch"], **prefetch}}


CONTRADICTORY = {
    "resourceType": "Observation", "id": "cp", "status": "final", "effectiveDateTime": "2026-11-20",
    "subject": {"reference": f"Patient/{OPEN}"}, "code": {"coding": [{"system": LOINC, "code": "98152-2"}]},
    "valueInteger": 27,
}  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(call("hcc-covered"), id="Child-Pugh is recorded"),
        pytest.param(call("hcc-too-large"), id="the order fails elsewhere"),
        pytest.param(call("histotripsy"), id="no patient criterion decides"),
        pytest.param(changed(OPEN, observations=OPERATION_OUTCOME), id="results could not be read"),
        pytest.param(on_record(call(), "observations", CONTRADICTORY), id="the newest score is invalid (A50)"),
        pytest.param(changed("medicaid-member", observations={"resourceType": "Bundle"}), id="other rules come first"),
    ],
)
def test_without_an_open_question_on_child_pugh_no_test_is_suggested(client: FlaskClient, body: Json) -> None:
    answer = post(client, body)
    assert suggested_tests(answer) == []


def test_several_orders_of_one_signing_share_the_card(client: FlaskClient) -> None:
    first = call()["context"]["draftOrders"]["entry"][0]["resource"]
    answer = post(client, drafted(call(), {**first, "id": "second"}))
    (card,) = cards(answer)
    assert card["extension"] == {
        "davinci-crd.associated-resource": [f"ServiceRequest/{first['id']}", "ServiceRequest/second"]
    }
    assert len(card["suggestions"]) == 3


def test_every_test_has_its_number_among_the_codes_its_results_are_read_by() -> None:
    assert [test.loinc for test in LABORATORY_TESTS.values()] == [BILIRUBIN, ALBUMIN, INR]
    assert all(("loinc", test.loinc) in test.codes for test in LABORATORY_TESTS.values())
