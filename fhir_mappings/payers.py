"""The payers answered for: which Coverages are theirs, under which of their plans, and the line of business."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fhir_mappings.code_systems import PAYER_TYPOLOGY
from fhir_mappings.elements import Json, codes, items, member, reference_id, text_of
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.record import Resource

COVERAGE_CLASS: Final = "http://terminology.hl7.org/CodeSystem/coverage-class"
NO_PLAN_OF_THEIRS: Final = ""
"""Stands among plans for one the payer has configured nothing for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a payer: its id, as Coverage.class carries it, and its line of business."""

    id: str
    line_of_business: LineOfBusiness


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer we answer for. No identifiers: every Coverage is theirs (the demonstration payer).

    `policies` are those in force under its coverage; `member_systems` the identifier systems of its member numbers;
    `url` and `logo` (https, 100 x 100 pixels) what cards show of it.
    """

    id: str
    label: str
    identifiers: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    plans: tuple[Plan, ...] = ()
    member_systems: tuple[str, ...] = ()
    url: str = ""
    logo: str = ""

    def accepts(self, coverage: Resource) -> bool:
        """Whether a payor of the Coverage is this payer, by identifier, name or reference."""
        if not self.identifiers:
            return True
        return any(name in self.identifiers for payor in items(coverage.body.get("payor")) for name in _names(payor))

    def line_of(self, plan: str) -> LineOfBusiness:
        """The line of business of one of its plans."""
        return next((own.line_of_business for own in self.plans if own.id == plan), LineOfBusiness.UNKNOWN)


def is_in_force(policy: str, payer: Payer | None, payers: tuple[Payer, ...]) -> bool:
    """Whether a policy is in force under a payer; while the payer is not known, whether it is under any."""
    return any(policy in one.policies for one in (payers if payer is None else (payer,)))


def _names(payor: object) -> Iterable[str]:
    yield text_of(member(payor, "identifier", "value"))
    yield text_of(member(payor, "display"))
    yield text_of(member(payor, "reference"))
    kind, identity = reference_id(payor)
    yield f"{kind}/{identity}"
    yield identity


def plans_of(coverage: Resource, payer: Payer) -> tuple[str, ...]:
    """The plans a Coverage may be under: what it does not tell is not ruled out.

    One that names plans of the payer is under these; one that names another plan is under none of theirs.
    """
    classes = items(coverage.body.get("class"))
    values = {text_of(member(one, "value")) for one in classes}
    named = tuple(plan.id for plan in payer.plans if plan.id in values)
    if named:
        return named
    if any(_is_plan(one) for one in classes):
        return (NO_PLAN_OF_THEIRS,)
    return (NO_PLAN_OF_THEIRS, *(plan.id for plan in payer.plans))


def _is_plan(coverage_class: Json) -> bool:
    return (COVERAGE_CLASS, "plan") in codes(coverage_class.get("type")) and bool(text_of(coverage_class.get("value")))


def line_of_business(coverage: Resource, payer: Payer) -> LineOfBusiness:
    """The line of business of a Coverage: by the payer's own plan ids, else by payer typology."""
    plans = {text_of(member(c, "value")) for c in items(coverage.body.get("class"))}
    for plan in payer.plans:
        if plan.id in plans:
            return plan.line_of_business
    found = {_by_typology(code) for system, code in codes(coverage.body.get("type")) if system == PAYER_TYPOLOGY}
    return found.pop() if len(found) == 1 else LineOfBusiness.UNKNOWN


def _by_typology(code: str) -> LineOfBusiness:
    """Source of Payment Typology: 1 Medicare (14 dual), 2 Medicaid, 5 private; the rest says nothing here."""
    return {
        "1": LineOfBusiness.MEDICARE,
        "2": LineOfBusiness.MEDICAID,
        "5": LineOfBusiness.COMMERCIAL,
    }.get(code[:1], LineOfBusiness.UNKNOWN)
