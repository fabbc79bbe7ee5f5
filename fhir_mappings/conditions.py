"""Conditions as diagnoses: usable, unsure or refuted; current or past; in the liver or elsewhere."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fhir_mappings.dates import clinical_date
from fhir_mappings.elements import Json, codes, extensions, reference_id, status_codes, words
from fhir_mappings.finding import Evidence
from fhir_mappings.record import PatientRecord, Resource
from fhir_mappings.terminology import Code, ValueSet, value_set, with_parents

_UNSURE: Final = frozenset({"unconfirmed", "provisional", "differential"})
_CURRENT: Final = frozenset({"active", "recurrence", "relapse"})
_PAST: Final = frozenset({"remission", "resolved", "inactive"})
_BODY_SITE_EXTENSIONS: Final = ("http://hl7.org/fhir/StructureDefinition/bodySite",)
_MORPHOLOGY_EXTENSIONS: Final = (
    "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior",
    "http://hl7.org/fhir/us/mcode/StructureDefinition/onco-core-HistologyMorphologyBehavior-extension",
)


class Certainty(enum.Enum):
    """What verificationStatus allows: proof, no more than a suspicion, or the opposite."""

    CONFIRMED = 1
    USABLE = 2
    UNSURE = 3
    REFUTED = 4


class Liver(enum.Enum):
    """Whether a body site is the liver: yes, no, not said, or said in words or codes we cannot place."""

    YES = 1
    NO = 2
    UNSTATED = 3
    UNCLEAR = 4


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One Condition as readers ask it.

    `current` is None when its clinicalStatus cannot be understood; `kin` holds its codes with their ICD parents.
    """

    resource: Resource
    codes: tuple[Code, ...]
    certainty: Certainty
    current: bool | None
    site: Liver
    morphology: tuple[Code, ...]
    kin: frozenset[Code]

    @property
    def is_proof(self) -> bool:
        """Usable and current: this may make a criterion met or not met."""
        return self.current is True and self.is_usable

    @property
    def is_usable(self) -> bool:
        """Confirmed, or without a verificationStatus; current or past."""
        return self.certainty in (Certainty.CONFIRMED, Certainty.USABLE)

    @property
    def is_suspicion(self) -> bool:
        """Unconfirmed, or of a status nobody can read, and not known to be past: unknown, never met."""
        return self.certainty is not Certainty.REFUTED and self.current is not False and not self.is_proof

    def has(self, wanted: ValueSet) -> bool:
        """Whether one of its codes is in the value set."""
        return not wanted.codes.isdisjoint(self.kin)

    def evidence(self, text: str) -> Evidence:
        """This Condition as a proof, with its own words in ours."""
        when = clinical_date(self.resource.body)
        return Evidence(self.resource.reference, text, when.text if when else "")


def read_diagnoses(record: PatientRecord) -> tuple[Diagnosis, ...]:
    """Every Condition of the record that carries a code or a morphology."""
    found = tuple(_diagnosis(one, record) for one in record.of_type("Condition"))
    return tuple(d for d in found if d.codes or d.morphology)


def _diagnosis(one: Resource, record: PatientRecord) -> Diagnosis:
    body = one.body
    listed = codes(body.get("code"))
    return Diagnosis(
        resource=one,
        codes=listed,
        certainty=certainty(body),
        current=_current(body),
        site=site_of(body, record),
        morphology=_morphology(body),
        kin=with_parents(listed),
    )


def certainty(condition: Json) -> Certainty:
    """Read verificationStatus; absent is usable, a status nobody knows is unsure."""
    if condition.get("verificationStatus") is None:
        return Certainty.USABLE
    said = status_codes(condition.get("verificationStatus"))
    if "refuted" in said:
        return Certainty.REFUTED
    if said & _UNSURE or "confirmed" not in said:
        return Certainty.UNSURE
    return Certainty.CONFIRMED


def _current(condition: Json) -> bool | None:
    if condition.get("clinicalStatus") is None:
        return condition.get("abatementDateTime") is None
    said = status_codes(condition.get("clinicalStatus"))
    if said & _CURRENT:
        return None if said & _PAST else True
    return False if said & _PAST else None


def site_of(resource: Json, record: PatientRecord) -> Liver:
    """Where a resource says it is: bodySite, the bodySite extension, and the BodyStructures it points to."""
    return liver_of((resource.get("bodySite"), *_structure_sites(resource, record)))


def _structure_sites(resource: Json, record: PatientRecord) -> Iterable[object]:
    references = [e.get("valueReference") for e in extensions(resource, *_BODY_SITE_EXTENSIONS)]
    references += [e.get("valueReference") for e in extensions(resource.get("bodySite"), *_BODY_SITE_EXTENSIONS)]
    wanted = {reference_id(r)[1] for r in references}
    return [s.body.get("location") for s in record.of_type("BodyStructure") if s.identity in wanted]


def liver_of(sites: Iterable[object]) -> Liver:
    """Whether these sites name the liver. Words only ever make a site unclear, never the liver."""
    stated = [s for s in sites if codes(s) or words(s)]
    if not stated:
        return Liver.UNSTATED
    if any(value_set("liver-site").any_of(codes(s)) for s in stated):
        return Liver.YES
    said = " ".join(words(s).lower() for s in stated)
    return Liver.UNCLEAR if "liver" in said or "hepat" in said else Liver.NO


def _morphology(condition: Json) -> tuple[Code, ...]:
    return tuple(
        code
        for extension in extensions(condition, *_MORPHOLOGY_EXTENSIONS)
        for code in codes(extension.get("valueCodeableConcept"))
    )


def coded_findings(record: PatientRecord, wanted: frozenset[Code]) -> tuple[Resource, ...]:
    """Current Conditions whose code is itself the finding, such as an ECOG grade."""
    return tuple(
        one
        for one in record.of_type("Condition")
        if wanted.intersection(codes(one.body.get("code")))
        and _current(one.body) is not False
        and certainty(one.body) is not Certainty.REFUTED
    )


def proofs(diagnoses: Iterable[Diagnosis], wanted: ValueSet) -> tuple[Diagnosis, ...]:
    """Usable, current Conditions of a value set."""
    return tuple(d for d in diagnoses if d.is_proof and d.has(wanted))


def suspicions(diagnoses: Iterable[Diagnosis], wanted: ValueSet) -> tuple[Diagnosis, ...]:
    """Conditions of a value set that are no more than suspected."""
    return tuple(d for d in diagnoses if d.is_suspicion and d.has(wanted))
