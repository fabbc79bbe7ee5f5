"""Value sets: every code exists or passes its check digit, every set is dated and used, and the traps stay out."""

import re
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

import fhir_mappings
from fhir_mappings.child_pugh import CHILD_PUGH_CLASSES, CHILD_PUGH_CODES
from fhir_mappings.code_systems import ICD_10_CM, ICD_10_PCS, LOINC, PROCEDURE_CODE, RXNORM, SNOMED
from fhir_mappings.performance_status import ECOG_ANSWERS, ECOG_CODES, KARNOFSKY_ANSWERS, KARNOFSKY_CODES
from fhir_mappings.prefetch import OBSERVATION_CODES
from fhir_mappings.terminology import Code, ValueSet, value_set, value_set_names

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it loads its table by importlib.resources.read_text
    import simple_icd_10_cm as icd

NAMES: Final = value_set_names()
PACKAGE: Final = Path(fhir_mappings.__file__).parent
ROOT: Final = PACKAGE.parent

UNVERIFIED: Final = {
    # terminology.md section 7, and the rows above it that say "unverified"
    "47000", "47001", "47100", "47120", "47125", "47130", "J1932", "5964-2",
}  # fmt: skip


def shipped(system: str) -> Iterator[tuple[str, str]]:
    for name in NAMES:
        for found, code in sorted(value_set(name).codes):
            if found == system:
                yield name, code


def codes_in_modules(pattern: str) -> set[str]:
    return {c for path in sorted(PACKAGE.glob("*.py")) for c in re.findall(pattern, path.read_text("utf-8"))}


VERHOEFF: Final = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210"
SHIFTS: Final = "01234567891576283094580379614289160435279453126870428657390127938064157046913258"


def passes_verhoeff(number: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(number)):
        shifted = int(SHIFTS[place % 8 * 10 + int(digit)])
        check = int(VERHOEFF[check * 10 + shifted])
    return check == 0


def passes_mod_10(code: str) -> bool:
    """Luhn's check digit; the letters of answer and part codes count by their place in ASCII, as digits do."""
    text, _, check = code.partition("-")
    total = 0
    for place, sign in enumerate(reversed(text)):
        value = ord(sign) - ord("0")
        total += sum(int(d) for d in str(value * 2)) if place % 2 == 0 else value
    return (10 - total % 10) % 10 == int(check)


def with_dot(code: str) -> str:
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def test_the_check_digit_tests_can_fail() -> None:
    assert passes_verhoeff("94381002")
    assert not passes_verhoeff("94381003")
    assert passes_mod_10("89247-1")
    assert passes_mod_10("LA9622-7")
    assert not passes_mod_10("LA9622-2")


@pytest.mark.parametrize("name", NAMES)
def test_a_value_set_has_a_title_a_source_a_date_and_codes(name: str) -> None:
    found = value_set(name)
    assert found.title
    assert found.source
    assert date.fromisoformat(found.date)
    assert found.codes


@pytest.mark.parametrize("name", NAMES)
def test_every_icd_10_cm_code_exists_in_the_table_of_cms(name: str) -> None:
    listed = [c for s, c in value_set(name).codes if s == ICD_10_CM]
    assert [c for c in listed if not icd.is_valid_item(with_dot(c))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_snomed_code_passes_its_check_digit(name: str) -> None:
    listed = [c for s, c in value_set(name).codes if s == SNOMED]
    assert [c for c in listed if not (c.isdigit() and 6 <= len(c) <= 18 and passes_verhoeff(c))] == []


def test_every_snomed_code_in_the_modules_passes_its_check_digit() -> None:
    listed = codes_in_modules(r'"snomed", "(\d+)"') | codes_in_modules(r'\(SNOMED, "(\d+)"')
    assert len(listed) > 15
    assert [c for c in sorted(listed) if not passes_verhoeff(c)] == []


def test_every_loinc_code_passes_its_check_digit() -> None:
    listed = codes_in_modules(r'"((?:LA|LP)?\d{3,5}-\d)"')
    assert {"89247-1", "LA29179-1", "98152-2", "1975-2", "97509-4"} <= listed
    assert [c for c in sorted(listed) if not passes_mod_10(c)] == []


def test_every_icd_10_pcs_code_has_seven_characters_of_its_alphabet() -> None:
    listed = [c for _, c in shipped(ICD_10_PCS)]
    assert listed
    assert [c for c in listed if not re.fullmatch(r"[0-9A-HJ-NP-Z]{7}", c)] == []


def test_every_cpt_or_hcpcs_code_has_its_form() -> None:
    listed = [c for _, c in shipped(PROCEDURE_CODE)]
    assert listed
    assert [c for c in listed if not re.fullmatch(r"\d{5}|\d{4}T|[A-Z]\d{4}", c)] == []


def test_every_rxnorm_code_is_a_number() -> None:
    listed = [c for _, c in shipped(RXNORM)]
    assert listed
    assert [c for c in listed if not c.isdigit()] == []


def test_no_code_listed_as_unverified_is_shipped() -> None:
    listed = {code for name in NAMES for _, code in value_set(name).codes} | set(OBSERVATION_CODES)
    assert listed & UNVERIFIED == set()


def test_every_value_set_is_asked_by_some_module() -> None:
    modules = [*PACKAGE.glob("*.py"), *(ROOT / "cds_service").rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in modules)
    assert [name for name in NAMES if f'"{name}"' not in text] == []


def test_CRDF72_every_value_set_a_module_asks_for_is_shipped() -> None:
    modules = [*PACKAGE.glob("*.py"), *(ROOT / "cds_service").rglob("*.py")]
    asked = {n for path in modules for n in re.findall(r'value_set\("([a-z-]+)"\)', path.read_text("utf-8"))}
    assert asked
    assert asked <= set(NAMES)


def test_a_value_set_without_a_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        value_set("no-such-set")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("breast-primary", ("icd-10-cm", "C50911"), id="C50.911 lies below C50"),
        pytest.param("breast-primary", ("icd-10-cm", "C50"), id="C50 itself"),
        pytest.param("breast-primary", ("icd-10-cm", "C50A1"), id="inflammatory carcinoma of the breast, C50.A-"),
        pytest.param("colorectal-primary", ("icd-10-cm", "C187"), id="sigmoid colon"),
        pytest.param("colorectal-primary", ("icd-10-cm", "C181"), id="the appendix is in"),
        pytest.param("colorectal-primary", ("icd-10", "C20"), id="C20 of the WHO means the same"),
        pytest.param("hepatocellular-carcinoma", ("icd-10", "C220"), id="C22.0 of the WHO means the same"),
        pytest.param("liver-metastasis", ("icd-10", "C787"), id="C78.7 of the WHO means the same"),
        pytest.param("extrahepatic-metastasis", ("icd-10-cm", "C7801"), id="C78.01 lies below C78.0"),
        pytest.param("extrahepatic-metastasis", ("icd-10-cm", "C772"), id="portal lymph nodes are outside the liver"),
        pytest.param("extrahepatic-metastasis", ("icd-10-cm", "C7952"), id="marrow is not bone"),
        pytest.param("extrahepatic-metastasis", ("icd-10-cm", "C785"), id="C78.5 is spread to the colon"),
        pytest.param("extrahepatic-metastasis", ("snomed", "94260004"), id="94260004 is spread to the colon"),
        pytest.param("extrahepatic-metastasis", ("snomed", "781076008"), id="781076008 is spread to colon or rectum"),
        pytest.param("extrahepatic-metastasis", ("icd-10-cm", "C7981"), id="C79.81 is spread to the breast"),
        pytest.param("extrahepatic-metastasis", ("snomed", "94391008"), id="spread to the lung"),
        pytest.param("bone-metastasis", ("snomed", "94222008"), id="94222008 is spread to bone"),
        pytest.param("bone-metastasis", ("icd-10-cm", "C7951"), id="bone"),
        pytest.param("carcinoid-syndrome", ("icd-10-cm", "E3400"), id="E34.00 lies below E34.0"),
        pytest.param("carcinoid-syndrome", ("icd-10-cm", "E340"), id="E34.0 of older data"),
        pytest.param("melanoma", ("icd-10-cm", "C43121"), id="eyelid skin is skin"),
        pytest.param("melanoma", ("icd-10-cm", "C4352"), id="skin of breast is skin"),
        pytest.param("ocular-site", ("icd-10-cm", "C6931"), id="choroid, histology not stated"),
        pytest.param("metastasis-site-unstated", ("icd-10-cm", "C7B8"), id="C7B.8 names no site"),
        pytest.param("metastasis-site-unstated", ("icd-10-cm", "C7B00"), id="C7B.00 names no site"),
        pytest.param("neuroendocrine-review", ("icd-10-cm", "C4A9"), id="Merkel cell is for a person"),
        pytest.param("neuroendocrine-primary", ("icd-10-cm", "C7A012"), id="carcinoid of the ileum"),
        pytest.param("colorectal-carcinoid", ("icd-10-cm", "C7A026"), id="carcinoid of the rectum"),
        pytest.param("liver-transplanted", ("icd-10-cm", "T8641"), id="T86.41 lies below T86.4"),
    ],
)  # fmt: skip
def test_a_code_belongs_to_its_set(name: str, code: Code) -> None:
    assert code in value_set(name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("liver-metastasis", ("snomed", "315000005"), id="a metastasis from the liver is the opposite"),
        pytest.param("liver-metastasis", ("icd-10-cm", "C785"), id="C78.5 is not the liver"),
        pytest.param("liver-metastasis", ("icd-10-cm", "C7B8"), id="C7B.8 has no site"),
        pytest.param("liver-metastasis", ("icd-10-cm", "C7B00"), id="C7B.00 has no site"),
        pytest.param("liver-metastasis", ("snomed", "94222008"), id="94222008 is bone, whatever its display"),
        pytest.param("colorectal-primary", ("icd-10-cm", "C785"), id="spread to the colon is no primary"),
        pytest.param("colorectal-primary", ("snomed", "94260004"), id="94260004 is no primary"),
        pytest.param("colorectal-primary", ("snomed", "781076008"), id="781076008 is no primary"),
        pytest.param("colorectal-primary", ("icd-10-cm", "C210"), id="the anus is out"),
        pytest.param("colorectal-primary", ("icd-10-cm", "C7A020"), id="carcinoid is not here"),
        pytest.param("colorectal-history", ("icd-10-cm", "Z85030"), id="Z85.030 is carcinoid"),
        pytest.param("breast-primary", ("icd-10-cm", "C7981"), id="spread to the breast is no primary"),
        pytest.param("breast-primary", ("snomed", "145501000119108"), id="145501000119108 is no primary"),
        pytest.param("breast-primary", ("snomed", "128462008"), id="metastatic disease is no primary"),
        pytest.param("breast-primary", ("icd-10-cm", "C4352"), id="skin of breast is skin"),
        pytest.param("melanoma", ("icd-10-cm", "D0359"), id="melanoma in situ"),
        pytest.param("melanoma", ("snomed", "189758001"), id="189758001 is in situ"),
        pytest.param("melanoma", ("snomed", "109266006"), id="109266006 is in situ"),
        pytest.param("melanoma", ("icd-10-cm", "C6931"), id="an eye site is no melanoma"),
        pytest.param("melanoma", ("icd-10-cm", "Z85840"), id="history of the eye is no melanoma"),
        pytest.param("melanoma", ("icd-10-cm", "C44501"), id="other cancer of the skin"),
        pytest.param("neuroendocrine-primary", ("icd-10-cm", "D3A010"), id="benign carcinoid"),
        pytest.param("neuroendocrine-primary", ("icd-10-cm", "C73"), id="thyroid cancer of any histology"),
        pytest.param("neuroendocrine-primary", ("icd-10-cm", "C7B02"), id="a metastasis is no primary"),
        pytest.param("hepatocellular-carcinoma", ("icd-10-cm", "C229"), id="C22.9 is too broad"),
        pytest.param("hepatocellular-carcinoma", ("snomed", "95214007"), id="95214007 is too broad"),
        pytest.param("hepatocellular-carcinoma", ("icd-10-cm", "C22"), id="a parent is not its child"),
        pytest.param("hepatocellular-carcinoma", ("icd-10-cm", "Z8505"), id="history is not current"),
        pytest.param("extrahepatic-metastasis", ("icd-10-cm", "C787"), id="the liver is not outside the liver"),
        pytest.param("extrahepatic-metastasis", ("snomed", "94381002"), id="94381002 is the liver"),
        pytest.param("extrahepatic-metastasis", ("snomed", "94222008"), id="bone has a set of its own"),
        pytest.param("extrahepatic-metastasis", ("icd-10-cm", "C7951"), id="C79.51 is bone"),
        pytest.param("bone-metastasis", ("icd-10-cm", "C7952"), id="C79.52 is marrow"),
        pytest.param("malignant-primary", ("icd-10-cm", "C220"), id="the liver is no origin"),
        pytest.param("malignant-primary", ("icd-10-cm", "C787"), id="a metastasis is no origin"),
        pytest.param("malignant-primary", ("icd-10-cm", "C9100"), id="leukemia is no origin"),
        pytest.param("malignant-history", ("icd-10-cm", "Z8505"), id="history of liver cancer is no origin"),
        pytest.param("ablation-past", ("icd-10-pcs", "0F5Z3"), id="too short"),
        pytest.param("breast-primary", ("snomed", "C50911"), id="the code of another system"),
    ],
)
def test_a_trap_stays_out_of_the_set(name: str, code: Code) -> None:
    assert code not in value_set(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_metastasis_from_the_liver_is_in_no_set(name: str) -> None:
    assert ("snomed", "315000005") not in value_set(name)


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n.endswith(("primary", "history")) or n in ("melanoma", "colorectal-carcinoid")]
)
def test_no_primary_is_listed_as_a_metastasis_too(name: str) -> None:
    elsewhere = value_set("extrahepatic-metastasis"), value_set("bone-metastasis"), value_set("liver-metastasis")
    assert [c for c in sorted(value_set(name).codes) if any(c in other for other in elsewhere)] == []


def test_no_history_code_of_a_carcinoid_counts_as_plain_colorectal() -> None:
    assert value_set("colorectal-history").codes & value_set("colorectal-carcinoid").codes == frozenset()


def test_any_of_several_codes_suffices() -> None:
    found = ValueSet("x", "X", "nobody", "2026-01-01", frozenset({(ICD_10_CM, "C50")}))
    assert found.any_of([(SNOMED, "1"), (ICD_10_CM, "C5091")])
    assert not found.any_of([(SNOMED, "C50"), (ICD_10_CM, "C5")])
    assert not found.any_of([])


def test_only_icd_10_has_a_hierarchy() -> None:
    found = ValueSet(
        "x", "X", "nobody", "2026-01-01", frozenset({(SNOMED, "943"), (LOINC, "1975"), (ICD_10_PCS, "0F5")})
    )
    assert (SNOMED, "94381002") not in found
    assert (LOINC, "1975-2") not in found
    assert (ICD_10_PCS, "0F503ZZ") not in found


@pytest.mark.parametrize(
    ("codes", "listed"),
    [
        (ECOG_CODES, {"89247-1", "89262-0", "423740007"}),
        (KARNOFSKY_CODES, {"89243-0", "761869008", "273546003"}),
        (CHILD_PUGH_CODES, {"98152-2", "98153-0", "3191000175106"}),
        (CHILD_PUGH_CLASSES.keys(), {"710065009", "710066005", "710067001"}),
    ],
    ids=["ECOG", "Karnofsky", "Child-Pugh", "Child-Pugh classes"],
)
def test_the_codes_of_a_score_are_those_of_the_terminology(codes: frozenset[Code], listed: set[str]) -> None:
    assert {code for _, code in codes} == listed


def test_the_wrong_check_digit_of_an_old_map_is_no_answer() -> None:
    assert ("loinc", "LA9622-2") not in ECOG_ANSWERS
    assert len(ECOG_ANSWERS) == 11
    assert sorted(KARNOFSKY_ANSWERS.values()) == list(range(0, 101, 10))
