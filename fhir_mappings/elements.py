"""Defensive access to raw FHIR JSON: whatever shape an element has, a reader gets a value or nothing."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from fhir_mappings.code_systems import LOCAL_FACTS, SNOMED, normal_code, short_name
from fhir_mappings.terminology import Code

Json = Mapping[str, Any]

_CONCEPT_ID: Final = re.compile(r"\D")
_REFINED: Final = re.compile(r"=\s*\(?\s*(\d{6,18})")
_NOT_WORDS: Final = {ord(c): None for c in "\u200b\u200c\u200d\u2060\ufeff"}


def items(value: Any) -> tuple[Json, ...]:
    """The objects of a list, or the one object that should have been a list. Anything else is nothing."""
    if isinstance(value, list):
        return tuple([item for item in value if isinstance(item, dict)])
    return (value,) if isinstance(value, dict) else ()


def member(value: Any, *path: str) -> Any:
    """Follow member names through objects (the first entry of a list stands for it); None when absent."""
    for name in path:
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def text_of(value: Any) -> str:
    """A string without surrounding or zero-width blanks; anything else is the empty string."""
    if not isinstance(value, str):
        return ""
    return value.strip() if value.isascii() else value.translate(_NOT_WORDS).strip()


def codes(concept: Any) -> tuple[Code, ...]:
    """Every coding of a CodeableConcept, a list of them, or a Coding, normalized."""
    if concept is None:
        return ()
    found: list[Code] = []
    for item in items(concept):
        coding = item.get("coding")
        for entry in items(coding) if coding is not None else (item,):
            code, system = entry.get("code"), entry.get("system")
            if isinstance(code, str) and code:
                found += _normal(system if isinstance(system, str) else "", code)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8192)
def _normal(written_system: str, written_code: str) -> tuple[Code, ...]:
    """A coding as our value sets write it; a SNOMED CT expression also as the concept it refines."""
    code = text_of(written_code)
    system = short_name(text_of(written_system))
    if not code:
        return ()
    normal = (system, normal_code(system, code))
    return (normal, (system, focus_concept(code))) if system == SNOMED and ":" in code else (normal,)


def focus_concept(expression: str) -> str:
    """The concept a SNOMED CT expression refines: 94381002 in `94381002:260716003=93761005`."""
    return _CONCEPT_ID.split(expression.partition(":")[0].partition("|")[0].strip())[0]


def refinements(concept: Any) -> tuple[Code, ...]:
    """The concepts that stand as values in the SNOMED CT expressions of a CodeableConcept."""
    return tuple(
        (SNOMED, value)
        for system, code in codes(concept)
        if system == SNOMED and ":" in code
        for value in _REFINED.findall(code.partition(":")[2])
    )


def words(concept: Any) -> str:
    """The human text of a CodeableConcept: its text, else its first display."""
    for item in items(concept):
        said = text_of(item.get("text"))
        if said:
            return said
        for entry in items(item.get("coding")):
            if text_of(entry.get("display")):
                return text_of(entry.get("display"))
    return ""


def local_code(concept: Any) -> str:
    """The code a local choice carries; a Coding without a system is accepted, one of another system is not."""
    for system, code in codes(concept):
        if system in (LOCAL_FACTS, ""):
            return code
    return ""


def reference_id(reference: Any) -> tuple[str, str]:
    """Type and id a Reference names, from relative, absolute and versioned forms; blanks when it has none."""
    text = text_of(member(reference, "reference") if isinstance(reference, dict) else reference)
    text = text.split("/_history/", 1)[0].split("|", 1)[0]
    if text.startswith(("#", "urn:")):
        return "", text
    parts = [part for part in text.split("?", 1)[0].split("/") if part]
    if len(parts) >= 2:
        return parts[-2], parts[-1]
    return text_of(member(reference, "type")), parts[0] if parts else ""


def own_reference(resource: Json) -> str:
    """How others refer to a resource: `Type/id`; blank for one without type or id."""
    kind, identity = text_of(resource.get("resourceType")), text_of(resource.get("id"))
    return f"{kind}/{identity}" if kind and identity else ""


def local_reference(reference: Any) -> str:
    """A Reference as `Type/id`, or the id alone when no type is named."""
    kind, identity = reference_id(reference)
    return f"{kind}/{identity}" if kind and identity else identity


def extensions(element: Any, *urls: str) -> tuple[Json, ...]:
    """The extensions of an element whose URL is one of those given."""
    return tuple(e for e in items(member(element, "extension")) if text_of(e.get("url")) in urls)


def status_codes(concept: Any) -> frozenset[str]:
    """The bare codes of a status CodeableConcept, lower case; a plain string is read as one code."""
    if isinstance(concept, str):
        return frozenset({concept.strip().lower()})
    return frozenset(code.lower() for _, code in codes(concept))
