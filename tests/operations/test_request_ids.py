"""Request ids: the caller's where it is a plain token, else ours; on every answer, and gone afterwards."""

import uuid

import pytest
from flask import Flask, Response

from cds_service.operations.logs import REQUEST_ID
from cds_service.operations.request_ids import HEADER, add_request_ids


@pytest.fixture
def app(app: Flask) -> Flask:
    add_request_ids(app)

    @app.get("/id")
    def told() -> str:
        return REQUEST_ID.get()

    return app


@pytest.mark.parametrize("offered", ["abcdefgh", "A.b_c-12", "x" * 64, "4d376938-007a-46e0-bcc5-915941501acd"])
def test_a_plain_token_is_taken(app: Flask, offered: str) -> None:
    answer = app.test_client().get("/id", headers={HEADER: offered})
    assert (answer.text, answer.headers[HEADER]) == (offered, offered)


@pytest.mark.parametrize(
    "offered", ["", "short", "x" * 65, "with spaces in", "Jane/Doe/1950", "abcdefgh\u00e9", "a=b&c=d12"]
)
def test_anything_else_is_replaced(app: Flask, offered: str) -> None:
    answer = app.test_client().get("/id", headers={HEADER: offered})
    assert answer.text == answer.headers[HEADER] == str(uuid.UUID(answer.text))


def test_each_request_has_its_own(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/id").text != client.get("/id").text


@pytest.mark.parametrize(("path", "status"), [("/data", 200), ("/fails", 500), ("/nowhere", 404)])
def test_every_answer_names_it(app: Flask, path: str, status: int) -> None:
    answer = app.test_client().get(path, headers={HEADER: "request-1"})
    assert (answer.status_code, answer.headers[HEADER]) == (status, "request-1")


def test_it_is_gone_after_the_request(app: Flask) -> None:
    app.test_client().get("/fails")
    assert REQUEST_ID.get() == ""


def test_an_answer_given_before_it_was_set_has_one_too() -> None:
    app = Flask("early")
    app.before_request(lambda: Response(status=204))
    add_request_ids(app)
    assert uuid.UUID(app.test_client().options("/").headers[HEADER])
