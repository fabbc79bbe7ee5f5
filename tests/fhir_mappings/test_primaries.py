"""Primary cancers as origins of a liver metastasis: each kind, the traps, and histology (terminology 2.5-2.8)."""

from typing import Any

import pytest

from fhir_mappings.finding import Tumor
from fhir_mappings.primaries import is_liver_primary, is_melanoma_morphology, origin_of, origin_of_codes
from tests.fhir_mappings.building import chart_of, concept, condition, observation

MORPHOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"
PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-primary-cancer-condition"

EYE = frozenset({Tumor.MELANOMA, Tumor.OTHER_METASTASIS})


def kinds(*resources: dict[str, Any]) -> frozenset[Tumor]:
    chart = chart_of(*resources)
    return origin_of(chart.diagnoses[0], chart)


def with_histology(code: str, morphology: str) -> dict[str, Any]:
    return condition(code, extension=[{"url": MORPHOLOGY, "valueCodeableConcept": concept(morphology)}])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *(
            pytest.param(f"icd {c}", Tumor.COLORECTAL, id=f"{c} colorectal")
            for c in ("C18.0", "C18.1", "C18.9", "C19", "C20", "Z85.038", "Z85.048")
        ),
        *(pytest.param(f"icd-who {c}", Tumor.COLORECTAL, id=f"{c} WHO colorectal") for c in ("C18.7", "C20")),
        *(
            pytest.param(f"snomed {c}", Tumor.COLORECTAL, id=f"{c} colorectal")
            for c in ("363406005", "363351006", "363414004", "781382000", "93761005", "109838007", "429699009")
        ),
        *(
            pytest.param(f"icd {c}", Tumor.COLORECTAL_CARCINOID, id=f"{c} carcinoid of the bowel")
            for c in ("C7A.020", "C7A.026", "C7A.029", "Z85.030", "Z85.040")
        ),
        pytest.param("snomed 726654006", Tumor.COLORECTAL_CARCINOID, id="neuroendocrine carcinoma of the colon"),
        *(
            pytest.param(f"icd {c}", Tumor.COLORECTAL_REVIEW, id=f"{c} for a person (A14)")
            for c in ("C21.8", "C26.0", "C49.A4", "C49.A5")
        ),
        *(
            pytest.param(f"icd {c}", Tumor.NEUROENDOCRINE, id=f"{c} neuroendocrine")
            for c in (
                "C7A.00",
                "C7A.012",
                "C7A.090",
                "C7A.1",
                "C7A.8",
                "C25.4",
                "C74.10",
                "C75.5",
                "Z85.020",
                "Z85.110",
            )
        ),
        *(
            pytest.param(f"snomed {c}", Tumor.NEUROENDOCRINE, id=f"{c} neuroendocrine")
            for c in ("445238008", "253000007", "735735001", "302833002", "255046005")
        ),
        *(
            pytest.param(f"icd {c}", Tumor.NEUROENDOCRINE_REVIEW, id=f"{c} for a person (A15)")
            for c in ("C73", "E31.22", "C4A.9")
        ),
        *(pytest.param(f"icd {c}", Tumor.BREAST, id=f"{c} breast") for c in ("C50.911", "C50.A1", "Z85.3")),
        *(pytest.param(f"snomed {c}", Tumor.BREAST, id=f"{c} breast") for c in ("254837009", "372137005", "429087003")),
        *(
            pytest.param(f"icd {c}", Tumor.MELANOMA, id=f"{c} melanoma")
            for c in ("C43.9", "C43.121", "C43.52", "Z85.820")
        ),
        *(
            pytest.param(f"snomed {c}", Tumor.MELANOMA, id=f"{c} melanoma")
            for c in ("372244006", "93655004", "274087000", "255021005", "255015006", "255012009", "255004001")
        ),
        *(
            pytest.param(f"icd {c}", Tumor.OTHER_METASTASIS, id=f"{c} another cancer (A47)")
            for c in ("C34.11", "C25.0", "C64.1", "C21.0", "C44.501", "C56.1", "Z85.118", "Z85.528")
        ),
        pytest.param("snomed 698041000", Tumor.OTHER_METASTASIS, id="mucosal melanoma is not named by IV (A29b)"),
    ],
)
def test_a_primary_says_what_its_metastasis_would_be(code: str, kind: Tumor) -> None:
    assert kinds(condition(code)) == frozenset({kind})


@pytest.mark.parametrize(
    "code",
    ["icd C69.31", "icd C69.41", "icd C69.01", "icd C69.91", "icd Z85.840", "snomed 93755007", "snomed 93764002",
     "snomed 94128004"],
)  # fmt: skip
def test_an_eye_site_without_histology_may_be_melanoma_or_not(code: str) -> None:
    assert kinds(condition(code)) == EYE


@pytest.mark.parametrize(
    "code",
    ["icd C78.7", "icd C78.5", "icd C79.81", "icd C22.0", "icd C22.9", "icd Z85.05", "icd D03.9", "icd D3A.010",
     "icd C91.00", "icd K74.60", "icd C7B.02", "snomed 189758001", "snomed 109266006", "snomed 94260004",
     "snomed 781076008", "snomed 145501000119108", "snomed 315000005", "snomed 94381002"],
)  # fmt: skip
def test_a_trap_is_no_origin_of_a_liver_metastasis(code: str) -> None:
    assert kinds(condition(code)) == frozenset()


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (("icd C18.7", "icd C7A.025"), Tumor.COLORECTAL_CARCINOID),
        (("icd C25.9", "icd C25.4"), Tumor.NEUROENDOCRINE),
        (("icd C69.31", "snomed 255021005"), Tumor.MELANOMA),
        (("icd C21.0", "icd C18.9"), Tumor.COLORECTAL),
    ],
    ids=["sigmoid and carcinoid", "pancreas and islets", "choroid and its melanoma", "anus and colon"],
)
def test_of_several_codes_of_one_diagnosis_the_most_specific_speaks(codes: tuple[str, ...], kind: Tumor) -> None:
    assert kinds(condition(*codes)) == frozenset({kind})


@pytest.mark.parametrize(
    ("code", "morphology", "found"),
    [
        pytest.param("icd C69.31", "icd-o 8720/3", frozenset({Tumor.MELANOMA}), id="melanoma of the choroid"),
        pytest.param("icd C69.31", "icd-o 8790/6", frozenset({Tumor.MELANOMA}), id="metastatic behavior"),
        pytest.param("icd C69.31", "icd-o 8720/2", EYE, id="in situ proves nothing"),
        pytest.param("icd C69.31", "icd-o 9510/3", EYE, id="retinoblastoma is not read as melanoma"),
        pytest.param("icd C43.9", "icd-o 8720/3", frozenset({Tumor.MELANOMA}), id="of the skin"),
        pytest.param(
            "icd C21.0", "icd-o 8720/3", frozenset({Tumor.OTHER_METASTASIS}), id="of the anus: mucosal (A29b)"
        ),
        pytest.param("snomed 363346000", "icd-o 8720/3", EYE, id="of a site nobody names"),
    ],
)
def test_histology_tells_melanoma_from_its_site(code: str, morphology: str, found: frozenset[Tumor]) -> None:
    assert kinds(with_histology(code, morphology)) == found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        pytest.param({}, frozenset({Tumor.MELANOMA}), id="without a focus"),
        pytest.param({"focus": [{"reference": "Condition/eye"}]}, frozenset({Tumor.MELANOMA}), id="about this cancer"),
        pytest.param({"focus": [{"reference": "Condition/other"}]}, EYE, id="about another"),
        pytest.param({"status": "preliminary"}, EYE, id="preliminary"),
    ],
)
def test_histology_in_an_observation(more: dict[str, Any], found: frozenset[Tumor]) -> None:
    held = {"valueCodeableConcept": concept("icd-o 8720/3")} | more
    assert kinds(condition("icd C69.31", id="eye"), observation("loinc 31206-6", **held)) == found


@pytest.mark.parametrize(
    ("code", "is_it"),
    [
        (("icd-o-3", "8720/3"), True), (("icd-o-3", "8790/3"), True), (("icd-o-3", "8745/6"), True),
        (("icd-o-3", "8719/3"), False), (("icd-o-3", "8791/3"), False), (("icd-o-3", "8720/2"), False),
        (("icd-o-3", "8720"), False), (("icd-o-3", "x/3"), False), (("snomed", "8720/3"), False),
    ],
)  # fmt: skip
def test_melanoma_morphology_is_8720_to_8790_invasive_or_metastatic(code: tuple[str, str], is_it: bool) -> None:
    assert is_melanoma_morphology(code) is is_it


def test_a_cancer_profiled_as_a_primary_is_an_origin_of_another_kind() -> None:
    profiled = condition("snomed 363358000", meta={"profile": [f"{PROFILE}|3.0.0"]})
    assert kinds(profiled) == frozenset({Tumor.OTHER_METASTASIS})
    assert kinds(condition("snomed 363358000")) == frozenset()


def test_a_liver_cancer_profiled_as_a_primary_is_no_origin() -> None:
    assert kinds(condition("icd C22.0", meta={"profile": [PROFILE]})) == frozenset()


@pytest.mark.parametrize("profile", [None, "x", [7], [f"{PROFILE}-of-another"]])
def test_a_profile_of_any_shape_is_read(profile: Any) -> None:
    assert kinds(condition("snomed 363358000", meta={"profile": profile})) == frozenset()


@pytest.mark.parametrize("code", ["icd C22.0", "icd C22.1", "icd C22.9", "snomed 109841003", "snomed 274902006"])
def test_what_began_in_the_liver(code: str) -> None:
    assert is_liver_primary(chart_of(condition(code)).diagnoses[0])


def test_hepatocellular_morphology_began_in_the_liver() -> None:
    assert is_liver_primary(chart_of(with_histology("snomed 363346000", "snomed 25370001")).diagnoses[0])


def test_codes_that_name_no_primary() -> None:
    assert origin_of_codes([]) == frozenset()
    assert origin_of_codes([("icd-10-cm", "R634")]) == frozenset()


def test_melanoma_histology_of_a_skin_cancer_is_cutaneous_melanoma() -> None:
    assert kinds(with_histology("icd C44.90", "icd-o 8720/3")) == frozenset({Tumor.MELANOMA})
