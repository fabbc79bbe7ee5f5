"""Disease outside the liver: confinement without exception (b.iv), the bone exception (d.iii); A24, A25, A53-A56."""

from typing import Any

import pytest

from fhir_mappings.extrahepatic_disease import confined_to_liver, extrahepatic_disease
from fhir_mappings.finding import Finding, Reason, Spread
from tests.fhir_mappings.building import (
    LIVER,
    chart_of,
    choice,
    concept,
    condition,
    form,
    imaging_study,
    local_observation,
    observation,
    report,
    stated,
)

YES, NO = frozenset({True}), frozenset({False})
NONE, BONE, PRESENT = frozenset({Spread.NONE}), frozenset({Spread.STABLE_BONE_ONLY}), frozenset({Spread.PRESENT})
CONFINED, SPREAD = "mets-confined-to-liver", "extrahepatic-disease"


def confined(*resources: dict[str, Any], unread: tuple[str, ...] = ()) -> Finding:
    return confined_to_liver(chart_of(condition("icd C78.7"), *resources, unread=unread))


def disease(*resources: dict[str, Any], unread: tuple[str, ...] = ()) -> Finding:
    return extrahepatic_disease(chart_of(condition("icd C78.7"), *resources, unread=unread))


def bone(**more: Any) -> dict[str, Any]:
    return condition("icd C79.51", id="bone", **more)


def bone_is(value: str, **more: Any) -> dict[str, Any]:
    codes = {"stable": "359746009", "improved": "268910001", "worse": "271299001", "undetermined": "709137006"}
    return observation("loinc 97509-4", valueCodeableConcept=concept(f"snomed {codes[value]}"), **more)


def both(confined_said: bool, spread_said: str) -> dict[str, Any]:
    return form({CONFINED: {"valueBoolean": confined_said}, SPREAD: choice(spread_said)})


LUNG = condition("icd C78.01")
SCAN = report(category="RAD")


class TestConfinedToTheLiver:
    def test_silence_is_no_proof(self) -> None:
        found = confined()  # vector 13
        assert (found.possible, found.reason) == (None, Reason.NO_DATA)

    def test_staging_without_any_sign_of_spread_is_no_proof_either(self) -> None:
        assert confined(SCAN).possible is None

    @pytest.mark.parametrize("carrier", [stated, local_observation])
    @pytest.mark.parametrize(
        ("code", "said", "known"),
        [
            pytest.param(CONFINED, True, YES, id="confined"),
            pytest.param(CONFINED, False, NO, id="not confined"),
            pytest.param(SPREAD, "none", YES, id="no disease outside the liver"),
            pytest.param(SPREAD, "stable-bone-only", NO, id="bone is no exception in b (A24)"),
            pytest.param(SPREAD, "present", None, id="present may be an intact primary (A25)"),
        ],
    )
    def test_a_statement(self, carrier: Any, code: str, said: bool | str, known: frozenset[bool] | None) -> None:
        assert confined(carrier(code, said)).possible == known  # vector 14

    @pytest.mark.parametrize(
        "code", ["icd C79.51", "icd C77.2", "icd C78.01", "icd C78.6", "icd C79.52", "icd C7B.01", "snomed 94222008"]
    )
    def test_any_current_metastasis_elsewhere_denies_it_bone_included(self, code: str) -> None:
        found = confined(condition(code))  # vector 15
        assert (found.possible, found.reason) == (NO, Reason.RECORDED)

    def test_a_stable_bone_metastasis_denies_it_too(self) -> None:
        assert confined(bone(), bone_is("stable")).possible == NO

    @pytest.mark.parametrize("more", [{"clinical": "resolved"}, {"clinical": "remission"}, {"certainty": "refuted"}])
    def test_a_past_or_refuted_metastasis_elsewhere_does_not(self, more: dict[str, str]) -> None:
        elsewhere = condition("icd C77.3", **more)
        assert confined(elsewhere, stated(CONFINED, True)).possible == YES
        assert confined(elsewhere).possible is None

    @pytest.mark.parametrize("coded_on", ["2026-11-01", "2026-11-23"], ids=["coded before", "coded after"])
    @pytest.mark.parametrize("said", [stated(CONFINED, True), stated(SPREAD, "none")], ids=["confined", "none"])
    def test_a_statement_against_a_coded_metastasis_is_unknown_whichever_is_newer(
        self, said: dict[str, Any], coded_on: str
    ) -> None:
        found = confined(condition("icd C78.01", id="lung", on=coded_on), said)  # A53
        assert (found.possible, found.reason) == (None, Reason.CONFLICT)
        assert "Condition/lung" in found.notes[0]
        assert "QuestionnaireResponse/" in found.notes[0]

    def test_no_disease_stated_beside_a_stable_bone_metastasis_agrees_with_it_and_bone_is_no_exception(self) -> None:
        assert confined(bone(), bone_is("stable"), stated(SPREAD, "none")).possible == NO  # A53

    @pytest.mark.parametrize("said", [None, stated(CONFINED, True), stated(SPREAD, "none"), stated(CONFINED, False)])
    @pytest.mark.parametrize("code", ["icd C79.9", "icd C80.0", "icd C7B.8", "snomed 128462008", "icd R18.0"])
    def test_a_metastasis_nobody_can_place_is_unknown_whatever_is_stated(self, code: str, said: Any) -> None:
        found = confined(condition(code), *([said] if said else []))  # A54
        assert (found.possible, found.reason) == (None, Reason.NOT_SPECIFIC)

    def test_a_suspected_metastasis_is_unknown_unless_something_is_stated(self) -> None:
        suspected = condition("icd C78.01", certainty="provisional")
        assert confined(suspected).possible is None
        assert confined(suspected).reason is Reason.NOT_SPECIFIC
        assert confined(suspected, stated(CONFINED, True)).possible == YES

    @pytest.mark.parametrize(
        "statements",
        [
            pytest.param([stated(CONFINED, True), stated(CONFINED, False)], id="on confinement"),
            pytest.param([both(True, "present")], id="confined, and disease present"),
            pytest.param([both(True, "stable-bone-only")], id="confined, and in bone"),
            pytest.param([both(False, "none")], id="not confined, and none"),
        ],
    )
    def test_statements_that_differ_are_unknown(self, statements: list[dict[str, Any]]) -> None:
        assert confined(*statements).reason is Reason.CONFLICT

    def test_a_stale_statement_is_named(self) -> None:
        found = confined(stated(CONFINED, True, on="2025-01-01"))
        assert (found.possible, found.reason) == (None, Reason.STALE)

    @pytest.mark.parametrize("unread", ["Condition", "Observation", "QuestionnaireResponse"])
    def test_what_was_not_read_may_hold_a_metastasis_or_a_denial(self, unread: str) -> None:
        found = confined(stated(CONFINED, True), unread=(unread,))
        assert found.possible is None
        assert found.unread == frozenset({unread})

    def test_not_confined_needs_nothing_more(self) -> None:
        assert confined(stated(CONFINED, False), unread=("Observation",)).possible == NO


class TestDiseaseOutsideTheLiver:
    def test_an_empty_record_is_unknown_and_asks_for_staging(self) -> None:
        found = disease()
        assert (found.possible, found.reason) == (None, Reason.NO_DATA)
        assert "no staging by imaging" in found.notes[0]

    @pytest.mark.parametrize(
        "staging",
        [
            pytest.param(SCAN, id="a radiology report"),
            pytest.param(imaging_study(), id="an imaging study"),
            pytest.param(bone_is("stable"), id="a disease status"),
            pytest.param(bone_is("undetermined"), id="an undetermined disease status"),
        ],
    )
    def test_staging_without_any_sign_of_spread_means_none_by_inference(self, staging: dict[str, Any]) -> None:
        found = disease(staging)  # A56
        assert (found.possible, found.reason) == (NONE, Reason.INFERRED)
        assert "inferred" in found.notes[0]

    @pytest.mark.parametrize(
        "staging",
        [report(category="RAD", on="2026-08-25"), report("preliminary", category="RAD"), report(category="PAT")],
        ids=["91 days old", "preliminary", "pathology"],
    )
    def test_what_is_no_staging_inside_the_window_infers_nothing(self, staging: dict[str, Any]) -> None:
        assert disease(staging).possible is None

    def test_an_active_breast_primary_makes_the_closed_world_unknown(self) -> None:
        found = disease(SCAN, condition("icd C50.911"))  # A25, A55
        assert (found.possible, found.reason) == (None, Reason.NOT_SPECIFIC)
        assert "active primary in the breast" in found.notes[0]

    @pytest.mark.parametrize(
        "primary", [condition("icd Z85.3"), condition("icd C50.911", clinical="resolved")], ids=["history", "resolved"]
    )
    def test_a_past_breast_primary_does_not_matter(self, primary: dict[str, Any]) -> None:
        assert disease(SCAN, primary).possible == NONE

    def test_an_active_breast_primary_does_not_matter_where_something_is_stated_or_coded(self) -> None:
        breast = condition("icd C50.911")
        assert disease(breast, stated(SPREAD, "none")).possible == NONE  # A55
        assert disease(breast, bone(), bone_is("stable")).possible == BONE

    @pytest.mark.parametrize("carrier", [stated, local_observation])
    @pytest.mark.parametrize(
        ("code", "said", "known"),
        [
            pytest.param(SPREAD, "none", NONE, id="none"),
            pytest.param(SPREAD, "stable-bone-only", BONE, id="stable bone only"),
            pytest.param(SPREAD, "present", PRESENT, id="present"),
            pytest.param(CONFINED, True, NONE, id="confined to the liver"),
            pytest.param(CONFINED, False, None, id="not confined: bone or elsewhere"),
        ],
    )
    def test_a_statement(self, carrier: Any, code: str, said: bool | str, known: frozenset[Spread] | None) -> None:
        assert disease(carrier(code, said)).possible == known

    def test_not_confined_beside_staging_infers_no_absence(self) -> None:
        assert disease(SCAN, stated(CONFINED, False)).possible is None

    @pytest.mark.parametrize("code", ["icd C78.01", "icd C77.3", "icd C79.52", "icd C79.81", "snomed 94391008"])
    def test_a_current_metastasis_other_than_in_bone_is_present(self, code: str) -> None:
        found = disease(condition(code))  # vector 20
        assert (found.possible, found.reason) == (PRESENT, Reason.RECORDED)

    def test_nodes_resolved_years_ago_do_not_count(self) -> None:
        nodes = condition("icd C77.3", clinical="resolved")
        assert disease(nodes, bone(), bone_is("stable", focus=[{"reference": "Condition/bone"}])).possible == BONE  # 21

    @pytest.mark.parametrize(
        ("status", "known"),
        [
            pytest.param([bone_is("stable")], BONE, id="stable (vector 18)"),
            pytest.param([bone_is("improved")], BONE, id="improved"),
            pytest.param([bone_is("worse")], PRESENT, id="worsened"),
            pytest.param([bone_is("undetermined")], None, id="undetermined"),
            pytest.param([bone_is("stable", on="2026-08-25")], None, id="stable, 91 days ago"),
            pytest.param([bone_is("stable", status="preliminary")], None, id="preliminary"),
            pytest.param([], None, id="not stated (vector 19)"),
        ],
    )
    def test_a_bone_metastasis_alone_is_judged_by_its_status(
        self, status: list[dict[str, Any]], known: frozenset[Spread] | None
    ) -> None:
        assert disease(bone(), *status).possible == known

    def test_of_two_bone_metastases_each_must_be_stable(self) -> None:
        other = condition("snomed 94222008", id="other")
        stable = bone_is("stable", focus=[{"reference": "Condition/bone"}])
        worse = bone_is("worse", focus=[{"reference": "Condition/other"}])
        assert disease(bone(), other, stable).possible is None
        assert disease(bone(), other, stable, worse).possible == PRESENT
        assert disease(bone(), other, bone_is("stable")).possible == BONE

    def test_bone_and_lung_are_present_however_stable(self) -> None:
        assert disease(bone(), LUNG, bone_is("stable")).possible == PRESENT

    @pytest.mark.parametrize("coded_on", ["2026-11-01", "2026-11-23"], ids=["coded before", "coded after"])
    @pytest.mark.parametrize(
        "said",
        [stated(SPREAD, "none"), stated(SPREAD, "stable-bone-only"), stated(CONFINED, True)],
        ids=["none", "stable bone only", "confined"],
    )
    def test_absence_stated_beside_a_coded_metastasis_is_unknown_whichever_is_newer(
        self, said: dict[str, Any], coded_on: str
    ) -> None:
        found = disease(condition("icd C78.01", id="lung", on=coded_on), said)  # A53
        assert (found.possible, found.reason) == (None, Reason.CONFLICT)
        assert "Condition/lung" in found.notes[0]
        assert "QuestionnaireResponse/" in found.notes[0]

    @pytest.mark.parametrize("said", ["none", "stable-bone-only"])
    def test_absence_stated_beside_a_worsened_bone_metastasis_is_unknown(self, said: str) -> None:
        assert disease(bone(), bone_is("worse"), stated(SPREAD, said)).reason is Reason.CONFLICT  # A53

    @pytest.mark.parametrize("said", ["none", "stable-bone-only"])
    def test_absence_stated_beside_a_stable_bone_metastasis_agrees_with_it(self, said: str) -> None:
        found = disease(bone(), bone_is("stable"), stated(SPREAD, said))  # A53
        assert found.reason is Reason.ATTESTED
        assert found.possible in (NONE, BONE)

    def test_stable_bone_stated_beside_a_bone_metastasis_of_unknown_status_is_believed(self) -> None:
        assert disease(bone(), stated(SPREAD, "stable-bone-only")).possible == BONE

    def test_none_stated_beside_a_bone_metastasis_of_unknown_status_is_unknown(self) -> None:
        assert disease(bone(), stated(SPREAD, "none")).reason is Reason.CONFLICT

    def test_present_stated_beside_a_stable_bone_metastasis_only_is_unknown(self) -> None:
        assert disease(bone(), bone_is("stable"), stated(SPREAD, "present")).reason is Reason.CONFLICT

    def test_present_stated_beside_a_coded_metastasis_is_present(self) -> None:
        assert disease(LUNG, stated(SPREAD, "present")).possible == PRESENT

    @pytest.mark.parametrize(
        "said", [None, stated(SPREAD, "none"), stated(SPREAD, "stable-bone-only"), stated(CONFINED, True)]
    )
    @pytest.mark.parametrize("code", ["icd C79.9", "icd C80.0", "snomed 128462008", "icd R18.0"])
    def test_a_metastasis_nobody_can_place_is_unknown_whatever_is_stated(self, code: str, said: Any) -> None:
        found = disease(condition(code), SCAN, *([said] if said else []))  # A54
        assert (found.possible, found.reason) == (None, Reason.NOT_SPECIFIC)

    def test_a_metastasis_without_a_site_of_its_own_is_placed_by_a_liver_site(self) -> None:
        assert disease(condition("icd C7B.8", site=LIVER), SCAN).possible == NONE

    @pytest.mark.parametrize(
        "statements",
        [
            pytest.param([stated(SPREAD, "none"), stated(SPREAD, "present")], id="none and present"),
            pytest.param([both(True, "present")], id="confined, and disease present"),
            pytest.param(
                [both(False, "none")],
                id="not confined, and none",
            ),
        ],
    )
    def test_statements_that_differ_are_unknown(self, statements: list[dict[str, Any]]) -> None:
        found = disease(*statements)
        assert (found.possible, found.reason) == (None, Reason.CONFLICT)

    def test_stable_bone_only_and_not_confined_agree(self) -> None:
        assert disease(both(False, "stable-bone-only")).possible == BONE

    @pytest.mark.parametrize(
        "unread", ["Condition", "DiagnosticReport", "ImagingStudy", "QuestionnaireResponse", "Observation"]
    )
    def test_the_closed_world_needs_a_record_read_to_its_end(self, unread: str) -> None:
        found = disease(SCAN, unread=(unread,))
        assert found.possible is None
        assert found.unread == frozenset({unread})

    def test_absence_stated_needs_the_conditions(self) -> None:
        assert disease(stated(SPREAD, "none"), unread=("Condition",)).unread == frozenset({"Condition"})

    def test_a_bone_metastasis_whose_status_was_not_read_names_observation(self) -> None:
        assert disease(bone(), unread=("Observation",)).unread == frozenset({"Observation"})
