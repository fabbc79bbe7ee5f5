"""The policies as pages people read: outline, graph, value sets, code table, readings, history, sign-off."""

from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, render_template, request

from cds_service.errors import UnknownService
from cds_service.pages.graph import graph
from cds_service.pages.sources import read_sources, sets_of
from cds_service.pages.wording import as_read, governs
from cds_service.policies import DOCUMENTATION, POLICIES
from cds_service.policy.outline import as_json, outline
from cds_service.policy.revision import Revision
from cds_service.responding import json_response

pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")
pages.add_app_template_filter(as_read)
pages.add_app_template_filter(governs)
pages.add_app_template_filter(read_sources)


_PLACES: Final = {"console.page": ("/", "Console"), "insights.page": ("/console/insights", "Insights")}
"""Pages of other parts, by their endpoint: linked where they are switched on."""


@pages.app_context_processor
def site() -> dict[str, Any]:
    """What every page's header links to."""
    there = current_app.view_functions
    places = [place for endpoint, place in _PLACES.items() if endpoint in there]
    return {"places": places, "home": "/" if "console.page" in there else "/policies"}


@pages.get("/policies", strict_slashes=False)
def policies() -> Response:
    """List the policies."""
    if _wants_json():
        return json_response({"policies": [_entry(revision) for revision in POLICIES.values()]})
    return _page("policies.html", policies=[(r, DOCUMENTATION[n]) for n, r in POLICIES.items()])


@pages.get("/policies/<number>", strict_slashes=False)
def policy(number: str) -> Response:
    """One policy as an outline, with all that stands beside it."""
    revision = _revision(number)
    if _wants_json():
        return json_response(as_json(revision))
    lines = outline(revision)
    return _page("policy.html", revision=revision, lines=lines, beside=DOCUMENTATION[number], graph=graph(lines))


@pages.get("/policies/<number>/value-sets", strict_slashes=False)
def value_sets(number: str) -> Response:
    """The value sets behind a policy's facts, to be searched."""
    revision = _revision(number)
    sets = sets_of(revision)
    if _wants_json():
        return json_response({"policy": number, "valueSets": [one.as_json() for one in sets]})
    return _page("value_sets.html", revision=revision, sets=sets)


@pages.get("/policies/<number>/sign-off", strict_slashes=False)
def sign_off(number: str) -> Response:
    """The policy as a clinician signs it, for paper."""
    revision = _revision(number)
    lines = [line for top in outline(revision) for line in top.walk()]
    return _page("sign_off.html", revision=revision, lines=lines, beside=DOCUMENTATION[number])


def _revision(number: str) -> Revision:
    revision = POLICIES.get(number)
    if revision is None:
        raise UnknownService("there is no policy of this number; GET /policies lists them")
    return revision


def _entry(revision: Revision) -> dict[str, Any]:
    return {"policy": revision.number, "title": revision.title, "revision": revision.id}


def _page(template: str, **told: Any) -> Response:
    """A page; what it is depends on what was accepted, so caches must know."""
    answer = make_response(render_template(template, **told))
    answer.vary.add("Accept")
    return answer


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
