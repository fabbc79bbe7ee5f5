"""Adequate liver reserve (policy 151, I.B): attested, else inferred from a class A or ALBI grade 1."""

from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.child_pugh import child_pugh_points
from fhir_mappings.conditions import proofs, suspicions
from fhir_mappings.finding import Finding, Interval, Reason
from fhir_mappings.laboratory import albi_score
from fhir_mappings.statements import STATEMENT_TYPES
from fhir_mappings.terminology import value_set

_ALBI_GRADE_1: Final = -2.60
_CLASS_A_HIGH: Final = 6


def liver_reserve_adequate(chart: Chart) -> Finding:
    """Whether the liver has enough reserve for ablation.

    The policy does not define it. A clinician's statement wins; without one a Child-Pugh class A, recorded or
    computed, or ALBI grade 1 beside no worse recorded class counts as adequate unless hepatic failure is
    on record (readings A5, A48, A49). Anything else is unknown, never inadequate.
    """
    stated = chart.stated("liver-reserve-adequate", chart.windows.liver_reserve_days)
    if isinstance(stated.value, bool):
        return Finding(frozenset({stated.value}), Reason.ATTESTED, stated.evidence, stated.notes)
    if stated.reason is Reason.CONFLICT:
        return Finding(None, Reason.CONFLICT, stated.evidence, stated.notes)
    failure = value_set("hepatic-failure")
    failing = proofs(chart.diagnoses, failure) + suspicions(chart.diagnoses, failure)
    unread = chart.record.unread_of("Condition", *STATEMENT_TYPES)
    if failing or not chart.record.was_read("Condition"):
        names = ", ".join(d.resource.reference for d in failing)
        notes = (f"{names}: hepatic failure or decompensation, so reserve is not inferred",) if failing else ()
        return Finding(None, Reason.NO_DATA, tuple(d.evidence("hepatic failure") for d in failing), notes, unread)
    inferred = _inferred(chart)
    return inferred or Finding(None, stated.reason, (), stated.notes, unread)


def _inferred(chart: Chart) -> Finding | None:
    points = child_pugh_points(chart)
    known = points.possible
    if isinstance(known, Interval):
        if known.high is not None and known.high <= _CLASS_A_HIGH:
            how = "computed " if points.reason is Reason.COMPUTED else ""
            note = f"adequate liver reserve is inferred from a {how}Child-Pugh class A"
            return Finding(frozenset({True}), Reason.INFERRED, points.evidence, (note,))
        if points.reason is not Reason.COMPUTED or (known.low or 0) > _CLASS_A_HIGH:
            return None
    elif points.reason not in (Reason.NO_DATA, Reason.STALE) or points.evidence or points.notes:
        return None  # the newest recorded score cannot be used: an index does not stand in for it (A48, A50)
    albi, evidence = albi_score(chart)
    if albi is None or albi.high is None or albi.high > _ALBI_GRADE_1:
        return None
    note = f"adequate liver reserve is inferred from ALBI {albi.high:.2f}, grade 1"
    return Finding(frozenset({True}), Reason.INFERRED, evidence, (note,))
