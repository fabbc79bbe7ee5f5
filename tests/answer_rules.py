"""What every answer of a hook must keep, whatever was asked: rules for the answers of the whole suite.

After CDS Hooks 2.0.1, CRD's response types in both versions, and what public test kits check.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from cds_service.cards.card import ASSOCIATED
from cds_service.crd.options import KINDS
from cds_service.crd.versions import CARD_TYPES, SPELLINGS, Version
from cds_service.hooks import SECONDARY_HOOKS

Json = dict[str, Any]

COVERAGE_INFORMATION = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
PORTAL_WORDS = re.compile(r"\b(portal|log ?in|log ?on|sign ?in|user ?name|password)\b", re.IGNORECASE)
LOCAL = re.compile(r"[A-Za-z]+/[A-Za-z0-9.-]{1,64}")


def faults(service_id: str, asked: Any, answer: Json) -> list[str]:
    """What an answer breaks, each with the rule's requirement; nothing when all is well."""
    asked = asked if isinstance(asked, dict) else {}
    hook = service_id.removesuffix("-crd")
    cards, actions = answer.get("cards"), answer.get("systemActions", [])
    if not isinstance(cards, list):
        return ["cards is an array (CRD96)"]
    return [
        *(["systemActions is not empty (contract 7)"] if answer.get("systemActions") == [] else []),
        *(fault for card in cards for fault in _card(card, hook, asked)),
        *(fault for action in actions for fault in _system_action(action, hook)),
        *_told_apart([*_uuids(cards)]),
    ]


def _told_apart(found: list[str]) -> Iterator[str]:
    if len(found) != len(set(found)):
        yield "a uuid comes once (CK28)"


def _uuids(cards: list[Json]) -> Iterator[str]:
    for card in cards:
        yield card.get("uuid", "")
        yield from (s.get("uuid", "") for s in card.get("suggestions", []))


def _card(card: Json, hook: str, asked: Json) -> Iterator[str]:
    yield from (f"nothing null or blank: {place} (CK19)" for place in blanks(card, "card"))
    if not 0 < len(card.get("summary", "")) < 140 or "\n" in card.get("summary", ""):
        yield "summary is one line under 140 characters (CK18)"
    if card.get("indicator") not in ("info", "warning"):  # critical is for danger to life (resp-2)
        yield "indicator is info or warning (resp-2)"
    if not _is_uuid(card.get("uuid")):
        yield "a card has a uuid (resp-13)"
    if PORTAL_WORDS.search(f"{card.get('summary')} {card.get('detail')} {card.get('links')}"):
        yield "no portal (resp-17, resp-23)"
    yield from _source(card, hook, asked)
    yield from _links(card)
    yield from _suggestions(card, hook)
    yield from _associated(card, asked)


def _source(card: Json, hook: str, asked: Json) -> Iterator[str]:
    source = card.get("source", {})
    topic = source.get("topic", {})
    if not source.get("label") or not topic.get("code") or not topic.get("display"):
        yield "source has a label and a topic (resp-4, resp-5)"
    if topic.get("system") not in _systems(asked):
        yield "the topic is of the version that is spoken (A2)"
    if topic.get("code") not in {kind.code for kind in KINDS[hook]}:
        yield f"a card type is offered on its hook: {topic.get('code')} on {hook} (dev-5)"


def _systems(asked: Json) -> set[str]:
    extension = asked.get("extension")
    wanted = extension.get("davinci-crd.requestedVersion") if isinstance(extension, dict) else None
    version = SPELLINGS.get(wanted.strip()) if isinstance(wanted, str) else None
    return {CARD_TYPES[version]} if version else set(CARD_TYPES.values())


def _links(card: Json) -> Iterator[str]:
    for link in card.get("links", []):
        if link.keys() != {"label", "url", "type"} or link["type"] != "absolute":
            yield "a link is absolute, with label and url and no appContext (resp-19)"
        if not str(link.get("url", "")).startswith(("http://", "https://")):
            yield "a link is http (CK25)"
    if card.get("links") and card.get("suggestions"):
        yield "links and suggestions are on cards of their own (resp-13)"


def _suggestions(card: Json, hook: str) -> Iterator[str]:
    suggestions = card.get("suggestions", [])
    if bool(suggestions) != (card.get("selectionBehavior") in ("at-most-one", "any")):
        yield "selectionBehavior stands with suggestions, and only with them (CRD98)"
    for suggestion in suggestions:
        if not suggestion.get("label") or not _is_uuid(suggestion.get("uuid")) or not suggestion.get("actions"):
            yield "a suggestion has label, uuid and actions (resp-3)"
        for action in suggestion.get("actions", []):
            yield from _action(action)
            if action.get("resource", {}).get("resourceType") == "Task" and hook in SECONDARY_HOOKS:
                yield "no documentation is asked for on a secondary hook (hook-19)"
            if "ext-coverage-information" in str(action):
                yield "coverage information is no card (resp-25)"


def _action(action: Json) -> Iterator[str]:
    kind = action.get("type")
    if not action.get("description"):
        yield "an action has a description (CK22)"
    if kind in ("create", "update") and not action.get("resource", {}).get("resourceType"):
        yield "create and update carry a resource (CK22)"
    if kind == "delete" and not LOCAL.fullmatch(str(action.get("resourceId", ""))):
        yield "delete names a resource by Type/id (CK22)"
    if kind not in ("create", "update", "delete") or {"resource", "resourceId"} <= action.keys():
        yield "an action is one of three types (CK22)"


def _associated(card: Json, asked: Json) -> Iterator[str]:
    """By string or Reference, whichever the version has; only what the request brought or named."""
    written = (card.get("extension") or {}).get(ASSOCIATED, [])
    named = [one.get("reference") if isinstance(one, dict) else one for one in written]
    text = str(asked)
    for reference in named:
        kind, _, identity = str(reference).partition("/")
        if not LOCAL.fullmatch(str(reference)) or (kind not in text and kind != "Encounter") or identity not in text:
            yield f"a card is about a resource of the request (dev-25): {reference}"
    is_newer = card.get("source", {}).get("topic", {}).get("system") == CARD_TYPES[Version.V2_2]
    if not all(isinstance(one, dict) is is_newer for one in written):
        yield "2.0 names associated resources by strings, 2.2 by References (dev-25)"


def _system_action(action: Json, hook: str) -> Iterator[str]:
    yield from _action(action)
    for extension in action.get("resource", {}).get("extension") or []:
        if not isinstance(extension, dict) or extension.get("url") != COVERAGE_INFORMATION:
            continue
        subs = [s for s in extension.get("extension") or [] if isinstance(s, dict)]
        if not any(str(s.get("valueString", "")).startswith("coverage-hooks-") for s in subs):
            continue  # another payer's
        yield from (f"nothing null or blank: {place} (CK19)" for place in blanks(extension, "coverage information"))
        if hook in SECONDARY_HOOKS and (any(s.get("url") == "doc-needed" for s in subs) or _asks(extension)):
            yield "no documentation is asked for on a secondary hook (hook-19)"


def _asks(statement: Json) -> bool:
    """Whether a statement asks for more than which service an unlisted code stands for."""
    _, asking, asked = str(statement).partition("Still needed: ")
    return bool(asking) and not asked.startswith("order.detail-code: ")


def _is_uuid(value: Any) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except (ValueError, AttributeError, TypeError):
        return False


def blanks(value: Any, place: str) -> Iterator[str]:
    """The places of everything null, blank or empty, however deep."""
    if value is None or value in ([], {}) or (isinstance(value, str) and not value.strip()):
        yield place
    inside = value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    for name, inner in inside:
        yield from blanks(inner, f"{place}.{name}")
