"""Gathering: prefetch first, the rest from the EHR, each type known to be whole, missing or not offered."""

import json
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import responses

from fhir_mappings.client import FhirClient
from fhir_mappings.gathering import Held, Source, deadline_in, gather, server_read
from fhir_mappings.prefetch import CLINICAL, Search
from fhir_mappings.reads import DEADLINE_PASSED, Access, Read
from fhir_mappings.record import PatientRecord, Retrieved, ServerRead
from tests.fhir_mappings.building import PATIENT, condition, form, raw

BASE = "https://ehr.example/fhir"
CORE = Search("conditions", "Condition", "Condition?patient={{context.patientId}}")
EXTRA = Search("imagingStudies", "ImagingStudy", "ImagingStudy?patient={{context.patientId}}")


@pytest.fixture
def ehr() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture(scope="module")
def client() -> FhirClient:
    return FhirClient(threads=4)


def bundle(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": r} for r in resources], **more}


def resource_of(search: Search, identity: str = "1") -> dict[str, Any]:
    return condition("icd C22.0", id=identity) | {"resourceType": search.resource_type}


def gathered(client: FhirClient, search: Search, *, sent: Any = ..., may_ask: bool = True) -> PatientRecord:
    """`sent` is the prefetch value, bytes as they are; left out, the key is absent."""
    text = sent if isinstance(sent, bytes) else json.dumps(sent).encode() if sent is not ... else b""
    prefetch = {} if sent is ... else {search.key: msgspec.Raw(text)}
    access = Access(BASE, "token") if may_ask else None
    return gather(Source(PATIENT, prefetch, access, deadline_in(30)), (search,), client)


def state(record: PatientRecord, search: Search) -> tuple[int, str, bool]:
    kind = search.resource_type
    return len(record.of_type(kind)), record.unread.get(kind, ""), kind in record.unavailable


OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
NOT_SENT = "it was not sent and cannot be asked for"


@pytest.mark.parametrize("search", [CORE, EXTRA], ids=["core", "supplementary"])
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(None, id="null"),
        pytest.param(bundle(), id="an empty Bundle"),
        pytest.param(bundle(total=0), id="none"),
    ],
)
def test_what_was_sent_as_empty_is_empty_and_not_asked_again(
    ehr: responses.RequestsMock, client: FhirClient, search: Search, sent: Any
) -> None:
    assert state(gathered(client, search, sent=sent), search) == (0, "", False)
    assert len(ehr.calls) == 0


@pytest.mark.parametrize("search", [CORE, EXTRA], ids=["core", "supplementary"])
def test_what_was_sent_whole_is_not_asked_again(
    ehr: responses.RequestsMock, client: FhirClient, search: Search
) -> None:
    assert state(gathered(client, search, sent=bundle(resource_of(search))), search) == (1, "", False)
    assert len(ehr.calls) == 0


@pytest.mark.parametrize("search", [CORE, EXTRA], ids=["core", "supplementary"])
@pytest.mark.parametrize("may_ask", [True, False], ids=["with a server", "without"])
def test_a_query_the_client_could_not_run_is_unread_and_not_asked_again(
    ehr: responses.RequestsMock, client: FhirClient, search: Search, may_ask: bool
) -> None:
    record = gathered(client, search, sent=OUTCOME, may_ask=may_ask)  # cds-hooks R16
    assert state(record, search) == (0, "the client's own query failed", False)
    assert len(ehr.calls) == 0


@pytest.mark.parametrize("search", [CORE, EXTRA], ids=["core", "supplementary"])
@pytest.mark.parametrize(
    "sent",
    [pytest.param(..., id="an absent key"), pytest.param({}, id="an empty object"), pytest.param(b"{", id="cut off"),
     pytest.param({"resourceType": "Patient"}, id="another resource"), pytest.param("x", id="a string")],
)  # fmt: skip
class TestWhatWasNotSent:
    def test_it_is_asked_for(self, ehr: responses.RequestsMock, client: FhirClient, search: Search, sent: Any) -> None:
        ehr.get(f"{BASE}/{search.resource_type}", json=bundle(resource_of(search)))
        assert state(gathered(client, search, sent=sent), search) == (1, "", False)
        assert ehr.calls[0].request.url == f"{BASE}/{search.resource_type}?patient={PATIENT}"
        assert ehr.calls[0].request.headers["Authorization"] == "Bearer token"

    def test_a_server_that_does_not_offer_it(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search, sent: Any
    ) -> None:
        ehr.get(f"{BASE}/{search.resource_type}", status=404)
        found = state(gathered(client, search, sent=sent), search)
        assert found == ((0, "HTTP status 404", False) if search.is_core else (0, "", True))

    def test_a_server_that_does_not_let_us_search_it(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search, sent: Any
    ) -> None:
        ehr.get(f"{BASE}/{search.resource_type}", status=403)
        record = gathered(client, search, sent=sent)
        assert state(record, search) == ((0, "HTTP status 403", False) if search.is_core else (0, "", False))
        assert record.withheld == ({} if search.is_core else {search.resource_type: "HTTP status 403"})
        assert record.with_withheld_unread().unread == {search.resource_type: "HTTP status 403"}

    def test_a_server_that_fails(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search, sent: Any
    ) -> None:
        ehr.get(f"{BASE}/{search.resource_type}", status=500)
        assert state(gathered(client, search, sent=sent), search) == (0, "HTTP status 500", False)

    def test_no_server_to_ask(self, ehr: responses.RequestsMock, client: FhirClient, search: Search, sent: Any) -> None:
        found = state(gathered(client, search, sent=sent, may_ask=False), search)
        assert found == ((0, NOT_SENT, False) if search.is_core else (0, "", True))
        assert len(ehr.calls) == 0


@pytest.mark.parametrize("search", [CORE, EXTRA], ids=["core", "supplementary"])
class TestWhatWasSentInPart:
    def first_page(self, search: Search, next_url: str = "", **more: Any) -> dict[str, Any]:
        link = {"link": [{"relation": "next", "url": next_url}]} if next_url else {}
        return bundle(resource_of(search, "1"), **link, **more)

    def test_the_next_page_is_asked_for(self, ehr: responses.RequestsMock, client: FhirClient, search: Search) -> None:
        ehr.get(f"{BASE}/page2", json=bundle(resource_of(search, "2")))
        record = gathered(client, search, sent=self.first_page(search, f"{BASE}/page2"))
        assert state(record, search) == (2, "", False)
        assert len(ehr.calls) == 1

    def test_the_total_of_the_whole_search_stands_on_the_next_page_too(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search
    ) -> None:
        ehr.get(f"{BASE}/page2", json=bundle(resource_of(search, "2"), total=2))
        record = gathered(client, search, sent=self.first_page(search, f"{BASE}/page2", total=2))
        assert state(record, search) == (2, "", False)

    @pytest.mark.parametrize("next_url", ["", "https://other.example/page2"], ids=["no next page", "a page elsewhere"])
    def test_where_the_next_page_cannot_be_asked_for_the_whole_search_is_run(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search, next_url: str
    ) -> None:
        ehr.get(f"{BASE}/{search.resource_type}", json=bundle(resource_of(search, "1"), resource_of(search, "2")))
        record = gathered(client, search, sent=self.first_page(search, next_url, total=2))
        assert state(record, search) == (2, "", False)
        assert [c.request.url for c in ehr.calls] == [f"{BASE}/{search.resource_type}?patient={PATIENT}"]

    def test_a_server_that_fails_leaves_it_unread_with_the_part_that_was_sent(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search
    ) -> None:
        ehr.get(f"{BASE}/page2", status=500)
        record = gathered(client, search, sent=self.first_page(search, f"{BASE}/page2"))
        assert state(record, search) == (1, "HTTP status 500", False)

    def test_without_a_server_it_is_unread_with_the_part_that_was_sent(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search
    ) -> None:
        record = gathered(client, search, sent=self.first_page(search, f"{BASE}/page2"), may_ask=False)
        assert state(record, search) == (1, "only a part of it was sent", False)
        assert len(ehr.calls) == 0

    def test_a_server_that_does_not_offer_the_rest_leaves_it_unread(
        self, ehr: responses.RequestsMock, client: FhirClient, search: Search
    ) -> None:
        ehr.get(f"{BASE}/page2", status=404)
        record = gathered(client, search, sent=self.first_page(search, f"{BASE}/page2"))
        count, unread, _ = state(record, search)
        assert count == 1
        assert unread


def test_another_patients_resources_are_refused_whoever_sent_them(
    ehr: responses.RequestsMock, client: FhirClient
) -> None:
    stranger = condition("icd C22.0", id="s") | {"subject": {"reference": "Patient/other"}}
    ehr.get(f"{BASE}/Condition", json=bundle(resource_of(CORE), stranger))
    record = gathered(client, CORE)
    assert len(record.of_type("Condition")) == 1
    assert record.notes == ("1 resource(s) of another patient were refused",)
    assert gathered(client, CORE, sent=bundle(stranger)).of_type("Condition") == ()


def test_resources_of_another_type_in_a_bundle_are_kept_under_their_own(
    ehr: responses.RequestsMock, client: FhirClient
) -> None:
    included = resource_of(EXTRA, "i")
    record = gathered(client, CORE, sent=bundle(resource_of(CORE), included))
    assert len(record.of_type("ImagingStudy")) == 1
    assert len(ehr.calls) == 0


def test_the_whole_clinical_record_is_asked_for_at_once(ehr: responses.RequestsMock, client: FhirClient) -> None:
    for search in CLINICAL:
        ehr.get(f"{BASE}/{search.resource_type}", json=bundle(resource_of(search)))
    record = gather(Source(PATIENT, {}, Access(BASE), deadline_in(30)), CLINICAL, client)
    asked = sorted(c.request.url.split("/fhir/")[1].split("?")[0] for c in ehr.calls if c.request.url)
    assert asked == sorted(s.resource_type for s in CLINICAL)
    assert dict(record.unread) == {}


def test_one_failed_search_leaves_the_others_whole(ehr: responses.RequestsMock, client: FhirClient) -> None:
    for search in CLINICAL:
        ehr.get(
            f"{BASE}/{search.resource_type}", status=500 if search.resource_type == "Procedure" else 200, json=bundle()
        )
    record = gather(Source(PATIENT, {}, Access(BASE), deadline_in(30)), CLINICAL, client)
    assert dict(record.unread) == {"Procedure": "HTTP status 500"}


def test_when_the_deadline_has_passed_every_type_asked_for_is_unread(
    ehr: responses.RequestsMock, client: FhirClient
) -> None:
    source = Source(PATIENT, {}, Access(BASE), time.monotonic() - 1)
    record = gather(source, (CORE, EXTRA), client)
    assert dict(record.unread) == dict.fromkeys(("Condition", "ImagingStudy"), "the deadline passed")
    assert len(ehr.calls) == 0


def test_a_patient_id_is_quoted_in_the_query(ehr: responses.RequestsMock, client: FhirClient) -> None:
    ehr.get(f"{BASE}/Condition", json=bundle())
    gather(Source("a&b=c/d", {}, Access(BASE), deadline_in(30)), (CORE,), client)
    assert ehr.calls[0].request.url == f"{BASE}/Condition?patient=a%26b%3Dc%2Fd"


def test_a_deadline_lies_ahead() -> None:
    assert deadline_in(5) > time.monotonic()


def test_a_resource_retracted_since_prefetch_is_gone(ehr: responses.RequestsMock, client: FhirClient) -> None:
    before = resource_of(CORE) | {"meta": {"lastUpdated": "2026-11-24T10:00:00Z"}}
    since = before | {
        "meta": {"lastUpdated": "2026-11-24T10:00:01Z"},
        "verificationStatus": {"coding": [{"code": "entered-in-error"}]},
    }
    ehr.get(f"{BASE}/Condition", json=bundle(since))
    assert gathered(client, CORE, sent=bundle(before, total=2)).of_type("Condition") == ()


class TestHowMuchCame:
    """What the CRD metrics count as `resources` (metric-1)."""

    def test_what_was_sent_and_what_was_read_are_counted_apart(
        self, ehr: responses.RequestsMock, client: FhirClient
    ) -> None:
        ehr.get(f"{BASE}/Condition", json=bundle(resource_of(CORE, "1"), resource_of(CORE, "2"), total=2))
        record = gathered(client, CORE, sent=bundle(resource_of(CORE, "1"), total=2))
        assert record.retrieved == (Retrieved("Condition", 1, True), Retrieved("Condition", 2, False))

    @pytest.mark.parametrize("sent", [None, bundle(), OUTCOME], ids=["null", "empty", "failed"])
    def test_nothing_is_not_counted(self, client: FhirClient, sent: Any) -> None:
        assert gathered(client, CORE, sent=sent, may_ask=False).retrieved == ()


@pytest.mark.parametrize(
    ("read", "result"),
    [
        (Read(), "ok"),
        (Read(failure=DEADLINE_PASSED), "deadline"),
        (Read(failure="HTTP status 403", is_refused=True), "refused"),
        (Read(failure="HTTP status 404", is_not_offered=True), "not-offered"),
        (Read(failure="HTTP status 500"), "failed"),
    ],
)
def test_what_a_search_came_to_is_said_in_one_word(read: Read, result: str) -> None:
    assert server_read("Condition", read) == ServerRead("Condition", result)


def test_a_form_held_here_counts_beside_what_the_ehr_has_and_is_told_of(client: FhirClient) -> None:
    forms = next(search for search in CLINICAL if search.resource_type == "QuestionnaireResponse")
    held = Held((raw(form({}, id="q1"), "QuestionnaireResponse/q1"),))
    source = Source(PATIENT, {forms.key: msgspec.Raw(b"null")}, None, deadline_in(30), held=lambda: held)
    record = gather(source, (forms,), client)
    assert [one.reference for one in record.of_type("QuestionnaireResponse")] == ["QuestionnaireResponse/q1"]
    assert record.notes == ("QuestionnaireResponse/q1 was submitted to this service",)
    assert gather(source, (CORE,), client).of_type("QuestionnaireResponse") == ()


def test_forms_held_here_that_cannot_be_looked_up_are_withheld(client: FhirClient) -> None:
    forms = next(search for search in CLINICAL if search.resource_type == "QuestionnaireResponse")
    held = Held(failure="the database is down")
    source = Source(PATIENT, {forms.key: msgspec.Raw(b"null")}, None, deadline_in(30), held=lambda: held)
    assert gather(source, (forms,), client).withheld == {"QuestionnaireResponse": "the database is down"}


def test_an_entry_of_prefetch_that_cannot_be_read_is_named_by_its_key_and_place(client: FhirClient) -> None:
    record = gathered(client, CORE, sent=bundle(condition("icd C22.0", id="c1"), 7))
    assert record.notes == ("prefetch.conditions.entry[1].resource could not be read and was left out",)
