"""Where a fact is looked for: its sources told apart, and the value sets among them with their codes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

from cds_service.policies.policy_151.codes_2025_05_06 import MODALITY_SETS
from cds_service.policy.criteria import facts_of
from cds_service.policy.revision import Revision
from fhir_mappings.code_systems import (
    ICD_10,
    ICD_10_CM,
    ICD_10_PCS,
    ICD_O_3_MORPHOLOGY,
    LOINC,
    PROCEDURE_CODE,
    RXNORM,
    SNOMED,
)  # fmt: skip
from fhir_mappings.facts import PRIOR_ABLATION
from fhir_mappings.finding import Fact
from fhir_mappings.terminology import ValueSet, value_set

_VALUE_SET: Final = re.compile(r"value set ([a-z-]+)")
_FORM: Final = re.compile(r"form ([a-z-]+)")
_SYSTEMS: Final[Mapping[str, str]] = {
    ICD_10_CM: "ICD-10-CM", ICD_10: "ICD-10", ICD_10_PCS: "ICD-10-PCS", SNOMED: "SNOMED CT", LOINC: "LOINC",
    PROCEDURE_CODE: "CPT and HCPCS", RXNORM: "RxNorm", ICD_O_3_MORPHOLOGY: "ICD-O-3 morphology",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One place a fact is looked for: a value set, a question of the form, or codes and elements in words."""

    kind: Literal["value set", "form", "words"]
    name: str


def read_sources(sources: Iterable[str]) -> tuple[Source, ...]:
    """A fact's sources, each told for what it is."""
    return tuple(_source(text) for text in sources)


def _source(text: str) -> Source:
    if found := _VALUE_SET.fullmatch(text):
        return Source("value set", found[1])
    return Source("form", found[1]) if (found := _FORM.fullmatch(text)) else Source("words", text)


@dataclass(frozen=True, slots=True)
class UsedSet:
    """A value set of a policy with the questions that ask for it; none where the code table does."""

    values: ValueSet
    questions: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many codes it holds, those below an ICD-10 code not counted."""
        return len(self.values.codes)

    @property
    def by_system(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Its codes, system by system."""
        listed = sorted(self.values.codes)
        return tuple(
            (_SYSTEMS.get(system, system), tuple(code for _, code in found))
            for system, found in groupby(listed, key=lambda code: code[0])
        )

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        v = self.values
        codes = {system: list(found) for system, found in self.by_system}
        return {"name": v.name, "title": v.title, "source": v.source, "date": v.date, "codes": codes}


def sets_of(revision: Revision) -> tuple[UsedSet, ...]:
    """Every value set that can decide something under a revision, by name."""
    asked = sorted({fact for tree in revision.criteria for fact in facts_of(tree)} | {PRIOR_ABLATION}, key=_name)
    names = {name for fact in asked for name in _sets(fact)} | set(MODALITY_SETS)
    return tuple(
        UsedSet(value_set(name), tuple(fact.question for fact in asked if name in _sets(fact)))
        for name in sorted(names)
    )


def _name(fact: Fact) -> str:
    return fact.name


def _sets(fact: Fact) -> tuple[str, ...]:
    return tuple(source.name for source in read_sources(fact.sources) if source.kind == "value set")
