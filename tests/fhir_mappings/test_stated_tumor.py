"""The tumor as the form states it: it establishes, narrows, and contradicts (I.D.1.a-d dx, IV; readings A41, A51)."""

from typing import Any

import pytest

from fhir_mappings.finding import ALL_TUMORS, Finding, Reason, Tumor
from fhir_mappings.stated_tumor import stated_tumor
from fhir_mappings.treated_tumor import treated_tumor
from tests.fhir_mappings.building import chart_of, choice, concept, condition, form, order_of, stated

HCC, COLORECTAL, BREAST = Tumor.HCC, Tumor.COLORECTAL, Tumor.BREAST


def said(diagnosis: str, primary: str = "", on: str = "2026-11-20") -> dict[str, Any]:
    answers = {"liver-tumor-diagnosis": choice(diagnosis)} | ({"mets-primary": choice(primary)} if primary else {})
    return form(answers, on=on)


def treated(*resources: dict[str, Any], unread: tuple[str, ...] = (), **order: Any) -> Finding:
    return treated_tumor(chart_of(*resources, order=order_of(**order), unread=unread))


@pytest.mark.parametrize(
    ("diagnosis", "primary", "kind"),
    [
        ("hcc", "", Tumor.HCC),
        ("hcc-mixed", "", Tumor.HCC_MIXED),
        ("other-primary", "", Tumor.OTHER_PRIMARY),
        ("benign", "", Tumor.BENIGN),
        ("metastasis", "colorectal", Tumor.COLORECTAL),
        ("metastasis", "neuroendocrine", Tumor.NEUROENDOCRINE),
        ("metastasis", "breast", Tumor.BREAST),
        ("metastasis", "melanoma", Tumor.MELANOMA),
        ("metastasis", "other", Tumor.OTHER_METASTASIS),
    ],
)
def test_the_form_establishes_the_tumor_where_the_record_names_none(diagnosis: str, primary: str, kind: Tumor) -> None:
    found = treated(said(diagnosis, primary))
    assert (found.possible, found.established, found.reason) == (frozenset({kind}), True, Reason.ATTESTED)
    assert found.evidence[0].reference.startswith("QuestionnaireResponse/")


def test_a_stated_metastasis_takes_its_primary_from_the_record() -> None:
    assert treated(said("metastasis"), condition("icd C18.7")).possible == frozenset({COLORECTAL})


def test_a_suspicion_on_record_gives_way_to_the_form() -> None:
    found = treated(said("metastasis", "breast"), condition("icd C22.0", certainty="provisional"))
    assert (found.possible, found.established) == (frozenset({BREAST}), True)


def test_of_two_tumors_on_record_the_form_says_which_is_treated() -> None:
    both = (condition("icd C22.0"), condition("icd C78.7"), condition("icd C18.7"))
    assert treated(*both, said("hcc")).possible == frozenset({HCC})  # A41
    assert treated(*both, said("metastasis")).possible == frozenset({COLORECTAL})


def test_a_stated_tumor_settles_a_suspected_metastasis_of_a_melanoma_beside_it() -> None:
    suspected = condition("icd C78.7", certainty="provisional")
    record = (condition("icd C22.0"), suspected, condition("icd C43.59"))
    assert Tumor.MELANOMA in (treated(*record).possible or ())  # type: ignore[operator]
    assert treated(*record, said("hcc")).possible == frozenset({HCC})


def test_a_form_and_a_record_that_exclude_each_other_leave_both_possible() -> None:
    found = treated(condition("icd C22.0"), said("metastasis", "breast"))
    assert (found.possible, found.reason) == (frozenset({HCC, BREAST}), Reason.CONFLICT)
    assert "stated on the form and the one on record differ" in found.notes[-1]


def test_a_form_and_the_reason_on_the_order_that_exclude_each_other_leave_both_possible() -> None:
    suspected = condition("icd C78.7", certainty="provisional")
    found = treated(suspected, said("metastasis", "breast"), reasonCode=[concept("icd C22.0")])
    assert found.possible == frozenset({HCC, BREAST})


@pytest.mark.parametrize(
    ("refuted_on", "established"), [("2026-11-19", True), ("2026-11-20", False), ("2026-11-22", False), ("", False)]
)
def test_a_refutation_as_new_as_the_form_leaves_the_tumor_open(refuted_on: str, established: bool) -> None:
    found = treated(said("hcc"), condition("icd C22.0", certainty="refuted", on=refuted_on))
    assert found.established is established
    assert ("is refuted on record" in " ".join(found.notes)) is not established


def test_a_refuted_metastasis_as_new_as_the_form_leaves_a_stated_one_open() -> None:
    refuted = condition("icd C78.7", certainty="refuted", on="2026-11-22")
    assert treated(said("metastasis", "breast"), refuted).established is False
    assert treated(said("hcc"), refuted).established is True


def test_no_liver_tumor_on_the_form_establishes_none_and_contradicts_the_record() -> None:
    for record in ((), (condition("icd C22.0"),)):
        found = treated(*record, said("not-a-liver-tumor"))
        assert found.established is False
        assert "no tumor of the liver is treated" in " ".join(found.notes)
    assert HCC in treated(condition("icd C22.0"), said("not-a-liver-tumor")).hints


def test_forms_of_one_day_that_differ_establish_nothing() -> None:
    found = treated(said("hcc"), said("benign"))
    assert (found.established, found.possible) == (False, ALL_TUMORS - {Tumor.MELANOMA})
    assert treated(said("hcc"), said("benign"), condition("icd C22.0")).established is False


def test_diagnoses_that_could_not_be_read_leave_the_tumor_open() -> None:
    found = treated(said("hcc"), unread=("Condition",))
    assert (found.established, found.hints) == (False, frozenset({HCC}))


def test_without_a_statement_there_is_none() -> None:
    assert stated_tumor(chart_of(stated("mets-primary", "breast"))) is None
