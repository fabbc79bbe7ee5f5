"""The policies as pages people read; every criterion has an anchor equal to its number."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from cds_service.errors import UnknownService
from cds_service.policies import POLICIES
from cds_service.policy.outline import as_json, outline
from cds_service.responding import json_response

pages = Blueprint("pages", __name__, template_folder="templates")


@pages.get("/policies", strict_slashes=False)
def policies() -> Response | str:
    """List the policies."""
    if _wants_json():
        return json_response({"policies": [_entry(number) for number in POLICIES]})
    return render_template("policies.html", revisions=list(POLICIES.values()))


@pages.get("/policies/<number>", strict_slashes=False)
def policy(number: str) -> Response | str:
    """One policy as an outline."""
    revision = POLICIES.get(number)
    if revision is None:
        raise UnknownService("there is no policy of this number; GET /policies lists them")
    if _wants_json():
        return json_response(as_json(revision))
    return render_template("policy.html", revision=revision, lines=outline(revision))


def _entry(number: str) -> dict[str, Any]:
    revision = POLICIES[number]
    return {"policy": number, "title": revision.title, "revision": revision.id}


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
