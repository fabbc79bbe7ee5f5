"""A coverage decision: what a payer states of one order under one Coverage, before any version's dialect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple

Covered = Literal["covered", "not-covered", "conditional", "indeterminate"]

COVERED: Final = "covered"
NOT_COVERED: Final = "not-covered"
CONDITIONAL: Final = "conditional"
INDETERMINATE: Final = "indeterminate"

NO_AUTH: Final = "no-auth"
AUTH_NEEDED: Final = "auth-needed"
PERFORMER: Final = "performpa"
SATISFIED: Final = "satisfied"

OTHER: Final = "OTH"
DETAIL_CODE: Final = "detail-code"
TECHNICAL: Final = "technical"
GOLD_CARD: Final = "gold-card"
NO_MEMBER_FOUND: Final = "no-member-found"
NO_ACTIVE_COVERAGE: Final = "no-active-coverage"
COVERAGE_NOT_FOUND: Final = "coverage-not-found"
WITH_PRIOR_AUTHORIZATION: Final = "withpa"

POLICY_LINK: Final = "policy-link"
INSTRUCTIONS: Final = "instructions"


class BillingCode(NamedTuple):
    """A code the eventual claim must carry for the statement to hold: system URI and code."""

    system: str
    code: str


class StatedReason(NamedTuple):
    """Why something is stated: a text, a code of the guide where one fits, the criteria it rests on."""

    text: str
    code: str = ""
    criteria: tuple[str, ...] = ()


class Detail(NamedTuple):
    """A name-value pair beside the statement: category and code of 2.2.1, type and content of value[x]."""

    category: str
    code: str
    value_type: str
    value: Any
    qualification: str = ""


class Contact(NamedTuple):
    """Whom to ask about this statement: a name, and a ContactPoint's system and value."""

    name: str
    system: str
    value: str


@dataclass(frozen=True, slots=True)
class CoverageDecision:
    """What is stated of one order under one Coverage (CRD 2.2.1, extension coverage-information).

    Codes are those of 2.2.1; the dialect of 2.0.1 is made of them. Blank and empty is not stated.
    """

    coverage: str
    covered: Covered
    stated_on: date
    assertion_id: str = ""
    pa_needed: str = ""
    doc_needed: tuple[str, ...] = ()
    doc_purpose: tuple[str, ...] = ()
    info_needed: tuple[str, ...] = ()
    billing_codes: tuple[BillingCode, ...] = ()
    reasons: tuple[StatedReason, ...] = ()
    details: tuple[Detail, ...] = ()
    dependencies: tuple[str, ...] = ()
    questionnaires: tuple[str, ...] = ()
    satisfied_pa_id: str = ""
    contact: Contact | None = None
    expiry: date | None = None

    def content(self) -> Mapping[str, Any]:
        """What is stated, apart from when, until when and under which id."""
        return {
            name: value
            for name in self.__dataclass_fields__
            if name not in ("stated_on", "expiry", "assertion_id") and (value := getattr(self, name))
        }
