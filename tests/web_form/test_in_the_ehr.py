"""Saving in the EHR: only where the registration says that it agrees and the token of the call lets us."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import requests
import responses
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from cds_service.settings import ClientSettings
from cds_service.store.encryption import Sealer
from cds_service.store.form_links import find_link
from cds_service.store.tables import SUBMITTED_FORM
from cds_service.web_form.permit import Permit, access_by
from tests.conformance.wire import GRANT, SIGN, bearing, example, fresh_token
from tests.conftest import EHR, Json, determinations, searchset
from tests.security.building import ISSUER, JWKS_URL, PUBLIC_URL, PUBLISHED
from tests.web_form.building import CLASS_A, OPEN, links, send, words
from tests.web_form.conftest import Start

WRITING = {**GRANT, "scope": "patient/Observation.rs patient/QuestionnaireResponse.c"}
ANSWER = {"child-pugh-class": CLASS_A}


@pytest.fixture
def net() -> Any:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def hospital(start: Start, tmp_path: Path) -> Callable[..., FlaskClient]:
    """The service with a registered client; what is given changes the registration."""

    def registered(**more: Any) -> FlaskClient:
        keys = tmp_path / "keys.json"
        keys.write_bytes(PUBLISHED)
        table = {"name": "General Hospital", "issuer": ISSUER, "jku": (JWKS_URL,), "fhir_servers": (EHR,), **more}
        return start(auth="jwt", public_url=PUBLIC_URL, clients=(ClientSettings(**table, jwks_file=keys),))

    return registered


def signed_by(client: FlaskClient, grant: Json | None = WRITING, **more: Any) -> Any:
    body = {**example(OPEN), "fhirServer": EHR, **({"fhirAuthorization": grant} if grant else {}), **more}
    return client.post(SIGN, json=body, headers=bearing(fresh_token()))


def link_of(client: FlaskClient, grant: Json | None = WRITING, **more: Any) -> str:
    return links(signed_by(client, grant, **more))[0].removeprefix(PUBLIC_URL)


def written(net: responses.RequestsMock, status: int = 201) -> list[requests.PreparedRequest]:
    """Make the EHR take forms; those that came."""
    came: list[requests.PreparedRequest] = []

    def take(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        came.append(request)
        return status, {"Location": f"{EHR}/QuestionnaireResponse/qr-7/_history/1"}, ""

    net.add_callback(responses.POST, f"{EHR}/QuestionnaireResponse", callback=take)
    return came


def kept(engine: Engine) -> int:
    """How many forms the service keeps."""
    with engine.connect() as connection:
        return len(connection.execute(select(SUBMITTED_FORM)).all())


def test_a_form_is_saved_in_the_ehr_and_the_page_says_so(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, engine: Engine
) -> None:
    client, came = hospital(saves_forms=True), written(net)
    path = link_of(client)
    assert "in the EHR, or if that fails, encrypted by this service" in words(client.get(path))
    page = send(client, path, ANSWER, follow_redirects=True)
    assert "The form is in the EHR (QuestionnaireResponse/qr-7)." in words(page)
    (request,) = came
    response = json.loads(request.body or b"")
    QuestionnaireResponse.model_validate(response)
    assert request.headers["Authorization"] == f"Bearer {GRANT['access_token']}"
    identifier = f"{response['identifier']['system']}|{response['identifier']['value']}"
    assert unquote(request.headers["If-None-Exist"]) == f"identifier={identifier}"
    assert kept(engine) == 0


def test_what_the_ehr_holds_is_read_with_the_next_signature(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock
) -> None:
    client, came = hospital(saves_forms=True), written(net)
    send(client, link_of(client), ANSWER)
    held = {**json.loads(came[0].body or b""), "id": "qr-7"}
    body = example(OPEN)
    before = [entry["resource"] for entry in body["prefetch"]["questionnaireResponses"]["entry"]]
    prefetch = {**body["prefetch"], "questionnaireResponses": searchset(*before, held)}
    (after,) = determinations(signed_by(client, prefetch=prefetch))
    assert after["outcome"] == "covered"
    assert after["evidence"]["I.C"][0]["reference"] == "QuestionnaireResponse/qr-7"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500, 302])
def test_where_the_ehr_refuses_it_the_service_keeps_it_and_the_page_says_why(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, engine: Engine, status: int
) -> None:
    client = hospital(saves_forms=True)
    came = written(net, status)
    page = send(client, link_of(client), ANSWER, follow_redirects=True)
    assert f"it could not be saved in the EHR (HTTP status {status})" in words(page)
    assert len(came) == 1
    assert kept(engine) == 1
    assert determinations(signed_by(client))[0]["outcome"] == "covered"


def test_an_ehr_that_does_not_say_where_it_put_the_form_has_it_all_the_same(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, engine: Engine
) -> None:
    client = hospital(saves_forms=True)
    net.add(responses.POST, f"{EHR}/QuestionnaireResponse", status=200)
    assert "The form is in the EHR (QuestionnaireResponse)." in words(
        send(client, link_of(client), ANSWER, follow_redirects=True)
    )
    assert kept(engine) == 0


def test_an_ehr_that_cannot_be_reached_costs_nothing(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, engine: Engine
) -> None:
    client = hospital(saves_forms=True)
    net.add(responses.POST, f"{EHR}/QuestionnaireResponse", body=requests.ConnectionError())
    page = send(client, link_of(client), ANSWER, follow_redirects=True)
    assert "(ConnectionError)" in words(page)
    assert kept(engine) == 1


@pytest.mark.parametrize(
    ("registration", "grant", "server"),
    [
        pytest.param({}, WRITING, EHR, id="the registration does not say that the EHR agrees"),
        pytest.param({"saves_forms": True}, None, EHR, id="no token"),
        pytest.param({"saves_forms": True}, {**WRITING, "scope": "patient/*.rs"}, EHR, id="it may only be read"),
        pytest.param({"saves_forms": True}, {**WRITING, "scope": "patient/Observation.c"}, EHR, id="another type"),
        pytest.param({"saves_forms": True}, {**WRITING, "expires_in": 0}, EHR, id="how long it is good is not told"),
        pytest.param({"saves_forms": True}, WRITING, "https://other.example/fhir", id="not a server of the client"),
    ],
)
def test_nothing_is_written_where_any_part_of_the_permission_lacks(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, engine: Engine,
    registration: Json, grant: Json | None, server: str,
) -> None:  # fmt: skip
    client, came = hospital(**registration), written(net)
    path = link_of(client, grant, fhirServer=server)
    assert "encrypted, by this service" in words(client.get(path))
    page = send(client, path, ANSWER, follow_redirects=True)
    assert "This service keeps the form, encrypted." in words(page)
    assert (came, kept(engine)) == ([], 1)


@pytest.mark.parametrize(
    "scope",
    ["patient/QuestionnaireResponse.c", "patient/QuestionnaireResponse.cruds", "user/QuestionnaireResponse.write",
     "patient/*.write", "patient/*.*", "launch patient/QuestionnaireResponse.cr openid"],
)  # fmt: skip
def test_scopes_of_both_versions_of_smart_permit_it(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, scope: str
) -> None:
    client, came = hospital(saves_forms=True), written(net)
    send(client, link_of(client, {**WRITING, "scope": scope}), ANSWER)
    assert len(came) == 1


@pytest.mark.parametrize("scope", ["patient/QuestionnaireResponse.rus", "patient/QuestionnaireResponse.c?status=draft"])
def test_a_scope_that_lets_less_than_create_does_not(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, scope: str
) -> None:
    client, came = hospital(saves_forms=True), written(net)
    send(client, link_of(client, {**WRITING, "scope": scope}), ANSWER)
    assert came == []


def test_the_token_is_kept_under_the_secret_of_the_link_alone_and_gone_once_it_is_used(
    hospital: Callable[..., FlaskClient], net: responses.RequestsMock, engine: Engine, sealer: Sealer
) -> None:
    client = hospital(saves_forms=True)
    written(net)
    path = link_of(client)
    secret = path.rpartition("/")[2]
    before = find_link(engine, sealer, secret)
    assert before is not None
    assert GRANT["access_token"] not in json.dumps(before.case), "the record keys alone do not open it"
    send(client, path, ANSWER)
    after = find_link(engine, sealer, secret)
    assert after is not None
    assert after.case["permit"] is None


def test_a_permission_that_expired_or_has_another_secret_gives_nothing(
    hospital: Callable[..., FlaskClient], engine: Engine, sealer: Sealer
) -> None:
    secret = link_of(hospital(saves_forms=True)).rpartition("/")[2]
    link = find_link(engine, sealer, secret)
    assert link is not None
    told = link.case["permit"]
    permit = Permit(told["server"], told["sealed"], datetime.fromisoformat(told["until"]))
    now = datetime.now(UTC)
    found = access_by(permit, secret, now)
    assert found is not None
    assert (found.base_url, found.token) == (EHR, GRANT["access_token"])
    assert access_by(permit, secret, now + timedelta(seconds=GRANT["expires_in"] + 1)) is None
    assert access_by(permit, secret[:-1] + "-", now) is None
