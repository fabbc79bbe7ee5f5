"""Where a liver metastasis comes from: each source, best first, and what is left when they differ (terminology 2.4)."""

from typing import Any

import pytest

from fhir_mappings.finding import METASTASES, Reason, Tumor
from fhir_mappings.metastasis_origin import Origin, origin
from fhir_mappings.primaries import ANY_BUT_MELANOMA
from tests.fhir_mappings.building import body_structure, chart_of, concept, condition, form, stated

RELATED = "http://hl7.org/fhir/StructureDefinition/condition-related"
DUE_TO = "http://hl7.org/fhir/StructureDefinition/condition-dueTo"

COLORECTAL = frozenset({Tumor.COLORECTAL})
BREAST = frozenset({Tumor.BREAST})
MELANOMA = frozenset({Tumor.MELANOMA})
NET = frozenset({Tumor.NEUROENDOCRINE})


def linked(url: str, to: str) -> dict[str, Any]:
    return {"extension": [{"url": url, "valueReference": {"reference": to}}]}


def metastasis(code: str = "icd C78.7", **more: Any) -> dict[str, Any]:
    return condition(code, id="met", **more)


def origin_in(*resources: dict[str, Any]) -> Origin:
    chart = chart_of(*resources)
    mine = next(d for d in chart.diagnoses if d.resource.identity == "met")
    return origin(mine, chart)


@pytest.mark.parametrize("url", [RELATED, DUE_TO])
@pytest.mark.parametrize(
    "reference", ["Condition/crc", "http://example.org/fhir/Condition/crc", "Condition/crc/_history/2"]
)
def test_a_link_to_the_primary_decides_beside_other_candidates(url: str, reference: str) -> None:
    found = origin_in(
        metastasis(**linked(url, reference)), condition("icd C18.7", id="crc"), condition("icd C50.911", id="breast")
    )
    assert (found.kinds, found.reason) == (COLORECTAL, Reason.RECORDED)
    assert [e.reference for e in found.evidence] == ["Condition/crc"]


def test_a_link_from_the_primary_to_the_metastasis_decides() -> None:
    crc = condition("icd C18.7", id="crc", **linked(RELATED, "Condition/met"))
    assert origin_in(metastasis(), crc, condition("icd C50.911")).kinds == COLORECTAL


def test_a_link_that_names_the_primary_by_code_decides() -> None:
    extension = [{"url": DUE_TO, "valueCodeableConcept": concept("icd C18.7")}]
    assert origin_in(metastasis(extension=extension), condition("icd C50.911")).kinds == COLORECTAL


def test_a_tumor_of_the_liver_linked_to_the_primary_decides() -> None:
    found = origin_in(
        metastasis(),
        condition("icd C18.7", id="crc"),
        condition("icd C50.911", id="breast"),
        body_structure("t", linked="Condition/crc"),
    )
    assert found.kinds == COLORECTAL


@pytest.mark.parametrize(
    "structure",
    [
        pytest.param(body_structure("t", linked="Condition/crc", active=False), id="ablated since"),
        pytest.param(body_structure("t", "snomed 76752008", linked="Condition/crc"), id="in the breast"),
    ],
)
def test_a_tumor_that_is_gone_or_elsewhere_links_nothing(structure: dict[str, Any]) -> None:
    found = origin_in(metastasis(), condition("icd C18.7", id="crc"), condition("icd C50.911"), structure)
    assert found.kinds == COLORECTAL | BREAST


@pytest.mark.parametrize(
    ("primary", "kinds"),
    [
        pytest.param(condition("icd C18.7", id="p", clinical="resolved"), COLORECTAL, id="resolved: still the origin"),
        pytest.param(condition("icd Z85.038", id="p"), COLORECTAL, id="a history"),
        pytest.param(condition("icd C34.11", id="p"), frozenset({Tumor.OTHER_METASTASIS}), id="lung (A47)"),
        pytest.param(condition("snomed 363358000", id="p"), frozenset({Tumor.OTHER_METASTASIS}),
                     id="any code the record links as primary (A47)"),
        pytest.param(condition("icd C69.31", id="p"), METASTASES, id="a site of the eye leaves all open (A52)"),
        pytest.param(condition("icd C18.7", id="p", certainty="refuted"), ANY_BUT_MELANOMA, id="refuted: no link"),
        pytest.param(condition("icd C77.2", id="p"), ANY_BUT_MELANOMA, id="a link to another metastasis"),
        pytest.param(condition("icd C22.0", id="p"), ANY_BUT_MELANOMA, id="a link to liver cancer"),
    ],
)  # fmt: skip
def test_what_the_linked_condition_is_decides(primary: dict[str, Any], kinds: frozenset[Tumor]) -> None:
    assert origin_in(metastasis(**linked(RELATED, "Condition/p")), primary).kinds == kinds


def test_a_link_to_itself_or_into_nothing_is_none() -> None:
    assert origin_in(metastasis(**linked(RELATED, "Condition/met"))).kinds == ANY_BUT_MELANOMA
    assert origin_in(metastasis(**linked(RELATED, "Condition/gone"))).kinds == ANY_BUT_MELANOMA


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("snomed 314998002", COLORECTAL), ("snomed 314997007", COLORECTAL), ("snomed 315004001", BREAST),
        ("snomed 314987003", MELANOMA), ("snomed 443493003", MELANOMA), ("snomed 705176003", NET), ("icd C7B.8", NET),
        ("icd C7B.00", NET),
    ],
)  # fmt: skip
def test_a_code_that_names_the_origin_decides(code: str, kinds: frozenset[Tumor]) -> None:
    assert origin_in(metastasis(), condition(code), condition("icd C34.11")).kinds == kinds
    assert origin_in(metastasis(code, site="snomed 10200004")).kinds == kinds


def test_a_carcinoid_metastasis_of_the_liver_is_neuroendocrine() -> None:
    assert origin_in(metastasis("icd C7B.02")).kinds == NET


def test_a_carcinoid_metastasis_beside_a_carcinoid_of_the_rectum_is_both_words_at_once() -> None:
    carcinoid = frozenset({Tumor.COLORECTAL_CARCINOID})
    assert origin_in(metastasis("icd C7B.02"), condition("icd C7A.026")).kinds == carcinoid  # A14
    both = linked(RELATED, "Condition/p")
    assert origin_in(metastasis("icd C7B.02", **both), condition("icd C7A.026", id="p")).kinds == carcinoid


def test_a_snomed_expression_that_names_the_origin_decides() -> None:
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "94381002:260716003=93761005"}]}
    assert origin_in(metastasis() | {"code": code}, condition("icd C50.911")).kinds == COLORECTAL


def test_melanoma_histology_of_the_metastasis_itself_decides() -> None:
    url = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"
    extension = [{"url": url, "valueCodeableConcept": concept("icd-o 8720/6")}]
    assert origin_in(metastasis(extension=extension), condition("icd C50.911")).kinds == MELANOMA


def test_two_names_leave_both_origins() -> None:
    found = origin_in(
        metastasis(**linked(RELATED, "Condition/p")), condition("icd C18.7", id="p"), condition("snomed 315004001")
    )
    assert found.kinds == COLORECTAL | BREAST


@pytest.mark.parametrize(
    "primary",
    [
        condition("icd C18.7"),
        condition("icd C18.7", clinical="resolved"),
        condition("icd Z85.038"),
        condition("snomed 429699009", clinical="inactive"),
    ],
    ids=["active", "resolved", "history in ICD", "history in SNOMED"],
)
def test_the_only_primary_in_the_record_is_the_origin_by_inference(primary: dict[str, Any]) -> None:
    found = origin_in(metastasis(), primary)
    assert (found.kinds, found.reason) == (COLORECTAL, Reason.INFERRED)
    assert "inferred" in found.notes[0]


def test_several_primaries_leave_several_origins() -> None:
    found = origin_in(metastasis(), condition("icd Z85.820"), condition("icd C50.911"))  # vector 24
    assert (found.kinds, found.reason) == (MELANOMA | BREAST, Reason.NOT_SPECIFIC)


def test_two_primaries_of_one_kind_are_one_origin() -> None:
    assert origin_in(metastasis(), condition("icd C18.7"), condition("icd Z85.038")).kinds == COLORECTAL


@pytest.mark.parametrize(
    "beside",
    [
        [],
        [condition("icd C22.0")],
        [condition("icd C78.01")],
        [condition("icd C18.7", certainty="refuted")],
        [condition("icd C79.81")],
        [condition("icd D03.9")],
    ],
    ids=["nothing", "liver cancer", "lung metastasis", "refuted", "spread to the breast", "melanoma in situ"],
)
def test_without_a_primary_the_origin_is_open_but_not_melanoma(beside: list[dict[str, Any]]) -> None:
    found = origin_in(metastasis(), *beside)
    assert (found.kinds, found.reason) == (ANY_BUT_MELANOMA, Reason.NO_DATA)


@pytest.mark.parametrize(
    ("suspected", "kinds"),
    [
        pytest.param(
            [condition("icd C18.7", certainty="provisional")], ANY_BUT_MELANOMA, id="a suspected colon cancer"
        ),
        pytest.param([condition("icd C43.9", certainty="provisional")], METASTASES, id="a suspected melanoma opens it"),
        pytest.param(
            [condition("icd C43.9", certainty="provisional"), condition("icd C18.7")],
            MELANOMA | COLORECTAL,
            id="a suspected melanoma beside colon cancer",
        ),
    ],
)
def test_a_suspected_primary_is_never_the_only_origin(suspected: list[dict[str, Any]], kinds: frozenset[Tumor]) -> None:
    assert origin_in(metastasis(), *suspected).kinds == kinds


def test_conditions_that_were_not_read_may_name_another_primary_a_melanoma_too() -> None:
    chart = chart_of(metastasis(), condition("icd C18.7"), unread=["Condition"])
    assert origin(chart.diagnoses[1], chart).kinds == METASTASES


def test_a_site_of_the_eye_alone_leaves_the_origin_fully_open() -> None:
    assert origin_in(metastasis(), condition("icd C69.31")).kinds == METASTASES  # vector 23, A52


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("colorectal", Tumor.COLORECTAL), ("neuroendocrine", Tumor.NEUROENDOCRINE), ("breast", Tumor.BREAST),
        ("melanoma", Tumor.MELANOMA), ("other", Tumor.OTHER_METASTASIS),
    ],
)  # fmt: skip
def test_a_statement_decides_where_the_record_is_silent(said: str, kind: Tumor) -> None:
    found = origin_in(metastasis(), stated("mets-primary", said))
    assert (found.kinds, found.reason) == (frozenset({kind}), Reason.ATTESTED)


def test_a_statement_chooses_among_candidates() -> None:
    found = origin_in(metastasis(), condition("icd C18.7"), condition("icd C50.911"), stated("mets-primary", "breast"))
    assert (found.kinds, found.reason) == (BREAST, Reason.ATTESTED)


@pytest.mark.parametrize("word", ["colorectal", "neuroendocrine"])
def test_a_plain_word_covers_the_carcinoid_of_the_colon_on_record(word: str) -> None:
    found = origin_in(metastasis(), condition("icd C7A.026"), stated("mets-primary", word))
    assert found.kinds == frozenset({Tumor.COLORECTAL_CARCINOID})


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param([condition("snomed 314998002")], id="a name"),
        pytest.param([condition("icd C18.7")], id="the only candidate"),
    ],
)
def test_a_statement_against_the_record_leaves_both(beside: list[dict[str, Any]]) -> None:
    found = origin_in(metastasis(), *beside, stated("mets-primary", "breast"))
    assert (found.kinds, found.reason) == (COLORECTAL | BREAST, Reason.CONFLICT)


def test_statements_that_differ_leave_everything_open() -> None:
    found = origin_in(metastasis(), stated("mets-primary", "breast"), stated("mets-primary", "melanoma"))
    assert (found.kinds, found.reason) == (METASTASES, Reason.CONFLICT)


def test_a_statement_on_origin_has_no_age_limit() -> None:
    assert origin_in(metastasis(), stated("mets-primary", "breast", on="2019-01-01")).kinds == BREAST


def test_a_patients_own_statement_does_not_decide() -> None:
    own = form({"mets-primary": {"valueString": "breast"}}, source={"reference": "Patient/pat-1"})
    assert origin_in(metastasis(), own).kinds == ANY_BUT_MELANOMA


def test_a_metastasis_linked_to_a_suspected_primary_keeps_that_origin_possible() -> None:
    found = origin_in(
        metastasis(**linked(RELATED, "Condition/p")),
        condition("icd C43.9", id="p", certainty="provisional"),
        condition("icd C18.7"),
    )
    assert found.kinds == MELANOMA | COLORECTAL
