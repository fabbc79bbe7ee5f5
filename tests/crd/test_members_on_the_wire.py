"""Members over HTTP, in both versions: who is one, who is not, and what cannot be known (resp-43 to resp-45)."""

from typing import Any

import pytest
import responses

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.store.members import Enrollment, Member
from tests.conftest import EHR, TODAY, Json, coverage_cards, determinations, order, searchset
from tests.crd.payers import CLIENTS, COVERAGE, MEMBER, PAYER, PLAIN, V2_0, V2_2, Start, codes, signed, stated
from tests.crd.test_answering import SIGN, actions, call

LISTED = Member("northlake", MEMBER, Enrollment("PPO-1"))
OVER = LISTED._replace(enrollment=Enrollment("PPO-1", None, TODAY.replace(month=1)))
OTHER_PLAN = LISTED._replace(enrollment=Enrollment("HMO-2"))
PATIENT: Json = {"resourceType": "Patient", "id": "p1"}
MB = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MB"}]}


def patient(body: Json, **more: Any) -> Json:
    """The same call with the patient in its prefetch."""
    return body | {"prefetch": body["prefetch"] | {"patient": PATIENT | more}}


def opening(answer: Any) -> str:
    (card,) = coverage_cards(answer)
    return str(card["summary"]).split(" (")[0]


class TestTheTable:
    @CLIENTS
    def test_CRDF67_a_member_is_stated_on_by_the_policy(self, start: Start, extension: Json) -> None:
        answer = start(members=(LISTED,), table=True).post(SIGN, json=signed(code="0686T", extension=extension))
        assert stated(answer)["reason"][0]["text"].startswith("Policy 151")
        assert opening(answer) == "Not covered: criterion VI"

    @pytest.mark.parametrize(
        ("members", "code", "gist"),
        [
            ((), "no-member-found", "the plan finds no member with this number"),
            ((OVER,), "no-active-coverage", "no coverage of this plan is active"),
        ],
        ids=["nobody of this number", "an enrollment that is over"],
    )
    @CLIENTS
    def test_resp_44_resp_45_who_is_no_member_or_none_any_more_is_told_so(
        self, start: Start, members: tuple[Member, ...], code: str, gist: str, extension: Json
    ) -> None:
        answer = start(members=members, table=True).post(SIGN, json=signed(extension=extension))
        said = stated(answer)
        assert (said["covered"], said["coverage"]) == (["not-covered"], [{"reference": "Coverage/c1"}])
        assert codes(said) == ([code] if extension == V2_2 else [])
        assert not {"pa-needed", "doc-needed", "info-needed", "questionnaire"} & said.keys()
        assert opening(answer) == f"Could not be determined: {gist}"
        assert determinations(answer)[0]["advisory"] == "missing-documentation"

    def test_resp_45_a_member_with_two_plans_and_a_coverage_that_tells_none_is_not_resolved(self, start: Start) -> None:
        client = start(members=(LISTED, OTHER_PLAN), table=True)
        assert codes(stated(client.post(SIGN, json=signed(coverage={"class": None})))) == ["coverage-not-found"]
        assert "auth-needed" in stated(client.post(SIGN, json=signed()))["pa-needed"]

    def test_pa_needed_is_that_of_the_plan_the_payer_lists(self, start: Start) -> None:
        client = start(members=(OTHER_PLAN,), table=True)
        assert stated(client.post(SIGN, json=signed()))["pa-needed"] == ["no-auth"]

    @pytest.mark.parametrize(("version", "word"), [(V2_0, "conditional"), (V2_2, "indeterminate")])
    def test_a_coverage_without_a_number_is_open(self, start: Start, version: Json, word: str) -> None:
        answer = start(table=True).post(SIGN, json=signed(coverage={"subscriberId": None}, extension=version))
        assert stated(answer)["covered"] == [word]
        assert "member number" in opening(answer)

    def test_orders_outside_every_policy_are_told_so_too_without_a_card(self, start: Start) -> None:
        answer = start(table=True).post(SIGN, json=signed(code="99213"))
        assert codes(stated(answer)) == ["no-member-found"]
        assert answer.get_json()["cards"] == []

    def test_the_patients_own_number_is_taken_from_prefetch(self, start: Start) -> None:
        body = signed(coverage={"subscriberId": None})
        client = start(members=(LISTED,), table=True)
        known = patient(body, identifier=[{"type": MB, "value": MEMBER}])
        assert "auth-needed" in stated(client.post(SIGN, json=known))["pa-needed"]
        assert codes(stated(client.post(SIGN, json=patient(signed(coverage={"subscriberId": "W1"}))))) == [
            "no-member-found"
        ]


class TestWhatCannotBeRead:
    @pytest.fixture
    def down(self, url: str) -> Any:
        payers: Any = (PAYER,)
        gone = "postgresql://nobody@127.0.0.1:9/none"
        return create_app(Settings(auth="off", today=TODAY, payers=payers, members="table", database_url=gone))

    @pytest.mark.parametrize(
        ("version", "word", "coded"), [(V2_0, "conditional", []), (V2_2, "indeterminate", ["technical"])]
    )
    def test_resp_43_a_directory_that_is_down_denies_nothing(
        self, down: Any, version: Json, word: str, coded: list[str]
    ) -> None:
        answer = down.test_client().post(SIGN, json=signed(extension=version))
        said = stated(answer)
        assert (said["covered"], said["pa-needed"], codes(said)) == ([word], [word], coded)
        assert said["reason"][0]["text"]
        assert opening(answer) == "Could not be determined: whether coverage is active could not be read"

    @pytest.mark.parametrize(
        ("status", "code"), [(200, "no-member-found"), (500, "technical"), (404, "no-member-found")]
    )
    def test_a_patient_that_was_not_sent_is_read_and_one_that_fails_leaves_it_open(
        self, start: Start, status: int, code: str
    ) -> None:
        client = start(table=True, fhir_servers=(EHR,))
        with responses.RequestsMock() as mock:
            mock.get(f"{EHR}/Patient", json=searchset(PATIENT), status=status)
            said = stated(client.post(SIGN, json=signed(code="0686T") | {"fhirServer": EHR}))
            asked = [str(one.request.url) for one in mock.calls]
        assert codes(said) == [code]
        assert asked == [f"{EHR}/Patient?_id=p1"]

    def test_a_patient_whose_prefetch_failed_leaves_it_open(self, start: Start) -> None:
        body = signed()
        body["prefetch"]["patient"] = {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
        assert codes(stated(start(table=True).post(SIGN, json=body))) == ["technical"]

    def test_by_default_nothing_of_the_patient_is_read(self, start: Start) -> None:
        with responses.RequestsMock() as mock:
            answer = start(fhir_servers=(EHR,)).post(SIGN, json=signed(code="0686T") | {"fhirServer": EHR})
            assert len(mock.calls) == 0
        assert stated(answer)["covered"] == ["not-covered"]


class TestCoverageThatIsNotActive:
    """Contract, no Coverage of ours: one of ours that is over is of ours, so declaring clients get no 400 (B9)."""

    @pytest.mark.parametrize(
        "more",
        [{"period": {"end": "2026-01-31"}}, {"period": {"start": "2026-12-01"}}, {"status": "cancelled"}],
        ids=["ended", "not begun", "canceled"],
    )
    @CLIENTS
    def test_resp_45_one_of_ours_that_is_over_is_stated_on(self, start: Start, more: Json, extension: Json) -> None:
        answer = start().post(SIGN, json=signed(coverage=more, extension=extension))
        said = stated(answer)
        assert (said["covered"], said["coverage"]) == (["not-covered"], [{"reference": "Coverage/c1"}])
        assert codes(said) == (["no-active-coverage"] if extension == V2_2 else [])
        assert opening(answer) == "Could not be determined: no coverage of this plan is active"

    def test_one_found_on_the_server_is_stated_on_as_well(self, start: Start) -> None:
        body = signed(code="0686T") | {"fhirServer": EHR, "prefetch": {}}
        with responses.RequestsMock() as mock:
            mock.get(f"{EHR}/Coverage", json=searchset(COVERAGE | {"period": {"end": "2026-01-31"}}))
            said = stated(start(fhir_servers=(EHR,)).post(SIGN, json=body))
        assert codes(said) == ["no-active-coverage"]

    def test_another_payers_coverage_is_a_400_for_who_declares_and_a_card_for_who_does_not(self, start: Start) -> None:
        client, theirs = start(), {"payor": [{"display": "Another"}], "status": "cancelled"}
        assert client.post(SIGN, json=signed(coverage=theirs)).status_code == 400
        plain = client.post(SIGN, json=signed(code="0686T", coverage=theirs, extension=PLAIN))
        assert actions(plain) == []
        assert opening(plain) == "Not covered: criterion VI"
        assert "Coverage was not checked" in plain.get_json()["cards"][0]["detail"]

    def test_with_an_active_one_beside_it_the_policy_speaks(self, start: Start) -> None:
        both = (COVERAGE | {"id": "c0", "status": "cancelled"}, COVERAGE)
        answer = start().post(SIGN, json=call(order("0686T"), coverages=both, extension=V2_2))
        assert stated(answer)["coverage"] == [{"reference": "Coverage/c1"}]

    def test_two_that_are_over_are_no_reason_to_refuse_the_call(self, start: Start) -> None:
        over = COVERAGE | {"status": "cancelled"}
        body = call(order("0686T"), coverages=(over, over | {"id": "c2"}), extension=V2_2)
        answer = start(several_coverages="refuse").post(SIGN, json=body)
        (action,) = actions(answer)
        assert len(action["resource"]["extension"]) == 2

    def test_of_several_active_ones_the_card_says_that_coverage_is_not_resolved(self, start: Start) -> None:
        body = call(order("0686T"), coverages=(COVERAGE, COVERAGE | {"id": "c2"}), extension=V2_2)
        (card,) = coverage_cards(start().post(SIGN, json=body))
        assert "the plan states coverage as not resolved" in card["detail"]
