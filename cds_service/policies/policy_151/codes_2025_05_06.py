"""Policy 151's code table of 2025-05-06: which criterion governs a code. Changes each quarter, apart from criteria.

CPT numbers with our own labels. The table prints no group headings; codes are grouped by what they stand for (A27).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cds_service.policy.documentation import ListedCode
from fhir_mappings.code_systems import PROCEDURE_CODE, SNOMED
from fhir_mappings.ordered_service import OrderedService
from fhir_mappings.terminology import Code, value_set

ABLATION: Final = "I"
NO_CRITERION: Final = "no-criterion"
UNLISTED: Final = "unlisted"
NOT_ADDRESSED: Final = "not-addressed"

_TABLE: Final = (
    ("47370", ABLATION, "laparoscopic radiofrequency, microwave included"),
    ("47371", ABLATION, "laparoscopic cryotherapy"),
    ("47380", ABLATION, "open radiofrequency, microwave included"),
    ("47381", ABLATION, "open cryotherapy"),
    ("47382", ABLATION, "percutaneous radiofrequency, microwave included"),
    ("47383", ABLATION, "percutaneous cryotherapy"),
    ("47399", UNLISTED, "liver procedure without a code of its own"),
    ("47379", UNLISTED, "laparoscopic liver procedure without a code of its own"),
    ("77799", UNLISTED, "brachytherapy procedure without a code of its own"),
    ("C9734", "V", "focused ultrasound guided by magnetic resonance"),
    ("0686T", "VI", "histotripsy"),
    ("E0767", "VII", "electromagnetic-field device"),
    ("C8004", "VIII", "simulation angiogram with pressure-generating catheter"),
    ("0944T", "IX", "3D contour simulation"),
    ("C2616", NO_CRITERION, "yttrium-90 source"),
    ("C2698", NO_CRITERION, "stranded brachytherapy source"),
    ("C2699", NO_CRITERION, "brachytherapy source, not stranded"),
    ("Q3001", NO_CRITERION, "brachytherapy radioelements"),
)

CODES: Final = {code: by for code, by, _ in _TABLE}
LISTED: Final = tuple(
    ListedCode("HCPCS" if code[0].isalpha() else "CPT", code, label, by) for code, by, label in _TABLE
)
"""The table as people read it."""
BRACHYTHERAPY_UNLISTED: Final = "77799"

_PLANNING: Final = (PROCEDURE_CODE, "0944T")
_PLANNED: Final = frozenset({(PROCEDURE_CODE, "47382"), (SNOMED, "609232008")})
"""3D contour simulation plans a percutaneous ablation by microwave, which has these codes."""

_MODALITIES: Final = (
    ("ablation-radiofrequency", ABLATION), ("ablation-microwave", ABLATION), ("ablation-cryo", ABLATION),
    ("ablation-ethanol", ABLATION), ("ablation-focused-ultrasound", "V"), ("ablation-not-named", NOT_ADDRESSED),
    ("embolization", NOT_ADDRESSED), ("ablation-unstated", UNLISTED),
)  # fmt: skip

MODALITY_SETS: Final = tuple(name for name, _ in _MODALITIES)
"""The value sets that say what an order stands for."""

STATED_MODALITIES: Final = {
    "RFA": ABLATION, "cryo": ABLATION, "PEI": ABLATION, "microwave": ABLATION, "HIFU": "V", "histotripsy": "VI",
    "IRE": NOT_ADDRESSED,
}  # fmt: skip
"""What the form's ablation-modality stands for; "other" stands for nothing."""

_WORDS: Final = (
    (re.compile(r"\b(histotripsy)\b", re.I), "VI"),
    (re.compile(r"\b(hifu|high[- ]intensity focused ultrasound|focused ultrasound)\b", re.I), "V"),
    (re.compile(r"\b(irreversible electroporation|ire|electroporation|laser)\b", re.I), NOT_ADDRESSED),
    (re.compile(r"\b(chemoemboli[sz]ation|radioemboli[sz]ation|emboli[sz]ation|tace|y-?90)\b", re.I), NOT_ADDRESSED),
    (re.compile(r"\b(radio-?\s?frequency|rfa)\b", re.I), ABLATION),
    (re.compile(r"\b(microwave|mwa)\b", re.I), ABLATION),
    (re.compile(r"\b(cryo-?ablation|cryotherapy|cryosurgery|cryosurgical)\b", re.I), ABLATION),
    (re.compile(r"\b(ethanol|pei|percutaneous alcohol)\b", re.I), ABLATION),
)  # fmt: skip
_DENIAL: Final = re.compile(r"\b(no|not|without|instead|rather|versus|vs|or|failed|prior|previous|after)\b", re.I)


@dataclass(frozen=True, slots=True)
class Governed:
    """The criterion that governs an order line, and whether an unlisted code led there."""

    by: str
    is_unlisted: bool = False
    needs_indication: bool = False


def governing(ordered: OrderedService, stated_modality: str = "") -> Governed:
    """Which criterion governs an order: CPT or HCPCS first, then SNOMED CT, order detail, words and the form."""
    listed = {CODES[code] for code in ordered.procedure_codes if code in CODES}
    specific = listed - {UNLISTED}
    if specific:  # A31: the codes behind V and VII name no site
        by = _most_specific(specific)
        return Governed(by, needs_indication=by in ("V", "VII"))
    resolved = _resolved(ordered, stated_modality)
    if listed:
        return _unlisted(ordered, resolved)
    if ordered.procedure_codes:
        return Governed(NOT_ADDRESSED)  # a CPT or HCPCS code outside the table decides, whatever stands beside it
    return Governed(resolved or NOT_ADDRESSED) if _is_coded(ordered) else Governed(NOT_ADDRESSED)


def is_planning(ordered: OrderedService) -> bool:
    """Whether an order is the simulation of an ablation: judged by itself (A33), and for that ablation."""
    return _PLANNING in ordered.codes


def may_be_planned(ordered: OrderedService) -> bool:
    """Whether an order is an ablation a simulation is for."""
    return not _PLANNED.isdisjoint(ordered.codes)


def unlisted_codes(ordered: OrderedService) -> tuple[str, ...]:
    """The unlisted codes of an order, for those who claim it."""
    return tuple(sorted(code for code in ordered.procedure_codes if CODES.get(code) == UNLISTED))


def _most_specific(found: set[str]) -> str:
    """Two listed codes on one line: one that is never covered governs, then one with criteria."""
    return sorted(found, key=lambda by: (by == NO_CRITERION, by == ABLATION, by))[0]


def _unlisted(ordered: OrderedService, resolved: str) -> Governed:
    if not resolved and ordered.procedure_codes & CODES.keys() == {BRACHYTHERAPY_UNLISTED}:
        return Governed(NO_CRITERION)  # A58: alone it is a brachytherapy code
    return Governed(resolved or UNLISTED, is_unlisted=True)


def _resolved(ordered: OrderedService, stated_modality: str) -> str:
    """What the order stands for by its other codes, its words, or the form; blank when that is not clear."""
    by_code = _by_code((*ordered.codes, *ordered.detail_codes))
    if by_code - {UNLISTED}:
        return _only(by_code - {UNLISTED})
    return STATED_MODALITIES.get(stated_modality, "") or _by_words(ordered.words) or (UNLISTED if by_code else "")


def _by_code(listed: Iterable[Code]) -> set[str]:
    listed = tuple(listed)
    return {by for name, by in _MODALITIES if value_set(name).any_of(listed)}


def _is_coded(ordered: OrderedService) -> bool:
    """Words alone order nothing we know: without an unlisted code a liver ablation must be coded."""
    return bool(_by_code((*ordered.codes, *ordered.detail_codes)))


def _by_words(words: str) -> str:
    if _DENIAL.search(words):
        return ""
    return _only({by for pattern, by in _WORDS if pattern.search(words)})


def _only(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else ""
