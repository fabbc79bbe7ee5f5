"""Coverage that is not resolved, in the codes of each version (resp-43 to resp-45; CRD, error matrix)."""

from dataclasses import replace
from typing import Any

import pytest

from cds_service.crd.deciding import decide
from cds_service.crd.decision import Contact, CoverageDecision
from cds_service.crd.prior_authorization import Granted
from cds_service.crd.rendering import render
from cds_service.crd.terms import PlanTable
from cds_service.crd.unresolved import is_resolved
from cds_service.crd.versions import Version
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.coverage import Standing
from tests.crd.building import ON, case, coverage, determination, said

V2_0, V2_2 = Version.V2_0, Version.V2_2
COVERED = determination(Outcome.COVERED, "I.D.1.a")
PLAN = PlanTable({"47382": "auth-needed"}, contact=Contact("Desk", "phone", "+1-555-0142"), valid_days=90)
SURE = {Standing.SEVERAL: "coverage-not-found", Standing.INACTIVE: "no-active-coverage"}
SURE[Standing.NO_MEMBER] = "no-member-found"
OPEN = {Standing.UNREAD: "technical", Standing.NO_NUMBER: ""}


def stated(standing: Standing, found: Determination | None = COVERED, **more: Any) -> CoverageDecision:
    one = replace(coverage(), standing=standing)
    whole = {"coverage": one, "grants": {"47382": (Granted("PA-1"),)}, **more}
    (decision,) = decide(case(found, **whole), PLAN, ON, names_version=True)
    return decision


@pytest.mark.parametrize("found", [COVERED, determination(Outcome.MISSING, "I.C"), None], ids=str)
@pytest.mark.parametrize(("standing", "code"), SURE.items())
def test_resp_44_and_45_what_the_payer_knows_is_not_covered_with_its_code(
    standing: Standing, code: str, found: Determination | None
) -> None:
    newer, older = render(stated(standing, found), V2_2), render(stated(standing, found), V2_0)
    for extension in (newer, older):
        assert said(extension, "covered") == ["not-covered"]
        for silent in ("pa-needed", "satisfied-pa-id", "doc-needed", "info-needed", "expiry-date"):
            assert said(extension, silent) == []
    (reason,) = said(newer, "reason")
    assert [c["code"] for c in reason["coding"]] == [code]
    assert said(older, "reason") == [{"text": reason["text"]}]


@pytest.mark.parametrize(("standing", "code"), OPEN.items())
def test_resp_43_what_could_not_be_read_or_is_not_told_is_open_and_never_not_covered(
    standing: Standing, code: str
) -> None:
    newer, older = render(stated(standing), V2_2), render(stated(standing), V2_0)
    assert said(newer, "covered") == said(newer, "pa-needed") == ["indeterminate"]
    assert said(older, "covered") == said(older, "pa-needed") == ["conditional"]
    assert said(older, "info-needed") == ["OTH"]
    assert said(newer, "info-needed") == []
    (reason,) = said(newer, "reason")
    assert [c["code"] for c in reason.get("coding", [])] == ([code] if code else [])
    assert said(older, "reason")[0]["text"] == reason["text"]


@pytest.mark.parametrize("standing", [*SURE, *OPEN])
def test_whoever_is_told_so_is_told_whom_to_ask(standing: Standing) -> None:
    assert said(render(stated(standing), V2_2), "contact")[0]["name"] == "Desk"


def test_with_an_active_coverage_the_policy_speaks() -> None:
    assert {standing for standing in Standing if is_resolved(standing)} == {Standing.ACTIVE, Standing.NOT_CHECKED}
    assert stated(Standing.ACTIVE).covered == "covered"


def test_a_contact_stands_only_where_something_is_left_to_ask() -> None:
    free = replace(PLAN, authorizations={"47382": "no-auth"})
    (plain,) = decide(case(COVERED), free, ON, names_version=True)
    (asked,) = decide(case(COVERED), PLAN, ON, names_version=True)
    assert (plain.contact, asked.contact) == (None, PLAN.contact)
