"""The form for one case: what is open is asked, by criterion; what is known already stands below, to be looked through.

The seam for whatever shows the form: pure, without FHIR's Questionnaire. `case_questionnaire` writes it as one,
`answers.read_answers` reads what came back, `judging.judged_with` says what the answers lead to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cds_service.dtr.enabling import Condition, conditions_of, conditions_of_group
from cds_service.dtr.known_answers import known_answers
from cds_service.dtr.open_questions import open_questions
from cds_service.dtr.outline import criteria_of, grouped, title_of
from cds_service.dtr.questions import QUESTIONS, Question
from cds_service.dtr.standing import Answers, Case, standing

NOTHING_SAID: Answers = {}


@dataclass(frozen=True, slots=True)
class FormItem:
    """A question as it is shown: the criteria it answers, what enables it, and the answer to begin with.

    `answer` is a value[x] as FHIR has it, under its name; `is_from_record` tells what a person has yet to confirm.
    `conditions`: it is asked once one of them holds; none: it always is.
    """

    question: Question
    criteria: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    answer: dict[str, Any] | None = None
    is_from_record: bool = False


@dataclass(frozen=True, slots=True)
class FormGroup:
    """The questions under one criterion, or under "order"; conditions as those of an item."""

    number: str
    title: str
    items: tuple[FormItem, ...]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseForm:
    """What is asked, and what is known: none of it hidden, for whoever completes it answers for all (DTR, sec-4)."""

    groups: tuple[FormGroup, ...] = ()
    on_record: tuple[FormItem, ...] = field(default=())

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that are open, in the order of the form."""
        return tuple(item.question for group in self.groups for item in group.items)

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        """The answers it begins with, by link id."""
        listed = (*(item for group in self.groups for item in group.items), *self.on_record)
        return {item.question.link_id: item.answer for item in listed if item.answer is not None}


def case_form(cases: Sequence[Case], said: Answers = NOTHING_SAID) -> CaseForm:
    """The form for the orders of one patient; `said` are answers a person gave before, which it begins with.

    What is asked depends on the record alone, so that no question moves while others are answered.
    """
    open_ = _in_order(question for case in cases for question in open_questions(case))
    known = _known(cases)
    asked = frozenset(question.link_id for question in open_)
    below = [q for q in QUESTIONS if q.link_id in known and q.link_id not in asked]
    groups = (
        FormGroup(
            number,
            title_of(number),
            tuple(_item(q, known, said, asked) for q in members),
            conditions_of_group(number, asked),
        )
        for number, members in grouped(open_).items()
    )
    return CaseForm(tuple(groups), tuple(_item(q, known, said, frozenset()) for q in below))


def _in_order(questions: Iterable[Question]) -> tuple[Question, ...]:
    found = frozenset(question.link_id for question in questions)
    return tuple(question for question in QUESTIONS if question.link_id in found)


def _known(cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """What is known for every order that asks it: where two orders differ (two tumors) nothing is filled in."""
    listed = [known_answers(case, standing(case)) for case in cases]
    return {
        link_id: held
        for one in listed
        for link_id, held in one.items()
        if all(other.get(link_id, held) == held for other in listed)
    }


def _item(
    question: Question, known: Mapping[str, dict[str, Any]], said: Answers, asked: frozenset[str]
) -> FormItem:  # fmt: skip
    link_id = question.link_id
    return FormItem(
        question=question,
        criteria=criteria_of(question),
        conditions=conditions_of(question, asked) if asked else (),
        answer=said.get(link_id, known.get(link_id)),
        is_from_record=link_id in known and link_id not in said,
    )
