"""A batch of searches: what is asked, and what its answer says of each search - never more than a search by itself."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from fhir_mappings.capabilities import NOT_KNOWN, Capabilities
from fhir_mappings.paging import Arrived
from fhir_mappings.reads import TOO_LARGE, Query, Read
from fhir_mappings.search_batch import batch_of, read_answers
from tests.conftest import Json, searchset
from tests.fhir_mappings.building import condition

CONDITIONS = Query("conditions", "Condition", "Condition?patient=p-1")
PROCEDURES = Query("procedures", "Procedure", "Procedure?patient=p-1")
BOTH = (CONDITIONS, PROCEDURES)
FOUND = searchset(condition("icd C22.0", id="c-1"))
NONE = searchset()
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


def answered(resource: Any = None, status: Any = "200 OK", **more: Any) -> Json:
    found = {} if resource is None else {"resource": resource}
    return {**found, "response": {"status": status}, **more}


def batch(*entries: Any, **more: Any) -> bytes:
    return json.dumps({"resourceType": "Bundle", "type": "batch-response", "entry": entries, **more}).encode()


def read(*entries: Any, said: Capabilities = NOT_KNOWN, **more: Any) -> dict[str, Read | Arrived]:
    return read_answers(batch(*entries, **more), BOTH, said)


def test_each_search_is_an_entry_and_no_patient_is_in_a_url() -> None:
    assert json.loads(batch_of(BOTH)) == {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [{"request": {"method": "GET", "url": query.text}} for query in BOTH],
    }


def test_each_entry_is_the_first_page_of_the_search_in_its_place() -> None:
    text = json.dumps(FOUND)
    found = read(answered(FOUND), answered(NONE))
    conditions, procedures = found["conditions"], found["procedures"]
    assert isinstance(conditions, Arrived)
    assert isinstance(procedures, Arrived)
    assert [(bytes(r.text), r.place) for r in conditions.page.resources] == [
        (json.dumps(FOUND["entry"][0]["resource"]).encode(), "conditions page 1.entry[0].resource")
    ]
    assert conditions.size == len(text)
    assert procedures.page.resources == ()


@pytest.mark.parametrize("status", ["200", "200 OK", "200 Found them"])
def test_the_phrase_behind_a_status_does_not_matter(status: str) -> None:
    assert set(read(answered(FOUND, status), answered(NONE, status))) == {"conditions", "procedures"}


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_search_that_is_refused_is_refused_as_by_itself(status: int) -> None:
    found = read(answered(FOUND), answered(status=f"{status} Said"))
    assert found["procedures"] == Read(failure=f"HTTP status {status}", is_refused=True)


@pytest.mark.parametrize("status", [201, 204, 302, 409, 429])
def test_any_other_status_is_a_failed_read_as_by_itself(status: int) -> None:
    assert read(answered(FOUND), answered(NONE, f"{status} Said"))["procedures"] == Read(
        failure=f"HTTP status {status}"
    )


@pytest.mark.parametrize("status", [404, 405, 410])
@pytest.mark.parametrize(
    ("types", "is_believed"), [({"Condition"}, True), ({"Condition", "Procedure"}, False), (set(), False)]
)
def test_that_a_type_is_not_there_is_believed_of_one_the_server_does_not_list(
    status: int, types: set[str], is_believed: bool
) -> None:
    """Not offered means that there is none of it: a batch that reaches less than a search must not say so."""
    found = read(answered(FOUND), answered(status=f"{status} Said"), said=Capabilities(types=frozenset(types)))
    not_there = Read(failure=f"HTTP status {status}", is_not_offered=True)
    assert found.get("procedures") == (not_there if is_believed else None)


@pytest.mark.parametrize(
    "entry",
    [
        *(
            answered(NONE, status)
            for status in ("500 Error", "501 No", "503 Busy", "", "OK", "20", "2000", "100 Go on")
        ),
        answered(OUTCOME),
        answered(searchset(OUTCOME)),
    ],
    ids=str,
)
def test_an_entry_that_answers_nothing_leaves_its_search_to_be_asked_by_itself(entry: Json) -> None:
    assert set(read(answered(FOUND), entry)) == {"conditions"}


BROKEN: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "html": lambda: b"<html>login</html>",
    "null": lambda: b"null",
    "cut off": lambda: batch(answered(FOUND), answered(NONE))[:-2],
    "too deep": lambda: b'{"resourceType": "Bundle", "type": "batch-response", "entry": ' + b"[" * 100_000,
    "another resource": lambda: json.dumps(OUTCOME).encode(),
    "no type": lambda: batch(answered(FOUND), answered(NONE), type=""),
    "a searchset": lambda: batch(answered(FOUND), answered(NONE), type="searchset"),
    "no entries": batch,
    "null for entries": lambda: batch(entry=None),
    "one entry less": lambda: batch(answered(FOUND)),
    "one entry more": lambda: batch(answered(FOUND), answered(NONE), answered(NONE)),
    "an entry that is none": lambda: batch(answered(FOUND), None),
    "an entry without a response": lambda: batch(answered(FOUND), {"resource": NONE}),
    "a response without a status": lambda: batch(answered(FOUND), {"resource": NONE, "response": {}}),
    "a status that is a number": lambda: batch(answered(FOUND), answered(NONE, 200)),
    "an entry without a resource": lambda: batch(answered(FOUND), answered()),
    "null for a resource": lambda: batch(answered(FOUND), {"resource": None, "response": {"status": "200 OK"}}),
    "a list for a resource": lambda: batch(answered(FOUND), answered([NONE])),
    "another type's matches": lambda: batch(answered(FOUND), answered(FOUND)),
    "entries in another order": lambda: batch(answered(NONE), answered(FOUND)),
    "every entry failed": lambda: batch(answered(status="500 Error"), answered(status="500 Error")),
    "every entry refused: it takes writes only": lambda: batch(*[answered(status="400 Bad Request")] * 2),
    "every entry unknown: it has other URLs": lambda: batch(*[answered(status="404 Not Found")] * 2),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_an_answer_that_cannot_be_believed_says_nothing_of_any_search(broken: str) -> None:
    """Conditions in the place of procedures: then the empty page in their own place is not theirs."""
    assert read_answers(BROKEN[broken](), BOTH, Capabilities(types=frozenset({"Patient"}))) == {}


def test_a_search_that_brings_too_much_does_not_cost_the_others_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fhir_mappings.search_batch.MAX_SEARCH_BYTES", len(json.dumps(NONE)))
    found = read(answered(FOUND), answered(NONE))
    assert found["conditions"] == Read(failure=TOO_LARGE)
    assert isinstance(found["procedures"], Arrived)
