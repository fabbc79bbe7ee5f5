"""What the public suites for CRD servers (2.0.1 and 2.2.1) assert of an answer, as far as no validator is needed."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from cds_service.crd.extension import assertion_of, coverage_of, is_coverage_information
from tests.conformance.wire import empties
from tests.conftest import Json
from tests.crd.calls import statements

INDICATORS: Final = ("info", "warning", "critical")


def assert_answer(answer: Any) -> None:
    """The whole of a response: cards that are cards, system actions that are updates."""
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.get_data(as_text=True)
    body = answer.get_json()
    assert body.keys() <= {"cards", "systemActions"}
    for card in body["cards"]:
        assert_card(card)
    for action in body.get("systemActions", []):
        assert_update(action)


def assert_card(card: Json) -> None:
    """A card: identity, summary, source with topic, links of one kind, suggestions that can be chosen."""
    assert empties(card) == []
    assert isinstance(card["uuid"], str)
    assert 0 < len(card["summary"]) < 140
    assert card["indicator"] in INDICATORS
    assert card["source"]["label"]
    assert {"code", "system"} <= card["source"]["topic"].keys()
    assert_links(card)
    for suggestion in card.get("suggestions", []):
        assert {"label", "uuid", "actions"} <= suggestion.keys()
        assert card["selectionBehavior"] in ("at-most-one", "any")
        assert [a for a in suggestion["actions"] if _only_states_coverage(a)] == []
    for reason in card.get("overrideReasons", []):
        assert {"code", "system", "display"} <= reason.keys()


def assert_links(card: Json) -> None:
    """Links all absolute, without suggestions and context, or all for SMART apps."""
    links = card.get("links", [])
    assert {link["type"] for link in links} in (set(), {"absolute"}, {"smart"})
    for link in links:
        assert link["label"]
        assert urlsplit(link["url"]).scheme in ("http", "https")
        assert link["type"] == "smart" or "appContext" not in link
    assert not (links and "suggestions" in card)


def assert_update(action: Json) -> None:
    """A system action that states coverage: an update of a whole resource, with one id for each Coverage."""
    assert action.keys() == {"type", "description", "resource"}
    assert action["type"] == "update"
    assert action["description"].strip()
    assert action["resource"]["resourceType"]
    assert action["resource"]["id"]
    assert statements(action["resource"])
    assert_ids(statements(action["resource"]))


def assert_ids(found: Iterable[Json]) -> None:
    """One assertion id for each Coverage, another for another one."""
    pairs = {(coverage_of(one), assertion_of(one)) for one in found}
    assert all(coverage and identity for coverage, identity in pairs)
    assert len({coverage for coverage, _ in pairs}) == len({identity for _, identity in pairs}) == len(pairs)


def without_statements(resource: Json) -> Json:
    """A resource as it is apart from coverage statements: what must equal the resource that was sent."""
    kept = [one for one in resource.get("extension", []) if not is_coverage_information(one)]
    plain = {name: value for name, value in resource.items() if name != "extension"}
    return {**plain, "extension": kept} if kept else plain


def _only_states_coverage(action: Json) -> bool:
    return action["type"] == "update" and bool(statements(action.get("resource", {})))
