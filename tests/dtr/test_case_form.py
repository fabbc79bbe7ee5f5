"""The form of a case: what is open of this patient is asked, what is known is filled in, the canonical stays."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cds_service.dtr.canonicals import form_canonical
from cds_service.dtr.case_form import case_form
from cds_service.dtr.case_questionnaire import case_questionnaire
from cds_service.dtr.draft_response import About, draft_response
from cds_service.dtr.judging import judged_with
from cds_service.dtr.standing import Case, standing
from cds_service.policy.determination import Outcome
from fhir_mappings.coverage import Resolved
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.models import problems
from tests.dtr.examples import cases_of
from tests.dtr.form_filler import questions_in
from tests.dtr.patients import case_of
from tests.policy_151.table import cases

BASE = "http://coverage-hooks.example.org/fhir"
COMMERCIAL = Resolved((), None, LineOfBusiness.COMMERCIAL)
CONFINED = {"mets-confined-to-liver": {"valueBoolean": True}}
CLASS_A = {"child-pugh-class": {"valueCoding": {"system": "http://snomed.info/sct", "code": "710065009"}}}
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
Json = dict[str, Any]


def asked(case: Case) -> list[str]:
    return [question.link_id for question in case_form([case]).asked]


@pytest.mark.parametrize(
    ("name", "open_", "truth"),
    [
        ("crc-unproven-confinement", ["mets-confined-to-liver"], CONFINED),
        ("hcc-no-child-pugh", ["child-pugh-class"], CLASS_A),
    ],
)
class TestExamples:
    """Every example in which documentation is missing."""

    def test_only_what_is_missing_is_asked(self, name: str, open_: list[str], truth: Json) -> None:
        (case,) = cases_of(name)
        assert asked(case) == open_

    def test_with_the_true_answers_the_order_is_covered(self, name: str, open_: list[str], truth: Json) -> None:
        (case,) = cases_of(name)
        judged = judged_with(case, truth, COMMERCIAL)
        assert judged is not None
        assert judged.determination.outcome is Outcome.COVERED

    def test_what_is_known_is_filled_in_and_shown(self, name: str, open_: list[str], truth: Json) -> None:
        (case,) = cases_of(name)
        form = case_form([case])
        assert len(form.on_record) > 5
        assert all(item.answer is not None and item.is_from_record for item in form.on_record)
        assert not any(item.answer for group in form.groups for item in group.items)

    def test_as_fhir_it_is_the_same_form_and_valid(self, name: str, open_: list[str], truth: Json) -> None:
        form = case_form(list(cases_of(name)))
        written = case_questionnaire(BASE, form)
        assert problems(written) == ()
        assert f"{written['url']}|{written['version']}" == form_canonical(BASE)
        shown = {item["linkId"] for item in questions_in(written)}
        assert shown == {*open_, *(item.question.link_id for item in form.on_record)}
        named = {one["question"] for item in questions_in(written) for one in item.get("enableWhen", [])}
        assert named <= shown, "what enables a question is asked as well"

    def test_the_draft_holds_what_is_known_and_nothing_of_what_is_asked(
        self, name: str, open_: list[str], truth: Json
    ) -> None:  # fmt: skip
        form = case_form(list(cases_of(name)))
        written = case_questionnaire(BASE, form)
        about = About(f"Patient/{name}", "Coverage/c", ("ServiceRequest/sr",), "coverage-hooks-1")
        draft = draft_response(BASE, written, form.answers, about, AT)
        assert problems(draft) == ()
        assert (draft["status"], draft["questionnaire"]) == ("in-progress", form_canonical(BASE))
        (folded,) = draft["item"]
        assert {item["linkId"] for item in folded["item"]} == form.answers.keys()
        assert not {item["linkId"] for item in folded["item"]} & set(open_)


def test_what_a_person_said_before_stands_in_the_form_and_moves_no_question() -> None:
    (case,) = cases_of("hcc-no-child-pugh")
    form = case_form([case], {**CLASS_A, "ecog-grade": {"valueInteger": 2}})
    assert [q.link_id for q in form.asked] == ["child-pugh-class"]
    assert form.answers["child-pugh-class"] == CLASS_A["child-pugh-class"]
    assert form.answers["ecog-grade"] == {"valueInteger": 2}
    ecog = next(item for item in form.on_record if item.question.link_id == "ecog-grade")
    assert not ecog.is_from_record


def test_of_a_patient_of_whom_nothing_is_known_the_tumor_is_asked_and_each_branch_waits_for_it() -> None:
    form = case_form([case_of({"line_of_business": "commercial"})])
    items = {item.question.link_id: item for group in form.groups for item in group.items}
    assert {"ecog-grade", "child-pugh-class", "liver-tumor-diagnosis", "mets-primary"} <= items.keys()
    assert [condition.code for condition in items["liver-tumor-count"].conditions] == ["hcc", "hcc-mixed"]
    assert [condition.code for condition in items["net-symptoms-refractory"].conditions] == ["neuroendocrine"]
    assert form.on_record == ()
    assert [group.number for group in form.groups] == sorted(
        (group.number for group in form.groups), key=["I.A", "I.B", "I.C", "I.D", "IV", "I.D.1", "I.D.1.a", "I.D.1.b",
                                              "I.D.1.c", "I.D.1.d", "I.D.2"].index
    )  # fmt: skip


def test_an_unlisted_code_is_asked_what_it_stands_for_before_anything_of_the_patient() -> None:
    case = case_of({"orders": ["47399"], "line_of_business": "commercial"})
    form = case_form([case])
    assert form.groups[0].number == "order"
    assert form.asked[0].link_id == "ablation-modality"
    assert all(group.conditions for group in form.groups[1:])
    hifu = standing(case.with_answers({"ablation-modality": {"valueCoding": {"code": "HIFU"}}}))
    assert hifu.outcome is Outcome.NOT_COVERED


FOR_A_PERSON = {
    "a diagnosis marked as confirmed beside a pathology report that concludes a benign tumor",
    "a stromal tumor of the rectum is for a person to judge",
    "b: a metastasis whose site is not stated",
    "b: a metastasis whose site is not stated, attested as confined",
    "b: malignant ascites is suspicious and proves nothing",
    "a thyroid cancer is for a person to judge",
    "a carcinoid of the colon that fails c and would meet b is for a person to judge",
    "d: a metastasis whose site is not stated, whatever is attested",
    "d: a metastasis whose site is not stated",
}
"""Open for what is coded in the record, which no statement outranks (A14, A54): there is nothing to ask."""


def rows(*outcomes: str) -> list[Any]:
    """The rows of the policy's table with one order of such an outcome."""
    return [case for case in cases() if len(case.lines) == 1 and case.lines[0].outcome in outcomes]


def test_wherever_documentation_is_missing_something_is_asked_unless_only_the_record_can_tell() -> None:
    assert {row.name for row in rows("missing-documentation") if not asked(case_of(row.facts))} == FOR_A_PERSON


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in rows("covered", "not-covered")[::9]])
def test_where_nothing_is_missing_nothing_is_asked(row: Any) -> None:
    assert asked(case_of(row.facts)) == []


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=r.name) for r in rows("covered", "not-covered", "missing-documentation")[::7]]
)
def test_what_is_filled_in_from_the_record_changes_nothing_when_it_is_confirmed(row: Any) -> None:
    opened = case_of(row.facts)
    form = case_form([opened])
    assert standing(opened.with_answers(form.answers)).outcome is standing(opened).outcome
