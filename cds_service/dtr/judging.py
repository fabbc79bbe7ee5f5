"""A case judged again with answers of its form: the same determination the next call of a hook makes of them."""

from cds_service.dtr.standing import Answers, Case
from cds_service.judging import Judged, governing_in, judge_by
from fhir_mappings.coverage import Resolved


def judged_with(case: Case, answers: Answers, coverage: Resolved) -> Judged | None:
    """The determination once a form with these answers is completed; None where no policy addresses the order."""
    chart = case.with_answers(answers).chart
    return judge_by(governing_in(chart), chart, coverage)
