"""Disease outside the liver: confinement for colorectal metastases, the bone exception for breast (b.iv, d.iii)."""

from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Diagnosis
from fhir_mappings.confirmation import staging_evidence
from fhir_mappings.disease_status import is_stable, newest_statuses, status_evidence, statuses
from fhir_mappings.finding import Evidence, Finding, Reason, Spread, Tumor
from fhir_mappings.metastasis_sites import (
    bone_metastases,
    is_history,
    other_metastases,
    suspected_spread,
    unplaced_metastases,
)  # fmt: skip
from fhir_mappings.observations import Standing, standing
from fhir_mappings.primaries import origin_of
from fhir_mappings.statements import STATEMENT_TYPES, Stated

_ABSENT: Final = frozenset({Spread.NONE, Spread.STABLE_BONE_ONLY})
_WORDS: Final = {s: Spread(v) for s, v in (
    ("none", "none"), ("stable-bone-only", "stable bone metastasis only"), ("present", "present"),
)}  # fmt: skip


def confined_to_liver(chart: Chart) -> Finding:
    """Whether the metastases are confined to the liver. Bone is no exception, and silence is no proof (b.iv)."""
    confined, spread = _statements(chart)
    evidence, notes = (*confined.evidence, *spread.evidence), confined.notes + spread.notes
    coded = (*bone_metastases(chart), *other_metastases(chart))
    said = _confined_by_statement(confined, spread, has_stable_bone=_is_stable_bone(_bone(chart)))
    if Reason.CONFLICT in (confined.reason, spread.reason) or len(said) > 1:
        return Finding(None, Reason.CONFLICT, evidence, (*notes, "statements on confinement to the liver differ"))
    if coded:
        if True in said:
            return _contradicted(coded, evidence)
        return Finding(frozenset({False}), Reason.RECORDED, (*evidence, *_sites(coded)), notes)
    unclear = _unclear(chart, bool(said))
    if unclear:
        return _cannot_tell(unclear)
    unread = chart.record.unread_of("Condition", *STATEMENT_TYPES)
    if said and not (True in said and unread):
        return Finding(said, Reason.ATTESTED, evidence, notes)
    return Finding(None, confined.reason, evidence, notes, unread)


def _statements(chart: Chart) -> tuple[Stated, Stated]:
    window = chart.windows.statement_days
    return chart.stated("mets-confined-to-liver", window), chart.stated("extrahepatic-disease", window)


def _confined_by_statement(confined: Stated, spread: Stated, has_stable_bone: bool) -> frozenset[bool]:
    """What the statements say on confinement.

    Disease that is "present" may be an intact primary (reading A25): alone it says nothing on metastases.
    "None" beside a stable bone metastasis agrees with it (reading A53), so it does not say "confined".
    """
    said = {confined.value} if isinstance(confined.value, bool) else set()
    if spread.value == "none" and not has_stable_bone:
        said.add(True)
    if spread.value == "stable-bone-only" or (spread.value == "present" and True in said):
        said.add(False)
    return frozenset(said)


def extrahepatic_disease(chart: Chart) -> Finding:
    """Disease outside the liver: none, stable in bone only, or present (d.iii)."""
    confined, spread = _statements(chart)
    evidence, notes = (*spread.evidence, *confined.evidence), spread.notes + confined.notes
    said = _spread_by_statement(confined, spread)
    differ = (Spread.PRESENT in said and said & _ABSENT) or (confined.value is False and spread.value == "none")
    stable_bone = _is_stable_bone(_bone(chart))  # then "none" agrees with "not confined" (reading A53)
    if Reason.CONFLICT in (confined.reason, spread.reason) or (differ and not stable_bone):
        return Finding(None, Reason.CONFLICT, evidence, (*notes, "statements on disease outside the liver differ"))
    elsewhere = other_metastases(chart)
    if elsewhere:
        if said & _ABSENT:
            return _contradicted(elsewhere, evidence)
        return Finding(frozenset({Spread.PRESENT}), Reason.RECORDED, (*evidence, *_sites(elsewhere)), notes)
    unclear = _unclear(chart, bool(said))
    if unclear:
        return _cannot_tell(unclear)
    if spread.value == "present":
        return _stated_present(evidence, chart)
    if said:
        return _stated_absent(said, evidence, notes, chart)
    return _by_diagnoses(chart, not_confined=confined.value is False)


def _spread_by_statement(confined: Stated, spread: Stated) -> frozenset[Spread]:
    said = {_WORDS[spread.value]} if isinstance(spread.value, str) else set()
    if confined.value is True:
        said.add(Spread.NONE)
    return frozenset(said)


def _stated_present(evidence: tuple[Evidence, ...], chart: Chart) -> Finding:
    bone = _bone(chart)
    if bone is not None and _is_stable_bone(bone):
        note = "disease outside the liver is stated as present; on record is a stable bone metastasis only"
        return Finding(None, Reason.CONFLICT, (*evidence, *bone.evidence), (note,))
    return Finding(frozenset({Spread.PRESENT}), Reason.ATTESTED, evidence)


def _stated_absent(
    said: frozenset[Spread], evidence: tuple[Evidence, ...], notes: tuple[str, ...], chart: Chart
) -> Finding:
    """None, or stable in bone only: believed unless a current diagnosis says otherwise (reading A53)."""
    bone = _bone(chart)
    both = (*evidence, *(bone.evidence if bone else ()))
    if bone is not None:
        worse = bone.possible == frozenset({Spread.PRESENT})
        unproven = bone.possible is None and Spread.STABLE_BONE_ONLY not in said
        if worse or unproven:
            return _contradicted(bone_metastases(chart), both)
    unread = chart.record.unread_of("Condition")
    if unread:
        return Finding(None, Reason.NO_DATA, evidence, notes, unread)
    return Finding(said, Reason.ATTESTED, both, notes)


def _by_diagnoses(chart: Chart, not_confined: bool) -> Finding:
    """What diagnoses and disease status say, with a closed world where the policy itself is negative."""
    bone = _bone(chart)
    if bone is not None:
        return bone
    unread = chart.record.unread_of("Condition", "DiagnosticReport", "ImagingStudy", *STATEMENT_TYPES)
    if unread or not_confined:
        return Finding(None, Reason.NO_DATA, (), (), unread)
    staging = (*staging_evidence(chart), *_any_status(chart))
    if not staging:
        return Finding(None, Reason.NO_DATA, (), ("no staging by imaging inside the window is on record",))
    primary = [d for d in chart.diagnoses if d.is_proof and _is_active_breast(d, chart)]
    if primary:  # reading A55: an intact primary is neither spread nor its absence
        note = "an active primary in the breast is on record: say whether there is disease outside the liver"
        return Finding(None, Reason.NOT_SPECIFIC, tuple(d.evidence("active primary") for d in primary), (note,))
    note = "no disease outside the liver: inferred, as a record with staging holds no sign of any"
    return Finding(frozenset({Spread.NONE}), Reason.INFERRED, staging, (note,))


def _is_active_breast(diagnosis: Diagnosis, chart: Chart) -> bool:
    return Tumor.BREAST in origin_of(diagnosis, chart) and not is_history(diagnosis)


def _any_status(chart: Chart) -> tuple[Evidence, ...]:
    return tuple(status_evidence(s) for s in statuses(chart) if standing(s.body) is Standing.USABLE)


def _bone(chart: Chart) -> Finding | None:
    """Metastases in bone: stable by the newest status of each, worse by any, else unknown. None: there are none."""
    bone = bone_metastases(chart)
    if not bone:
        return None
    found = [newest_statuses(d, chart) for d in bone]
    evidence = (*_sites(bone), *dict.fromkeys(status_evidence(s) for group in found for s in group))
    answers = [is_stable(group) for group in found]
    if False in answers:
        return Finding(frozenset({Spread.PRESENT}), Reason.RECORDED, evidence)
    if None not in answers:
        return Finding(frozenset({Spread.STABLE_BONE_ONLY}), Reason.RECORDED, evidence)
    note = "a bone metastasis is on record without proof that it is stable"
    return Finding(None, Reason.NO_DATA, evidence, (note,), chart.record.unread_of("Observation"))


def _is_stable_bone(bone: Finding | None) -> bool:
    return bone is not None and bone.possible == frozenset({Spread.STABLE_BONE_ONLY})


def _unclear(chart: Chart, is_stated: bool) -> tuple[Diagnosis, ...]:
    """Site-unstated metastases whatever is stated (reading A54); mere suspicion only where nothing is."""
    return unplaced_metastases(chart) + (() if is_stated else suspected_spread(chart))


def _cannot_tell(unclear: tuple[Diagnosis, ...]) -> Finding:
    names = ", ".join(d.resource.reference for d in unclear)
    note = f"{names}: whether this is disease outside the liver cannot be told"
    return Finding(None, Reason.NOT_SPECIFIC, _sites(unclear), (note,))


def _contradicted(coded: tuple[Diagnosis, ...], evidence: tuple[Evidence, ...]) -> Finding:
    both = tuple(dict.fromkeys((*evidence, *_sites(coded))))
    names = ", ".join(dict.fromkeys(e.reference for e in both))
    note = f"{names}: a statement on disease outside the liver and current diagnoses contradict each other"
    return Finding(None, Reason.CONFLICT, both, (note,))


def _sites(diagnoses: tuple[Diagnosis, ...]) -> tuple[Evidence, ...]:
    return tuple(d.evidence("disease outside the liver") for d in diagnoses)
