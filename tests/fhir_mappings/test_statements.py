"""Statements: which answers count, which of them to believe, and when they contradict (terminology 6, A37, A63)."""

from typing import Any

import pytest

from fhir_mappings.finding import Interval, Reason, exactly
from fhir_mappings.form_codes import STATEMENTS
from fhir_mappings.statements import Stated, say
from tests.fhir_mappings.building import (
    FORM,
    LOCAL,
    chart_of,
    choice,
    concept,
    form,
    local_observation,
    observation,
    quantity,
    stated,
)

CODE = "location-accessible"

TERMINOLOGY_SECTION_6 = {
    "liver-reserve-adequate", "dx-confirmation-method", "resection-feasible", "resection-concurrent",
    "location-accessible", "liver-tumor-count", "largest-liver-tumor-cm", "all-foci-amenable",
    "complete-ablation-goal", "mets-confined-to-liver", "extrahepatic-disease", "net-symptoms-refractory", "lt-status",
    "bridge-to-transplant-intent", "mets-primary", "ablation-modality",
}  # fmt: skip

CHOICES = {
    "dx-confirmation-method": {"biopsy", "imaging", "both", "none"},
    "extrahepatic-disease": {"none", "stable-bone-only", "present"},
    "lt-status": {"not-awaiting", "evaluating", "listed"},
    "mets-primary": {"colorectal", "neuroendocrine", "breast", "melanoma", "other"},
    "ablation-modality": {"RFA", "cryo", "PEI", "microwave", "HIFU", "histotripsy", "IRE", "other"},
}


def settled(*resources: dict[str, Any], code: str = CODE, window: int = 365) -> Stated:
    return chart_of(*resources).stated(code, window)


def test_every_local_code_of_the_terminology_is_a_statement() -> None:
    assert set(STATEMENTS) == TERMINOLOGY_SECTION_6


@pytest.mark.parametrize("code", sorted(TERMINOLOGY_SECTION_6))
def test_a_statement_offers_the_choices_of_the_terminology(code: str) -> None:
    assert STATEMENTS[code] == CHOICES.get(code)


@pytest.mark.parametrize("carrier", [stated, local_observation])
@pytest.mark.parametrize("said", [True, False])
def test_the_form_and_a_local_observation_carry_the_same_answer(carrier: Any, said: bool) -> None:
    found = settled(carrier(CODE, said))
    assert (found.value, found.reason) == (said, Reason.ATTESTED)
    assert found.evidence[0].text.endswith(": yes" if said else ": no")


@pytest.mark.parametrize(("code", "said"), [(c, a) for c, answers in CHOICES.items() for a in sorted(answers)])
@pytest.mark.parametrize("carrier", [stated, local_observation])
def test_each_choice_is_read_from_both_carriers(carrier: Any, code: str, said: str) -> None:
    assert settled(carrier(code, said), code=code).value == said


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({"valueCoding": {"code": "listed"}}, id="a Coding without a system"),
        pytest.param({"valueString": "listed"}, id="a string"),
        pytest.param({"valueCodeableConcept": concept("local listed")}, id="a CodeableConcept"),
        pytest.param(
            {"valueCoding": {"system": "http://other.example/CodeSystem/liver-ablation-facts", "code": "listed"}},
            id="our code system at another base",
        ),
    ],
)
def test_a_choice_is_read_in_each_shape(held: dict[str, Any]) -> None:
    assert settled(form({"lt-status": held}), code="lt-status").value == "listed"


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({"valueCoding": {"system": "http://example.org", "code": "listed"}}, id="of another code system"),
        pytest.param({"valueCoding": {"system": LOCAL, "code": "dont-know"}}, id="don't know"),
        pytest.param({"valueString": "perhaps"}, id="prose"),
        pytest.param({"valueBoolean": True}, id="a yes"),
        pytest.param({}, id="nothing"),
    ],
)
def test_a_choice_that_is_not_ours_is_no_answer(held: dict[str, Any]) -> None:
    assert settled(form({"lt-status": held}), code="lt-status") == Stated()


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({"valueCoding": {"system": LOCAL, "code": "dont-know"}}, id="don't know, coded"),
        pytest.param({"valueString": "don't know"}, id="don't know, in words"),
        pytest.param({}, id="an empty answer"),
    ],
)
def test_dont_know_is_no_answer(held: dict[str, Any]) -> None:
    assert settled(form({CODE: held})) == Stated()  # A63


def test_dont_know_on_the_form_leaves_a_local_observation_to_speak() -> None:
    dont_know = form({CODE: {"valueCoding": {"system": LOCAL, "code": "dont-know"}}})
    assert settled(dont_know, local_observation(CODE, True)).value is True


@pytest.mark.parametrize("held", [{"valueInteger": 1}, {"valueBoolean": "yes"}, {"valueQuantity": quantity(1)}])
def test_a_yes_or_no_question_answered_with_something_else_is_unknown_with_a_note(held: dict[str, Any]) -> None:
    found = settled(form({CODE: held}))
    assert found.value is None
    assert "neither yes nor no" in found.notes[0]


@pytest.mark.parametrize(
    "held",
    [
        {"valueCodeableConcept": concept("snomed 373067005")},
        {"valueCoding": {"system": "http://snomed.info/sct", "code": "373067005"}},
    ],
)
def test_a_no_coded_in_snomed_is_a_no(held: dict[str, Any]) -> None:
    assert settled(form({CODE: held})).value is False


def test_an_item_without_an_answer_says_nothing() -> None:
    empty = form({}) | {"item": [{"linkId": CODE}, {"linkId": "lt-status", "answer": []}]}
    assert settled(empty) == Stated()


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(
            [{"linkId": "group", "item": [{"linkId": CODE, "answer": [{"valueBoolean": True}]}]}], id="in a group"
        ),
        pytest.param(
            [
                {
                    "linkId": "q",
                    "answer": [{"valueBoolean": True, "item": [{"linkId": CODE, "answer": [{"valueBoolean": True}]}]}],
                }
            ],
            id="below an answer",
        ),
        pytest.param({"linkId": CODE, "answer": {"valueBoolean": True}}, id="objects instead of lists"),
    ],
)
def test_nested_items_are_read(item: Any) -> None:
    assert settled(form({}) | {"item": item}).value is True


@pytest.mark.parametrize(
    "canonical", [FORM, f"{FORM}|1.0", f"{FORM}|2.1.0", "http://other.example/Questionnaire/liver-tumor-ablation"]
)
def test_any_version_of_the_form_is_read(canonical: str) -> None:
    assert settled(stated(CODE, True) | {"questionnaire": canonical}).value is True  # A63


@pytest.mark.parametrize("canonical", ["http://other.example/Questionnaire/phq-9", "", None, 7])
def test_another_questionnaire_is_not_read(canonical: Any) -> None:
    assert settled(stated(CODE, True) | {"questionnaire": canonical}) == Stated()


@pytest.mark.parametrize(
    ("status", "read"),
    [
        ("completed", True),
        ("amended", True),
        ("in-progress", False),
        ("stopped", False),
        ("entered-in-error", False),
        ("", False),
    ],
)
def test_a_form_counts_when_it_is_completed_or_amended(status: str, read: bool) -> None:
    assert (settled(stated(CODE, True, status=status)).value is True) is read


@pytest.mark.parametrize(
    "answered_by",
    [
        {"source": {"reference": "Patient/pat-1"}},
        {"source": {"reference": "RelatedPerson/r1"}},
        {"author": {"reference": "http://example.org/fhir/Patient/pat-1"}},
        {"source": {"type": "Patient", "identifier": {"value": "x"}}},
        {"source": {"reference": "Patient/pat-1"}, "author": {"reference": "Practitioner/d1"}},
    ],
)
def test_a_form_answered_by_the_patient_or_a_relative_is_not_accepted(answered_by: dict[str, Any]) -> None:
    found = settled(stated(CODE, True) | answered_by)  # A37
    assert found.value is None
    assert "answered by the patient or a relative" in found.notes[0]


@pytest.mark.parametrize("author", ["Practitioner/d1", "PractitionerRole/d1", "Organization/o1", "Device/app"])
def test_a_form_written_by_staff_is_accepted(author: str) -> None:
    assert settled(stated(CODE, True, author={"reference": author})).value is True


def test_a_patients_answer_does_not_stand_in_the_way_of_a_clinicians() -> None:
    by_patient = stated(CODE, False, on="2026-11-23", source={"reference": "Patient/pat-1"})
    assert settled(by_patient, stated(CODE, True, on="2026-11-01")).value is True


@pytest.mark.parametrize(
    ("performers", "value"),
    [
        ([{"reference": "Practitioner/d1"}], True),
        ([{"reference": "Patient/pat-1"}], None),
        ([{"reference": "RelatedPerson/r1"}, {"reference": "Patient/pat-1"}], None),
        ([{"reference": "Practitioner/d1"}, {"reference": "Patient/pat-1"}], True),
        ([], True),
    ],
)
def test_a_local_observation_needs_a_performer_who_is_not_the_patient(
    performers: list[Any], value: bool | None
) -> None:
    assert settled(local_observation(CODE, True, performer=performers)).value is value


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"status": "preliminary"}, "it is not final"),
        ({"dataAbsentReason": concept("snomed 1")}, "its value is marked as absent"),
    ],
)
def test_an_unusable_local_observation_is_named(more: dict[str, Any], note: str) -> None:
    found = settled(local_observation(CODE, True, **more))
    assert found.value is None
    assert note in found.notes[0]


@pytest.mark.parametrize("status", ["cancelled", "registered", "unknown", "entered-in-error"])
def test_a_cancelled_local_observation_says_nothing(status: str) -> None:
    assert settled(local_observation(CODE, True, status=status)) == Stated()


def test_the_same_code_in_another_code_system_is_no_statement() -> None:
    other = observation({"coding": [{"system": "http://example.org", "code": CODE}]}, valueBoolean=True)
    assert settled(other) == Stated()


def test_the_newest_form_speaks() -> None:
    assert settled(stated(CODE, True, on="2026-10-01"), stated(CODE, False, on="2026-11-01")).value is False


def test_the_form_outranks_an_older_local_observation() -> None:
    assert settled(stated(CODE, True, on="2026-11-01"), local_observation(CODE, False, on="2026-10-01")).value is True


@pytest.mark.parametrize("on", ["2026-11-01", "2026-11-20"], ids=["the same day", "later"])
def test_a_local_observation_as_new_as_the_form_that_says_otherwise_makes_it_unknown(on: str) -> None:
    found = settled(stated(CODE, True, on="2026-11-01"), local_observation(CODE, False, on=on))
    assert (found.value, found.reason) == (None, Reason.CONFLICT)
    assert "contradict each other" in found.notes[0]


def test_a_local_observation_that_agrees_is_more_evidence() -> None:
    found = settled(stated(CODE, True), local_observation(CODE, True))
    assert found.value is True
    assert len(found.evidence) == 2


def test_two_forms_of_one_day_that_differ_contradict_each_other() -> None:
    assert settled(stated(CODE, True), stated(CODE, False)).reason is Reason.CONFLICT


def test_two_answers_to_one_question_contradict_each_other() -> None:
    both = form({}) | {"item": [{"linkId": CODE, "answer": [{"valueBoolean": True}, {"valueBoolean": False}]}]}
    assert settled(both).reason is Reason.CONFLICT


@pytest.mark.parametrize(
    ("on", "value", "reason"),
    [
        ("2025-11-24", True, Reason.ATTESTED),
        ("2025-11-23", None, Reason.STALE),
        ("2026", True, Reason.ATTESTED),
        ("2025", None, Reason.STALE),
    ],
    ids=["365 days old", "366 days old", "this year", "last year"],
)
def test_a_statement_counts_inside_its_window(on: str, value: bool | None, reason: Reason) -> None:
    found = settled(stated(CODE, True, on=on))
    assert (found.value, found.reason) == (value, reason)
    assert (reason is Reason.STALE) is any("older than 365 days" in n for n in found.notes)


@pytest.mark.parametrize("carrier", [stated, local_observation])
def test_A64_a_statement_without_a_date_may_be_of_any_age_and_is_not_used(carrier: Any) -> None:
    undated = carrier(CODE, True, on="")
    found = settled(undated)
    assert (found.value, found.reason) == (None, Reason.STALE)
    assert [note.endswith("has no date and was not used") for note in found.notes] == [True]
    assert settled(undated, carrier(CODE, False)).value is False


def test_A64_an_undated_form_does_not_outweigh_a_stale_one() -> None:
    found = settled(stated(CODE, True, on=""), stated(CODE, False, on="2025-01-01"))
    assert (found.value, len(found.notes)) == (None, 2)


def test_a_stale_form_leaves_a_fresh_observation_to_speak() -> None:
    assert settled(stated(CODE, True, on="2025-01-01"), local_observation(CODE, False)).value is False


@pytest.mark.parametrize(
    ("held", "size"),
    [
        ({"valueDecimal": 4.2}, exactly(4.2)),
        ({"valueInteger": 4}, exactly(4)),
        ({"valueQuantity": quantity(42, "mm")}, exactly(4.2)),
        ({"valueQuantity": quantity(5, "cm", "<")}, Interval(None, 5, high_open=True)),
    ],
)
def test_a_stated_size_is_in_centimeters_unless_it_says_otherwise(held: dict[str, Any], size: Interval) -> None:
    assert settled(form({"largest-liver-tumor-cm": held}), code="largest-liver-tumor-cm").value == size


@pytest.mark.parametrize(
    "held",
    [{"valueDecimal": 45}, {"valueDecimal": "4.2"}, {"valueQuantity": quantity(4)}, {"valueDecimal": 0},
     {"valueQuantity": quantity(4, "cm2")}, {"valueDecimal": True}],
    ids=["millimeters under cm", "a string", "no unit", "nothing", "an area", "true"],
)  # fmt: skip
def test_a_stated_size_that_cannot_be_right_is_named(held: dict[str, Any]) -> None:
    found = settled(form({"largest-liver-tumor-cm": held}), code="largest-liver-tumor-cm")
    assert found.value is None
    assert found.notes


def test_a_size_left_open_is_no_answer() -> None:
    left_open = form(
        {"largest-liver-tumor-cm": {"valueString": "don't know"}, "liver-tumor-count": {"valueString": "many"}}
    )
    assert settled(left_open, code="largest-liver-tumor-cm") == Stated()
    assert settled(left_open, code="liver-tumor-count") == Stated()


@pytest.mark.parametrize(
    ("held", "count"),
    [
        ({"valueInteger": 2}, exactly(2)),
        ({"valueDecimal": 2.0}, exactly(2)),
        ({"valueQuantity": quantity(3, "{#}")}, exactly(3)),
        ({"valueInteger": 2.5}, None),
        ({"valueInteger": -1}, None),
        ({"valueInteger": "2"}, None),
        ({"valueInteger": True}, None),
    ],
)
def test_a_stated_count_is_a_whole_number(held: dict[str, Any], count: Interval | None) -> None:
    found = settled(form({"liver-tumor-count": held}), code="liver-tumor-count")
    assert found.value == count
    assert bool(found.notes) is (count is None)


def test_one_form_answers_several_questions() -> None:
    both = form({CODE: {"valueBoolean": True}, "lt-status": choice("listed")})
    assert settled(both).value is True
    assert settled(both, code="lt-status").value == "listed"
    assert settled(both, code="mets-primary") == Stated()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "yes"), (False, "no"), ("listed", "listed"), (exactly(4.2), "4.2"),
        (Interval(None, 5, high_open=True), "below 5"), (Interval(3, None), "at least 3"), (None, "None"),
    ],
)  # fmt: skip
def test_a_value_in_words(value: Any, words: str) -> None:
    assert say(value) == words
