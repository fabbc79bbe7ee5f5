"""FHIRPath, written: pieces of the expressions by which an EHR fills in the form from its own record."""

from collections.abc import Iterable, Mapping
from typing import Final

from fhir_mappings.code_systems import CANONICAL_URIS, ICD_10, ICD_10_CM
from fhir_mappings.terminology import Code

EMPTY: Final = "{}"
DAY_OBSERVED: Final = "effective.ofType(dateTime).toString().substring(0, 10)"
DAY_AUTHORED: Final = "authored.toString().substring(0, 10)"

_IGNORED: Final = ("registered", "cancelled", "unknown", "entered-in-error")
_FINAL: Final = ("final", "amended", "corrected")


def among(values: Iterable[str]) -> str:
    """A collection of strings."""
    return "(" + " | ".join(f"'{value}'" for value in values) + ")"


def coded(codes: Iterable[Code]) -> str:
    """A test of a Coding: one of these codes, by system and code. ICD codes match with their dot or without."""
    by_system: dict[str, list[str]] = {}
    for system, code in sorted(codes):
        by_system.setdefault(system, []).append(code)
    tests = [f"(system = '{CANONICAL_URIS[s]}' and {_code_of(s)} in {among(c)})" for s, c in by_system.items()]
    return " or ".join(tests)


def _code_of(system: str) -> str:
    return "code.replace('.', '')" if system in (ICD_10_CM, ICD_10) else "code"


def iif(condition: str, then: str, otherwise: str = EMPTY) -> str:
    """A choice of two expressions."""
    return f"iif({condition}, {then}, {otherwise})"


def first_of(cases: Mapping[str, str]) -> str:
    """The expression of the first condition that holds; empty when none does."""
    whole = EMPTY
    for condition, then in reversed(list(cases.items())):
        whole = iif(condition, then, whole)
    return whole


def observed(test_of_coding: str) -> str:
    """The Observations with such a code whose status does not cancel them."""
    with_code = f"code.coding.where({test_of_coding}).exists()"
    return f"%observations.entry.resource.where({with_code} and (status in {among(_IGNORED)}).not())"


def last_day(records: str, day: str) -> str:
    """The newest day of these records."""
    return f"{records}.select({day}).aggregate(iif($total.empty() or $this > $total, $this, $total))"


def of_day(records: str, day: str, last: str, days: int) -> str:
    """The records of the newest day, if it is no longer ago than this."""
    return f"{records}.where({day} = {last} and {day}.toDate() >= today() - {days} days)"


def are_usable(newest: str, records: str) -> str:
    """Whether the newest records are all final and hold a value, and none of the others is without a day."""
    usable = f"status in {among(_FINAL)} and value.exists() and dataAbsentReason.empty()"
    return f"{records}.all(effective is dateTime) and {newest}.all({usable})"


def only(values: str) -> str:
    """A value that is the only one."""
    return iif(f"{values}.distinct().count() = 1", f"{values}.first()")
