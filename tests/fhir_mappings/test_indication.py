"""What an order is for, where its code names no site (V, VII; A31; terminology 1.1 indication guard)."""

from typing import Any

import pytest

from fhir_mappings.finding import Finding, Reason
from fhir_mappings.indication import liver_malignancy_indicated, liver_tumor_indicated
from tests.fhir_mappings.building import BREAST, LIVER, chart_of, concept, condition, order_of, stated

YES, NO = frozenset({True}), frozenset({False})


def tumor(*resources: dict[str, Any], **order: Any) -> Finding:
    return liver_tumor_indicated(chart_of(*resources, order=order_of(**order)))


def malignancy(*resources: dict[str, Any], **order: Any) -> Finding:
    return liver_malignancy_indicated(chart_of(*resources, order=order_of(**order)))


def because(*codes: str) -> dict[str, Any]:
    return {"reasonCode": [concept(code) for code in codes]}


def pointing(*ids: str) -> dict[str, Any]:
    return {"reasonReference": [{"reference": f"Condition/{one}"} for one in ids]}


@pytest.mark.parametrize("code", ["icd C22.0", "icd C22.1", "icd C22.9", "icd C78.7", "icd C7B.02", "snomed 109841003",
                                  "snomed 94381002", "snomed 274902006"])  # fmt: skip
def test_a_liver_cancer_as_the_reason_of_the_order(code: str) -> None:
    assert tumor(**because(code)).possible == YES
    assert malignancy(**because(code)).possible == YES


def test_a_benign_liver_tumor_is_a_tumor_and_no_malignancy() -> None:
    assert tumor(**because("icd D13.4")).possible == YES  # A32
    assert malignancy(**because("icd D13.4")).possible == NO
    assert tumor(condition("icd D13.4")).possible == YES
    assert malignancy(condition("icd D13.4")).possible is None


@pytest.mark.parametrize(
    "code",
    ["icd C79.51", "icd C61", "icd C50.911", "icd D25.9", "icd G20.A1", "snomed 94222008", "snomed 254837009"],
    ids=[
        "bone metastasis (vector 33)",
        "prostate",
        "breast",
        "fibroids",
        "tremor",
        "bone in SNOMED",
        "breast in SNOMED",
    ],
)
def test_a_reason_elsewhere_is_not_the_liver(code: str) -> None:
    assert tumor(**because(code)).possible == NO
    assert malignancy(**because(code)).possible == NO


@pytest.mark.parametrize(
    "code",
    ["icd R10.11", "icd Z51.11", "icd K74.60", "icd K76.89", "icd D37.6", "icd C79.9", "icd C80.0", "snomed 22253000"],
    ids=[
        "a symptom",
        "an encounter",
        "cirrhosis",
        "liver disease",
        "uncertain behavior",
        "site unstated",
        "generalized",
        "pain",
    ],
)
def test_a_reason_that_leaves_the_site_open_is_unknown(code: str) -> None:
    assert tumor(**because(code)).possible is None


def test_one_reason_of_the_liver_among_others_suffices() -> None:
    assert tumor(**because("icd C79.51", "icd C22.0")).possible == YES


def test_a_reason_elsewhere_beside_an_open_one_is_unknown() -> None:
    assert tumor(**because("icd C79.51", "icd R10.11")).possible is None


def test_a_reason_of_the_liver_wins_over_a_site_elsewhere() -> None:
    assert tumor(**because("icd C22.0"), bodySite=[concept(BREAST)]).possible == YES


@pytest.mark.parametrize(
    ("diagnosis", "known", "reason"),
    [
        pytest.param(condition("icd C22.0", id="d"), YES, Reason.RECORDED, id="liver cancer"),
        pytest.param(
            condition("icd C22.0", id="d", certainty="provisional"), None, Reason.NOT_SPECIFIC, id="suspected"
        ),
        pytest.param(condition("icd C22.0", id="d", certainty="refuted"), None, Reason.NOT_SPECIFIC, id="refuted"),
        pytest.param(condition("icd C22.0", id="d", clinical="resolved"), None, Reason.NOT_SPECIFIC, id="resolved"),
        pytest.param(condition("icd C79.51", id="d"), NO, Reason.RECORDED, id="bone"),
        pytest.param(condition("snomed 363346000", id="d", site=LIVER), YES, Reason.RECORDED, id="cancer in the liver"),
    ],
)
def test_the_reason_may_point_to_a_diagnosis(
    diagnosis: dict[str, Any], known: frozenset[bool] | None, reason: Reason
) -> None:
    found = tumor(diagnosis, **pointing("d"))
    assert (found.possible, found.reason) == (known, reason)


def test_the_primary_as_the_reason_beside_its_liver_metastasis_is_unknown() -> None:
    found = tumor(condition("icd C78.7"), **because("icd C18.7"))
    assert (found.possible, found.reason) == (None, Reason.NOT_SPECIFIC)
    assert "primary cancer" in found.notes[0]
    assert tumor(**because("icd C18.7")).possible == NO


@pytest.mark.parametrize(
    ("site", "as_tumor", "as_malignancy"),
    [
        pytest.param(concept(LIVER), YES, None, id="the liver: of what, the site does not say"),
        pytest.param(concept(BREAST), NO, NO, id="the breast"),
        pytest.param({"text": "liver segment IV"}, None, None, id="the liver in words only"),
        pytest.param({"text": "pelvis"}, NO, NO, id="another site in words"),
    ],
)
def test_without_a_reason_the_site_of_the_order_counts(
    site: dict[str, Any], as_tumor: frozenset[bool] | None, as_malignancy: frozenset[bool] | None
) -> None:
    assert tumor(bodySite=[site]).possible == as_tumor
    assert malignancy(bodySite=[site]).possible == as_malignancy


@pytest.mark.parametrize(
    ("diagnosis", "known"),
    [
        pytest.param(condition("icd C22.0"), YES, id="liver cancer"),
        pytest.param(condition("icd C78.7"), YES, id="liver metastasis"),
        pytest.param(condition("icd C22.9"), YES, id="liver cancer of any kind"),
        pytest.param(condition("icd C22.0", certainty="provisional"), None, id="suspected"),
        pytest.param(condition("icd C22.0", clinical="resolved"), None, id="resolved"),
        pytest.param(condition("icd C50.911"), None, id="breast cancer only"),
    ],
)
def test_without_reason_and_site_an_active_diagnosis_of_the_liver_counts(
    diagnosis: dict[str, Any], known: frozenset[bool] | None
) -> None:
    found = malignancy(diagnosis)
    assert found.possible == known
    assert known is None or found.reason is Reason.INFERRED


def test_nothing_at_all_is_unknown_and_names_what_was_not_read() -> None:
    assert tumor().possible is None
    assert liver_tumor_indicated(chart_of(unread=["Condition"])).unread == frozenset({"Condition"})


def test_the_form_says_what_an_order_without_a_reason_treats() -> None:
    for said, tumor, malignancy in (("hcc", True, True), ("benign", True, False), ("not-a-liver-tumor", False, False)):
        chart = chart_of(stated("liver-tumor-diagnosis", said))
        assert liver_tumor_indicated(chart).possible == frozenset({tumor})
        assert liver_malignancy_indicated(chart).possible == frozenset({malignancy})


def test_the_reason_on_the_order_outranks_the_form() -> None:
    chart = chart_of(stated("liver-tumor-diagnosis", "hcc"), order=order_of(reasonCode=[concept("icd C79.51")]))
    assert liver_tumor_indicated(chart).possible == frozenset({False})


def test_an_unclear_reason_on_the_order_is_settled_by_the_form() -> None:
    suspected = condition("icd C22.0", certainty="provisional", id="suspected")
    order = order_of(reasonReference=[{"reference": "Condition/suspected"}])
    assert liver_tumor_indicated(chart_of(suspected, order=order)).possible is None
    found = liver_tumor_indicated(chart_of(suspected, stated("liver-tumor-diagnosis", "hcc"), order=order))
    assert found.possible == frozenset({True})


def test_a_form_that_denies_the_cancer_on_record_leaves_it_open() -> None:
    found = liver_malignancy_indicated(chart_of(condition("icd C22.0"), stated("liver-tumor-diagnosis", "benign")))
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


def test_forms_that_contradict_each_other_say_nothing_of_the_indication() -> None:
    both = (stated("liver-tumor-diagnosis", "hcc"), stated("liver-tumor-diagnosis", "not-a-liver-tumor"))
    assert liver_tumor_indicated(chart_of(*both)).possible is None


@pytest.mark.parametrize(
    ("order", "whole", "unread"),
    [
        pytest.param(because("icd C71.1"), NO, None, id="a primary, whose metastasis it may be for"),
        pytest.param(because("icd G20.A1"), NO, NO, id="no cancer"),
        pytest.param(because("icd C22.0"), YES, YES, id="a cancer of the liver"),
        pytest.param(
            pointing("c1") | {"bodySite": [concept(LIVER)]}, YES, None, id="a diagnosis nobody saw, of the liver"
        ),
        pytest.param(pointing("c1") | {"bodySite": [concept("snomed 76752008")]}, NO, None, id="or of the breast"),
    ],
)
def test_a_reason_that_hangs_on_diagnoses_nobody_read_is_unknown(order: Any, whole: Any, unread: Any) -> None:
    assert liver_tumor_indicated(chart_of(order=order_of(**order))).possible == whole
    found = liver_tumor_indicated(chart_of(order=order_of(**order), unread=["Condition"]))
    assert found.possible == unread
    assert found.unread == (frozenset({"Condition"}) if unread is None else frozenset())
