"""A DTR client over HTTP: a hook call, the package it leads to, the form filled in, the answers sent."""

from collections.abc import Mapping
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from flask.testing import FlaskClient

from tests.conformance.wire import example
from tests.conftest import EHR, Json

PACKAGE = "/fhir/Questionnaire/$questionnaire-package"
NEXT = "/fhir/Questionnaire/$next-question"
REPORT = "/fhir/Questionnaire/$log-questionnaire-errors"
RESPONSES = "/fhir/QuestionnaireResponse"
BASE = "http://coverage-hooks.example.org/fhir"
FORM = f"{BASE}/Questionnaire/liver-tumor-ablation"
ADAPTIVE = f"{FORM}-adaptive"
COVERAGE_INFORMATION = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
ASSERTIONS = f"{BASE}/NamingSystem/coverage-assertion-id"


def signing(name: str, **more: Any) -> Json:
    """An example as a client signs it that declares CRD; its record is read from the EHR."""
    body = {**example(name), "extension": {"davinci-crd.requestedVersion": "2.2"}, "fhirServer": EHR, **more}
    return {key: value for key, value in body.items() if key != "prefetch"}


def signed(service: FlaskClient, name: str, **more: Any) -> Json:
    """The answer to a signing."""
    answer = service.post("/cds-services/order-sign-crd", json=signing(name, **more))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def outcome(answer: Json) -> str:
    """What a hook's answer says of its one order."""
    (said,) = [
        card["extension"]["coverage-hooks.determination"]
        for card in answer["cards"]
        if "coverage-hooks.determination" in card.get("extension", {})
    ]
    return str(said["outcome"])


def stated(answer: Json) -> Mapping[str, Any]:
    """The coverage statement on the one order: each part by its url, and the order under "order"."""
    (action,) = answer["systemActions"]
    (said,) = [e for e in action["resource"]["extension"] if e["url"] == COVERAGE_INFORMATION]
    parts = {
        e["url"]: next(v for k, v in e.items() if k.startswith("value"))
        for e in said["extension"]
        if "extension" not in e
    }
    return {**parts, "order": action["resource"]}  # fmt: skip


def coverage_of(name: str) -> Json:
    """The Coverage of an example."""
    return dict(example(name)["prefetch"]["coverage"]["entry"][0]["resource"])


def parameters(**named: Any) -> Json:
    """Parameters: a resource where a dict is given, else the value[x] its name asks; lists repeat."""
    types = {"questionnaire": "valueCanonical", "context": "valueString", "changedsince": "valueInstant"}
    listed = [(name, one) for name, held in named.items() for one in (held if isinstance(held, list) else [held])]
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": name, "resource": one} if isinstance(one, dict) else {"name": name, types[name]: one}
            for name, one in listed
        ],
    }


def fhir(answer: Any, status: int = 200) -> Json:
    """A resource that came back, held against its model."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/fhir+json"
    resource = dict(answer.get_json())
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    return resource


def refused(answer: Any, status: int) -> Json:
    """The one issue of an error."""
    (issue,) = fhir(answer, status)["issue"]
    assert issue["severity"] == "error"
    return dict(issue)


def named(resource: Json, name: str) -> list[Json]:
    """The resources of Parameters under a name."""
    return [one["resource"] for one in resource.get("parameter", []) if one["name"] == name]


def package(service: FlaskClient, **asked: Any) -> tuple[Json, Json]:
    """The form and the draft of the one package a request comes to."""
    (bundle,) = named(fhir(service.post(PACKAGE, json=parameters(**asked))), "packagebundle")
    form, draft, *sets = [entry["resource"] for entry in bundle["entry"]]
    assert bundle["type"] == "collection"
    assert (form["resourceType"], draft["resourceType"]) == ("Questionnaire", "QuestionnaireResponse")
    assert all(one["expansion"]["contains"] for one in sets)
    return form, draft


def items_of(parent: Json) -> list[Json]:
    """Every question below a form or a response."""
    return [leaf for item in parent.get("item", []) for leaf in (items_of(item) if "item" in item else [item])]


def filled(draft: Json, form: Json, answers: Mapping[str, Json]) -> Json:
    """The draft completed: the answers added to the questions the form has, in its groups."""
    given = {item["linkId"]: item["answer"] for item in items_of(draft)}
    given |= {link_id: [held] for link_id, held in answers.items()}
    return {
        **draft,
        "status": "completed",
        "source": {"reference": "Practitioner/surgeon-1"},
        "item": _answered(form["item"], given),
    }


def _answered(listed: list[Json], given: Mapping[str, Any]) -> list[Json]:
    found = []
    for item in listed:
        inner = _answered(item["item"], given) if "item" in item else []
        if inner:
            found.append({"linkId": item["linkId"], "text": item["text"], "item": inner})
        elif item["linkId"] in given:
            found.append({"linkId": item["linkId"], "text": item["text"], "answer": given[item["linkId"]]})
    return found
