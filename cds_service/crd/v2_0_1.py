"""Coverage-information as CRD 2.0.1 defines it, with the codes that version has."""

from typing import Final

from cds_service.crd.decision import (
    CONDITIONAL,
    DETAIL_CODE,
    INDETERMINATE,
    NOT_COVERED,
    OTHER,
    POLICY_LINK,
    CoverageDecision,
    StatedReason,
)  # fmt: skip
from cds_service.crd.extension import (
    CRD_TEMP,
    JsonObject,
    billing,
    codes,
    coverage_information,
    opening,
    references,
    sub,
    tracing,
)  # fmt: skip

REASONS: Final = frozenset({"gold-card", "detail-code"})
DETAILS: Final = frozenset({
    "allowed-quantity", "allowed-period", "in-network-copay", "out-network-copay", "auth-out-network-only",
    "concurrent-review", "appropriate-use-needed",
})  # fmt: skip
DOCUMENTATION: Final = ("clinical", "admin")
INFORMATION: Final = frozenset({"performer", "location", "timeframe", "contract-window", OTHER})

NO_AUTHORIZATION_RULE: Final = StatedReason("Whether this code needs prior authorization is not known here.")


def render(decision: CoverageDecision) -> JsonObject:
    """A decision in the dialect of 2.0.1: it knows no indeterminate, and asks pa-needed of all it may cover."""
    covered, authorization = _conditional(decision.covered), _authorization(decision)
    documentation = _documentation(decision)
    is_conditional = CONDITIONAL in (covered, authorization, documentation)
    return coverage_information(
        opening(decision),
        codes("covered", (covered,)),
        codes("pa-needed", (authorization,)),
        codes("doc-needed", (documentation,)),
        codes("doc-purpose", decision.doc_purpose),
        codes("info-needed", _information(decision) if is_conditional else ()),
        billing(decision),
        _reasons(decision, authorization),
        _details(decision),
        references(decision),
        tracing(decision),
        _contact(decision),
    )


def _conditional(code: str) -> str:
    return CONDITIONAL if code == INDETERMINATE else code


def _authorization(decision: CoverageDecision) -> str:
    """The q2 of this version: whatever may be covered states pa-needed."""
    if decision.covered == NOT_COVERED:
        return ""
    return _conditional(decision.pa_needed) or CONDITIONAL


def _documentation(decision: CoverageDecision) -> str:
    """At most one: clinical and admin together are `both`; what this version has no code for is conditional."""
    wanted = set(decision.doc_needed)
    if {"clinical", "admin"} <= wanted:
        return "both"
    return next((code for code in DOCUMENTATION if code in wanted), CONDITIONAL if wanted else "")


def _information(decision: CoverageDecision) -> tuple[str, ...]:
    known = (code if code in INFORMATION else OTHER for code in decision.info_needed)
    return tuple(dict.fromkeys(known)) or (OTHER,)


def _reasons(decision: CoverageDecision, authorization: str) -> list[JsonObject]:
    link = next((d.value for d in decision.details if d.code == POLICY_LINK), "")
    stated = list(decision.reasons)
    if DETAIL_CODE in decision.info_needed and stated:
        stated[0] = stated[0]._replace(code=DETAIL_CODE)
    if link and stated:
        stated[0] = stated[0]._replace(text=f"{stated[0].text} {link}")
    if authorization == CONDITIONAL and not decision.pa_needed:
        stated.append(NO_AUTHORIZATION_RULE)
    return [sub("reason", "CodeableConcept", _concept(reason)) for reason in stated]


def _concept(reason: StatedReason) -> JsonObject:
    coding = {"coding": [{"system": CRD_TEMP, "code": reason.code}]} if reason.code in REASONS else {}
    return {**coding, "text": reason.text}


def _details(decision: CoverageDecision) -> list[JsonObject]:
    return [
        {
            "url": "detail",
            "extension": [
                sub("code", "CodeableConcept", {"coding": [{"system": CRD_TEMP, "code": d.code}]}),
                sub("value", d.value_type, d.value),
                *([sub("qualification", "String", d.qualification)] if d.qualification else []),
            ],
        }
        for d in decision.details
        if d.code in DETAILS
    ]


def _contact(decision: CoverageDecision) -> list[JsonObject]:
    contact = decision.contact
    return [sub("contact", "ContactPoint", {"system": contact.system, "value": contact.value})] if contact else []
