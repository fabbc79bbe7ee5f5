"""What answers lead to: each order judged with them, as the page shows it and its script reads it."""

from collections.abc import Sequence

import msgspec

from cds_service.cards.coverage import summary
from cds_service.check import Check
from cds_service.dtr.judging import judged_with
from cds_service.dtr.standing import Answers, Case
from cds_service.membership import coverage_of
from cds_service.policy.determination import Determination

NOT_ADDRESSED = "With these answers the policy does not address the order"


class Leads(msgspec.Struct, frozen=True):
    """Where one order stands: the outcome in a word and a sentence, the criteria by answer, those that decide."""

    order: str
    outcome: str
    sentence: str
    answers: dict[str, str]
    decides: tuple[str, ...]


def leads_to(cases: Sequence[Case], answers: Answers, check: Check) -> tuple[Leads, ...]:
    """Judge each order as the next call of a hook will, once these answers are saved."""
    return tuple(_leads(case, answers, check) for case in cases)


def _leads(case: Case, answers: Answers, check: Check) -> Leads:
    chart = case.recorded
    judged = judged_with(case, answers, coverage_of(chart.order, chart.record, check, chart.today))
    order = chart.order.reference
    if judged is None:
        return Leads(order, "not-addressed", NOT_ADDRESSED, {}, ())
    found = judged.determination
    return Leads(order, found.outcome.value, summary(found), _shown(found), found.criteria)


def _shown(found: Determination) -> dict[str, str]:
    """The answers to criteria that have a part in it: not those of other tumors' branches."""
    return {
        number: answer.word for number, answer in found.answers.items() if not number.startswith(found.beside or ("-",))
    }
