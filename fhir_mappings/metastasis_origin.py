"""Where a liver metastasis comes from: links, names, statements, or the only candidate in the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fhir_mappings.chart import NO_LIMIT, Chart
from fhir_mappings.conditions import Diagnosis, Liver, liver_of
from fhir_mappings.elements import codes, extensions, items, member, reference_id, refinements
from fhir_mappings.finding import METASTASES, Evidence, Reason, Tumor
from fhir_mappings.primaries import (
    ANY_BUT_MELANOMA,
    is_liver_primary,
    is_melanoma_morphology,
    origin_of,
    origin_of_codes,
)  # fmt: skip
from fhir_mappings.terminology import value_set

_LINKS: Final = (
    "http://hl7.org/fhir/StructureDefinition/condition-related",
    "http://hl7.org/fhir/StructureDefinition/condition-dueTo",
)
_NAMING: Final[tuple[tuple[str, Tumor], ...]] = (
    ("metastasis-from-colorectal", Tumor.COLORECTAL),
    ("metastasis-from-breast", Tumor.BREAST),
    ("metastasis-from-melanoma", Tumor.MELANOMA),
    ("metastasis-from-neuroendocrine", Tumor.NEUROENDOCRINE),
)
_STATED: Final = {
    "colorectal": Tumor.COLORECTAL,
    "neuroendocrine": Tumor.NEUROENDOCRINE,
    "breast": Tumor.BREAST,
    "melanoma": Tumor.MELANOMA,
    "other": Tumor.OTHER_METASTASIS,
}


NO_MELANOMA: Final = "no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual"


@dataclass(frozen=True, slots=True)
class Origin:
    """The metastases a tumor can still be, why, and the resources that say so."""

    kinds: frozenset[Tumor]
    reason: Reason = Reason.RECORDED
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()


def origin(metastasis: Diagnosis | None, chart: Chart) -> Origin:
    """The origin of a liver metastasis, best source first (terminology 2.4); None asks for the whole record."""
    named = _named(metastasis, chart)
    stated = chart.stated("mets-primary", NO_LIMIT)
    if stated.reason is Reason.CONFLICT:
        return Origin(METASTASES, Reason.CONFLICT, stated.evidence, stated.notes)
    candidates = _candidates(chart)
    named = _finer(named, candidates)
    if isinstance(stated.value, str):
        said = frozenset({_STATED[stated.value]})
        return _with_statement(said, named, candidates, stated.evidence)
    return named if named.kinds else candidates


def _finer(named: Origin, candidates: Origin) -> Origin:
    """A name says neuroendocrine; the primary on record says that it is a carcinoid of the colon (A14)."""
    carcinoid = frozenset({Tumor.COLORECTAL_CARCINOID})
    if named.kinds != {Tumor.NEUROENDOCRINE} or not carcinoid & candidates.kinds or candidates.reason is Reason.NO_DATA:
        return named
    kinds = carcinoid | (candidates.kinds & {Tumor.NEUROENDOCRINE})
    return Origin(kinds, named.reason, named.evidence + candidates.evidence, named.notes)


def _with_statement(
    said: frozenset[Tumor], named: Origin, candidates: Origin, evidence: tuple[Evidence, ...]
) -> Origin:
    """A statement decides where nothing in the record says otherwise; else both stay possible."""
    known = named if named.kinds else candidates
    if known.reason is Reason.NO_DATA or _agree(said, known.kinds):
        agreed = (said & known.kinds) or _alike(said, known.kinds) or said
        return Origin(agreed, Reason.ATTESTED, evidence + known.evidence)
    note = "the stated primary of the metastases and the record disagree"
    return Origin(said | known.kinds, Reason.CONFLICT, evidence + known.evidence, (note,))


def _agree(said: frozenset[Tumor], known: frozenset[Tumor]) -> bool:
    return bool(said & known or _alike(said, known))


def _alike(said: frozenset[Tumor], known: frozenset[Tumor]) -> frozenset[Tumor]:
    """The finer kinds a plain word covers: a carcinoid of the colon is both words at once."""
    finer = {
        Tumor.COLORECTAL: {Tumor.COLORECTAL_CARCINOID, Tumor.COLORECTAL_REVIEW},
        Tumor.NEUROENDOCRINE: {Tumor.COLORECTAL_CARCINOID, Tumor.NEUROENDOCRINE_REVIEW},
    }
    return frozenset(kind for word in said for kind in finer.get(word, set()) if kind in known)


def _named(metastasis: Diagnosis | None, chart: Chart) -> Origin:
    """What links and origin-naming codes say; they name, so several names leave several origins."""
    found: dict[Tumor, list[Evidence]] = {}
    for kinds, evidence in (*_linked(metastasis, chart), *_by_name(metastasis, chart)):
        for kind in kinds if len(kinds) == 1 else METASTASES:  # a site code of the eye: A52
            found.setdefault(kind, []).append(evidence)
    if not found:
        return Origin(frozenset(), Reason.NO_DATA)
    proofs = tuple(dict.fromkeys(e for listed in found.values() for e in listed))
    return Origin(_finest(frozenset(found)), Reason.RECORDED, proofs)


def _finest(kinds: frozenset[Tumor]) -> frozenset[Tumor]:
    """C7B.02 says neuroendocrine and a linked carcinoid of the colon says which: one origin, not two."""
    both = frozenset({Tumor.COLORECTAL_CARCINOID, Tumor.NEUROENDOCRINE})
    return both - {Tumor.NEUROENDOCRINE} if kinds == both else kinds


def _linked(metastasis: Diagnosis | None, chart: Chart) -> Iterable[tuple[frozenset[Tumor], Evidence]]:
    by_id = {d.resource.identity: d for d in chart.diagnoses}
    for identity in _linked_ids(metastasis, chart):
        primary = by_id.get(identity)
        if primary is None or not primary.is_usable or primary is metastasis:
            continue
        if _is_metastasis(primary) or is_liver_primary(primary):
            continue
        kinds = origin_of(primary, chart) or frozenset({Tumor.OTHER_METASTASIS})
        yield kinds, primary.evidence("the linked primary")
    if metastasis is not None:
        for extension in extensions(metastasis.resource.body, *_LINKS):
            kinds = origin_of_codes(codes(extension.get("valueCodeableConcept")))
            if kinds:
                yield kinds, metastasis.evidence("the linked primary")


def _linked_ids(metastasis: Diagnosis | None, chart: Chart) -> Iterable[str]:
    if metastasis is not None:
        for extension in extensions(metastasis.resource.body, *_LINKS):
            yield reference_id(extension.get("valueReference"))[1]
        for diagnosis in chart.diagnoses:
            linked = extensions(diagnosis.resource.body, *_LINKS)
            if any(reference_id(e.get("valueReference"))[1] == metastasis.resource.identity for e in linked):
                yield diagnosis.resource.identity
    yield from _linked_by_structures(chart)


def _linked_by_structures(chart: Chart) -> Iterable[str]:
    """Conditions that current BodyStructures of the liver point to (mCODE Tumor)."""
    for structure in chart.record.of_type("BodyStructure"):
        if liver_of([structure.body.get("location")]) is Liver.YES and structure.body.get("active") is not False:
            references = (reference_id(e.get("valueReference")) for e in items(structure.body.get("extension")))
            yield from (identity for kind, identity in references if kind == "Condition")


def _by_name(metastasis: Diagnosis | None, chart: Chart) -> Iterable[tuple[frozenset[Tumor], Evidence]]:
    for diagnosis in chart.diagnoses:
        if diagnosis is metastasis or diagnosis.is_proof:
            for name, kind in _NAMING:
                if diagnosis.has(value_set(name)):
                    yield frozenset({kind}), diagnosis.evidence("names the primary")
    if metastasis is not None:
        refined = origin_of_codes(refinements(member(metastasis.resource.body, "code")))
        if refined:
            yield refined, metastasis.evidence("names the primary")
        if any(is_melanoma_morphology(code) for code in metastasis.morphology):
            yield frozenset({Tumor.MELANOMA}), metastasis.evidence("names the primary")


def _is_metastasis(diagnosis: Diagnosis) -> bool:
    names = ("liver-metastasis", "bone-metastasis", "extrahepatic-metastasis", "metastasis-site-unstated")
    return any(diagnosis.has(value_set(name)) for name in names)


def _candidates(chart: Chart) -> Origin:
    """Every primary in the record, active or past. One is the origin, by inference; none leaves it open."""
    sure = _primaries(chart, [d for d in chart.diagnoses if d.is_usable])
    unsure = _primaries(chart, [d for d in chart.diagnoses if d.is_suspicion and not d.is_usable])
    kinds = frozenset(k for found, _ in sure + unsure for k in found)
    evidence = tuple(e for _, e in sure + unsure)
    if not chart.record.was_read("Condition"):  # what was not read may name another primary
        return Origin(kinds | METASTASES, Reason.NO_DATA, evidence)
    if not sure:
        notes = () if Tumor.MELANOMA in kinds else (NO_MELANOMA,)
        return Origin(kinds | ANY_BUT_MELANOMA, Reason.NO_DATA, evidence, notes)
    if all(len(found) > 1 for found, _ in sure):  # no more than a site code of the eye (reading A52)
        return Origin(kinds | METASTASES, Reason.NOT_SPECIFIC, evidence)
    if len(kinds) == 1:
        note = "the origin of the liver metastasis is inferred: it is the only primary cancer in the record"
        return Origin(kinds, Reason.INFERRED, evidence, (note,))
    return Origin(kinds, Reason.NOT_SPECIFIC, evidence, ("several primary cancers could be the origin",))


def _primaries(chart: Chart, diagnoses: Iterable[Diagnosis]) -> list[tuple[frozenset[Tumor], Evidence]]:
    return [
        (
            kinds,
            d.evidence(f"primary: {' or '.join(sorted(k.removeprefix('metastasis of ') for k in kinds))}"),
        )
        for d in diagnoses
        if not _is_metastasis(d) and (kinds := origin_of(d, chart))
    ]
