"""The policy pages: an anchor for every criterion, and beside each what it asks, where, and how it is read."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from cds_service.policies import DOCUMENTATION, POLICIES
from cds_service.policies.policy_151.codes_2025_05_06 import CODES
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import walk
from cds_service.policy.outline import outline
from fhir_mappings.terminology import value_set, value_set_names

BESIDE = DOCUMENTATION["151"]
PUBLISHED = {node.id for tree in REVISION.criteria for node in walk(tree) if node.published} | set(REVISION.numbers)
HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> Callable[[str], str]:
    return lambda path: client.get(path, headers=HTML).get_data(as_text=True)


def test_every_published_criterion_has_its_anchor(page: Callable[[str], str]) -> None:
    shown = page("/policies/151")
    assert set(re.findall(r'<li id="([^"]+)"', shown)) == PUBLISHED
    assert "I.D.1.x" not in shown


def test_every_link_within_a_page_leads_to_an_anchor_on_it(page: Callable[[str], str]) -> None:
    shown = page("/policies/151")
    anchors = re.findall(r' id="([^"]+)"', shown)
    assert set(re.findall(r'href="#([^"]+)"', shown)) <= set(anchors)
    assert len(anchors) == len(set(anchors)), "an anchor stands for one place"


def test_every_value_set_a_criterion_names_can_be_followed(page: Callable[[str], str]) -> None:
    followed = set(re.findall(r'href="/policies/151/value-sets#([^"]+)"', page("/policies/151")))
    anchors = set(re.findall(r'<section class="box" id="([^"]+)"', page("/policies/151/value-sets")))
    assert followed <= anchors
    assert "hepatocellular-carcinoma" in followed


def test_every_value_set_that_is_shipped_is_shown_with_its_count_and_source(page: Callable[[str], str]) -> None:
    shown = page("/policies/151/value-sets")
    for name in value_set_names():
        one = value_set(name)
        assert f'id="{name}"' in shown, f"{name} is the source of no fact and no order"
        assert f"{len(one.codes)} code" in shown
        assert one.date in shown


def test_every_code_of_the_table_has_its_row(page: Callable[[str], str]) -> None:
    rows = re.findall(r"<th scope=\"row\">(\w+)</th>", page("/policies/151"))
    assert [code for code in rows if code in CODES] == list(CODES)


def test_every_reading_is_shown_with_its_reason(page: Callable[[str], str]) -> None:
    shown = page("/policies/151")
    for reading in BESIDE.readings:
        assert f'id="reading-{reading.id}"' in shown
    assert "The list is closed" in shown


def test_the_history_ends_with_the_revision_that_is_held(page: Callable[[str], str]) -> None:
    assert BESIDE.history[-1].date == REVISION.id
    assert "May 6, 2025" in page("/policies/151")
    assert [change.date for change in BESIDE.history] == sorted(change.date for change in BESIDE.history)


def test_the_sign_off_has_a_line_for_every_criterion_and_every_reading(page: Callable[[str], str]) -> None:
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page("/policies/151/sign-off"))
    lines = [line.id for top in outline(REVISION) for _, line in top.walk()]
    assert rows == [*lines, *(reading.id for reading in BESIDE.readings)]


def test_the_drawing_has_a_node_for_every_criterion_with_a_place(page: Callable[[str], str]) -> None:
    assert set(re.findall(r'data-id="([^"]+)"', page("/policies/151"))) == PUBLISHED


def test_policies_are_listed_for_people_and_programs(client: FlaskClient) -> None:
    assert "Liver Tumor Treatment" in client.get("/policies").get_data(as_text=True)
    listed = client.get("/policies", headers=JSON).get_json()
    assert [entry["policy"] for entry in listed["policies"]] == list(POLICIES)


def test_a_policy_and_its_value_sets_are_json_for_programs(client: FlaskClient) -> None:
    whole = client.get("/policies/151", headers=JSON).get_json()
    assert [line["id"] for line in whole["criteria"]] == list(REVISION.numbers)
    sets = client.get("/policies/151/value-sets", headers=JSON).get_json()["valueSets"]
    assert [one["name"] for one in sets] == list(value_set_names())
    assert sets[0]["codes"]


def test_caches_are_told_that_programs_get_something_else(client: FlaskClient) -> None:
    assert "Accept" in client.get("/policies/151").headers["Vary"]


@pytest.mark.parametrize("path", ["/policies/999", "/policies/999/value-sets", "/policies/999/sign-off"])
def test_an_unknown_policy_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
