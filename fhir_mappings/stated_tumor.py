"""The tumor the order treats, as the form states it, beside what the record says (policy 151, dx of I.D.1.a-d, IV)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from fhir_mappings.chart import NO_LIMIT, Chart
from fhir_mappings.conditions import Diagnosis
from fhir_mappings.dates import clinical_date
from fhir_mappings.finding import ALL_TUMORS, Evidence, Finding, Reason, Tumor
from fhir_mappings.form_codes import TUMOR_DIAGNOSIS
from fhir_mappings.metastasis_origin import origin

_KINDS: Final = {
    "hcc": frozenset({Tumor.HCC}),
    "hcc-mixed": frozenset({Tumor.HCC_MIXED}),
    "other-primary": frozenset({Tumor.OTHER_PRIMARY}),
    "benign": frozenset({Tumor.BENIGN}),
}
_METASTASIS: Final = "metastasis"


@dataclass(frozen=True, slots=True)
class StatedTumor:
    """What the form says is treated, and on which day it was said.

    No kinds: no tumor of the liver. `contradictory`: forms of one day differ.
    """

    kinds: frozenset[Tumor]
    said_on: str
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = ()
    contradictory: bool = False


def stated_tumor(chart: Chart) -> StatedTumor | None:
    """The kinds of tumor the form leaves; None where it says nothing."""
    said = chart.stated(TUMOR_DIAGNOSIS, NO_LIMIT)
    said_on = max((e.date for e in said.evidence), default="")
    if said.reason is Reason.CONFLICT:
        return StatedTumor(ALL_TUMORS, said_on, said.evidence, said.notes, contradictory=True)
    if said.value == _METASTASIS:
        found = origin(None, chart)
        proofs = tuple(dict.fromkeys((*said.evidence, *found.evidence)))
        return StatedTumor(found.kinds, said_on, proofs, (*said.notes, *found.notes))
    if isinstance(said.value, str):
        return StatedTumor(_KINDS.get(said.value, frozenset()), said_on, said.evidence, said.notes)
    return None


def with_statement(
    recorded: Finding, stated: StatedTumor, reason: frozenset[Tumor], refuted: tuple[Diagnosis, ...]
) -> Finding:
    """What record and form leave together: they narrow each other, and where they exclude each other both stay.

    `reason` are the kinds the order itself names; `refuted` the refuted diagnoses of the kinds that are stated.
    """
    if recorded.unread or stated.contradictory:
        return _open(recorded, stated, ())
    if not stated.kinds:
        return _open(recorded, stated, ("the form says that no tumor of the liver is treated",))
    if recorded.established:
        return _together(recorded, stated, _kinds(recorded))
    if any(_is_as_new(d, stated) for d in refuted):
        names = ", ".join(d.resource.reference for d in refuted)
        return _open(recorded, stated, (f"{names}: the diagnosis on the form is refuted on record",))
    return _together(replace(recorded, evidence=()), stated, reason or stated.kinds)


def _kinds(found: Finding) -> frozenset[Tumor]:
    return (
        frozenset(Tumor(str(kind)) for kind in found.possible) if isinstance(found.possible, frozenset) else ALL_TUMORS
    )


def _together(recorded: Finding, stated: StatedTumor, known: frozenset[Tumor]) -> Finding:
    agreed = known & stated.kinds
    differ = () if agreed else ("the tumor stated on the form and the one on record differ",)
    notes = stated.notes if not recorded.established else (*recorded.notes, *stated.notes)
    return Finding(
        possible=agreed or known | stated.kinds,
        reason=Reason.ATTESTED if agreed else Reason.CONFLICT,
        evidence=tuple(dict.fromkeys((*recorded.evidence, *stated.evidence))),
        notes=tuple(dict.fromkeys((*notes, *differ))),
    )


def _open(recorded: Finding, stated: StatedTumor, notes: tuple[str, ...]) -> Finding:
    """Nothing is established: what both point to is what to ask for."""
    hints = recorded.hints | (_kinds(recorded) if recorded.established else frozenset())
    hints |= frozenset() if stated.contradictory else stated.kinds
    return replace(
        recorded,
        possible=recorded.possible if not recorded.established else ALL_TUMORS,
        evidence=tuple(dict.fromkeys((*recorded.evidence, *stated.evidence))),
        notes=tuple(dict.fromkeys((*recorded.notes, *stated.notes, *notes))),
        established=False,
        hints=hints,
    )


def _is_as_new(refuted: Diagnosis, stated: StatedTumor) -> bool:
    """Whether a refutation is of the form's day or later, or nobody can say when it was."""
    when = clinical_date(refuted.resource.body)
    if when is None or len(stated.said_on) != 10:
        return True
    return when.latest >= date.fromisoformat(stated.said_on)
