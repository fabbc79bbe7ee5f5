"""Code systems: every URI, OID and version suffix clients write, and codes as our value sets write them."""

import pytest

from fhir_mappings.code_systems import (
    ASSERTION,
    CANONICAL_URIS,
    ICD_10,
    ICD_10_CM,
    ICD_10_PCS,
    LOCAL_FACTS,
    LOINC,
    PAYER_TYPOLOGY,
    PROCEDURE_CODE,
    RXNORM,
    SNOMED,
    UCUM,
    normal_code,
    short_name,
)


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("http://snomed.info/sct", SNOMED),
        ("urn:oid:2.16.840.1.113883.6.96", SNOMED),
        ("http://snomed.info/sct/731000124108", SNOMED),
        ("http://snomed.info/sct/731000124108/version/20260301", SNOMED),
        ("http://loinc.org", LOINC),
        ("http://loinc.org/", LOINC),
        ("urn:oid:2.16.840.1.113883.6.1", LOINC),
        ("http://hl7.org/fhir/sid/icd-10-cm", ICD_10_CM),
        ("urn:oid:2.16.840.1.113883.6.90", ICD_10_CM),
        ("http://hl7.org/fhir/sid/icd-10", ICD_10),
        ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", ICD_10),
        ("http://fhir.de/CodeSystem/dimdi/icd-10-gm", ICD_10),
        ("http://www.cms.gov/Medicare/Coding/ICD10", ICD_10_PCS),
        ("http://hl7.org/fhir/sid/icd-10-pcs", ICD_10_PCS),
        ("urn:oid:2.16.840.1.113883.6.4", ICD_10_PCS),
        ("http://www.ama-assn.org/go/cpt", PROCEDURE_CODE),
        ("urn:oid:2.16.840.1.113883.6.12", PROCEDURE_CODE),
        ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", PROCEDURE_CODE),
        ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", PROCEDURE_CODE),
        ("https://bluebutton.cms.gov/resources/codesystem/hcpcs", PROCEDURE_CODE),
        ("urn:oid:2.16.840.1.113883.6.285", PROCEDURE_CODE),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", RXNORM),
        ("urn:oid:2.16.840.1.113883.6.88", RXNORM),
        ("http://unitsofmeasure.org", UCUM),
        ("https://nahdo.org/sopt", PAYER_TYPOLOGY),
        ("urn:oid:2.16.840.1.113883.3.221.5", PAYER_TYPOLOGY),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", ASSERTION),
        ("https://payer.example/fhir/CodeSystem/liver-ablation-facts", LOCAL_FACTS),
        ("HTTP://LOINC.ORG", LOINC),
        ("http://loinc.org|2.77", LOINC),
    ],
)
def test_each_uri_a_client_writes_names_its_code_system(uri: str, name: str) -> None:
    assert short_name(uri) == name


@pytest.mark.parametrize(
    "uri",
    ["http://example.org/codes", "", "http://loinc.org.example", "http://snomed.info/sctx", "http://hl7.org/fhir/sid/icd-9-cm"],
)  # fmt: skip
def test_a_code_system_nobody_knows_matches_nothing_of_ours(uri: str) -> None:
    assert short_name(uri) not in {*CANONICAL_URIS, LOCAL_FACTS, ASSERTION}


@pytest.mark.parametrize(("name", "uri"), CANONICAL_URIS.items())
def test_a_canonical_uri_is_read_as_itself(name: str, uri: str) -> None:
    assert short_name(uri) == name


@pytest.mark.parametrize(
    ("system", "written", "normal"),
    [
        (ICD_10_CM, "C78.7", "C787"),
        (ICD_10_CM, "c787", "C787"),
        (ICD_10, "C22.0", "C220"),
        (ICD_10_PCS, "0f503zz", "0F503ZZ"),
        (PROCEDURE_CODE, "c9734", "C9734"),
        (PROCEDURE_CODE, "0686t", "0686T"),
        (LOINC, "la9622-7", "LA9622-7"),
        (SNOMED, " 94381002 ", "94381002"),
    ],
)
def test_a_code_is_written_as_our_value_sets_do(system: str, written: str, normal: str) -> None:
    assert normal_code(system, written) == normal
