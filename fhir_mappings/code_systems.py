"""Code systems by short name, whatever URI, OID or version suffix a client writes."""

from typing import Final

SNOMED: Final = "snomed"
LOINC: Final = "loinc"
ICD_10_CM: Final = "icd-10-cm"
ICD_10: Final = "icd-10"
ICD_10_PCS: Final = "icd-10-pcs"
ICD_O_3_MORPHOLOGY: Final = "icd-o-3"
PROCEDURE_CODE: Final = "cpt-hcpcs"
RXNORM: Final = "rxnorm"
UCUM: Final = "ucum"
PAYER_TYPOLOGY: Final = "payer-typology"
LOCAL_FACTS: Final = "local-facts"
ASSERTION: Final = "assertion"
UNSTATED: Final = ""

LOCAL_FACTS_PATH: Final = "/CodeSystem/liver-ablation-facts"

# CPT and HCPCS share one name: letters arrive under the CPT system and digits under HCPCS in real orders,
# and no five-character code means two things.
CANONICAL_URIS: Final = {
    SNOMED: "http://snomed.info/sct",
    LOINC: "http://loinc.org",
    ICD_10_CM: "http://hl7.org/fhir/sid/icd-10-cm",
    ICD_10: "http://hl7.org/fhir/sid/icd-10",
    ICD_10_PCS: "http://www.cms.gov/Medicare/Coding/ICD10",
    ICD_O_3_MORPHOLOGY: "http://terminology.hl7.org/CodeSystem/icd-o-3",
    PROCEDURE_CODE: "http://www.ama-assn.org/go/cpt",
    RXNORM: "http://www.nlm.nih.gov/research/umls/rxnorm",
    UCUM: "http://unitsofmeasure.org",
    PAYER_TYPOLOGY: "https://nahdo.org/sopt",
}

_ALIASES: Final = {
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
    "urn:oid:2.16.840.1.113883.6.90": ICD_10_CM,
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm": ICD_10,
    "http://fhir.de/CodeSystem/dimdi/icd-10-gm": ICD_10,
    "urn:oid:2.16.840.1.113883.6.3": ICD_10,
    "http://hl7.org/fhir/sid/icd-10-pcs": ICD_10_PCS,
    "urn:oid:2.16.840.1.113883.6.4": ICD_10_PCS,
    "http://hl7.org/fhir/sid/icd-o-3": ICD_O_3_MORPHOLOGY,
    "urn:oid:2.16.840.1.113883.6.43.1": ICD_O_3_MORPHOLOGY,
    "urn:oid:2.16.840.1.113883.6.12": PROCEDURE_CODE,
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": PROCEDURE_CODE,
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": PROCEDURE_CODE,
    "https://bluebutton.cms.gov/resources/codesystem/hcpcs": PROCEDURE_CODE,
    "urn:oid:2.16.840.1.113883.6.285": PROCEDURE_CODE,
    "urn:oid:2.16.840.1.113883.6.88": RXNORM,
    "urn:oid:2.16.840.1.113883.6.8": UCUM,
    "urn:oid:2.16.840.1.113883.3.221.5": PAYER_TYPOLOGY,
    "http://terminology.hl7.org/CodeSystem/v3-ActCode": ASSERTION,
}

_BY_URI: Final = {uri.lower(): name for name, uri in CANONICAL_URIS.items()} | {
    uri.lower(): name for uri, name in _ALIASES.items()
}


def short_name(uri: str) -> str:
    """Name a code system by its URI; an unknown URI is its own name, so it matches nothing of ours."""
    plain = uri.strip().rstrip("/").lower()
    known = _BY_URI.get(plain)
    if known is not None:
        return known
    if plain.startswith("http://snomed.info/sct/"):  # an edition or version written into the system
        return SNOMED
    if plain.endswith(LOCAL_FACTS_PATH.lower()):
        return LOCAL_FACTS
    return _BY_URI.get(plain.split("|", 1)[0], uri)


def normal_code(system: str, code: str) -> str:
    """Write a code as our value sets do: ICD without its dot, letters in capitals."""
    if system in (ICD_10_CM, ICD_10, ICD_10_PCS):
        return code.strip().replace(".", "").upper()
    if system in (PROCEDURE_CODE, LOINC):
        return code.strip().upper()
    return code.strip()
