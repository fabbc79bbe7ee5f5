"""Liver transplantation: one status with two criteria on it, and the intent to bridge (policy 151, I.D.1 and I.D.2)."""

from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Liver, proofs, suspicions
from fhir_mappings.dates import seen
from fhir_mappings.elements import codes, text_of
from fhir_mappings.finding import Evidence, Finding, Reason, Transplant
from fhir_mappings.observations import observed, yes_or_no
from fhir_mappings.statements import STATEMENT_TYPES
from fhir_mappings.terminology import value_set

_EITHER: Final = frozenset(Transplant)
_LISTED: Final = frozenset({Transplant.LISTED})
_NOT_AWAITING: Final = frozenset({Transplant.NOT_AWAITING})
_UNDERWAY: Final = frozenset({"active", "on-hold", "preparation", "in-progress"})


def transplant_status(chart: Chart) -> Finding:
    """Where the patient stands: not awaiting a liver, or listed for one.

    Under evaluation, and waiting for an organ nobody names, leave both (readings A43, A44). No trace of
    candidacy in a record that was read is "not awaiting" by closed world, and says so.
    """
    stated = chart.stated("lt-status", chart.windows.transplant_days)
    if stated.value is not None or stated.reason is Reason.CONFLICT:
        return _stated(chart, stated.value, stated.evidence, stated.notes)
    if stated.reason is Reason.STALE and _was_listed(chart):
        return Finding(_EITHER, Reason.STALE, (), stated.notes)
    found = _recorded(chart)
    return Finding(found.possible, found.reason, found.evidence, stated.notes + found.notes, found.unread)


def _stated(chart: Chart, value: object, evidence: tuple[Evidence, ...], notes: tuple[str, ...]) -> Finding:
    recorded = _recorded(chart)
    contrary = recorded.possible in (_LISTED, _NOT_AWAITING) and recorded.reason is not Reason.INFERRED
    if value == "listed":
        if contrary and recorded.possible == _NOT_AWAITING and _is_newer(recorded, evidence):
            return _conflict(evidence, recorded, notes)
        return Finding(_LISTED, Reason.ATTESTED, evidence, notes)
    if value == "not-awaiting":
        if _requests(chart) or _waiting_for_liver(chart):
            return _conflict(evidence, recorded, notes)
        return Finding(_NOT_AWAITING, Reason.ATTESTED, evidence, notes)
    note = "under evaluation for a transplant, or statements differ: not awaiting and listed were both considered"
    note = f"{_named(evidence)}: {note}"
    return Finding(_EITHER, Reason.NOT_SPECIFIC, evidence, (*notes, note))


def _conflict(evidence: tuple[Evidence, ...], recorded: Finding, notes: tuple[str, ...]) -> Finding:
    both = (*evidence, *recorded.evidence)
    note = f"{_named(both)}: what is stated on the transplant list and what is on record contradict each other"
    return Finding(_EITHER, Reason.CONFLICT, both, (*notes, note))


def _named(evidence: tuple[Evidence, ...]) -> str:
    """What an open question hangs on is no evidence of an answer: the note says which resources they are."""
    return ", ".join(dict.fromkeys(one.reference for one in evidence))


def _is_newer(recorded: Finding, evidence: tuple[Evidence, ...]) -> bool:
    return max((e.date for e in recorded.evidence), default="") >= max((e.date for e in evidence), default="")


def _was_listed(chart: Chart) -> bool:
    """Whether the newest statement, or one that might be, said anything but "not awaiting" though none can be used."""
    mine = [s for s in chart.statements.get("lt-status", ()) if s.value is not None]
    last = max((s.when.latest for s in mine if s.when), default=None)
    return any(s.value != "not-awaiting" for s in mine if s.when is None or s.when.latest == last)


def _recorded(chart: Chart) -> Finding:
    """What codes say: a request for a liver, a waiting list, a transplanted liver, or nothing at all."""
    requests = _requests(chart) + _waiting_for_liver(chart)
    if requests:
        note = "a liver transplant is requested: listed is inferred"
        return Finding(_LISTED, Reason.RECORDED, requests, (note,))
    waiting = _waiting(chart)
    if waiting:
        note = "waiting for an organ that is not named: not awaiting a liver and listed were both considered"
        note = f"{_named(waiting)}: {note}"
        return Finding(_EITHER, Reason.NOT_SPECIFIC, waiting, (note,))
    done = _transplanted(chart)
    if done:
        return Finding(_NOT_AWAITING, Reason.RECORDED, done)
    unread = chart.record.unread_of("Condition", "Procedure", "ServiceRequest", *STATEMENT_TYPES)
    if unread:
        return Finding(_EITHER, Reason.NO_DATA, (), (), unread)
    note = "no transplant listing found: not awaiting a liver transplant is inferred from the record"
    return Finding(_NOT_AWAITING, Reason.INFERRED, (), (note,))


def _waiting(chart: Chart) -> tuple[Evidence, ...]:
    wanted = value_set("awaiting-transplant")
    diagnoses = proofs(chart.diagnoses, wanted) + suspicions(chart.diagnoses, wanted)
    waiting = [o for o in observed(chart.record, wanted.codes) if yes_or_no(o.body) is not False]
    return (
        *(d.evidence("waiting for an organ") for d in diagnoses if d.site is not Liver.NO),
        *(seen(o, "waiting for an organ") for o in waiting),
    )


def _waiting_for_liver(chart: Chart) -> tuple[Evidence, ...]:
    waiting = proofs(chart.diagnoses, value_set("awaiting-transplant"))
    return tuple(d.evidence("waiting for a liver") for d in waiting if d.site is Liver.YES)


def _requests(chart: Chart) -> tuple[Evidence, ...]:
    """Liver transplants that are requested or under way."""
    wanted = value_set("liver-transplantation")
    listed = (*chart.record.of_type("ServiceRequest"), *chart.record.of_type("Procedure"))
    return tuple(
        seen(one, "liver transplant requested")
        for one in listed
        if text_of(one.body.get("status")) in _UNDERWAY
        and one.body.get("doNotPerform") is not True
        and wanted.any_of(codes(one.body.get("code")))
    )


def _transplanted(chart: Chart) -> tuple[Evidence, ...]:
    diagnoses = [d for d in chart.diagnoses if d.is_usable and d.has(value_set("liver-transplanted"))]
    procedures = [
        p
        for p in chart.record.of_type("Procedure")
        if p.body.get("status") == "completed" and value_set("liver-transplantation").any_of(codes(p.body.get("code")))
    ]
    return (
        *(d.evidence("liver transplanted") for d in diagnoses),
        *(seen(p, "liver transplanted") for p in procedures),
    )


def bridge_intent(chart: Chart) -> Finding:
    """Whether ablation is meant to hold the tumor while the patient waits for a liver (I.D.2.bridge)."""
    stated = chart.stated("bridge-to-transplant-intent", chart.windows.statement_days)
    unread = frozenset() if isinstance(stated.value, bool) else chart.record.unread_of(*STATEMENT_TYPES)
    possible = frozenset({stated.value}) if isinstance(stated.value, bool) else None
    return Finding(possible, stated.reason, stated.evidence, stated.notes, unread)
