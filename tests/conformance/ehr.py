"""The EHR's FHIR server as a stub: what it holds of one patient, page by page, and what it was asked."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import requests
import responses

from tests.conftest import EHR, Json, searchset

Answer = tuple[int, dict[str, str], str]
EVERYTHING_THERE = re.compile(f"^{re.escape(EHR)}/")


class Ehr:
    """A FHIR server that holds what a prefetch would bring; a Bundle may be replaced by any answer.

    It does not tell what it can do: `questions` are those for its CapabilityStatement, and no part of `asked`.
    """

    def __init__(self, net: responses.RequestsMock, prefetch: Json) -> None:
        bundles = [value for value in prefetch.values() if value["resourceType"] == "Bundle"]
        held = [entry["resource"] for bundle in bundles for entry in bundle.get("entry", [])]
        self.record = {kind: [one for one in held if one["resourceType"] == kind] for kind in map(_kind, held)}
        self.instead: dict[str, Callable[[], Answer]] = {}
        self.asked: list[requests.PreparedRequest] = []
        self.questions: list[requests.PreparedRequest] = []
        net.add_callback(responses.GET, EVERYTHING_THERE, callback=self._answer)

    def urls(self) -> list[str]:
        """The URLs asked, readable, in an order of their own."""
        return sorted(unquote(str(request.url)) for request in self.asked)

    def types(self) -> set[str]:
        """The resource types asked for."""
        return {url.removeprefix(f"{EHR}/").partition("?")[0] for url in self.urls()}

    def authorizations(self) -> set[str | None]:
        """The Authorization headers that came."""
        return {request.headers.get("Authorization") for request in (*self.asked, *self.questions)}

    def _answer(self, request: requests.PreparedRequest) -> Answer:
        if request.url == f"{EHR}/metadata":
            self.questions.append(request)
            return 404, {}, ""
        self.asked.append(request)
        kind = str(request.url).removeprefix(f"{EHR}/").partition("?")[0]
        return self.instead.get(kind, lambda: found(searchset(*self.record.get(kind, []))))()


def found(bundle: Json, status: int = 200, **headers: str) -> Answer:
    """An answer of a FHIR server."""
    return status, {"Content-Type": "application/fhir+json", **headers}, json.dumps(bundle)


def page(resources: list[Json], next_url: str = "", **more: Any) -> Json:
    """One page of a search, with where the rest is; it does not say how many there are in all."""
    link = {"link": [{"relation": "next", "url": next_url}]} if next_url else {}
    bundle = {name: value for name, value in searchset(*resources).items() if name != "total"}
    return {**bundle, **link, **more}


def _kind(resource: Json) -> str:
    return str(resource["resourceType"])
