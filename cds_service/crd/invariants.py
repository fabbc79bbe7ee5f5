"""The invariants of coverage-information, crd-ci-q1 to q9, and the shape of each version.

Where the two versions differ in text and expression, the stricter reading holds for both.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cds_service.crd import v2_0_1, v2_2_1
from cds_service.crd.extension import CRD_TEMP, JsonObject, values
from cds_service.crd.shapes import DETAIL_SHAPES, SHAPES, Shape
from cds_service.crd.versions import Version
from fhir_mappings.elements import items, member, text_of


class InvariantBreach(Exception):
    """An extension that must not leave the service: which rules it breaks. Holds no patient data."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        super().__init__(", ".join(rules))
        self.rules = rules


def check(extension: JsonObject, version: Version) -> JsonObject:
    """Hand on an extension that keeps every rule. Raises InvariantBreach naming those it breaks."""
    said = _Said(extension, version)
    broken = [name for name, holds in INVARIANTS.items() if not holds(said)]
    broken += _misshapen(extension, SHAPES[version], "")
    for detail in (e for e in items(extension.get("extension")) if e.get("url") == "detail"):
        broken += _misshapen(detail, DETAIL_SHAPES[version], "detail.")
    if broken:
        raise InvariantBreach(tuple(dict.fromkeys(broken)))
    return extension


class _Said:
    """What an extension says, for the invariants to ask."""

    def __init__(self, extension: JsonObject, version: Version) -> None:
        self.version = version
        self._extension = extension
        self.reasons = values(extension, "reason", "CodeableConcept")
        self.decided = [c for url in ("covered", "pa-needed", "doc-needed") for c in self.codes(url)]

    def codes(self, url: str) -> list[Any]:
        return values(self._extension, url, "Code")

    def has(self, url: str) -> bool:
        return any(e.get("url") == url for e in items(self._extension.get("extension")))


def _questionnaire(said: _Said) -> bool:
    return not (said.has("questionnaire") or said.has("response")) or said.has("doc-needed")


def _authorization(said: _Said) -> bool:
    if "not-covered" in said.codes("covered"):
        return not said.has("pa-needed")
    return said.version is not Version.V2_0 or said.has("pa-needed")


def _information(said: _Said) -> bool:
    return said.has("info-needed") == ("conditional" in said.decided)


def _purpose(said: _Said) -> bool:
    needless = {"satisfied", "no-auth"} & set(said.codes("pa-needed")) or "not-covered" in said.codes("covered")
    return not needless or "withpa" not in said.codes("doc-purpose")


def _satisfied(said: _Said) -> bool:
    return ("satisfied" in said.codes("pa-needed")) == said.has("satisfied-pa-id")


def _other(said: _Said) -> bool:
    return "OTH" not in said.codes("info-needed") or bool(said.reasons)


def _reason_text(said: _Said) -> bool:
    known = v2_0_1.REASONS if said.version is Version.V2_0 else v2_2_1.REASONS
    return all(text_of(member(r, "text")) or _is_coded(r, known) for r in said.reasons)


def _is_coded(reason: Any, known: frozenset[str]) -> bool:
    return any(c.get("system") == CRD_TEMP and c.get("code") in known for c in items(member(reason, "coding")))


def _purpose_reason(said: _Said) -> bool:
    return not said.has("doc-purpose") or bool(said.reasons)


def _indeterminate(said: _Said) -> bool:
    return "indeterminate" not in said.decided or bool(said.reasons)


INVARIANTS: Final[Mapping[str, Callable[[_Said], bool]]] = {
    "crd-ci-q1": _questionnaire,
    "crd-ci-q2": _authorization,
    "crd-ci-q3": _information,
    "crd-ci-q4": _purpose,
    "crd-ci-q5": _satisfied,
    "crd-ci-q6": _other,
    "crd-ci-q7": _reason_text,
    "crd-ci-q8": _purpose_reason,
    "crd-ci-q9": _indeterminate,
}


def _misshapen(extension: Mapping[str, Any], shapes: Mapping[str, Shape], place: str) -> Iterator[str]:
    """The sub-extensions a version does not define, or not so."""
    subs = items(extension.get("extension"))
    urls = [text_of(e.get("url")) for e in subs]
    yield from (f"{place}{url}: not defined" for url in urls if url not in shapes)
    for url, shape in shapes.items():
        if not shape.least <= urls.count(url) <= shape.most:
            yield f"{place}{url}: cardinality"
        if not all(_fits(e, shape) for e in subs if e.get("url") == url):
            yield f"{place}{url}: value"


def _fits(one: Mapping[str, Any], shape: Shape) -> bool:
    written = [name.removeprefix("value") for name in one if name.startswith("value")]
    if not shape.value_types:
        return not written
    if len(written) != 1 or written[0] not in shape.value_types:
        return False
    value = one[f"value{written[0]}"]
    return value not in ("", None) and (not shape.codes or value in shape.codes)
