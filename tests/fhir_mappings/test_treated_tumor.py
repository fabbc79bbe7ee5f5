"""Which tumor the order treats: established, suspected, refuted, narrowed by the order's reason (I.D.1, IV)."""

from typing import Any

import pytest

from fhir_mappings.finding import ALL_TUMORS, METASTASES, Finding, Reason, Tumor
from fhir_mappings.primaries import ANY_BUT_MELANOMA
from fhir_mappings.treated_tumor import (
    is_liver_malignancy,
    is_liver_metastasis,
    is_liver_tumor,
    liver_primary_kinds,
    treated_tumor,
)
from tests.fhir_mappings.building import (
    BREAST,
    LIVER,
    chart_of,
    concept,
    condition,
    observation,
    order_of,
    stated,
)

MORPHOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"
UNKNOWN = ALL_TUMORS - {Tumor.MELANOMA}


def just(*kinds: Tumor) -> frozenset[Tumor]:
    return frozenset(kinds)


def treated(*resources: dict[str, Any], **order: Any) -> Finding:
    return treated_tumor(chart_of(*resources, order=order_of(**order)))


def with_morphology(code: str, site: str = "") -> dict[str, Any]:
    extension = [{"url": MORPHOLOGY, "valueCodeableConcept": concept("snomed 25370001")}]
    return condition(code, site=site, extension=extension)


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        pytest.param(condition("icd C22.0"), Tumor.HCC, id="C22.0"),
        pytest.param(condition("icd-who C22.0"), Tumor.HCC, id="C22.0 of the WHO"),
        pytest.param(condition("snomed 109841003"), Tumor.HCC, id="109841003"),
        pytest.param(condition("snomed 253018005"), Tumor.HCC, id="fibrolamellar"),
        pytest.param(with_morphology("snomed 363346000", LIVER), Tumor.HCC, id="mCODE: cancer, liver, morphology"),
        pytest.param(with_morphology("icd C22.9"), Tumor.HCC, id="C22.9 with the morphology"),
        pytest.param(condition("snomed 25370001", site=LIVER), Tumor.HCC, id="the morphology as a code, in the liver"),
        pytest.param(condition("snomed 274902006"), Tumor.HCC_MIXED, id="combined with cholangiocarcinoma (A13b)"),
        pytest.param(condition("icd C22.1"), Tumor.OTHER_PRIMARY, id="cholangiocarcinoma (A13)"),
        pytest.param(condition("icd C22.3"), Tumor.OTHER_PRIMARY, id="angiosarcoma"),
        pytest.param(condition("snomed 109842005"), Tumor.OTHER_PRIMARY, id="109842005"),
        pytest.param(condition("icd D13.4"), Tumor.BENIGN, id="benign (A16)"),
    ],
)
def test_a_liver_tumor_is_established_by_its_diagnosis(resource: dict[str, Any], kind: Tumor) -> None:
    found = treated(resource)
    assert (found.possible, found.established, found.reason) == (just(kind), True, Reason.RECORDED)
    assert found.evidence[0].reference == "Condition/condition-0"


@pytest.mark.parametrize(
    "code",
    ["icd C78.7", "icd-who C78.7", "snomed 94381002", "snomed 94349006", "snomed 1691000119104", "snomed 285613005"],
)
def test_a_liver_metastasis_alone_may_come_from_anywhere_but_a_melanoma(code: str) -> None:
    found = treated(condition(code))
    assert (found.possible, found.established) == (ANY_BUT_MELANOMA, True)  # A45: and it is not HCC


@pytest.mark.parametrize(
    ("primary", "kind"),
    [
        ("icd Z85.038", Tumor.COLORECTAL), ("icd C50.911", Tumor.BREAST), ("snomed 255021005", Tumor.MELANOMA),
        ("icd C7A.012", Tumor.NEUROENDOCRINE), ("icd C34.11", Tumor.OTHER_METASTASIS),
    ],
)  # fmt: skip
def test_a_liver_metastasis_beside_one_primary_comes_from_it_by_inference(primary: str, kind: Tumor) -> None:
    found = treated(condition("icd C78.7"), condition(primary))
    assert (found.possible, found.reason) == (just(kind), Reason.INFERRED)


def test_a_metastasis_from_the_liver_is_the_opposite_and_establishes_nothing() -> None:
    found = treated(condition("snomed 315000005"))  # vector 44
    assert not found.established
    assert found.possible == UNKNOWN


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(condition("icd C7B.8"), id="C7B.8 without a site"),
        pytest.param(condition("icd C7B.8", site=BREAST), id="C7B.8 elsewhere"),
        pytest.param(condition("snomed 314998002"), id="metastasis of the colon, somewhere"),
        pytest.param(condition("snomed 128462008"), id="metastatic disease"),
        pytest.param(condition("icd C78.5"), id="spread to the colon"),
        pytest.param(condition("icd C18.7"), id="colon cancer without spread"),
        pytest.param(condition("icd K74.60"), id="cirrhosis"),
        pytest.param(condition("icd Z85.05"), id="a history of liver cancer"),
        pytest.param(condition("snomed 363346000", site=LIVER), id="cancer in the liver, of no kind"),
        pytest.param(with_morphology("snomed 363346000"), id="the morphology without a site"),
        pytest.param(with_morphology("snomed 363346000", BREAST), id="the morphology in the breast"),
        pytest.param(condition("icd C22.0", clinical="resolved"), id="resolved"),
        pytest.param(observation("snomed 109841003"), id="an Observation"),
    ],
)
def test_what_names_no_current_liver_tumor_establishes_none(resource: dict[str, Any]) -> None:
    found = treated(resource)
    assert (found.established, found.possible) == (False, UNKNOWN)  # A51


@pytest.mark.parametrize("code", ["icd C7B.8", "icd C7B.00", "snomed 705176003"])
def test_a_metastasis_without_a_site_of_its_own_counts_with_a_liver_site(code: str) -> None:
    assert treated(condition(code, site=LIVER)).possible == just(Tumor.NEUROENDOCRINE)


@pytest.mark.parametrize(
    ("resource", "hints"),
    [
        pytest.param(condition("icd C22.8"), just(Tumor.HCC), id="C22.8"),
        pytest.param(condition("icd C22.9"), just(Tumor.HCC), id="C22.9"),
        pytest.param(condition("snomed 95214007"), just(Tumor.HCC), id="95214007"),
        pytest.param(condition("icd C22.0", certainty="provisional"), just(Tumor.HCC), id="provisional HCC"),
        pytest.param(condition("icd C22.0", certainty="unconfirmed"), just(Tumor.HCC), id="unconfirmed HCC"),
        pytest.param(condition("icd C22.1", certainty="differential"), just(Tumor.OTHER_PRIMARY), id="differential"),
        pytest.param(condition("icd C78.7", certainty="provisional"), ANY_BUT_MELANOMA, id="a suspected metastasis"),
    ],
)
def test_a_broad_or_suspected_diagnosis_is_a_hint_of_what_to_ask_for(
    resource: dict[str, Any], hints: frozenset[Tumor]
) -> None:
    found = treated(resource)
    assert (found.established, found.possible, found.hints) == (False, UNKNOWN, hints)
    assert found.reason is Reason.NOT_SPECIFIC


def test_nothing_on_record_leaves_every_kind_but_melanoma_and_no_hint() -> None:
    found = treated()
    assert (found.established, found.possible, found.hints, found.reason) == (
        False,
        UNKNOWN,
        frozenset(),
        Reason.NO_DATA,
    )


def test_a_melanoma_on_record_keeps_melanoma_possible_while_nothing_is_established() -> None:
    assert treated(condition("icd Z85.820")).possible == ALL_TUMORS
    assert treated(stated("mets-primary", "melanoma")).possible == ALL_TUMORS


def test_a_refuted_tumor_is_ruled_out() -> None:
    found = treated(condition("icd C22.0", certainty="refuted"))  # vector 39
    assert (found.established, found.possible) == (False, UNKNOWN - {Tumor.HCC})
    assert "refuted" in found.notes[0]
    assert found.evidence[0].text == "refuted"


@pytest.mark.parametrize(
    ("established_on", "refuted_on", "conflict"),
    [
        pytest.param("2026-10-01", "2026-11-01", True, id="refuted later"),
        pytest.param("2026-10-01", "2026-10-01", True, id="refuted the same day"),
        pytest.param("2026-11-01", "2026-10-01", False, id="refuted before it was diagnosed"),
        pytest.param("", "2026-10-01", True, id="diagnosed nobody knows when"),
        pytest.param("2026-10-01", "", True, id="refuted nobody knows when"),
        pytest.param("2026-10-01", "2026", True, id="refuted some time this year"),
    ],
)
def test_a_diagnosis_refuted_at_the_same_time_or_later_is_in_conflict(
    established_on: str, refuted_on: str, conflict: bool
) -> None:
    found = treated(
        condition("icd C22.0", on=established_on), condition("icd C22.0", certainty="refuted", on=refuted_on)
    )
    assert found.established is not conflict
    assert any("contradicted" in n for n in found.notes) is conflict
    assert Tumor.HCC in (found.possible or ())


def test_a_diagnosis_refuted_in_another_code_system_is_in_conflict_too() -> None:
    found = treated(condition("icd C22.0"), condition("snomed 109841003", certainty="refuted", on="2026-11-01"))
    assert not found.established


def test_a_refuted_liver_metastasis_is_in_conflict_with_an_established_one() -> None:
    found = treated(condition("icd C78.7"), condition("snomed 94381002", certainty="refuted", on="2026-11-01"))
    assert not found.established
    assert found.hints <= METASTASES


def test_another_refuted_diagnosis_leaves_an_established_one_alone() -> None:
    found = treated(condition("icd C22.0"), condition("icd C22.1", certainty="refuted", on="2026-11-01"))
    assert (found.possible, found.established) == (just(Tumor.HCC), True)


def test_a_conflicting_diagnosis_stays_possible_beside_an_established_other() -> None:
    found = treated(
        condition("icd C78.7"),
        condition("icd C18.7"),
        condition("icd C22.0"),
        condition("icd C22.0", certainty="refuted"),
    )
    assert found.possible == just(Tumor.COLORECTAL, Tumor.HCC)
    assert found.established


def test_liver_cancer_and_a_metastasis_are_both_possible() -> None:
    found = treated(condition("icd C22.0"), condition("icd C78.7"), condition("icd C18.7"))  # A41
    assert found.possible == just(Tumor.HCC, Tumor.COLORECTAL)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        pytest.param(
            {"reasonReference": [{"reference": "Condition/met"}]}, Tumor.COLORECTAL, id="points to the metastasis"
        ),
        pytest.param({"reasonReference": [{"reference": "Condition/hcc"}]}, Tumor.HCC, id="points to the liver cancer"),
        pytest.param({"reasonCode": [concept("icd C22.0")]}, Tumor.HCC, id="names the liver cancer"),
        pytest.param({"reasonCode": [concept("icd C78.7")]}, Tumor.COLORECTAL, id="names the metastasis"),
        pytest.param(
            {"reasonReference": [{"reference": "http://x.org/fhir/Condition/hcc/_history/1"}]},
            Tumor.HCC,
            id="points by an absolute versioned reference",
        ),
    ],
)
def test_the_reason_of_the_order_chooses_among_established_tumors(reason: dict[str, Any], kind: Tumor) -> None:
    found = treated(
        condition("icd C22.0", id="hcc"), condition("icd C78.7", id="met"), condition("icd C18.7", id="crc"), **reason
    )
    assert found.possible == just(kind)


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        pytest.param({"reasonCode": [concept("icd K74.60")]}, just(Tumor.HCC), id="a reason that is no tumor"),
        pytest.param(
            {"reasonReference": [{"reference": "Condition/gone"}]}, just(Tumor.HCC), id="a reason nobody sent"
        ),
        pytest.param(
            {"reasonCode": [concept("icd C22.1")]},
            just(Tumor.HCC, Tumor.OTHER_PRIMARY),
            id="a reason the record does not know: both",
        ),
    ],
)
def test_a_reason_that_chooses_nothing_leaves_the_record_to_speak(
    reason: dict[str, Any], left: frozenset[Tumor]
) -> None:
    assert treated(condition("icd C22.0"), **reason).possible == left


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("icd C22.0", just(Tumor.HCC)),
        ("icd C22.1", just(Tumor.OTHER_PRIMARY)),
        ("icd C7B.02", just(Tumor.NEUROENDOCRINE)),
        ("icd C78.7", ANY_BUT_MELANOMA),
    ],
)
def test_a_diagnosis_that_stands_only_on_the_order_establishes_it(code: str, left: frozenset[Tumor]) -> None:
    found = treated(reasonCode=[concept(code)])
    assert (found.possible, found.established) == (left, True)
    assert found.evidence[0].reference == "ServiceRequest/draft"


@pytest.mark.parametrize(
    "record",
    [
        condition("icd C22.0", certainty="provisional"),
        condition("icd C22.0", certainty="refuted"),
        condition("icd C22.9"),
    ],
    ids=["suspected", "refuted", "too broad"],
)
def test_the_order_alone_does_not_establish_what_the_record_suspects_or_refutes(record: dict[str, Any]) -> None:
    assert not treated(record, reasonCode=[concept("icd C22.0")]).established


@pytest.mark.parametrize(
    "code", ["icd C7B.03", "icd C7B.01", "icd C7B.04", "icd C7B.8", "icd C7B.00", "snomed 705176003"]
)
def test_an_order_for_a_carcinoid_metastasis_elsewhere_or_anywhere_establishes_no_liver_tumor(code: str) -> None:
    assert not treated(reasonCode=[concept(code)]).established


def test_a_suspected_metastasis_beside_a_melanoma_keeps_melanoma_possible() -> None:
    found = treated(condition("icd C22.0"), condition("icd C78.7", certainty="provisional"), condition("icd Z85.820"))
    assert found.possible == just(Tumor.HCC, Tumor.MELANOMA)


def test_a_melanoma_history_beside_liver_cancer_alone_does_not_matter() -> None:
    assert treated(condition("icd C22.0"), condition("icd Z85.820")).possible == just(Tumor.HCC)  # A45


def test_a_melanoma_and_another_primary_leave_both_origins() -> None:
    found = treated(condition("icd C78.7"), condition("icd Z85.820"), condition("icd C50.911"))  # vector 24
    assert found.possible == just(Tumor.MELANOMA, Tumor.BREAST)


def test_an_eye_site_without_histology_leaves_the_origin_open() -> None:
    found = treated(condition("icd C78.7"), condition("icd C69.31"))  # vector 23
    assert (found.possible, found.established) == (METASTASES, True)


def test_conditions_that_could_not_be_read_are_named() -> None:
    assert treated_tumor(chart_of(unread=["Condition"])).unread == frozenset({"Condition"})
    assert treated_tumor(chart_of(condition("icd C22.0"), unread=["Condition"])).unread == frozenset({"Condition"})


def test_hepatocellular_histology_of_the_liver_in_an_observation_establishes_it() -> None:
    histology = observation(
        "loinc 31206-6", valueCodeableConcept=concept("snomed 25370001"), bodySite=concept(LIVER), id="histology"
    )
    found = treated(histology, condition("icd C22.9"))
    assert (found.possible, found.established) == (just(Tumor.HCC), True)


@pytest.mark.parametrize(
    ("resource", "primary", "metastasis", "malignancy", "tumor"),
    [
        pytest.param(condition("icd C22.0"), True, False, True, True, id="HCC"),
        pytest.param(condition("icd C78.7"), False, True, True, True, id="metastasis"),
        pytest.param(condition("icd D13.4"), True, False, False, True, id="benign"),
        pytest.param(condition("icd C22.9"), False, False, True, True, id="broad"),
        pytest.param(condition("snomed 363346000", site=LIVER), False, False, True, True, id="cancer in the liver"),
        pytest.param(condition("snomed 363346000"), False, False, False, False, id="cancer somewhere"),
        pytest.param(condition("snomed 315004001", site=LIVER), False, True, True, True, id="of breast, in the liver"),
        pytest.param(condition("icd K74.60", site=LIVER), False, False, False, False, id="cirrhosis"),
    ],
)
def test_kinds_of_liver_diagnoses(
    resource: dict[str, Any], primary: bool, metastasis: bool, malignancy: bool, tumor: bool
) -> None:
    diagnosis = chart_of(resource).diagnoses[0]
    assert bool(liver_primary_kinds(diagnosis)) is primary
    assert is_liver_metastasis(diagnosis) is metastasis
    assert is_liver_malignancy(diagnosis) is malignancy
    assert is_liver_tumor(diagnosis) is tumor
