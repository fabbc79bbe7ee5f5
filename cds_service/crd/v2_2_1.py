"""Coverage-information as CRD 2.2.1 defines it."""

from typing import Final

from cds_service.crd.decision import CoverageDecision, StatedReason
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

COVERAGE_DETAIL: Final = "http://terminology.hl7.org/CodeSystem/crd-coverage-detail"
REASONS: Final = frozenset({
    "gold-card", "no-member-found", "no-active-coverage", "coverage-not-found", "auth-out-network", "technical",
})  # fmt: skip


def render(decision: CoverageDecision) -> JsonObject:
    """A decision in the dialect of 2.2.1."""
    return coverage_information(
        opening(decision),
        codes("covered", (decision.covered,)),
        codes("pa-needed", (decision.pa_needed,)),
        codes("doc-needed", decision.doc_needed),
        codes("doc-purpose", decision.doc_purpose),
        codes("info-needed", decision.info_needed),
        billing(decision),
        [sub("reason", "CodeableConcept", _concept(reason)) for reason in decision.reasons],
        _details(decision),
        references(decision),
        tracing(decision),
        _contact(decision),
        [sub("expiry-date", "Date", decision.expiry.isoformat())] if decision.expiry else [],
    )


def _concept(reason: StatedReason) -> JsonObject:
    """The codes still live in CRD's temporary code system (2.2.1, value set coverageAssertionReasons)."""
    coding = {"coding": [{"system": CRD_TEMP, "code": reason.code}]} if reason.code in REASONS else {}
    return {**coding, "text": reason.text}


def _details(decision: CoverageDecision) -> list[JsonObject]:
    return [
        {
            "url": "detail",
            "extension": [
                sub("category", "Code", d.category),
                sub("code", "CodeableConcept", {"coding": [{"system": COVERAGE_DETAIL, "code": d.code}]}),
                sub("value", d.value_type, d.value),
                *([sub("qualification", "String", d.qualification)] if d.qualification else []),
            ],
        }
        for d in decision.details
    ]


def _contact(decision: CoverageDecision) -> list[JsonObject]:
    contact = decision.contact
    if contact is None:
        return []
    point = {"system": contact.system, "value": contact.value}
    return [sub("contact", "ContactDetail", {"name": contact.name, "telecom": [point]})]
