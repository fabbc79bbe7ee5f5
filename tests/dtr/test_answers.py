"""What is read of a form that was filled in, and what is refused: by its place, without a word of what stood there."""

from typing import Any

import pytest

from cds_service.dtr.answers import read_answers

Json = dict[str, Any]
LOCAL = "http://coverage-hooks.example.org/fhir/CodeSystem/liver-ablation-facts"
SNOMED = "http://snomed.info/sct"
UNKNOWN = {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "asked-unknown"}


def item(link_id: str, *answers: Json, **more: Any) -> Json:
    return {"linkId": link_id, "answer": list(answers), **more}


def size(value: Any, code: str = "cm") -> Json:
    return {"valueQuantity": {"value": value, "code": code, "unit": code}}


@pytest.mark.parametrize(
    ("link_id", "held"),
    [
        ("liver-reserve-adequate", {"valueBoolean": False}),
        ("ecog-grade", {"valueInteger": 5}),
        ("karnofsky-percent", {"valueInteger": 0}),
        ("lt-status", {"valueCoding": {"system": LOCAL, "code": "listed"}}),
        ("lt-status", {"valueCoding": {"code": "listed"}}),
        ("child-pugh-class", {"valueCoding": {"system": SNOMED, "code": "710065009"}}),
        ("largest-liver-tumor-cm", size(31, "mm")),
        ("largest-liver-tumor-cm", {"valueDecimal": 3.1}),
    ],
)
def test_an_answer_of_the_right_type_is_read(link_id: str, held: Json) -> None:
    given = read_answers({"item": [item(link_id, held)]})
    assert (given.answers, given.faults) == ({link_id: held}, ())


def test_answers_are_found_in_groups_below_answers_and_beside_extensions() -> None:
    origin = {"extension": [{"url": "http://x.example", "valueString": "x"}], "valueBoolean": True}
    nested = item("all-foci-amenable", {"valueBoolean": True, "item": [item("ecog-grade", {"valueInteger": 1})]})
    given = read_answers({"item": [{"linkId": "I.D.1.a", "item": [nested]}, item("liver-reserve-adequate", origin)]})
    assert given.answers == {
        "all-foci-amenable": {"valueBoolean": True},
        "ecog-grade": {"valueInteger": 1},
        "liver-reserve-adequate": {"valueBoolean": True},
    }


@pytest.mark.parametrize("answers", [(), ({"valueCoding": UNKNOWN},), ({"extension": []},)])
def test_what_is_not_known_stays_open(answers: tuple[Json, ...]) -> None:
    given = read_answers({"item": [item("lt-status", *answers)]})
    assert (given.answers, given.left_open, given.faults) == ({}, {"lt-status"}, ())


@pytest.mark.parametrize(
    ("held", "place"),
    [
        (item("no-such-question", {"valueBoolean": True}), "$.item[0].linkId"),
        ({"answer": []}, "$.item[0].linkId"),
        (item("ecog-grade", {"valueInteger": 1}, {"valueInteger": 2}), "$.item[0].answer"),
        ({"linkId": "ecog-grade", "answer": {"valueInteger": 1}}, "$.item[0].answer"),
        (item("ecog-grade", {"valueString": "one"}), "$.item[0].answer[0]"),
        (item("ecog-grade", {"valueInteger": 1, "valueString": "1"}), "$.item[0].answer[0]"),
        (item("ecog-grade", {"valueInteger": 6}), "$.item[0].answer[0].valueInteger"),
        (item("ecog-grade", {"valueInteger": True}), "$.item[0].answer[0].valueInteger"),
        (item("ecog-grade", {"valueInteger": 1.5}), "$.item[0].answer[0].valueInteger"),
        (item("liver-reserve-adequate", {"valueBoolean": "yes"}), "$.item[0].answer[0].valueBoolean"),
        (item("lt-status", {"valueCoding": {"system": LOCAL, "code": "soon"}}), "$.item[0].answer[0].valueCoding"),
        (item("lt-status", {"valueCoding": {"system": SNOMED, "code": "listed"}}), "$.item[0].answer[0].valueCoding"),
        (item("child-pugh-class", {"valueCoding": {"code": "710065009"}}), "$.item[0].answer[0].valueCoding"),
        (item("lt-status", {"valueCoding": "listed"}), "$.item[0].answer[0].valueCoding"),
        (item("largest-liver-tumor-cm", size(3, "in")), "$.item[0].answer[0].valueQuantity"),
        (item("largest-liver-tumor-cm", size("3")), "$.item[0].answer[0].valueQuantity"),
        (item("largest-liver-tumor-cm", size(3000)), "$.item[0].answer[0].valueQuantity"),
    ],
)
def test_a_wrong_answer_is_named_by_its_place(held: Json, place: str) -> None:
    given = read_answers({"item": [held]})
    assert (given.answers, [fault.place for fault in given.faults]) == ({}, [place])


def test_a_question_that_is_answered_twice_counts_for_nothing_more() -> None:
    given = read_answers({"item": [item("ecog-grade", {"valueInteger": 1}), item("ecog-grade", {"valueInteger": 3})]})
    assert given.answers == {"ecog-grade": {"valueInteger": 1}}
    assert [fault.place for fault in given.faults] == ["$.item[1]"]


def test_what_is_said_of_a_fault_holds_nothing_of_the_answer() -> None:
    secret = "Zebulon"
    given = read_answers({
        "item": [
            item(secret, {"valueBoolean": True}),
            item("lt-status", {"valueCoding": {"code": secret}}),
            item("ecog-grade", {"valueString": secret}),
            item("largest-liver-tumor-cm", size(3, secret)),
        ]
    })  # fmt: skip
    assert len(given.faults) == 4
    assert secret not in str(given.faults)


def test_a_response_that_nests_without_end_is_read_to_a_depth() -> None:
    deep: Json = item("ecog-grade", {"valueInteger": 1})
    for _ in range(200):
        deep = {"linkId": "I.A", "item": [deep]}
    assert read_answers({"item": [deep]}).answers == {}
