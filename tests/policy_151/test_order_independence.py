"""One record, one determination: whatever the order it comes in, in how many pages, and by which way."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.policy_151.conftest import Ask, Determinations, determinations
from tests.policy_151.patients import (
    KEYS,
    PATIENT,
    TODAY,
    Json,
    bundle,
    chart_of,
    orders_of,
    prefetch_of,
    request_body,
    request_of,
)  # fmt: skip
from tests.policy_151.table import Case, cases

EHR: Final = "https://ehr.example/fhir"
EVERY_CASE: Final = [pytest.param(case, id=case.name) for case in cases()]
VECTORS: Final = [pytest.param(case, id=case.name) for case in cases() if case.vector]
REFUSED: Final = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


def shuffled(body: Json, seed: int) -> Json:
    """The same request with every list of the record in another order."""
    chance = random.Random(seed)
    prefetch = {}
    for key in chance.sample(sorted(body["prefetch"]), len(body["prefetch"])):
        entries = [_with_items_shuffled(entry, chance) for entry in body["prefetch"][key]["entry"]]
        prefetch[key] = {**body["prefetch"][key], "entry": chance.sample(entries, len(entries))}
    return {**body, "prefetch": prefetch}


def _with_items_shuffled(entry: Json, chance: random.Random) -> Json:
    resource = dict(entry["resource"])
    for element in ("item", "component", "extension"):
        if element in resource:
            resource[element] = chance.sample(resource[element], len(resource[element]))
    return {**entry, "resource": resource}


@pytest.fixture(scope="module")
def whole(judged: list[tuple[Case, Determinations]]) -> dict[str, Determinations]:
    """What the service says of each case when it has the whole record."""
    return {case.name: found for case, found in judged}


@pytest.mark.parametrize("case", EVERY_CASE)
def test_the_order_of_the_record_does_not_matter(case: Case, ask: Ask, whole: dict[str, Determinations]) -> None:
    body = request_of(case.facts)
    for seed in (1, 2):
        assert ask(shuffled(body, seed)) == whole[case.name]


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in cases() if len(c.lines) > 1])
def test_the_order_of_the_draft_orders_does_not_matter(case: Case, ask: Ask) -> None:
    body = request_of(case.facts)
    as_written = ask(body)
    body["context"]["draftOrders"]["entry"].reverse()
    assert ask(body) == as_written


@pytest.mark.parametrize("case", VECTORS)
def test_a_resource_that_comes_twice_counts_once(case: Case, ask: Ask) -> None:
    chart = chart_of(case.facts)
    orders = orders_of(case.facts, chart)
    twice = request_body(orders, prefetch_of(chart.resources + chart.resources))
    assert ask(twice) == ask(request_body(orders, prefetch_of(chart.resources)))


class Ehr:
    """A FHIR server that holds one patient's chart and answers in pages, with the total of the search or without."""

    def __init__(self, resources: list[Json], page_size: int, with_total: bool) -> None:
        self.resources = resources
        self.page_size = page_size
        self.with_total = with_total
        self.asked: set[str] = set()

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(str(request.url))
        kind, query = parts.path.rsplit("/", 1)[1], parse_qs(parts.query)
        assert query["patient"] == [PATIENT]
        self.asked.add(kind)
        mine = [one for one in self.resources if one["resourceType"] == kind]
        first = int(query.get("from", ["0"])[0])
        page = bundle(mine[first : first + self.page_size])
        del page["total"]
        page |= {"total": len(mine)} if self.with_total else {}
        if first + self.page_size < len(mine):
            rest = f"{EHR}/{kind}?patient={PATIENT}&from={first + self.page_size}"
            page["link"] = [{"relation": "next", "url": rest}]
        return 200, {"Content-Type": "application/fhir+json"}, responses.json_module.dumps(page)


@pytest.fixture
def network() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture(scope="module")
def reading_service() -> FlaskClient:
    """The service, allowed to read from the EHR."""
    settings = Settings(auth="off", today=date(TODAY.year, TODAY.month, TODAY.day), fhir_servers=(EHR,))
    return create_app(settings).test_client()


def holds(
    network: responses.RequestsMock, resources: list[Json], page_size: int = 1000, with_total: bool = False
) -> Ehr:
    ehr = Ehr(resources, page_size, with_total)
    for kind in KEYS:
        network.add_callback(responses.GET, f"{EHR}/{kind}", callback=ehr.answer)
    return ehr


def readable(body: Json) -> Json:
    return {**body, "fhirServer": EHR}


@pytest.mark.parametrize("page_size", [1000, 2, 1])
@pytest.mark.parametrize("case", VECTORS)
def test_no_prefetch_reads_the_same_from_the_ehr_page_by_page(
    case: Case, page_size: int, ask: Ask, reading_service: FlaskClient, network: responses.RequestsMock
) -> None:
    chart = chart_of(case.facts)
    orders = orders_of(case.facts, chart)
    holds(network, chart.resources, page_size)
    by_ehr = determinations(reading_service, readable(request_body(orders, None)))
    assert by_ehr == ask(request_body(orders, prefetch_of(chart.resources)))


def test_pages_that_each_carry_the_total_of_the_whole_search(
    ask: Ask, reading_service: FlaskClient, network: responses.RequestsMock
) -> None:
    case = next(case for case in cases() if case.vector == 3)
    chart = chart_of(case.facts)
    orders = orders_of(case.facts, chart)
    holds(network, chart.resources, page_size=2, with_total=True)
    by_ehr = determinations(reading_service, readable(request_body(orders, None)))
    assert by_ehr == ask(request_body(orders, prefetch_of(chart.resources)))


@pytest.mark.parametrize("key", sorted(KEYS.values()))
@pytest.mark.parametrize("case", VECTORS)
def test_a_key_that_is_left_out_is_read_from_the_ehr(
    case: Case, key: str, ask: Ask, reading_service: FlaskClient, network: responses.RequestsMock
) -> None:
    body = request_of(case.facts)
    whole = ask(body)
    ehr = holds(network, chart_of(case.facts).resources)
    del body["prefetch"][key]
    assert determinations(reading_service, readable(body)) == whole
    assert {KEYS[kind] for kind in ehr.asked} <= {key}


@pytest.mark.parametrize("case", VECTORS)
def test_a_first_page_in_prefetch_is_read_to_its_end_from_the_ehr(
    case: Case, ask: Ask, reading_service: FlaskClient, network: responses.RequestsMock
) -> None:
    body = request_of(case.facts)
    whole = ask(body)
    holds(network, chart_of(case.facts).resources, page_size=2)
    for kind, key in KEYS.items():
        entries = body["prefetch"][key]["entry"]
        if len(entries) > 1:
            rest = {"relation": "next", "url": f"{EHR}/{kind}?patient={PATIENT}&from=1"}
            body["prefetch"][key] = {**body["prefetch"][key], "entry": entries[:1], "link": [rest]}
    assert determinations(reading_service, readable(body)) == whole


def each_case_with(*keys: str) -> list[Any]:
    """Each case with each key that brings something of it, and each vector with each key."""
    chosen = ((case, key) for case in cases() for key in keys if case.vector or key in _brought(case))
    return [pytest.param(case, key, id=f"{case.name}-{key}") for case, key in chosen]


def _brought(case: Case) -> set[str]:
    return {KEYS[one["resourceType"]] for one in chart_of(case.facts).resources}


@pytest.mark.parametrize(("case", "key"), each_case_with("conditions", "observations", "procedures"))
def test_a_core_key_that_cannot_be_read_decides_nothing(
    case: Case, key: str, ask: Ask, whole: dict[str, Determinations]
) -> None:
    """Contract 4: the rest is unread, not empty. What does not hang on it is answered as ever."""
    body = request_of(case.facts)
    del body["prefetch"][key]
    assert_no_other_answer(ask(body), whole[case.name])


@pytest.mark.parametrize(("case", "key"), each_case_with(*sorted(set(KEYS.values()) - {"coverage"})))
def test_a_failed_read_is_not_an_empty_one(case: Case, key: str, ask: Ask, whole: dict[str, Determinations]) -> None:
    """Contract 4: a prefetch value that is an OperationOutcome."""
    body = request_of(case.facts)
    body["prefetch"][key] = REFUSED
    assert_no_other_answer(ask(body), whole[case.name])


def assert_no_other_answer(found: dict[str, Any], whole: dict[str, Any]) -> None:
    """Each order is answered as from the whole record, or not at all."""
    assert found.keys() >= whole.keys()
    assert all(_outcome(found, order) in (_outcome(whole, order), "undetermined") for order in found)


def _outcome(found: dict[str, Any], order: str) -> str:
    one = found.get(order, {"outcome": "no card"})
    return str(one.get("advisory", one["outcome"]))
