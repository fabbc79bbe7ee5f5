"""Which liver tumor the order treats: established by usable diagnoses, narrowed by the order's own reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fhir_mappings.chart import NO_LIMIT, Chart
from fhir_mappings.conditions import Certainty, Diagnosis, Liver, site_of
from fhir_mappings.dates import clinical_date, seen
from fhir_mappings.elements import codes
from fhir_mappings.finding import ALL_TUMORS, METASTASES, Evidence, Finding, Reason, Tumor
from fhir_mappings.metastasis_origin import NO_MELANOMA, Origin, origin
from fhir_mappings.observations import Standing, observed, standing
from fhir_mappings.primaries import HISTOLOGY_CODES, origin_of
from fhir_mappings.stated_tumor import stated_tumor, with_statement
from fhir_mappings.terminology import Code, value_set

_MALIGNANCY_CODE: Final[frozenset[Code]] = frozenset({("snomed", "363346000")})
_PRIMARIES: Final[tuple[tuple[str, Tumor], ...]] = (
    ("hepatocellular-carcinoma", Tumor.HCC),
    ("hepatocellular-mixed", Tumor.HCC_MIXED),
    ("primary-liver-other", Tumor.OTHER_PRIMARY),
    ("benign-liver-tumor", Tumor.BENIGN),
)
_SITE_NEEDED: Final = (
    "metastasis-site-unstated", "metastasis-from-colorectal", "metastasis-from-breast", "metastasis-from-melanoma",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    """Kinds that one diagnosis, or the order, says the tumor is."""

    kinds: frozenset[Tumor]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = ()
    diagnosis: Diagnosis | None = None
    inferred: bool = False


def treated_tumor(chart: Chart) -> Finding:
    """The kinds of tumor the order can be treating.

    Not established while neither the form nor a usable diagnosis names a liver tumor: then every kind not refuted
    stays possible, and suspicions are hints of what to ask for (readings A13b, A51). A diagnosis that stands only on
    the order establishes it where the record neither suspects nor refutes one.
    """
    recorded, stated = _on_record(chart), stated_tumor(chart)
    if stated is None:
        return recorded
    reason = _reason([], chart)
    refuted = (d for d in chart.diagnoses if d.certainty is Certainty.REFUTED)
    against = tuple(d for d in refuted if _named(d) & stated.kinds)
    return with_statement(recorded, stated, reason.kinds if reason else frozenset(), against)


def _named(diagnosis: Diagnosis) -> frozenset[Tumor]:
    return liver_primary_kinds(diagnosis) or (METASTASES if is_liver_metastasis(diagnosis) else frozenset())


def _on_record(chart: Chart) -> Finding:
    known = [k for d in chart.diagnoses if d.is_proof and (k := _known(d, chart))] + _by_histology(chart)
    conflicts = [k for k in known if k.diagnosis and _is_refuted_later(k, chart)]
    sure = [k for k in known if k not in conflicts]
    reason = _reason(sure, chart)
    if not chart.record.was_read("Condition"):  # what was not read may say otherwise
        return _not_established(chart, known, reason)
    if not sure and (reason is None or conflicts or _refuted(chart) or _suspected(chart)):
        return _not_established(chart, conflicts, reason)
    return _established(sure, conflicts, reason, chart)


def _established(sure: list[_Known], conflicts: list[_Known], reason: _Known | None, chart: Chart) -> Finding:
    whole = frozenset(kind for k in sure for kind in k.kinds)
    evidence = tuple(dict.fromkeys(e for k in sure for e in k.evidence))
    notes = tuple(dict.fromkeys(n for k in sure for n in k.notes))
    if reason is not None:
        whole = (whole & reason.kinds) or (whole | reason.kinds)
        if not sure:
            evidence = reason.evidence
            notes += reason.notes
    whole |= frozenset(kind for k in conflicts for kind in k.kinds)
    notes += tuple(_conflict_note(k) for k in conflicts)
    whole |= _suspected_melanoma(chart)
    inferred = any(k.inferred for k in sure)
    return Finding(
        whole,
        Reason.INFERRED if inferred else Reason.RECORDED,
        evidence,
        notes,
        chart.record.unread_of("Condition"),
    )


def _not_established(chart: Chart, conflicts: list[_Known], reason: _Known | None) -> Finding:
    possible = ALL_TUMORS - _refuted(chart) | frozenset(k for c in conflicts for k in c.kinds)
    closed = not _melanoma_in_record(chart) and chart.record.was_read("Condition")
    if closed:
        possible -= {Tumor.MELANOMA}
    hints = _suspected(chart) | frozenset(kind for c in conflicts for kind in c.kinds)
    hints |= reason.kinds if reason else frozenset()
    notes = tuple(_conflict_note(c) for c in conflicts if _is_refuted_later(c, chart))
    if _refuted(chart) and not notes:
        notes = ("a liver tumor diagnosis on record is marked as refuted",)
    if closed:
        notes += (NO_MELANOMA,)
    return Finding(
        possible=possible,
        reason=Reason.NOT_SPECIFIC if hints else Reason.NO_DATA,
        evidence=_refuting_evidence(chart),
        notes=notes,
        unread=chart.record.unread_of("Condition"),
        established=False,
        hints=hints & possible,
    )


def _known(diagnosis: Diagnosis, chart: Chart) -> _Known | None:
    kinds = liver_primary_kinds(diagnosis)
    if kinds:
        said = " or ".join(sorted(kinds))
        return _Known(kinds, (diagnosis.evidence(said),), (), diagnosis)
    if not is_liver_metastasis(diagnosis):
        return None
    return _of_origin(origin(diagnosis, chart), diagnosis.evidence("metastasis in the liver"), diagnosis)


def _by_histology(chart: Chart) -> list[_Known]:
    """Hepatocellular carcinoma as the histology of a specimen or lesion of the liver (SNOMED CT 25370001)."""
    return [
        _Known(frozenset({Tumor.HCC}), (seen(one, "hepatocellular carcinoma by histology"),))
        for one in observed(chart.record, HISTOLOGY_CODES)
        if standing(one.body) is Standing.USABLE
        and site_of(one.body, chart.record) is Liver.YES
        and value_set("hepatocellular-morphology").any_of(codes(one.body.get("valueCodeableConcept")))
    ]


def _of_origin(found: Origin, own: Evidence, diagnosis: Diagnosis | None) -> _Known:
    evidence = (own, *(e for e in found.evidence if e.reference != own.reference))
    return _Known(found.kinds, evidence, found.notes, diagnosis, found.reason is Reason.INFERRED)


def liver_primary_kinds(diagnosis: Diagnosis) -> frozenset[Tumor]:
    """What primary or benign liver tumor a diagnosis names; nothing for broad codes and other diseases."""
    kinds = frozenset(kind for name, kind in _PRIMARIES if diagnosis.has(value_set(name)))
    if kinds:
        return kinds
    by_morphology = value_set("hepatocellular-morphology").any_of((*diagnosis.morphology, *diagnosis.codes))
    in_liver = diagnosis.site is Liver.YES or diagnosis.has(value_set("primary-liver-broad"))
    if by_morphology and in_liver:
        return frozenset({Tumor.HCC})
    return frozenset()


def is_liver_metastasis(diagnosis: Diagnosis) -> bool:
    """Whether a diagnosis names a metastasis in the liver, by its code or by its site."""
    if diagnosis.has(value_set("liver-metastasis")):
        return True
    return diagnosis.site is Liver.YES and any(diagnosis.has(value_set(name)) for name in _SITE_NEEDED)


def is_liver_tumor(diagnosis: Diagnosis) -> bool:
    """Whether a diagnosis names any tumor in the liver, broad codes included."""
    return bool(liver_primary_kinds(diagnosis)) or is_liver_malignancy(diagnosis)


def is_liver_malignancy(diagnosis: Diagnosis) -> bool:
    """Whether a diagnosis names a primary or secondary cancer in the liver."""
    if liver_primary_kinds(diagnosis) - {Tumor.BENIGN} or is_liver_metastasis(diagnosis):
        return True
    if diagnosis.has(value_set("primary-liver-broad")):
        return True
    return diagnosis.site is Liver.YES and bool(_MALIGNANCY_CODE.intersection(diagnosis.codes))


def _is_refuted_later(known: _Known, chart: Chart) -> bool:
    """Whether the same diagnosis is refuted, at the same time or later, or nobody can say when."""
    if known.diagnosis is None:
        return False
    mine = set(known.diagnosis.codes)
    when = clinical_date(known.diagnosis.resource.body)
    for other in chart.diagnoses:
        if other.certainty is Certainty.REFUTED and (mine & set(other.codes) or _same_kind(known, other)):
            then = clinical_date(other.resource.body)
            if when is None or then is None or then.latest >= when.earliest:
                return True
    return False


def _same_kind(known: _Known, refuted: Diagnosis) -> bool:
    primary = liver_primary_kinds(refuted)
    if primary:
        return bool(primary & known.kinds)
    return is_liver_metastasis(refuted) and bool(known.kinds & METASTASES)


def _conflict_note(known: _Known) -> str:
    reference = known.diagnosis.resource.reference if known.diagnosis else "a diagnosis"
    return f"{reference} is contradicted by a refuted record of the same diagnosis"


def _refuted(chart: Chart) -> frozenset[Tumor]:
    refuted = [d for d in chart.diagnoses if d.certainty is Certainty.REFUTED]
    return frozenset(kind for d in refuted for kind in liver_primary_kinds(d))


def _refuting_evidence(chart: Chart) -> tuple[Evidence, ...]:
    refuted = [d for d in chart.diagnoses if d.certainty is Certainty.REFUTED]
    return tuple(d.evidence("refuted") for d in refuted if liver_primary_kinds(d))


def _suspected(chart: Chart) -> frozenset[Tumor]:
    """What unconfirmed diagnoses and broad codes point to."""
    hints: set[Tumor] = set()
    for diagnosis in chart.diagnoses:
        if diagnosis.is_suspicion:
            hints |= liver_primary_kinds(diagnosis)
            if is_liver_metastasis(diagnosis):
                hints |= origin(diagnosis, chart).kinds
        if (diagnosis.is_proof or diagnosis.is_suspicion) and diagnosis.has(value_set("primary-liver-broad")):
            hints.add(Tumor.HCC)
    return frozenset(hints)


def _suspected_melanoma(chart: Chart) -> frozenset[Tumor]:
    """A suspected liver metastasis beside a melanoma: that the tumor treated is it cannot be ruled out."""
    suspected = any(d.is_suspicion and is_liver_metastasis(d) for d in chart.diagnoses)
    return frozenset({Tumor.MELANOMA}) if suspected and _melanoma_in_record(chart) else frozenset()


def _melanoma_in_record(chart: Chart) -> bool:
    return (
        any(
            d.certainty is not Certainty.REFUTED
            and (Tumor.MELANOMA in origin_of(d, chart) or d.has(value_set("metastasis-from-melanoma")))
            for d in chart.diagnoses
        )
        or chart.stated("mets-primary", NO_LIMIT).value == "melanoma"
    )


def _reason(sure: list[_Known], chart: Chart) -> _Known | None:
    """What the order itself gives as its reason: a diagnosis it points to, or codes it carries."""
    pointed = [k for k in sure if k.diagnosis and k.diagnosis.resource.identity in chart.order.reason_ids]
    kinds = frozenset(kind for k in pointed for kind in k.kinds) | frozenset(_reason_kinds(chart))
    if not kinds:
        return None
    notes = tuple(n for k in pointed for n in k.notes)
    own = Evidence(chart.order.reference, "the reason given on the order")
    return _Known(kinds, (own,), notes)


def _reason_kinds(chart: Chart) -> Iterable[Tumor]:
    listed = chart.order.reason_codes
    for name, kind in _PRIMARIES:
        if value_set(name).any_of(listed):
            yield kind
    if value_set("liver-metastasis").any_of(listed):
        is_named = value_set("metastasis-from-neuroendocrine").any_of(listed)
        yield from {Tumor.NEUROENDOCRINE} if is_named else origin(None, chart).kinds
