"""One evaluation of the policy alone, over findings that are ready."""

import time
from pathlib import Path
from typing import Final

from benchmarks.bodies import addressed
from benchmarks.effort import Effort
from benchmarks.report import Section, at_most
from benchmarks.spread import Spread
from cds_service.hook_request import parse_request
from cds_service.policies.policy_151.effective_2025_05_06 import IV, I
from cds_service.policy.criteria import facts_of
from cds_service.policy.evaluation import Findings, evaluate
from cds_service.settings import Settings
from examples.record import TODAY
from fhir_mappings.chart import open_chart
from fhir_mappings.client import FhirClient
from fhir_mappings.findings import read_findings
from fhir_mappings.gathering import Source, deadline_in, gather
from fhir_mappings.orders import read_order
from fhir_mappings.prefetch import CLINICAL

LIMIT_US: Final = 300
TIMES: Final = 100
TEXT: Final = """\
Criteria I and IV of policy 151 over the findings of one patient, every node with its answer, as the criteria tree
shows them. In one process, without HTTP or FHIR; a round is the median of some hundred evaluations."""


def measure(effort: Effort, scratch: Path) -> Section:
    """Evaluate often."""
    findings = _findings()
    rounds = Spread.of([_microseconds(findings) for _ in range(effort.rounds + 1)][1:])
    return Section("policy", "Policy evaluation", TEXT, (at_most("one evaluation", rounds, LIMIT_US, "us"),))


def _findings() -> Findings:
    request = parse_request(addressed(10, 0), "order-sign")
    order = read_order(request.orders[0].body, request.orders[0].reference)
    assert order is not None
    record = gather(Source(request.patient_id, request.prefetch, None, deadline_in(1)), CLINICAL, FhirClient())
    return read_findings(open_chart(record, order, (), TODAY, Settings().age_windows()), facts_of(I) | facts_of(IV))


def _microseconds(findings: Findings) -> float:
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        evaluate(IV, findings)
        evaluate(I, findings)
        times.append(time.perf_counter() - start)
    return Spread.of(times).median * 1e6
