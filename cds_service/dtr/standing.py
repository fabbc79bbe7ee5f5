"""How an order stands with what is known and, where asked, with answers added: the outcome, and what it hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import msgspec

from cds_service.judging import facts_asked, governing_in
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, UNLISTED, Governed
from cds_service.policies.policy_151.effective_2025_05_06 import INDICATED, IV, I
from cds_service.policies.policy_151.reporting import hanging_facts
from cds_service.policies.policy_151.verdict import OrderLine, determine, outcome_of
from cds_service.policy.determination import Outcome
from cds_service.policy.evaluation import Findings, evaluate
from fhir_mappings.chart import Chart
from fhir_mappings.facts import EXTRAHEPATIC_DISEASE, TRANSPLANT_STATUS, TREATED_TUMOR
from fhir_mappings.finding import METASTASES, Fact, Finding, LineOfBusiness, Reason, Transplant
from fhir_mappings.findings import read_findings
from fhir_mappings.form_codes import QUESTIONNAIRE_PATH
from fhir_mappings.record import Resource

Answers = Mapping[str, dict[str, Any]]
"""Answers by link id, each the value[x] of an item.answer."""

_HYPOTHETICAL: Final = "QuestionnaireResponse/answers"
NONE: Final[frozenset[Fact]] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """One order over what is known of its patient, and what was answered since.

    `is_whole`: the record was read to its end, so that what it lacks says something where the policy lets it. `stood`
    keeps how the case stands with each set of answers that was tried: local to the cases made from one another.
    """

    recorded: Chart
    is_whole: bool = True
    said: Answers = field(default_factory=dict)
    stood: "dict[tuple[tuple[str, bytes], ...], Standing]" = field(default_factory=dict, repr=False, compare=False)

    def with_answers(self, answers: Answers) -> "Case":
        """The same case with these answers on the form too."""
        return replace(self, said={**self.said, **answers}) if answers else self

    @property
    def chart(self) -> Chart:
        """The chart with a form completed today that holds the answers."""
        if not self.said:
            return self.recorded
        record = self.recorded.record
        form = Resource(_HYPOTHETICAL, form_of(self.said, self.recorded.today))
        forms = (*record.of_type("QuestionnaireResponse"), form)
        known = replace(record, by_type={**record.by_type, "QuestionnaireResponse": forms})
        return replace(self.recorded, record=known)

    @property
    def key(self) -> tuple[tuple[str, bytes], ...]:
        """The answers, whatever order they came in."""
        return tuple(sorted((link_id, msgspec.json.encode(held)) for link_id, held in self.said.items()))


def form_of(answers: Answers, on: date) -> dict[str, Any]:
    """A completed form with these answers."""
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": QUESTIONNAIRE_PATH,
        "status": "completed",
        "authored": on.isoformat(),
        "item": [{"linkId": link_id, "answer": [held]} for link_id, held in answers.items()],
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: None as outcome, no policy addresses the order.

    `hangs_on` are the facts whose answer can still change it; `needs_modality`: what is ordered is not clear.
    """

    governed: Governed
    outcome: Outcome | None
    findings: Findings
    hangs_on: frozenset[Fact] = NONE

    @property
    def needs_modality(self) -> bool:
        """Whether the code of the order alone does not say what it stands for."""
        return self.governed.by == UNLISTED

    @property
    def is_open(self) -> bool:
        """Whether documentation is missing."""
        return self.outcome is Outcome.MISSING


def standing(case: Case) -> Standing:
    """Judge a case by the policy alone, as far as anything of it is known."""
    key = case.key
    if key not in case.stood:
        case.stood[key] = _standing(case.chart, is_whole=case.is_whole)
    return case.stood[key]


def _standing(chart: Chart, *, is_whole: bool) -> Standing:
    governed = governing_in(chart)
    findings = read_findings(chart, facts_asked(governed))
    if not is_whole:
        findings = {**findings, **_open_world(findings, chart)}
    if governed.by == ABLATION:
        four, one = evaluate(IV, findings), evaluate(I, findings)
        outcome = outcome_of(four.answer, one.answer)
        return Standing(governed, outcome, findings, hanging_facts(four, one) if outcome is Outcome.MISSING else NONE)
    judged = determine(OrderLine(chart.order.reference, governed, LineOfBusiness.COMMERCIAL), findings)
    guard = frozenset({INDICATED[governed.by].fact}) if governed.needs_indication else NONE
    return Standing(governed, judged.outcome if judged else None, findings, guard)


def _open_world(findings: Findings, chart: Chart) -> dict[str, Finding]:
    """Findings that rest on what the record lacks, opened again: it was not read to its end."""
    opened = {
        fact.name: replace(found, possible=possible)
        for fact, possible in ((TRANSPLANT_STATUS, frozenset(Transplant)), (EXTRAHEPATIC_DISEASE, None))
        if (found := findings.get(fact.name)) and found.reason is Reason.INFERRED
    }
    tumor = findings.get(TREATED_TUMOR.name)
    if (
        tumor
        and isinstance(tumor.possible, frozenset)
        and tumor.possible & METASTASES
        and "mets-primary" not in chart.statements
    ):
        opened[TREATED_TUMOR.name] = replace(tumor, possible=tumor.possible | METASTASES)
    return opened
