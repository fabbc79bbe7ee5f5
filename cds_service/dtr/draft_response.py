"""A QuestionnaireResponse to begin with: what is known is filled in, for a person to look through and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cds_service.dtr.canonicals import DTR, INFORMATION_ORIGIN, INTENDED_USE, QR_CONTEXT, QR_COVERAGE, facts_url
from fhir_mappings.models import built

Json = dict[str, Any]

_USES: Final = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/coverage-information-codes"
_FILLED_IN: Final = {
    "url": INFORMATION_ORIGIN,
    "extension": [{"url": "source", "valueCode": "auto-server"}],
}


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a response is about: references as the client has them, and the assertion id it answers to.

    Blank: a Coverage without an id cannot be referred to.
    """

    patient: str
    coverage: str
    orders: tuple[str, ...]
    assertion_id: str = ""


def draft_response(base: str, form: Json, known: Mapping[str, Json], about: About, at: datetime) -> Json:
    """A draft of a form with the answers known."""
    filled = _items(form.get("item", []), known, base)
    named = {"questionnaire": f"{form['url']}|{form['version']}", **({"item": filled} if filled else {})}
    return built({**opening(base, about, at), **named})


def opening(base: str, about: About, at: datetime) -> Json:
    """What stands before questionnaire and answers."""
    use = {"coding": [{"system": _USES, "code": "withorder", "display": "Include with order"}]}
    return {
        "resourceType": "QuestionnaireResponse",
        "meta": {"profile": [f"{DTR}/dtr-questionnaireresponse"]},
        "extension": [
            *({"url": QR_COVERAGE, "valueReference": {"reference": one}} for one in (about.coverage,) if one),
            *({"url": QR_CONTEXT, "valueReference": {"reference": order}} for order in about.orders),
            {"url": INTENDED_USE, "valueCodeableConcept": use},
        ],
        **({"identifier": assertion_identifier(base, about.assertion_id)} if about.assertion_id else {}),
        "status": "in-progress",
        "subject": {"reference": about.patient},
        "authored": at.isoformat(timespec="seconds"),
    }


def assertion_identifier(base: str, assertion_id: str) -> Json:
    """The assertion id as an identifier of the response: it stays with it until it is submitted."""
    return {"system": assertion_system(base), "value": assertion_id}


def assertion_system(base: str) -> str:
    """The naming system of our assertion ids."""
    return f"{base}/NamingSystem/coverage-assertion-id"


def _items(listed: list[Json], known: Mapping[str, Json], base: str) -> list[Json]:
    """The items that hold an answer, in the order and the groups of the form."""
    found = []
    for item in listed:
        named = {"linkId": item["linkId"], "text": item["text"]}
        if item["type"] == "group":
            inner = _items(item["item"], known, base)
            found += [{**named, "item": inner}] if inner else []
        elif item["linkId"] in known:
            found.append({**named, "answer": [answer(known[item["linkId"]], base)]})
    return found


def answer(held: Json, base: str) -> Json:
    """An answer we fill in: a choice of ours with its system, and that it came from us (DTR, information-origin)."""
    coding = held.get("valueCoding")
    whole = {"valueCoding": {"system": facts_url(base), **coding}} if coding else held
    return {"extension": [_FILLED_IN], **whole}
