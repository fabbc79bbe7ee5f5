"""Two hundred patients with one to six facts lacking: what the form asks of them, and what the answers lead to."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest

from cds_service.dtr.case_form import case_form
from cds_service.dtr.draft_response import About
from cds_service.dtr.enabling import MODALITY
from cds_service.dtr.judging import judged_with
from cds_service.dtr.next_question import next_question
from cds_service.dtr.package_bundle import standard_package
from cds_service.dtr.questions import QUESTIONS, Question
from cds_service.dtr.samples import samples_of
from cds_service.dtr.standing import Case, standing
from cds_service.policy.determination import Outcome
from fhir_mappings.coverage import Resolved
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.models import problems
from tests.dtr.form_filler import questions_in
from tests.dtr.patients import Patient, case_of, generated
from tests.dtr.wire import BASE
from tests.policy_151.patients import PATIENT

COMMERCIAL = Resolved((), None, LineOfBusiness.COMMERCIAL)
NUMBER = 200
SOUGHT = 400
"""Tries at finding answers to the other questions with which one question decides."""


@dataclass(frozen=True)
class Asked:
    """A patient of whom documentation is missing, what the form asks, and what was asked one by one."""

    patient: Patient
    case: Case
    true_outcome: Outcome | None
    form: tuple[Question, ...]
    one_by_one: tuple[Question, ...]

    def after(self, questions: tuple[Question, ...]) -> Outcome | None:
        """What the next call says once these questions are answered as is true."""
        judged = judged_with(self.case, self._answers(questions), COMMERCIAL)
        return judged.determination.outcome if judged else None

    def _answers(self, questions: tuple[Question, ...]) -> dict[str, Any]:
        return {question.link_id: self.patient.answers[question.link_id] for question in questions}


def one_by_one(patient: Patient, case: Case) -> Iterator[Question]:
    while (question := next_question(case)) is not None:
        yield question
        case = case.with_answers({question.link_id: patient.answers[question.link_id]})


def asked() -> Iterator[Asked]:
    for patient in generated(NUMBER * 4):
        case = case_of(patient.known)
        if standing(case).is_open:
            truth = judged_with(case_of(patient.everything), {}, COMMERCIAL)
            assert truth is not None
            asked_one_by_one = tuple(one_by_one(patient, case))
            yield Asked(patient, case, truth.determination.outcome, case_form([case]).asked, asked_one_by_one)


@pytest.fixture(scope="module")
def patients() -> tuple[Asked, ...]:
    found = tuple(islice(asked(), NUMBER))
    assert len(found) == NUMBER
    return found


def test_they_are_patients_of_every_kind_and_end_covered_and_not_covered(patients: tuple[Asked, ...]) -> None:
    outcomes = [one.true_outcome for one in patients]
    assert set(outcomes) == {Outcome.COVERED, Outcome.NOT_COVERED}
    assert min(outcomes.count(outcome) for outcome in set(outcomes)) > NUMBER // 5
    assert len({one.patient.kind for one in patients}) == 7


def test_the_form_answered_with_what_is_true_leads_to_the_true_verdict(patients: tuple[Asked, ...]) -> None:
    assert [one.patient for one in patients if one.after(one.form) is not one.true_outcome] == []


def test_so_do_the_questions_asked_one_by_one(patients: tuple[Asked, ...]) -> None:
    assert [one.patient for one in patients if one.after(one.one_by_one) is not one.true_outcome] == []


def test_one_by_one_no_more_than_half_of_the_questions_is_asked(patients: tuple[Asked, ...]) -> None:
    each = [len(one.one_by_one) for one in patients]
    assert sum(each) / len(each) <= len(QUESTIONS) / 2
    assert sum(each) < sum(len(one.form) for one in patients), "and fewer than the form of the case holds"
    assert all(each), "what is missing is asked for"


def test_one_by_one_nothing_is_asked_that_the_form_of_the_case_does_not_hold(patients: tuple[Asked, ...]) -> None:
    assert [one.patient for one in patients if not set(one.one_by_one) <= set(one.form)] == []


def test_every_form_and_draft_that_comes_of_it_is_valid_fhir(patients: tuple[Asked, ...]) -> None:
    about = About(f"Patient/{PATIENT}", "Coverage/1", ("ServiceRequest/1",))
    for one in patients[::10]:
        form = case_form([one.case])
        package = standard_package(BASE, form, about, datetime(2026, 11, 24, tzinfo=UTC))
        assert problems(package) == ()
        assert {q.link_id for q in one.form} <= {
            item["linkId"] for item in questions_in(package["entry"][0]["resource"])
        }


def test_no_question_is_asked_whose_answer_cannot_change_the_outcome(patients: tuple[Asked, ...]) -> None:
    """Shown for every fourth patient by answers to the other questions beside which two to this one end differently."""
    chance = random.Random(151)
    for one in patients[::4]:
        case = one.case
        for question in one.one_by_one:
            assert can_decide(question, case, one.patient, chance), (one.patient, question.link_id)
            case = case.with_answers({question.link_id: one.patient.answers[question.link_id]})


def can_decide(question: Question, case: Case, patient: Patient, chance: random.Random) -> bool:
    passed_over = {question.link_id, MODALITY, *case.said}
    others = [q for q in QUESTIONS if q.link_id not in passed_over]
    for sought in range(SOUGHT):
        truly = 1 - sought / SOUGHT
        beside = case.with_answers(
            {
                q.link_id: patient.answers[q.link_id] if chance.random() < truly else chance.choice(samples_of(q))
                for q in others
            }
        )
        ends = {standing(beside.with_answers({question.link_id: held})).outcome for held in samples_of(question)}
        if len(ends) > 1:
            return True
    return False
