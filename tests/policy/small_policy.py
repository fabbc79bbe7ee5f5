"""A policy small enough to hold in the head: the facts and findings the engine's tests reason about."""

from typing import Final

from fhir_mappings.finding import Choice, Evidence, Fact, Finding, Interval

AGE: Final = Fact("age", "years", "How old the patient is")
SIZE: Final = Fact("size", "cm", "How large the tumor is")
KIND: Final = Fact("kind", "choice", "What kind of tumor it is", frozenset({"apple", "pear", "plum"}))
FIT: Final = Fact("fit", "yes/no", "Whether the patient is fit", frozenset({True, False}))
WILLING: Final = Fact("willing", "yes/no", "Whether the patient is willing", frozenset({True, False}))
PROOF: Final = Evidence("Observation/1", "as measured", "2026-11-01")


def number(low: float | None, high: float | None) -> Finding:
    return Finding(Interval(low, high), evidence=(PROOF,))


def one_of(*choices: Choice) -> Finding:
    return Finding(frozenset(choices), evidence=(PROOF,))
