"""CK01 to CK07: what the service says of itself."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conformance.wire import DISCOVERY, assert_explained, empties
from tests.conftest import EMPTY_RECORD, TODAY, Json, hook_call, order, searchset

PUBLISHED_HOOK_VERSIONS = {
    "order-sign": "1.0",
    "order-select": "1.0",
    "order-dispatch": "1.1",
    "appointment-book": "1.0",
    "encounter-start": "1.0",
    "encounter-discharge": "1.0",
}
PERSON = frozenset({"context.userId", "context.patientId", "context.encounterId"})
CONTEXT_TOKENS = dict.fromkeys(PUBLISHED_HOOK_VERSIONS, PERSON) | {"order-dispatch": frozenset({"context.patientId"})}
USER_TOKENS = {"userPractitionerId", "userPractitionerRoleId", "userPatientId", "userRelatedPersonId"}
TEXTS = ("hook", "id", "description")
OPTIONAL_TEXTS = {"title", "version", "hookVersion", "usageRequirements"}


@pytest.fixture(scope="module", params=[True, False], ids=["clinical prefetch", "standard prefetch"])
def services(request: pytest.FixtureRequest) -> list[Json]:
    """The entries of the discovery document, with the clinical record asked by prefetch and without."""
    app = create_app(Settings(auth="off", today=TODAY, clinical_prefetch=request.param))
    return app.test_client().get(DISCOVERY).get_json()["services"]


def templates(services: list[Json]) -> list[tuple[str, str]]:
    return [(service["hook"], template) for service in services for template in service["prefetch"].values()]


def test_CK01_discovery_is_a_json_object_with_an_array_of_services(client: FlaskClient) -> None:
    answer = client.get(DISCOVERY)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert len(answer.get_json()["services"]) >= 1


def test_CK02_every_entry_names_its_hook_its_id_and_what_it_does(services: list[Json]) -> None:
    for service in services:
        assert all(isinstance(service[name], str) and service[name].strip() for name in TEXTS)
        assert all(isinstance(service[name], str) for name in OPTIONAL_TEXTS & service.keys())
        assert all(isinstance(template, str) for template in service["prefetch"].values())
        assert service.keys() <= {*TEXTS, *OPTIONAL_TEXTS, "prefetch", "extension"}


def test_CK02_an_id_is_one_path_segment_and_stands_for_one_hook(services: list[Json]) -> None:
    ids = [service["id"] for service in services]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", one) for one in ids)


def test_CK03_discovery_has_nothing_null_or_empty(services: list[Json]) -> None:
    assert empties({"services": services}) == []


def test_CK04_every_entry_has_a_title_and_the_version_of_the_specification(services: list[Json]) -> None:
    for service in services:
        assert service["title"].strip()
        assert re.fullmatch(r"\d+\.\d+\.\d+", service["version"])


def test_CK05_the_hook_version_is_the_one_published(services: list[Json]) -> None:
    assert all(service["hookVersion"] == PUBLISHED_HOOK_VERSIONS[service["hook"]] for service in services)


def test_CK06_templates_hold_only_tokens_their_hook_has(services: list[Json]) -> None:
    for hook, template in templates(services):
        tokens = re.findall(r"\{\{(.*?)\}\}", template)
        assert tokens
        assert set(tokens) <= CONTEXT_TOKENS[hook] | USER_TOKENS
        assert not re.search(r"[{}]", re.sub(r"\{\{.*?\}\}", "", template))


def test_CK06_templates_are_relative_reads_or_plain_searches(services: list[Json]) -> None:
    for _, template in templates(services):
        path, is_search, query = template.partition("?")
        names = [part.partition("=")[0] for part in query.split("&")] if is_search else []
        assert re.fullmatch(r"[A-Z][A-Za-z]+" if is_search else r"[A-Z][A-Za-z]+/\{\{[A-Za-z.]+\}\}", path)
        assert len(names) == len(set(names)), "some clients join repeated parameters with a comma"
        assert not [name for name in names if re.search(r"[:.]|^_(?!count|sort)", name)], "modifiers, chains, includes"


def test_CK06_no_user_id_is_put_behind_a_type_it_already_has(services: list[Json]) -> None:
    assert not [template for _, template in templates(services) if re.search(r"\w/\{\{context\.userId", template)]


@pytest.mark.parametrize("prefetch", [EMPTY_RECORD, None], ids=["with a record", "without a record"])
def test_CK07_every_advertised_service_can_be_called(client: FlaskClient, prefetch: Any) -> None:
    for service in client.get(DISCOVERY).get_json()["services"]:
        body = hook_call(order(), prefetch=prefetch, hook=service["hook"])
        named = {"resourceType": "Appointment", "id": "a-1", "basedOn": [{"reference": "ServiceRequest/sr-1"}]}
        body["context"] |= {
            "selections": ["ServiceRequest/sr-1"],
            "encounterId": "e-1",
            "dispatchedOrders": ["ServiceRequest/sr-1"],
            "performer": "Organization/o-1",
            "appointments": {"resourceType": "Bundle", "entry": [{"resource": named}]},
        }
        if prefetch is not None:
            body["prefetch"] = {**prefetch, "serviceRequests": searchset(order()), "coverage": searchset()}
        answer = client.post(f"{DISCOVERY}/{service['id']}", json=body)
        if prefetch is None:
            assert_explained(answer, 412)
        else:
            assert answer.status_code == 200
