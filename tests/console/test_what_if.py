"""What would change an answer: facts assumed to be otherwise, on requests as the console sends them."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import check_of
from cds_service.console.what_if import FACTS, assumed_findings, choices, moves
from cds_service.coverage_check import check_orders
from cds_service.hook_request import parse_request
from cds_service.judging import Judged, reconsider
from cds_service.settings import Settings
from fhir_mappings.facts import CHILD_PUGH_POINTS, ECOG_GRADE, KARNOFSKY_PERCENT, LARGEST_TUMOR_CM, TREATED_TUMOR
from tests.conftest import TODAY, hook_call, order
from tests.console.conftest import example


def judged(name: str) -> Judged:
    return judged_of(json.loads(example(name)))


def judged_of(body: Any) -> Judged:
    request = parse_request(json.dumps(body).encode(), "order-sign")
    return check_orders(request, check_of(Settings(auth="off")), TODAY, fhir_servers=()).judged[0]


@pytest.mark.parametrize(
    ("fact", "worth_asking"),
    [
        (ECOG_GRADE, ("2", "3", "unknown")),
        (KARNOFSKY_PERCENT, ("50", "60", "unknown")),
        (CHILD_PUGH_POINTS, ("9", "10", "unknown")),
        (LARGEST_TUMOR_CM, ("3", "3.1", "5", "5.1", "unknown")),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_number_is_asked_on_both_sides_of_each_limit(fact: Any, worth_asking: tuple[str, ...]) -> None:
    assert choices(fact) == worth_asking


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda f: f.name)
def test_whatever_can_be_chosen_can_be_assumed(fact: Any) -> None:
    for value in choices(fact):
        assert fact.name in assumed_findings({fact.name: value})


@pytest.mark.parametrize(
    ("name", "assumed", "outcome", "criteria"),
    [
        ("hcc-no-child-pugh", {"child_pugh_points": "9"}, "covered", ("I.D.1.a",)),
        ("hcc-no-child-pugh", {"child_pugh_points": "10"}, "not-covered", ("II", "I.C")),
        ("hcc-covered", {"child_pugh_points": "unknown"}, "missing-documentation", ("I.C",)),
        ("hcc-covered", {"treated_tumor": "unknown"}, "missing-documentation", ("I.D.1",)),
        ("hcc-covered", {"ecog_grade": "3"}, "missing-documentation", ("I.A.kps",)),
        ("hcc-covered", {"ecog_grade": "3", "karnofsky_percent": "50"}, "not-covered", ("II", "I.A.kps", "I.A.ecog")),
        ("hcc-covered", {"treated_tumor": "metastasis of melanoma"}, "not-covered", ("IV",)),
        ("hcc-covered", {}, "covered", ("I.D.1.a",)),
    ],
)
def test_the_policy_is_asked_again(name: str, assumed: dict[str, str], outcome: str, criteria: tuple[str, ...]) -> None:
    said = reconsider(judged(name), assumed_findings(assumed))
    assert said is not None
    assert (said.outcome.value, said.criteria) == (outcome, criteria)


def test_while_coverage_is_over_no_assumption_makes_an_order_covered() -> None:
    body = json.loads(example("hcc-no-child-pugh"))
    (coverage,) = (entry["resource"] for entry in body["prefetch"]["coverage"]["entry"])
    coverage["status"] = "cancelled"
    said = reconsider(judged_of(body), assumed_findings({"child_pugh_points": "9"}))
    assert said is not None
    assert (said.outcome.value, said.criteria, said.advisory) == ("undetermined", ("order.coverage",), "covered")


def test_what_is_assumed_is_never_told_as_proof_of_the_record() -> None:
    said = reconsider(judged("hcc-no-child-pugh"), assumed_findings({"child_pugh_points": "9"}))
    assert said is not None
    (proof,) = said.evidence["I.C"]
    assert (proof.reference, "assumed" in proof.text) == ("", True)


def test_moves_are_what_would_be_said_otherwise_than_now() -> None:
    told = {
        move.value: (move.outcome, move.moves) for move in moves(judged("hcc-no-child-pugh"), {}, CHILD_PUGH_POINTS)
    }
    assert told == {
        "9": ("covered", True),
        "10": ("not-covered", True),
        "unknown": ("missing-documentation", False),
    }


def test_a_diagnosis_that_is_refuted_leaves_the_policy_silent_for_focused_ultrasound() -> None:
    call = hook_call(order("C9734", bodySite=[{"coding": [{"system": "http://snomed.info/sct", "code": "10200004"}]}]))
    empty = {"resourceType": "Bundle", "type": "searchset"}
    call["prefetch"] = {"conditions": empty, "observations": empty, "procedures": empty}
    request = parse_request(json.dumps(call).encode(), "order-sign")
    one = check_orders(request, check_of(Settings(auth="off")), TODAY, fhir_servers=()).judged[0]
    assert one.determination.criteria == ("V",)
    assert reconsider(one, assumed_findings({"liver_tumor_indicated": "no"})) is None


@pytest.mark.parametrize(
    ("assumed", "told"),
    [
        ({"shoe_size": "9"}, "there is no fact of this name"),
        ({"ecog_grade": "two"}, "ecog_grade is a number"),
        ({"hcc_confirmed": "maybe"}, "hcc_confirmed has no such value"),
    ],
)
def test_what_cannot_be_assumed_is_refused(demo: FlaskClient, assumed: dict[str, str], told: str) -> None:
    request = json.loads(example("hcc-covered"))
    answer = ask(demo, request, assumed)
    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["details"]["text"] == told


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"request": 3}', b'{"request": {"hook": "order-sign"}}'])
def test_a_question_that_cannot_be_read_is_refused_with_its_place(demo: FlaskClient, body: bytes) -> None:
    answer = demo.post("/console/explanation", data=body)
    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["expression"][0].startswith("$")


def ask(demo: FlaskClient, request: Any, assumed: dict[str, str] | None = None) -> Any:
    draft = request["context"]["draftOrders"]["entry"][0]["resource"]
    facts = {f"{draft['resourceType']}/{draft['id']}": assumed or {}}
    return demo.post("/console/explanation", json={"request": request, "assumed": facts})


def test_an_explanation_tells_verdict_tree_facts_and_timeline(demo: FlaskClient) -> None:
    shown = ask(demo, json.loads(example("hcc-covered"))).get_data(as_text=True)
    assert 'data-verdict="covered"' in shown
    assert 'data-evidence="Observation/hcc-covered-child-pugh"' in shown
    assert 'data-fact="ecog_grade"' in shown
    assert "Timeline of the facts" in shown
    assert re.search(r'<circle cx="[\d.]+"', shown)
    assert "the record says otherwise" not in shown


def test_an_assumption_is_marked_wherever_it_shows(demo: FlaskClient) -> None:
    shown = ask(demo, json.loads(example("hcc-covered")), {"child_pugh_points": "10"}).get_data(as_text=True)
    assert 'data-verdict="not-covered"' in shown
    assert "the record says otherwise" in shown
    assert '<option value="10" selected>' in shown


def test_an_order_outside_every_policy_has_nothing_to_explain(demo: FlaskClient) -> None:
    request = json.loads(example("hcc-covered"))
    request["context"]["draftOrders"]["entry"] = []
    assert demo.post("/console/explanation", json={"request": request}).get_data(as_text=True).strip() == ""


def test_text_of_the_record_is_escaped_in_an_explanation(demo: FlaskClient) -> None:
    request = json.loads(example("hcc-covered"))
    request["context"]["draftOrders"]["entry"][0]["resource"]["id"] = '"><script>alert(1)</script>'
    shown = ask(demo, request).get_data(as_text=True)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_tumors_are_offered_by_their_names() -> None:
    assert "hepatocellular carcinoma" in choices(TREATED_TUMOR)
