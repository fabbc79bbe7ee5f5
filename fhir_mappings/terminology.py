"""Value sets: data files of codes, asked by system and code, never by display."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from fhir_mappings.code_systems import ICD_10, ICD_10_CM, PROCEDURE_CODE, normal_code

Code = tuple[str, str]
"""A coding without its words: short name of the system, normalized code."""

_SYSTEM_NAMES: Final = {"cpt": PROCEDURE_CODE, "hcpcs": PROCEDURE_CODE}
_HIERARCHICAL: Final = (ICD_10_CM, ICD_10)


@dataclass(frozen=True, slots=True)
class ValueSet:
    """Codes that mean one thing. An ICD-10 code includes everything below it: C50 includes C50.911."""

    name: str
    title: str
    source: str
    date: str
    codes: frozenset[Code]

    def __contains__(self, code: Code) -> bool:
        """Whether the code, or for ICD-10 one of its parents, is listed."""
        return self.any_of((code,))

    def any_of(self, codes: Iterable[Code]) -> bool:
        """Whether at least one of the codes is in the set."""
        return not self.codes.isdisjoint(with_parents(codes))


def with_parents(codes: Iterable[Code]) -> frozenset[Code]:
    """Codes with everything above them, so that one look tells whether a value set holds one of them."""
    kin = set(codes)
    for system, text in tuple(kin):
        if system in _HIERARCHICAL:
            kin.update((system, text[:length]) for length in range(3, len(text)))
    return frozenset(kin)


@cache
def value_set(name: str) -> ValueSet:
    """Load a value set by its file name. Raises FileNotFoundError for a name without a file."""
    text = resources.files("fhir_mappings").joinpath("value_sets", f"{name}.toml").read_text("utf-8")
    data = tomllib.loads(text)
    codes = frozenset(
        (_SYSTEM_NAMES.get(system, system), normal_code(_SYSTEM_NAMES.get(system, system), code))
        for system, listed in data["codes"].items()
        for code in listed
    )
    return ValueSet(name, data["title"], data["source"], data["date"], codes)


def value_set_names() -> tuple[str, ...]:
    """List the value sets that are shipped."""
    folder = resources.files("fhir_mappings").joinpath("value_sets")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))
