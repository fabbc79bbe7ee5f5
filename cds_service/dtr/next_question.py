"""What to ask next: the open question whose answers settle the most (SDC adaptive forms)."""

from collections.abc import Collection

from cds_service.dtr.enabling import conditions_of
from cds_service.dtr.open_questions import Trial, tips, trials, worlds
from cds_service.dtr.questions import BY_LINK_ID, QUESTIONS, Question
from cds_service.dtr.standing import Case


def next_question(case: Case, left_open: Collection[str] = ()) -> Question | None:
    """The most decisive open question; None: the outcome is certain, or no answer can change it any more.

    `left_open` are questions that were asked and not answered: what is not known is not asked again.
    """
    found = trials(case, left_open)
    listed = {trial.question.link_id for trial in found}
    ordered = sorted(found, key=lambda trial: (_waits(trial, listed), -trial.settled, QUESTIONS.index(trial.question)))
    return next((t.question for t in ordered if t.settled or _tips_in_one(t.question, case, left_open)), None)


def _waits(trial: Trial, listed: Collection[str]) -> bool:
    """Whether another open question tells first whether this one is to be asked."""
    return any(condition.link_id in listed for condition in conditions_of(trial.question, BY_LINK_ID))


def _tips_in_one(question: Question, case: Case, left_open: Collection[str]) -> bool:
    """Whether in one of the worlds that other questions can lead to this one decides."""
    reachable = (w for w in worlds(case) if w.answered.isdisjoint({question.link_id, *left_open}))
    return any(tips(question, world.case, left_open) for world in reachable)
