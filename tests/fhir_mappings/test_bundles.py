"""Prefetch values and search answers: complete, partial, failed or malformed (cds-hooks R7, R16, R17)."""

import json
from typing import Any

import msgspec
import pytest

from fhir_mappings.bundles import Arrival, Page, read_page
from tests.fhir_mappings.building import condition

NEXT = [{"relation": "self", "url": "x"}, {"relation": "next", "url": "https://ehr.example/fhir?page=2"}]


def outcome(severity: str) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "processing"}]}


def bundle(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": r} for r in resources], **more}


def page(value: Any) -> Page:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_page(msgspec.Raw(text), "Condition", "prefetch.conditions")


ONE, TWO = condition("icd C22.0", id="1"), condition("icd C78.7", id="2")


@pytest.mark.parametrize(
    ("value", "arrival", "count"),
    [
        pytest.param(b"null", Arrival.COMPLETE, 0, id="null: a search without matches"),
        pytest.param(b" null\n", Arrival.COMPLETE, 0, id="null with blanks"),
        pytest.param(bundle(), Arrival.COMPLETE, 0, id="an empty Bundle"),
        pytest.param({"resourceType": "Bundle"}, Arrival.COMPLETE, 0, id="a Bundle without entries"),
        pytest.param({"resourceType": "Bundle", "entry": None}, Arrival.COMPLETE, 0, id="entries null"),
        pytest.param(bundle(total=0), Arrival.COMPLETE, 0, id="a total of none"),
        pytest.param(bundle(ONE, TWO), Arrival.COMPLETE, 2, id="two matches"),
        pytest.param(bundle(ONE, TWO, total=2), Arrival.COMPLETE, 2, id="as many as counted"),
        pytest.param(bundle(ONE, TWO, total=1), Arrival.COMPLETE, 2, id="more than counted"),
        pytest.param(bundle(ONE, TWO, type="collection"), Arrival.COMPLETE, 2, id="a Bundle of another kind"),
        pytest.param(bundle(ONE, link=NEXT[:1]), Arrival.COMPLETE, 1, id="a link to itself"),
        pytest.param(bundle(ONE, link=NEXT), Arrival.PARTIAL, 1, id="a next page"),
        pytest.param(bundle(ONE, total=2), Arrival.PARTIAL, 1, id="fewer than counted"),
        pytest.param(bundle(total=3), Arrival.PARTIAL, 0, id="counted, and none sent"),
        pytest.param(ONE, Arrival.COMPLETE, 1, id="a single resource of the type"),
        pytest.param(outcome("error"), Arrival.FAILED, 0, id="an OperationOutcome"),
        pytest.param(
            outcome("information"), Arrival.FAILED, 0, id="an OperationOutcome instead of a Bundle, whatever it says"
        ),
        pytest.param(bundle(ONE, outcome("error")), Arrival.FAILED, 1, id="an error among the entries"),
        pytest.param(bundle(ONE, outcome("fatal")), Arrival.FAILED, 1, id="a fatal error among the entries"),
        pytest.param(bundle(ONE, outcome("warning")), Arrival.COMPLETE, 1, id="a warning among the entries"),
        pytest.param(bundle(ONE, outcome("information")), Arrival.COMPLETE, 1, id="an unknown parameter was ignored"),
        pytest.param({"resourceType": "Patient", "id": "x"}, Arrival.MALFORMED, 0, id="a resource of another type"),
        pytest.param({}, Arrival.MALFORMED, 0, id="an empty object"),
        pytest.param([], Arrival.MALFORMED, 0, id="a list"),
        pytest.param("Bundle", Arrival.MALFORMED, 0, id="a string"),
        pytest.param(7, Arrival.MALFORMED, 0, id="a number"),
        pytest.param(b"", Arrival.MALFORMED, 0, id="nothing"),
        pytest.param(b'{"resourceType": "Bundle", "entry": [', Arrival.MALFORMED, 0, id="cut off"),
        pytest.param({"resourceType": "Bundle", "entry": {}}, Arrival.MALFORMED, 0, id="entries as an object"),
        pytest.param({"resourceType": "Bundle", "total": "2"}, Arrival.MALFORMED, 0, id="a total as a string"),
        pytest.param(b"<Bundle/>", Arrival.MALFORMED, 0, id="XML"),
        pytest.param(
            b'{"resourceType": "Bundle", "entry": ["\xff"]}', Arrival.COMPLETE, 1, id="an entry of another encoding"
        ),
        pytest.param(b'{"resourceType": "B\xffndle"}', Arrival.MALFORMED, 0, id="another encoding"),
    ],
)
def test_what_a_value_turns_out_to_be(value: Any, arrival: Arrival, count: int) -> None:
    found = page(value)
    assert (found.arrival, len(found.resources)) == (arrival, count)


def test_the_next_page_is_named() -> None:
    assert page(bundle(ONE, link=NEXT)).next_url == "https://ehr.example/fhir?page=2"
    assert page(bundle(ONE)).next_url == ""


def test_entries_are_left_as_raw_json_with_their_place_and_full_url() -> None:
    value = {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:uuid:a", "resource": ONE}, {"resource": TWO}]}
    found = page(value).resources
    assert [json.loads(bytes(r.text)) for r in found] == [ONE, TWO]
    assert [r.full_url for r in found] == ["urn:uuid:a", ""]
    assert [r.place for r in found] == [
        "prefetch.conditions.entry[0].resource",
        "prefetch.conditions.entry[1].resource",
    ]


@pytest.mark.parametrize("entry", ["x", 7, None, {"resource": ONE, "fullUrl": 7}, {"resource": ONE, "search": "match"}])
def test_one_malformed_entry_is_kept_as_unreadable_and_the_rest_is_read(entry: Any) -> None:
    found = page({"resourceType": "Bundle", "total": 2, "entry": [entry, {"resource": TWO}]})
    assert found.arrival is Arrival.COMPLETE
    assert bytes(found.resources[0].text) == b""
    assert json.loads(bytes(found.resources[1].text)) == TWO
    more = {"resourceType": "Bundle", "total": 3, "entry": [entry, {"resource": TWO}]}
    assert page(more).arrival is Arrival.PARTIAL


def test_an_entry_without_a_resource_is_unreadable() -> None:
    assert [bytes(r.text) for r in page({"resourceType": "Bundle", "entry": [{}]}).resources] == [b""]


def test_a_resource_that_mentions_an_operation_outcome_is_none() -> None:
    noted = ONE | {"note": [{"text": "OperationOutcome"}], "contained": [outcome("error")]}
    found = page(bundle(noted))
    assert (found.arrival, len(found.resources)) == (Arrival.COMPLETE, 1)


def test_an_unreadable_entry_beside_a_warning_is_no_warning() -> None:
    found = page(bundle(outcome("warning"), "x", {"resourceType": 7}))
    assert (found.arrival, len(found.resources)) == (Arrival.COMPLETE, 2)


def test_included_resources_do_not_count_as_matches() -> None:
    entries = [{"resource": ONE, "search": {"mode": "match"}}, {"resource": TWO, "search": {"mode": "include"}}]
    assert page({"resourceType": "Bundle", "total": 2, "entry": entries}).arrival is Arrival.PARTIAL
    assert page({"resourceType": "Bundle", "total": 1, "entry": entries}).arrival is Arrival.COMPLETE


def test_a_server_that_counts_its_warning_among_the_total_is_believed() -> None:
    """Bundle.total counts matches; some servers count every entry. A missing page still shows by its next link."""
    entries = [
        {"resource": ONE, "search": {"mode": "match"}},
        {"resource": outcome("information"), "search": {"mode": "outcome"}},
    ]
    assert page({"resourceType": "Bundle", "total": 2, "entry": entries}).arrival is Arrival.COMPLETE
    assert page({"resourceType": "Bundle", "total": 3, "entry": entries}).arrival is Arrival.PARTIAL


def test_json_nested_beyond_reason_is_malformed() -> None:
    deep = b'{"resourceType": "Bundle", "entry": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert page(deep).arrival is Arrival.MALFORMED
