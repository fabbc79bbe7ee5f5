"""What holds no patient data: forms, the code system, the value sets; read by id, found by url and version."""

from collections.abc import Mapping
from typing import Any, Final

from cds_service.dtr.canonicals import ADAPTIVE_ID, FACTS_ID, FORM_ID
from cds_service.dtr.parameters import Parameters, text
from cds_service.dtr.questionnaire import adaptive_form, full_form
from cds_service.dtr.refusals import BadParameters, NotHere
from cds_service.dtr.terminology import code_system, expanded, value_set, with_choices
from fhir_mappings.models import built

Json = dict[str, Any]

TYPES: Final = ("Questionnaire", "CodeSystem", "ValueSet")
_UNDERSTOOD: Final = ("url", "filter", "offset", "count", "valueSetVersion", "date", "includeDesignations")


def artifacts(kind: str, base: str, fhir_url: str) -> dict[str, Json]:
    """Every artifact of a type, by its id."""
    if kind == "Questionnaire":
        return {FORM_ID: full_form(base), ADAPTIVE_ID: adaptive_form(base, fhir_url)}
    if kind == "CodeSystem":
        return {FACTS_ID: code_system(base)}
    return {question.link_id: value_set(base, question.link_id) for question in with_choices()}


def artifact(kind: str, identity: str, base: str, fhir_url: str) -> Json:
    """One of them. Raises NotHere."""
    found = artifacts(kind, base, fhir_url).get(identity)
    if found is None:
        raise NotHere(f"there is no {kind} of this id: search by url, or leave the search open to list them")
    return found


def search(kind: str, asked: Mapping[str, str], base: str, fhir_url: str) -> Json:
    """Those of a url, and of a version where one is named, as a searchset; a url may carry its version."""
    url, _, version = asked.get("url", "").partition("|")
    wanted = {"url": url, "version": asked.get("version", "") or version}
    found = [
        one
        for one in artifacts(kind, base, fhir_url).values()
        if all(not value or one[name] == value for name, value in wanted.items())
    ]
    entries = [
        {"fullUrl": f"{fhir_url}/{kind}/{one['id']}", "resource": one, "search": {"mode": "match"}} for one in found
    ]
    return built({
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": f"{fhir_url}/{kind}"}],
        **({"entry": entries} if entries else {}),
    })  # fmt: skip


def asked_of_expansion(content: Json) -> dict[str, str]:
    """The parameters of a posted $expand. Raises BadParameters where one is not understood."""
    given = Parameters(content)
    for one in given.others(_UNDERSTOOD):
        raise BadParameters("this parameter is not supported: name the value set by its url", one.place)
    url, words = given.only("url"), given.only("filter")
    return {
        **({"url": text(url, "valueUri")} if url else {}),
        **({"filter": text(words, "valueString")} if words else {}),
    }


def expansion(asked: Mapping[str, str], identity: str, base: str, on: str) -> Json:
    """A value set expanded as of a day, by its id or its url. Raises BadParameters, NotHere."""
    if not identity and not asked.get("url"):
        raise BadParameters("url is required: the value set to expand", "url")
    url = asked.get("url", "").partition("|")[0]
    for question in with_choices():
        if question.link_id == identity or (not identity and value_set(base, question.link_id)["url"] == url):
            return expanded(base, question.link_id, asked.get("filter", ""), on)
    raise NotHere("there is no value set of this url here", "url")
