"""What was answered, in codes: each card and system action by its type and the orders it is about (CRDMetricData)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cds_service.cards.card import ASSOCIATED
from cds_service.cards.coverage import DETERMINATION
from cds_service.crd.assertion import is_ours
from cds_service.crd.extension import assertion_of, is_coverage_information, values
from cds_service.crd.options import COVERAGE_INFO
from fhir_mappings.elements import Json, items, member, reference_id, text_of
from fhir_mappings.json_text import decode_unbounded


class Response(NamedTuple):
    """One card or system action: the references it names, what is counted of it, and the resource of an action."""

    about: tuple[str, ...]
    counted: dict[str, Any]
    resource: Json | None = None


def responses_of(cards: Iterable[Json], actions: Iterable[Json], lines: Mapping[str, str]) -> tuple[Response, ...]:
    """All of an answer, cards first. `lines` are lines of business by the reference of the order."""
    return (*map(_of_card, cards), *(_of_action(action, lines) for action in actions))


def _of_card(card: Json) -> Response:
    """A card: its topic, what it names, and its uuid, which feedback on it carries."""
    about = tuple(_named(card))
    topic = text_of(member(card, "source", "topic", "code"))
    counted = {"type": topic, "focus": _types(about), "card": card["uuid"]}
    return Response(about, {name: value for name, value in counted.items() if value})


def _named(card: Json) -> Iterator[str]:
    """The resources a card is associated with: strings in CRD 2.0, References in 2.2; else the order it judges."""
    extension = card.get("extension", {})
    listed = extension.get(ASSOCIATED) or [member(extension, DETERMINATION, "order")]
    for one in listed:
        reference = text_of(one if isinstance(one, str) else member(one, "reference"))
        if reference:
            yield reference


def _types(references: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(kind for reference in references if (kind := reference_id(reference)[0])))


def _of_action(action: Json, lines: Mapping[str, str]) -> Response:
    """A system action: each coverage statement of ours on its resource."""
    resource = decode_unbounded(action["resource"])
    kind, reference = resource["resourceType"], f"{resource['resourceType']}/{resource['id']}"
    common = set(lines.values())
    line = lines.get(reference) or (common.pop() if len(common) == 1 else "")
    stated = [_coverage_info(extension, line) for extension in statements_on(resource)]
    return Response((reference,), {"type": COVERAGE_INFO, "focus": [kind], "coverageInfo": stated}, resource)


def statements_on(resource: Json) -> Iterator[Json]:
    """The coverage statements of ours on a resource."""
    return (e for e in items(resource.get("extension")) if is_coverage_information(e) and is_ours(assertion_of(e)))


def authorization_numbers(actions: Iterable[Json]) -> dict[str, str]:
    """The numbers of authorizations stated in system actions, by the assertion id of the statement."""
    stated = (extension for action in actions for extension in statements_on(action["resource"]))
    numbers = {assertion_of(one): next(iter(values(one, "satisfied-pa-id", "String")), "") for one in stated}
    return {assertion: number for assertion, number in numbers.items() if number}


def _coverage_info(extension: Json, line_of_business: str) -> dict[str, Any]:
    """A coverage statement as it is counted; never the Coverage it is about, nor the number of an authorization."""
    told = {
        "covered": _first(extension, "covered"),
        "paNeeded": _first(extension, "pa-needed"),
        "docNeeded": _first(extension, "doc-needed"),
        "infoNeeded": _first(extension, "info-needed"),
        "questionnaire": [_form(form) for form in values(extension, "questionnaire", "Canonical")],
        "assertionId": assertion_of(extension),
        "businessLine": {"text": line_of_business} if line_of_business else None,
    }
    return {name: value for name, value in told.items() if value}


def _first(extension: Json, url: str) -> str:
    """The model holds one code of each; the statement lists them with the most important first."""
    return next(iter(values(extension, url, "Code")), "")


def _form(canonical: str) -> dict[str, Any]:
    """A form to fill in: ours hold all their questions, and none is sent along half filled."""
    return {"reference": canonical, "adaptive": False, "response": False}
