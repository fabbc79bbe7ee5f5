"""CK57 to CK59: clients in a browser, and the same address written in other ways."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conformance.wire import DISCOVERY, FEEDBACK, NEEDS_NO_RECORD, SIGN, advice, bearing, fresh_token
from tests.conftest import TODAY, hook_call, order

ORIGIN = "https://sandbox.example"
CALL = hook_call(order(NEEDS_NO_RECORD))
ASK_FIRST = {
    "Origin": ORIGIN, "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}  # fmt: skip
DOUBLED = [
    "/cds-services//order-sign-crd", f"{SIGN}//", "/cds-services//order-sign-crd/feedback", f"{SIGN}//feedback",
]  # fmt: skip


def listed(header: str) -> set[str]:
    return {part.strip().lower() for part in header.split(",")}


@pytest.mark.parametrize("path", [DISCOVERY, SIGN, FEEDBACK, f"{SIGN}/", DOUBLED[0], "/nowhere"])
def test_CK57_a_preflight_is_answered_without_a_token(hospital: FlaskClient, path: str) -> None:
    answer = hospital.options(path, headers=ASK_FIRST)
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
    assert {"get", "post"} <= listed(answer.headers["Access-Control-Allow-Methods"])
    assert {"authorization", "content-type"} <= listed(answer.headers["Access-Control-Allow-Headers"])


def test_CK57_after_the_preflight_the_call_itself_needs_its_token(hospital: FlaskClient) -> None:
    assert hospital.options(SIGN, headers=ASK_FIRST).status_code < 300
    assert hospital.post(SIGN, json=CALL, headers={"Origin": ORIGIN}).status_code == 401
    signed = {"Origin": ORIGIN, **bearing(fresh_token())}
    assert hospital.post(SIGN, json=CALL, headers=signed).status_code == 200


def post(body: Any, path: str = SIGN) -> Callable[[FlaskClient], Any]:
    return lambda client: client.post(path, json=body, headers={"Origin": ORIGIN})


@pytest.mark.parametrize(("status", "ask"), [
    (200, lambda client: client.get(DISCOVERY, headers={"Origin": ORIGIN})),
    (200, post(CALL)),
    (200, post({"feedback": []}, FEEDBACK)),
    (400, post({})),
    (400, post({}, FEEDBACK)),
    (404, post(CALL, f"{DISCOVERY}/nothing-here")),
    (404, post(CALL, "/nowhere")),
    (405, lambda client: client.get(SIGN, headers={"Origin": ORIGIN})),
    (412, post(hook_call(order()))),
    (415, lambda client: client.post(SIGN, data="x", content_type="text/plain", headers={"Origin": ORIGIN})),
])  # fmt: skip
def test_CK58_a_browser_may_read_every_answer(
    client: FlaskClient, status: int, ask: Callable[[FlaskClient], Any]
) -> None:
    answer = ask(client)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)


@pytest.mark.parametrize("path", [SIGN, FEEDBACK])
def test_CK58_a_browser_may_read_a_refusal(hospital: FlaskClient, path: str) -> None:
    answer = post(CALL, path)(hospital)
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)


def test_CK58_a_browser_may_read_a_failure(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cds_service.views.check_orders", None)
    answer = post(CALL)(client)
    assert answer.status_code == 500
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)


@pytest.mark.parametrize("body", [CALL, {}])
def test_CK58_where_origins_are_listed_others_may_read_nothing(body: Any) -> None:
    app = create_app(Settings(auth="off", today=TODAY, allowed_origins=(ORIGIN,)))
    listed_origin = app.test_client().post(SIGN, json=body, headers={"Origin": ORIGIN})
    other = app.test_client().post(SIGN, json=body, headers={"Origin": "https://other.example"})
    assert listed_origin.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in listed_origin.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize("path", [f"{DISCOVERY}/", f"{SIGN}/", f"{FEEDBACK}/", *DOUBLED, "//cds-services", "//"])
def test_CK59_no_preflight_is_redirected(client: FlaskClient, path: str) -> None:
    answer = client.options(path, headers=ASK_FIRST)
    assert answer.status_code in (200, 204)
    assert "Location" not in answer.headers


def test_CK59_a_slash_at_the_end_changes_nothing(client: FlaskClient) -> None:
    assert client.get(f"{DISCOVERY}/").get_json() == client.get(DISCOVERY).get_json()
    assert advice(client.post(f"{SIGN}/", json=CALL)) == advice(client.post(SIGN, json=CALL))
    assert client.post(f"{FEEDBACK}/", json={"feedback": []}).status_code == 200


@pytest.mark.parametrize("path", [f"{DISCOVERY}/", "//cds-services/order-sign-crd", f"{SIGN}/nothing/"])
def test_CK59_a_post_elsewhere_is_an_error_and_no_redirect(client: FlaskClient, path: str) -> None:
    assert client.post(path, json=CALL).status_code in (404, 405)


@pytest.mark.parametrize("path", DOUBLED)
def test_CK59_no_post_with_a_doubled_slash_is_redirected(client: FlaskClient, path: str) -> None:
    answer = client.post(path, json=CALL)
    assert not 300 <= answer.status_code < 400
