"""Tumors elsewhere than in the liver: bone, other sites, sites nobody can place (terminology 2.9)."""

from typing import Any

import pytest

from fhir_mappings.metastasis_sites import (
    bone_metastases,
    has_other_tumor,
    is_history,
    other_metastases,
    suspected_spread,
    unplaced_metastases,
)
from tests.fhir_mappings.building import LIVER, chart_of, condition


@pytest.mark.parametrize(
    ("resource", "bone", "other", "unplaced"),
    [
        pytest.param(condition("icd C79.51"), 1, 0, 0, id="bone"),
        pytest.param(condition("icd C7B.03"), 1, 0, 0, id="carcinoid in bone"),
        pytest.param(condition("snomed 94222008"), 1, 0, 0, id="bone in SNOMED"),
        pytest.param(condition("icd C79.52"), 0, 1, 0, id="marrow"),
        pytest.param(condition("icd C77.2"), 0, 1, 0, id="abdominal lymph nodes"),
        pytest.param(condition("icd C78.01"), 0, 1, 0, id="lung"),
        pytest.param(condition("icd C79.31"), 0, 1, 0, id="brain"),
        pytest.param(condition("icd C7B.01"), 0, 1, 0, id="carcinoid in lymph nodes"),
        pytest.param(condition("snomed 94391008"), 0, 1, 0, id="lung in SNOMED"),
        pytest.param(condition("icd C78.7"), 0, 0, 0, id="the liver"),
        pytest.param(condition("icd C7B.02"), 0, 0, 0, id="carcinoid in the liver"),
        pytest.param(condition("icd C79.9"), 0, 0, 1, id="C79.9"),
        pytest.param(condition("icd C80.0"), 0, 0, 1, id="C80.0"),
        pytest.param(condition("icd C7B.8"), 0, 0, 1, id="C7B.8"),
        pytest.param(condition("icd C7B.8", site=LIVER), 0, 0, 0, id="C7B.8 in the liver"),
        pytest.param(condition("snomed 128462008"), 0, 0, 1, id="metastatic disease"),
        pytest.param(condition("icd C79.9", "icd C78.7"), 0, 0, 0, id="C79.9 coded beside C78.7"),
        pytest.param(condition("icd R18.0"), 0, 0, 1, id="malignant ascites"),
        pytest.param(condition("icd R18.8"), 0, 0, 0, id="other ascites"),
        pytest.param(condition("icd C78.01", clinical="resolved"), 0, 0, 0, id="lung, resolved"),
        pytest.param(condition("icd C77.3", clinical="remission"), 0, 0, 0, id="nodes in remission"),
        pytest.param(condition("icd C79.51", certainty="refuted"), 0, 0, 0, id="bone, refuted"),
        pytest.param(condition("icd C79.9", clinical="resolved"), 0, 0, 0, id="C79.9, resolved"),
        pytest.param(condition("icd C79.9", certainty="provisional"), 0, 0, 1, id="C79.9, suspected"),
        pytest.param(condition("snomed 315000005"), 0, 0, 0, id="a metastasis from the liver names no site"),
    ],
)
def test_where_a_metastasis_is(resource: dict[str, Any], bone: int, other: int, unplaced: int) -> None:
    chart = chart_of(resource)
    found = len(bone_metastases(chart)), len(other_metastases(chart)), len(unplaced_metastases(chart))
    assert found == (bone, other, unplaced)


@pytest.mark.parametrize(
    ("resource", "suspected"),
    [
        pytest.param(condition("icd C78.01", certainty="provisional"), True, id="lung, provisional"),
        pytest.param(condition("icd C79.51", certainty="differential"), True, id="bone, differential"),
        pytest.param(condition("icd C78.01"), False, id="lung, for certain"),
        pytest.param(
            condition("icd C78.01", certainty="provisional", clinical="resolved"), False, id="suspected long ago"
        ),
        pytest.param(condition("icd C78.7", certainty="provisional"), False, id="the liver, provisional"),
    ],
)
def test_suspected_spread(resource: dict[str, Any], suspected: bool) -> None:
    assert bool(suspected_spread(chart_of(resource))) is suspected


@pytest.mark.parametrize(
    ("resource", "other"),
    [
        pytest.param(condition("icd C50.911"), True, id="breast cancer"),
        pytest.param(condition("icd C79.51"), True, id="bone metastasis"),
        pytest.param(condition("icd C77.2"), True, id="lymph nodes"),
        pytest.param(condition("icd C34.11"), True, id="lung cancer"),
        pytest.param(condition("icd C50.911", clinical="resolved"), False, id="breast cancer, resolved"),
        pytest.param(condition("icd Z85.3"), False, id="a history of breast cancer"),
        pytest.param(condition("icd Z85.820"), False, id="a history of melanoma"),
        pytest.param(condition("snomed 429699009"), False, id="a history of colon cancer in SNOMED"),
        pytest.param(condition("icd C22.0"), False, id="liver cancer"),
        pytest.param(condition("icd C78.7"), False, id="liver metastasis"),
    ],
)
def test_whether_a_size_without_a_site_might_be_of_another_tumor(resource: dict[str, Any], other: bool) -> None:
    assert has_other_tumor(chart_of(resource)) is other


@pytest.mark.parametrize(
    ("code", "history"),
    [("icd Z85.038", True), ("icd Z85.3", True), ("icd Z85.820", True), ("icd Z85.840", True),
     ("snomed 429084005", True), ("snomed 429087003", True), ("icd C18.7", False), ("icd Z76.82", False)],
)  # fmt: skip
def test_a_history_is_past_though_its_entry_is_active(code: str, history: bool) -> None:
    assert is_history(chart_of(condition(code)).diagnoses[0]) is history
