"""The coverage-information extension as JSON: what both versions share, and how one is read again."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from cds_service.crd.decision import CoverageDecision
from fhir_mappings.elements import items, local_reference, text_of

URL: Final = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
CRD_TEMP: Final = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"

JsonObject = dict[str, Any]


def sub(url: str, value_type: str, value: Any) -> JsonObject:
    """One sub-extension with a value[x]."""
    return {"url": url, f"value{value_type}": value}


def codes(url: str, values: Iterable[str]) -> Iterator[JsonObject]:
    """A sub-extension of type code for each value that says something."""
    return (sub(url, "Code", value) for value in values if value)


def coverage_information(*parts: Iterable[JsonObject]) -> JsonObject:
    """The whole extension of its sub-extensions."""
    return {"url": URL, "extension": [one for part in parts for one in part]}


def opening(decision: CoverageDecision) -> list[JsonObject]:
    """The Coverage the statement is about."""
    return [sub("coverage", "Reference", {"reference": decision.coverage})]


def billing(decision: CoverageDecision) -> list[JsonObject]:
    """The codes the claim must carry."""
    return [sub("billingCode", "Coding", {"system": c.system, "code": c.code}) for c in decision.billing_codes]


def references(decision: CoverageDecision) -> list[JsonObject]:
    """The orders it depends on, and the forms to be filled in."""
    dependencies = [sub("dependency", "Reference", {"reference": order}) for order in decision.dependencies]
    return dependencies + [sub("questionnaire", "Canonical", form) for form in decision.questionnaires]


def tracing(decision: CoverageDecision) -> list[JsonObject]:
    """When it was stated, under which id, and the authorization number if there is one."""
    number = decision.satisfied_pa_id
    return [
        sub("date", "Date", decision.stated_on.isoformat()),
        sub("coverage-assertion-id", "String", decision.assertion_id),
        *([sub("satisfied-pa-id", "String", number)] if number else []),
    ]


def is_coverage_information(extension: Any) -> bool:
    """Whether an extension on a resource is a coverage statement, whoever made it."""
    return isinstance(extension, dict) and text_of(extension.get("url")) == URL


def values(extension: Any, url: str, value_type: str) -> list[Any]:
    """The values of a sub-extension, in their order."""
    subs = items(extension.get("extension")) if isinstance(extension, dict) else ()
    return [e[f"value{value_type}"] for e in subs if e.get("url") == url and f"value{value_type}" in e]


def coverage_of(extension: Any) -> str:
    """The Coverage a statement is about, as `Type/id`."""
    return local_reference(next(iter(values(extension, "coverage", "Reference")), None))


def assertion_of(extension: Any) -> str:
    """The assertion id of a statement."""
    return text_of(next(iter(values(extension, "coverage-assertion-id", "String")), None))
