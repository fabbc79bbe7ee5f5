"""A card of any type: what it is about, whose it is, and the members all types share."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from cds_service.cards.audience import Audience
from cds_service.crd.options import CLAIM, CLINICAL_REMINDER, GUIDELINE, INSURANCE, THERAPY_ALTERNATIVES
from cds_service.crd.versions import CARD_TYPES, Version
from cds_service.judging import Judged
from fhir_mappings.payers import Payer

JsonObject = dict[str, Any]

ASSOCIATED: Final = "davinci-crd.associated-resource"
LONGEST_SUMMARY: Final = 139
_LOCAL: Final = re.compile(r"[A-Za-z]+/[A-Za-z0-9.-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CardType:
    """A type of card: what the record of answers calls it, its code and display in CRD's list of card types."""

    kind: str
    topic: str
    display: str


COVERAGE: Final = CardType("coverage", GUIDELINE, "Guideline")
INSTRUCTIONS: Final = CardType("instructions", CLAIM, "Claim")
ALTERNATE_REQUEST: Final = CardType("alternate-request", THERAPY_ALTERNATIVES, "Optional Therapy Alternatives")
FORM_COMPLETION: Final = CardType("form-completion", CLINICAL_REMINDER, "Clinical Reminder")
ADDITIONAL_ORDERS: Final = CardType("additional-orders", CLINICAL_REMINDER, "Clinical Reminder")
COVERAGE_RECORD: Final = CardType("coverage-record", INSURANCE, "Insurance")


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is sent, its type, and the judged order it speaks of, the first where it speaks of several."""

    type: CardType
    body: JsonObject
    about: Judged | None = None


def card_body(  # noqa: PLR0913
    card_type: CardType, audience: Audience, payer: Payer | None, concerns: Iterable[str], *, summary: str, detail: str,
    indicator: str = "info", links: tuple[JsonObject, ...] = (), extension: JsonObject | None = None,
    suggestions: tuple[JsonObject, ...] = (), select: str = "", override_reasons: tuple[JsonObject, ...] = (),
) -> JsonObject:  # fmt: skip
    """The members of a card; those with nothing to say are left out. `concerns` are the resources it is about."""
    whole: JsonObject = {
        "uuid": str(uuid.uuid4()),
        "summary": summary,
        "detail": detail,
        "indicator": indicator,
        "source": _source(card_type, audience, payer),
        "links": list(links),
        "suggestions": list(suggestions),
        "selectionBehavior": select,
        "extension": {**(extension or {}), **_associated(concerns, audience.version)},
        "overrideReasons": list(override_reasons),
    }
    return {name: value for name, value in whole.items() if value}


def _source(card_type: CardType, audience: Audience, payer: Payer | None) -> JsonObject:
    topic = {"system": CARD_TYPES[audience.version], "code": card_type.topic, "display": card_type.display}
    shown = {"url": payer.url, "icon": payer.logo} if payer else {}
    said = {name: value for name, value in shown.items() if value}
    return {"label": payer.label if payer else audience.default_label, **said, "topic": topic}


def _associated(concerns: Iterable[str], version: Version) -> JsonObject:
    """The resources a card is about, by local references: strings in 2.0, References in 2.2."""
    named = [reference for reference in dict.fromkeys(concerns) if is_local(reference)]
    if not named:
        return {}
    return {ASSOCIATED: named if version is Version.V2_0 else [{"reference": reference} for reference in named]}


def is_local(reference: str) -> bool:
    """Whether this is `Type/id`: an order without an id cannot be referred to, updated or deleted."""
    return _LOCAL.fullmatch(reference) is not None


def suggestion(label: str, *actions: JsonObject) -> JsonObject:
    """One suggestion with an id of its own (resp-3)."""
    return {"label": label, "uuid": str(uuid.uuid4()), "actions": list(actions)}


def create(description: str, resource: JsonObject) -> JsonObject:
    """An action that adds a resource."""
    return {"type": "create", "description": description, "resource": resource}


def in_one_line(text: str, tail: str = "") -> str:
    """A summary inside its limit, cut before the tail where it is too long."""
    room = LONGEST_SUMMARY - len(tail)
    return (text if len(text) <= room else text[: room - 3].rstrip(", ") + "...") + tail
