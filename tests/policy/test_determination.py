"""The machine-readable determination of contract section 4: no empty members, and repeat always."""

from typing import Any

import pytest

from cds_service.policy.answers import Answer
from cds_service.policy.determination import Determination, OpenQuestion, Outcome
from fhir_mappings.finding import Evidence


def determination(**members: Any) -> Determination:
    plain = {"order": "ServiceRequest/1", "policy": "151", "revision": "2025-05-06", "outcome": Outcome.COVERED}
    return Determination(**{**plain, "criteria": ("I.D.1.a",), **members})


def test_a_bare_determination_holds_nothing_empty() -> None:
    assert determination().as_json() == {
        "order": "ServiceRequest/1", "policy": "151", "revision": "2025-05-06", "outcome": "covered",
        "criteria": ["I.D.1.a"], "repeat": False,
    }  # fmt: skip


def test_a_full_determination_says_everything() -> None:
    whole = determination(
        outcome=Outcome.REFER,
        criteria=("order.line-of-business",),
        missing=(OpenQuestion("I.C", "Child-Pugh class"),),
        repeat=True,
        answers={"I.C": Answer.UNKNOWN, "I.A": Answer.MET, "I.B": Answer.NOT_MET},
        evidence={"I.A": (Evidence("Observation/1", "ECOG 1", "2026-10-30"), Evidence("Observation/2", "ECOG 1"))},
        notes=("a note",),
        advisory=Outcome.MISSING,
    )
    assert whole.as_json() == {
        "order": "ServiceRequest/1",
        "policy": "151",
        "revision": "2025-05-06",
        "outcome": "refer",
        "advisory": "missing-documentation",
        "criteria": ["order.line-of-business"],
        "missing": [{"criterion": "I.C", "question": "Child-Pugh class"}],
        "repeat": True,
        "answers": {"I.C": "unknown", "I.A": "met", "I.B": "not-met"},
        "evidence": {
            "I.A": [
                {"reference": "Observation/1", "text": "ECOG 1", "date": "2026-10-30"},
                {"reference": "Observation/2", "text": "ECOG 1"},
            ]
        },
        "notes": ["a note"],
    }


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("repeat", [True, False])
def test_repeat_is_always_there(outcome: Outcome, repeat: bool) -> None:
    assert determination(outcome=outcome, repeat=repeat).as_json()["repeat"] is repeat


def test_the_outcomes_are_the_words_of_the_contract() -> None:
    assert [o.value for o in Outcome] == [
        "covered", "not-covered", "missing-documentation", "refer", "no-criterion", "undetermined",
    ]  # fmt: skip
