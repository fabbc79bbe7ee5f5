"""Payers, plans and prior authorization over HTTP, in both versions: what the EHR gets on the order."""

from typing import Any

import pytest
import responses

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.store.authorizations import Authorization
from tests.conformance.ehr import Ehr
from tests.conftest import EHR, TODAY, Json, coverage_cards, determinations, order, searchset
from tests.crd.payers import CLIENTS, COVERAGE, MEMBER, PAYER, PLAIN, V2_0, V2_2, Start, codes, signed, stated
from tests.crd.test_answering import SIGN, actions, call

WITHOUT = PAYER | {"id": "other", "label": "Other", "identifiers": ["Other"], "policies": []}
THEIRS: Json = {"payor": [{"display": "Other"}]}
PA = Authorization("northlake", MEMBER, "47382", "PA-2026-000913", None, TODAY.replace(month=12, day=31))
NPI: Json = {"requester": {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}}}


class TestPlans:
    @pytest.mark.parametrize(
        ("plan", "newer", "older"),
        [
            ([{"value": "PPO-1"}], ["auth-needed"], ["auth-needed"]),
            ([{"value": "HMO-2"}], ["no-auth"], ["no-auth"]),
            (None, None, ["conditional"]),
        ],
        ids=["a plan that needs it", "a plan that does not", "the plan is not told"],
    )
    def test_CRDF28_pa_needed_is_what_the_plan_of_the_coverage_says(
        self, start: Start, plan: Any, newer: Any, older: Any
    ) -> None:
        client = start()
        by_version = [
            stated(client.post(SIGN, json=signed(coverage={"class": plan}, extension=version))).get("pa-needed")
            for version in (V2_2, V2_0)
        ]
        assert by_version == [newer, older]

    @CLIENTS
    def test_CRDF30_what_the_performer_asks_for_is_said_so(self, start: Start, extension: Json) -> None:
        said = stated(start().post(SIGN, json=signed(code="47383", extension=extension)))
        assert said["pa-needed"] == ["performpa"]

    def test_CRDF38_contact_and_expiry_are_in_the_shape_of_the_version(self, start: Start) -> None:
        client = start()
        newer, older = (stated(client.post(SIGN, json=signed(extension=version))) for version in (V2_2, V2_0))
        point = {"system": "phone", "value": "+1-555-0142"}
        assert newer["contact"] == [{"name": "Utilization review", "telecom": [point]}]
        assert older["contact"] == [point]
        assert (newer["expiry-date"], older.get("expiry-date")) == (["2027-02-22"], None)

    def test_resp_4_the_card_is_the_payers_with_its_logo_and_address(self, start: Start) -> None:
        (card,) = coverage_cards(start().post(SIGN, json=signed()))
        assert card["source"] | {"topic": {}} == {
            "label": "Northlake Health Plan", "url": "https://northlake.example",
            "icon": "https://northlake.example/logo.png", "topic": {},
        }  # fmt: skip

    def test_a_payers_own_default_statement_goes_before_that_of_the_service(self, start: Start) -> None:
        client = start(PAYER | {"default_statement": "none"})
        assert actions(client.post(SIGN, json=signed(code="99213", extension=PLAIN))) == []
        assert stated(client.post(SIGN, json=signed(code="99213")))["covered"] == ["conditional"]


class TestPoliciesInForce:
    @CLIENTS
    def test_an_order_under_a_payer_without_the_policy_is_outside_it(self, start: Start, extension: Json) -> None:
        answer = start(PAYER, WITHOUT).post(SIGN, json=signed(coverage=THEIRS, extension=extension))
        assert answer.get_json()["cards"] == []
        assert stated(answer)["covered"] == ["conditional"]
        assert "No coverage rule" in stated(answer)["reason"][0]["text"]

    def test_the_same_order_under_the_other_payer_is_judged(self, start: Start) -> None:
        answer = start(PAYER, WITHOUT).post(SIGN, json=signed())
        assert [one["outcome"] for one in determinations(answer)] == ["missing-documentation"]

    def test_no_clinical_record_is_asked_for_and_none_is_missed(self, start: Start) -> None:
        body = signed(coverage=THEIRS) | {"fhirServer": EHR, "fhirAuthorization": {"access_token": "t"}}
        body["prefetch"] = {"coverage": body["prefetch"]["coverage"]}
        with responses.RequestsMock() as mock:  # any request fails
            answer = start(PAYER, WITHOUT, fhir_servers=(EHR,)).post(SIGN, json=body)
            assert len(mock.calls) == 0
        assert stated(answer)["covered"] == ["conditional"]

    def test_where_the_coverage_is_read_the_record_follows_for_members_of_the_payer_with_the_policy(
        self, start: Start
    ) -> None:
        body = signed() | {"fhirServer": EHR}
        body["prefetch"] = {}
        with responses.RequestsMock() as mock:
            ehr = Ehr(mock, {"coverage": searchset(COVERAGE)})
            answer = start(PAYER, WITHOUT, fhir_servers=(EHR,)).post(SIGN, json=body)
        asked = [str(one.url).removeprefix(f"{EHR}/").split("?")[0] for one in ehr.asked]
        assert asked[0] == "Coverage"
        assert asked.count("Coverage") == 1
        assert "Observation" in asked
        assert [one["outcome"] for one in determinations(answer)] == ["missing-documentation"]

    def test_under_no_payer_with_the_policy_no_coverage_is_needed_to_say_nothing(self, start: Start) -> None:
        answer = start(WITHOUT).post(SIGN, json=call(order("0686T"), coverages=()))
        assert answer.get_json() == {"cards": []}


class TestAuthorizationsOnFile:
    @CLIENTS
    def test_CRDF29_crd_ci_q5_one_on_file_satisfies_with_its_number(self, start: Start, extension: Json) -> None:
        said = stated(start(on_file=(PA,)).post(SIGN, json=signed(extension=extension)))
        assert (said["pa-needed"], said["satisfied-pa-id"]) == (["satisfied"], ["PA-2026-000913"])
        assert "doc-purpose" not in said
        assert said.get("expiry-date", ["2026-12-31"]) == ["2026-12-31"]

    @pytest.mark.parametrize(
        "more",
        [
            {"code": "47380"},
            {"coverage": {"subscriberId": "W999999999"}},
            {"coverage": {"relationship": None}},
            {"occurrenceDateTime": "2027-01-04"},
        ],
        ids=["another code", "another member", "a number the family shares", "a day after it ends"],
    )
    def test_what_is_not_authorized_is_not_satisfied(self, start: Start, more: Json) -> None:
        said = stated(start(on_file=(PA,)).post(SIGN, json=signed(**more)))
        assert said.get("pa-needed") in (["auth-needed"], None)
        assert "satisfied-pa-id" not in said

    @pytest.mark.parametrize("version", [V2_0, V2_2], ids=["2.0", "2.2"])
    def test_found_35_a_client_that_asks_what_if_is_granted_nothing(self, start: Start, version: Json) -> None:
        what_if = {**version, "davinci-crd.configuration": {"unsolicited-determ": False}}
        said = stated(start(on_file=(PA,)).post(SIGN, json=signed(extension=what_if)))
        assert (said["pa-needed"], said.get("satisfied-pa-id")) == (["auth-needed"], None)

    @pytest.mark.parametrize("version", [V2_0, V2_2], ids=["2.0", "2.2"])
    def test_CRDF30_a_gold_carded_practitioner_needs_no_request(self, start: Start, version: Json) -> None:
        gold = PA._replace(member="", practitioner="1234567893", number="GC-7")
        client = start(on_file=(gold,))
        said = stated(client.post(SIGN, json=signed(extension=version, **NPI)))
        assert (said["satisfied-pa-id"], codes(said)) == (["GC-7"], ["gold-card"])
        assert "satisfied-pa-id" not in stated(client.post(SIGN, json=signed(extension=version)))

    def test_crd_ci_q2_a_denied_order_is_denied_whatever_is_on_file(self, start: Start) -> None:
        said = stated(start(on_file=(PA._replace(code="0686T"),)).post(SIGN, json=signed(code="0686T")))
        assert said["covered"] == ["not-covered"]
        assert not {"pa-needed", "satisfied-pa-id"} & said.keys()

    @pytest.mark.parametrize(("version", "word"), [(V2_0, "conditional"), (V2_2, "indeterminate")], ids=["2.0", "2.2"])
    def test_a_database_that_is_down_leaves_it_open(
        self, monkeypatch: pytest.MonkeyPatch, version: Json, word: str
    ) -> None:
        monkeypatch.delenv("COVERAGE_HOOKS_DATABASE_URL")
        payers: Any = (PAYER,)
        down = Settings(auth="off", today=TODAY, payers=payers, database_url="postgresql://nobody@127.0.0.1:9/none")
        said = stated(create_app(down).test_client().post(SIGN, json=signed(extension=version)))
        assert (said["pa-needed"], said.get("satisfied-pa-id")) == ([word], None)
