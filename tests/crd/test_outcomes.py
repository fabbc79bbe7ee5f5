"""Every outcome in both versions: policy 151 section 4, the contract's section 7, and the guide's codes."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from cds_service.crd.deciding import decide
from cds_service.crd.decision import Contact, Detail
from cds_service.crd.rendering import render
from cds_service.crd.terms import PlanTable
from cds_service.crd.v2_0_1 import NO_AUTHORIZATION_RULE
from cds_service.crd.versions import Version
from cds_service.policies.policy_151.coding_notes import PA_ADVICE
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.finding import LineOfBusiness
from tests.crd.building import LINK, ON, case, coverage, decided, details, determination, draft, order, said

V2_0, V2_2 = Version.V2_0, Version.V2_2
NEEDED = PlanTable({"47382": "auth-needed"})
FREE = PlanTable({"47382": "no-auth"})
PERFORMER = PlanTable({"47382": "performpa"})
FORM = ("http://example.org/fhir/Questionnaire/liver-tumor-ablation|1.0.0",)


class Row(NamedTuple):
    name: str
    found: Determination | None
    version: Version
    covered: str
    pa: str = ""
    doc: str = ""
    info: str = ""
    plan: PlanTable = PlanTable()


COVERED = determination(Outcome.COVERED, "I.D.1.a", "III")
DENIED = determination(Outcome.NOT_COVERED, "II", "I.C")
NEVER = determination(Outcome.NOT_COVERED, "VI")
MISSING = determination(Outcome.MISSING, "I.C")
UNLISTED = determination(Outcome.MISSING, "order.detail-code")
GUARD = determination(Outcome.MISSING, "V.guard")
REFER = determination(Outcome.REFER, "order.line-of-business", advisory=Outcome.COVERED)
NO_CRITERION = determination(Outcome.NO_CRITERION, "no-criterion")
UNREAD = determination(Outcome.UNDETERMINED, "I.A.ecog")

ROWS = [
    Row("covered", COVERED, V2_0, "covered", pa="conditional", info="OTH"),
    Row("covered", COVERED, V2_2, "covered"),
    Row("covered, authorization needed", COVERED, V2_0, "covered", pa="auth-needed", plan=NEEDED),
    Row("covered, authorization needed", COVERED, V2_2, "covered", pa="auth-needed", plan=NEEDED),
    Row("covered, none needed", COVERED, V2_0, "covered", pa="no-auth", plan=FREE),
    Row("covered, none needed", COVERED, V2_2, "covered", pa="no-auth", plan=FREE),
    Row("covered, by the performer", COVERED, V2_0, "covered", pa="performpa", plan=PERFORMER),
    Row("not covered", DENIED, V2_0, "not-covered"),
    Row("not covered", DENIED, V2_2, "not-covered"),
    Row("not covered, code in the table", DENIED, V2_0, "not-covered", plan=NEEDED),
    Row("not covered, code in the table", DENIED, V2_2, "not-covered", plan=NEEDED),
    Row("never covered", NEVER, V2_0, "not-covered"),
    Row("never covered", NEVER, V2_2, "not-covered"),
    Row("missing", MISSING, V2_0, "conditional", pa="conditional", doc="clinical", info="OTH"),
    Row("missing", MISSING, V2_2, "conditional", doc="clinical", info="OTH"),
    Row("missing, needed", MISSING, V2_0, "conditional", pa="auth-needed", doc="clinical", info="OTH", plan=NEEDED),
    Row("missing, needed", MISSING, V2_2, "conditional", pa="auth-needed", doc="clinical", info="OTH", plan=NEEDED),
    Row("unlisted code (V3)", UNLISTED, V2_0, "conditional", pa="conditional", doc="clinical", info="OTH"),
    Row("unlisted code (V3)", UNLISTED, V2_2, "conditional", doc="clinical", info="detail-code"),
    Row("indication unclear (V3)", GUARD, V2_0, "conditional", pa="conditional", doc="clinical", info="OTH"),
    Row("indication unclear (V3)", GUARD, V2_2, "conditional", doc="clinical", info="detail-code"),
    Row("refer", REFER, V2_0, "conditional", pa="conditional", info="OTH"),
    Row("refer", REFER, V2_2, "indeterminate"),
    Row("no criterion", NO_CRITERION, V2_0, "conditional", pa="conditional", info="OTH"),
    Row("no criterion", NO_CRITERION, V2_2, "indeterminate"),
    Row("undetermined", UNREAD, V2_0, "conditional", pa="conditional", info="OTH"),
    Row("undetermined", UNREAD, V2_2, "indeterminate"),
    Row("outside every policy", None, V2_0, "conditional", pa="conditional", info="OTH"),
    Row("outside every policy", None, V2_2, "conditional", info="OTH"),
    Row("outside, no authorization", None, V2_0, "conditional", pa="no-auth", info="OTH", plan=FREE),
    Row("outside, no authorization", None, V2_2, "conditional", pa="no-auth", info="OTH", plan=FREE),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.version.value} {r.name}")
def test_CRDF28_an_outcome_is_stated_in_the_codes_of_the_version(row: Row) -> None:
    extension = render(decided(row.found, row.plan), row.version)
    assert said(extension, "covered") == [row.covered]
    assert said(extension, "pa-needed") == ([row.pa] if row.pa else [])
    assert said(extension, "doc-needed") == ([row.doc] if row.doc else [])
    assert said(extension, "info-needed") == ([row.info] if row.info else [])
    assert said(extension, "date") == ["2026-11-24"]
    assert said(extension, "coverage") == [{"reference": "Coverage/cov-7"}]
    assert said(extension, "billingCode") == [{"system": "http://www.ama-assn.org/go/cpt", "code": "47382"}]
    assert said(extension, "satisfied-pa-id") == []
    assert len(said(extension, "coverage-assertion-id")) == 1
    assert all(reason["text"] for reason in said(extension, "reason"))


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("found", [COVERED, DENIED, MISSING, REFER, NO_CRITERION, UNREAD])
def test_covinfo_2_the_first_reason_names_policy_revision_and_criteria(found: Determination, version: Version) -> None:
    text = said(render(decided(found), version), "reason")[0]["text"]
    assert "Policy 151, revision 2025-05-06" in text
    if found not in (REFER, NO_CRITERION):
        assert all(f"criterion {number}" in text for number in found.criteria)


@pytest.mark.parametrize(("found", "linked"), [(COVERED, True), (DENIED, True), (MISSING, False), (REFER, False)])
def test_the_policy_link_is_a_detail_in_2_2_and_stands_in_the_reason_in_2_0(found: Determination, linked: bool) -> None:
    newer, older = render(decided(found), V2_2), render(decided(found), V2_0)
    assert details(newer).get("policy-link") == (LINK if linked else None)
    assert (LINK in said(older, "reason")[0]["text"]) is linked
    assert details(older) == {}


def test_a_code_outside_the_plan_table_is_explained_in_2_0() -> None:
    reasons = [r["text"] for r in said(render(decided(COVERED), V2_0), "reason")]
    assert reasons[-1] == NO_AUTHORIZATION_RULE.text
    known = [r["text"] for r in said(render(decided(COVERED, NEEDED), V2_0), "reason")]
    assert NO_AUTHORIZATION_RULE.text not in known


def test_resp_43_technical_is_coded_in_2_2_and_told_in_2_0() -> None:
    newer = said(render(decided(UNREAD), V2_2), "reason")[0]
    older = said(render(decided(UNREAD), V2_0), "reason")[0]
    assert [c["code"] for c in newer["coding"]] == ["technical"]
    assert "could not be read" in newer["text"]
    assert "coding" not in older
    assert older["text"] == newer["text"]


def test_the_code_detail_code_is_a_reason_in_2_0() -> None:
    assert said(render(decided(UNLISTED), V2_0), "reason")[0]["coding"][0]["code"] == "detail-code"
    assert "coding" not in said(render(decided(UNLISTED), V2_2), "reason")[0]


@pytest.mark.parametrize("version", Version)
def test_resp_45_several_coverages_are_each_not_covered_under_an_id_of_their_own(version: Version) -> None:
    decisions = decide(
        case(COVERED, coverage=coverage("Coverage/a", "Coverage/b")), NEEDED, ON, names_version=True
    )  # fmt: skip
    extensions = [render(one, version) for one in decisions]
    assert [said(e, "covered") for e in extensions] == [["not-covered"]] * 2
    assert [said(e, "pa-needed") for e in extensions] == [[], []]
    coded = [c["code"] for e in extensions for r in said(e, "reason") for c in r.get("coding", [])]
    assert coded == (["coverage-not-found"] * 2 if version is V2_2 else [])
    ids = {said(e, "coverage-assertion-id")[0] for e in extensions}
    assert len(ids) == 2  # resp-32


@pytest.mark.parametrize(
    ("line", "words"),
    [(LineOfBusiness.MEDICAID, "Oregon Health Plan"), (LineOfBusiness.MEDICARE, "separate Medicare policy")],
)
def test_a_referral_says_which_rules_come_first_and_what_the_policy_would_say(line: LineOfBusiness, words: str) -> None:
    text = said(render(decided(REFER, coverage=coverage(line=line)), V2_2), "reason")[0]["text"]
    assert words in text
    assert "it would say covered" in text


@pytest.mark.parametrize("coverages", [(), ("Coverage at $.prefetch.coverage",), ("urn:uuid:5",)])
def test_nothing_is_stated_without_a_coverage_the_client_can_refer_to(coverages: tuple[str, ...]) -> None:
    found = replace(coverage(), coverages=coverage(*coverages).coverages if coverages else ())
    assert decide(case(COVERED, coverage=found), PlanTable(), ON, names_version=True) == ()


@pytest.mark.parametrize(
    ("found", "names_version", "count"), [(None, False, 0), (None, True, 1), (COVERED, False, 1), (COVERED, True, 1)]
)
def test_the_default_statement_can_be_switched_off_for_clients_that_name_no_version(
    found: Determination | None, names_version: bool, count: int
) -> None:
    plan = PlanTable(default_statement="none")
    assert len(decide(case(found), plan, ON, names_version=names_version)) == count


@pytest.mark.parametrize("version", Version)
def test_forms_are_named_only_where_documentation_is_missing(version: Version) -> None:
    assert said(render(decided(MISSING, questionnaires=FORM), version), "questionnaire") == list(FORM)
    assert said(render(decided(COVERED, questionnaires=FORM), version), "questionnaire") == []


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize(("plan", "purpose"), [(NEEDED, ["withpa"]), (PERFORMER, ["withpa"]), (FREE, [])])
def test_documentation_goes_with_a_prior_authorization_that_is_needed(
    plan: PlanTable, purpose: list[str], version: Version
) -> None:
    assert said(render(decided(MISSING, plan), version), "doc-purpose") == purpose
    assert said(render(decided(COVERED, plan), version), "doc-purpose") == []


@pytest.mark.parametrize("version", Version)
def test_hook_19_secondary_hooks_are_told_of_no_documentation(version: Version) -> None:
    extension = render(decided(MISSING, NEEDED, questionnaires=FORM, is_primary=False), version)
    assert said(extension, "doc-needed") == said(extension, "questionnaire") == said(extension, "doc-purpose") == []
    assert said(extension, "info-needed") == ["OTH"]


def test_hook_19_what_is_open_of_the_order_itself_is_asked_on_secondary_hooks_too() -> None:
    of_the_patient = render(decided(MISSING, is_primary=False), V2_2)
    assert details(of_the_patient)["instructions"] == "To be judged when the order is signed: I.C"
    of_the_order = determination(Outcome.MISSING, "order.detail-code")
    said_of_it = details(render(decided(of_the_order, is_primary=False), V2_2))["instructions"]
    assert said_of_it == "Still needed: order.detail-code: a question"


def test_what_is_missing_and_notes_on_unlisted_codes_are_instructions_in_2_2() -> None:
    assert details(render(decided(MISSING), V2_2))["instructions"] == "Still needed: I.C: a question"
    unlisted = determination(Outcome.COVERED, "I.D.1.a", claim_notes=(PA_ADVICE,), notes=("another note",))
    assert details(render(decided(unlisted), V2_2))["instructions"].startswith("The code is unlisted")
    assert details(render(decided(unlisted), V2_0)) == {}
    assert "held here" in details(render(decided(None), V2_2))["instructions"]


CONTACT = Contact("Utilization review", "phone", "+1-555-0142")


def test_contact_and_expiry_have_the_types_of_the_version() -> None:
    decision = decided(COVERED, PlanTable(contact=CONTACT, valid_days=68))
    newer, older = render(decision, V2_2), render(decision, V2_0)
    point = {"system": "phone", "value": "+1-555-0142"}
    assert said(newer, "contact") == [{"name": "Utilization review", "telecom": [point]}]
    assert said(older, "contact") == [point]
    assert said(newer, "expiry-date") == ["2027-01-31"]
    assert said(older, "expiry-date") == []


def test_codes_of_the_order_give_billing_codes_and_the_strictest_authorization() -> None:
    both = order(code="47382")
    both.body["code"]["coding"].append(
        {"system": "https://bluebutton.cms.gov/resources/codesystem/hcpcs", "code": "C9734"}
    )
    plan = PlanTable({"47382": "no-auth", "C9734": "auth-needed"})
    decision = decided(COVERED, plan, order=both)
    assert [c.code for c in decision.billing_codes] == ["47382", "C9734"]
    assert decision.billing_codes[1].system == "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    assert decision.pa_needed == "auth-needed"


def test_an_order_without_codes_has_no_billing_codes() -> None:
    other = draft({"resourceType": "CommunicationRequest", "id": "c-1", "status": "draft"})
    assert decided(None, order=other).billing_codes == ()


FULL: dict[str, Any] = {
    "pa_needed": "satisfied", "satisfied_pa_id": "PA-1", "dependencies": ("ServiceRequest/sr-0",),
    "details": (
        Detail("cat-limitation", "allowed-quantity", "Quantity", {"value": 1}, "per year"),
        Detail("cat-decisional", "concurrent-review", "Boolean", True),
    ),
}  # fmt: skip


@pytest.mark.parametrize("version", Version)
def test_what_later_rules_may_state_is_rendered_too(version: Version) -> None:
    extension = render(replace(decided(COVERED), **FULL), version)
    assert said(extension, "pa-needed") == ["satisfied"]
    assert said(extension, "satisfied-pa-id") == ["PA-1"]
    assert said(extension, "dependency") == [{"reference": "ServiceRequest/sr-0"}]
    assert details(extension) == {"allowed-quantity": {"value": 1}, "concurrent-review": True}


@pytest.mark.parametrize(
    ("wanted", "older"),
    [
        (("clinical", "admin"), "both"), (("clinical",), "clinical"), (("admin", "conditional"), "admin"),
        (("patient",), "conditional"), (("indeterminate",), "conditional"),
    ],
)  # fmt: skip
def test_doc_needed_is_one_code_in_2_0(wanted: tuple[str, ...], older: str) -> None:
    decision = replace(decided(MISSING), doc_needed=wanted)
    assert said(render(decision, V2_0), "doc-needed") == [older]
    assert said(render(decision, V2_2), "doc-needed") == list(wanted)


def test_all_sixteen_sub_extensions_of_2_2_can_be_shown() -> None:
    shown = set()
    for one in (
        decided(MISSING, PlanTable({"47382": "auth-needed"}, contact=CONTACT, valid_days=90), questionnaires=FORM),
        replace(decided(COVERED), **FULL),
    ):
        shown |= {e["url"] for e in render(one, V2_2)["extension"]}
    assert len(shown) == 16
