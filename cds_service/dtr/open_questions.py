"""Which questions are open for a case: those whose answer can change the outcome, seen by trying every answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cds_service.dtr.enabling import METASTASIS, MODALITY, PRIMARY, TELL_APART
from cds_service.dtr.questions import BY_LINK_ID, QUESTIONS, Question
from cds_service.dtr.samples import samples_of
from cds_service.dtr.standing import Answers, Case, Standing, standing
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, STATED_MODALITIES
from fhir_mappings.elements import member, text_of
from fhir_mappings.facts import TREATED_TUMOR
from fhir_mappings.finding import METASTASES
from fhir_mappings.form_codes import TUMOR_DIAGNOSIS


class Trial(NamedTuple):
    """A question with how the case stands after each of its answers."""

    question: Question
    after: tuple[Standing, ...]

    @property
    def settled(self) -> float:
        """The share of answers that settle the outcome."""
        return sum(not one.is_open for one in self.after) / len(self.after)

    def matters(self, before: Standing) -> bool:
        """Whether an answer changes the outcome, or what it hangs on."""
        return any(one.outcome is not before.outcome or one.hangs_on != before.hangs_on for one in self.after)


class World(NamedTuple):
    """What a case can turn out to be: the case with some questions answered, and which those are."""

    case: Case
    answered: frozenset[str] = frozenset()


def open_questions(case: Case) -> tuple[Question, ...]:
    """The questions of the case form, in the order of the form: open now, or once others are answered."""
    found: set[str] = set()
    for world in worlds(case):
        new = trials(world.case, world.answered | found)
        found |= {t.question.link_id for t in new if t.settled or tips(t.question, world.case)}
    return tuple(question for question in QUESTIONS if question.link_id in found)


def worlds(case: Case) -> Iterator[World]:
    """The case as it is and, as far as that is open, what it can be: an ablation, of each kind of tumor.

    Answers the record contradicts make no world of their own.
    """
    now = standing(case)
    yield World(case)
    if now.needs_modality and MODALITY not in case.said:
        ablation = next(code for code, by in STATED_MODALITIES.items() if by == ABLATION)
        for world in worlds(case.with_answers({MODALITY: coded(MODALITY, ablation)})):
            yield World(world.case, world.answered | {MODALITY})
    if not now.hangs_on.isdisjoint(BY_LINK_ID[PRIMARY].facts):
        yield from (world for world in _tumors(case) if _is_possible(world))


def _tumors(case: Case) -> Iterator[World]:
    for kind in samples_of(BY_LINK_ID[TUMOR_DIAGNOSIS]):
        yield from _if_not_said({TUMOR_DIAGNOSIS: kind}, case)
    for primary in samples_of(BY_LINK_ID[PRIMARY]):
        yield from _if_not_said({TUMOR_DIAGNOSIS: coded(TUMOR_DIAGNOSIS, METASTASIS), PRIMARY: primary}, case)


def _if_not_said(answers: Answers, case: Case) -> Iterator[World]:
    """A world of its own where nothing else was said already."""
    if all(_code(case.said.get(link_id, held)) == _code(held) for link_id, held in answers.items()):
        yield World(case.with_answers(answers), frozenset(answers))


def _code(held: Mapping[str, Any]) -> str:
    return text_of(member(held, "valueCoding", "code"))


def _is_possible(world: World) -> bool:
    """Whether the record leaves room for it: one kind of tumor, or as long as no primary is answered metastases."""
    tumor = standing(world.case).findings[TREATED_TUMOR.name]
    if not tumor.established or not isinstance(tumor.possible, frozenset):
        return False
    return len(tumor.possible) == 1 or (PRIMARY not in world.answered and tumor.possible <= METASTASES)


def coded(link_id: str, code: str) -> dict[str, Any]:
    """An answer that picks one of a question's choices."""
    choice = next(c for c in BY_LINK_ID[link_id].choices if c.code == code)
    return {"valueCoding": {"system": choice.system, "code": code} if choice.system else {"code": code}}


def trials(case: Case, skipped: Collection[str] = ()) -> tuple[Trial, ...]:
    """Every question with an answer that changes the outcome or what it hangs on, each tried alone."""
    now = standing(case)
    if not now.is_open:
        return ()
    passed_over = {*skipped, *case.said}
    asked = (question for question in _asked(now) if question.link_id not in passed_over)
    return tuple(trial for question in asked if (trial := _tried(question, case)).matters(now))


def _asked(now: Standing) -> list[Question]:
    return [question for question in QUESTIONS if _may_matter(question, now)]


def _may_matter(question: Question, now: Standing) -> bool:
    if question.link_id == MODALITY:
        return now.needs_modality
    return not now.hangs_on.isdisjoint(question.facts)


def _tried(question: Question, case: Case) -> Trial:
    answers = ({question.link_id: held} for held in samples_of(question))
    return Trial(question, tuple(standing(case.with_answers(given)) for given in answers))


def tips(question: Question, case: Case, skipped: Collection[str] = ()) -> bool:
    """Whether a question that settles nothing by itself does once the others are answered.

    They are answered so that the case stays open and still hangs on this one: where it is one of two ways to meet a
    criterion the other fails, and all else holds.
    """
    passed_over = {question.link_id, *TELL_APART, *skipped, *case.said}
    others = [other for other in _asked(standing(case)) if other.link_id not in passed_over]
    return any(_settles(question, _around(question, case, others, way)) for way in (1, -1))


def _around(question: Question, case: Case, others: Sequence[Question], way: int) -> Case:
    now = standing(case)
    for other in others:
        if not now.hangs_on.isdisjoint(other.facts):
            case, now = _kept_open(question, other, case, now, way)
    return case


def _kept_open(question: Question, other: Question, case: Case, now: Standing, way: int) -> tuple[Case, Standing]:
    """The case with the first answer that leaves it open, and hanging on the question in question."""
    for held in samples_of(other)[::way]:
        answered = case.with_answers({other.link_id: held})
        after = standing(answered)
        if after.is_open and after.hangs_on != now.hangs_on and not after.hangs_on.isdisjoint(question.facts):
            return answered, after
    return case, now


def _settles(question: Question, case: Case) -> bool:
    return any(not after.is_open for after in _tried(question, case).after)
