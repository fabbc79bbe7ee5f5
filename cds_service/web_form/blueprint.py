"""The page of a form at `/forms/<link>`: shown, judged while it is filled in, saved once."""

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from cds_service.errors import RequestError
from cds_service.pages.graph import SIGNS
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.outline import outline
from cds_service.responding import FHIR_JSON, json_response
from cds_service.store.errors import StoreError
from cds_service.web_form.completed import counting
from cds_service.web_form.desk import WebDesk
from cds_service.web_form.fields import Posted, Said, read_fields
from cds_service.web_form.leads_to import leads_to
from cds_service.web_form.live import live
from cds_service.web_form.offering import PATH
from cds_service.web_form.opened import Opened, opened
from cds_service.web_form.refusals import AlreadySaved, NotNow, NotTheForm, TooMuch, UnusableAnswers
from cds_service.web_form.respondent import NAME, ROLE, ROLES
from cds_service.web_form.saved import answers_of, retold
from cds_service.web_form.saving import save
from cds_service.web_form.showing import shown

LARGEST_FORM: Final = 128 * 1024
_FOR_PROGRAMS: Final = ("application/json", FHIR_JSON)
_LINES: Final = outline(REVISION)
_WORDS: Final = {NAME: "Your name", ROLE: "Your role"}


def form_blueprint(desk: WebDesk) -> Blueprint:
    """The page, what its script asks, and what happens when it is sent."""
    forms = Blueprint(
        "web_form", __name__, template_folder="templates", static_folder="static", static_url_path="/form-assets"
    )

    @forms.get(f"{PATH}/<token>")
    def page(token: str) -> Response:
        """The form of one case, or what was saved of it."""
        found = opened(token, desk)
        return _saved(found, desk) if found.is_saved else _page(found, desk)

    @forms.post(f"{PATH}/<token>")
    def send(token: str) -> Response:
        """Save the form, or only see what it leads to (action=check)."""
        found, posted = opened(token, desk), _posted()
        if posted.get("action") == ["check"] and not found.is_saved:
            return _page(found, desk, posted)
        try:
            save(found, posted, desk)
        except UnusableAnswers as unusable:
            if _wants_json():
                raise
            return _page(found, desk, posted, unusable)
        return redirect(request.path, 303)  # type: ignore[return-value]

    @forms.post(f"{PATH}/<token>/outcome")
    def outcome(token: str) -> Response:
        """What the answers so far lead to; nothing is saved."""
        found = opened(token, desk)
        if found.is_saved:
            raise AlreadySaved
        return json_response(live(found, _posted(), desk.check))

    _guard(forms, desk)
    return forms


def _guard(forms: Blueprint, desk: WebDesk) -> None:
    """What holds for every answer: nothing is kept by caches, no other site reads it, errors are told in its manner."""
    own_origin = desk.settings.public_url

    @forms.before_request
    def limit() -> None:
        request.max_content_length = LARGEST_FORM

    @forms.after_request
    def private(response: Response) -> Response:
        if request.endpoint != "web_form.static":
            response.headers["Cache-Control"] = "no-store"
        response.headers["Access-Control-Allow-Origin"] = own_origin  # in place of what the hooks allow
        return response

    forms.register_error_handler(RequestError, _refused)
    forms.register_error_handler(StoreError, lambda _: _refused(NotNow()))
    forms.register_error_handler(RequestEntityTooLarge, lambda _: _refused(TooMuch()))


def _refused(error: RequestError) -> Response:
    if _wants_json():
        return json_response(error.outcome(), error.status, FHIR_JSON)
    return make_response(render_template("form_refused.html", error=error), error.status)


def _wants_json() -> bool:
    wanted = request.accept_mimetypes.best_match(["text/html", *_FOR_PROGRAMS])
    return request.endpoint == "web_form.outcome" or wanted in _FOR_PROGRAMS


def _posted() -> Posted:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise NotTheForm
    return dict(request.form.lists())


def _page(
    found: Opened, desk: WebDesk, posted: Posted | None = None, unusable: UnusableAnswers | None = None
) -> Response:
    """The form as it is, or with what was posted and what is wrong with it."""
    form = found.form
    said = Said(form.answers) if posted is None else read_fields(posted, _questions(found))
    faults = {**said.faults, **(unusable.faults if unusable else {})}
    counted = replace(counting(form, said), faults=faults)
    leads = leads_to(found.cases, counted.answers, desk.check)
    told: dict[str, Any] = {
        "page": shown(form, found.cases, counted, posted, leads),
        "faults": faults,
        "leads": leads,
        "roles": ROLES,
        "name": _first(posted, NAME),
        "role": _first(posted, ROLE),
        "labels": {**_WORDS, **{question.link_id: question.text for question in _questions(found)}},
        "is_checked": posted is not None,
    }
    return _rendered("form.html", found, told, 422 if unusable else 200)


def _saved(found: Opened, desk: WebDesk) -> Response:
    leads = leads_to(found.cases, answers_of(found.kept.saved), desk.check)
    return _rendered("form_saved.html", found, {"saved": retold(found.kept.saved), "leads": leads}, 200)


def _rendered(template: str, found: Opened, told: dict[str, Any], status: int) -> Response:
    about = {"kept": found.kept, "orders": [case.recorded.order for case in found.cases]}
    fixed = {"lines": _LINES, "signs": SIGNS, "policy": REVISION}
    return make_response(render_template(template, **about, **fixed, **told), status)


def _questions(found: Opened) -> tuple[Any, ...]:
    return (*found.form.asked, *(item.question for item in found.form.on_record))


def _first(posted: Posted | None, name: str) -> str:
    return next(iter((posted or {}).get(name, ())), "")
