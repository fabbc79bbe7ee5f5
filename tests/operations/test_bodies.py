"""Bodies arrive whole, however a server hands them out, or the call is refused."""

from io import BytesIO

import pytest
from flask import Flask

from cds_service.operations.bodies import whole_body

LIMIT_BYTES = 64
CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


class InBlocks(BytesIO):
    """A server's stream that hands out seven bytes at a time, whatever it is asked for."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(7)


def sent(stream: BytesIO, length: int | None) -> tuple[int, bytes]:
    """Status and answer of an application that gives back what it was sent, asked for twice."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LIMIT_BYTES

    @app.post("/")
    def echo() -> bytes:
        body = whole_body()
        assert whole_body() is body
        return body

    told = {"CONTENT_LENGTH": str(length)} if length is not None else CHUNKED
    answer = app.test_client().post("/", environ_overrides={**told, "wsgi.input": stream})
    return answer.status_code, answer.data


@pytest.mark.parametrize("stream", [BytesIO, InBlocks])
@pytest.mark.parametrize("size", [0, 1, 7, 8, LIMIT_BYTES])
def test_a_body_arrives_whole(stream: type[BytesIO], size: int) -> None:
    body = bytes(range(size))
    assert sent(stream(body), size) == (200, body)


def test_what_follows_a_body_is_not_part_of_it() -> None:
    assert sent(BytesIO(b"bodynext"), 4) == (200, b"body")


@pytest.mark.parametrize("stream", [BytesIO, InBlocks])
def test_a_body_that_ends_before_its_length_is_refused(stream: type[BytesIO]) -> None:
    status, _ = sent(stream(b"x" * 20), 21)
    assert status == 400


def test_a_body_beyond_the_limit_is_refused_unread() -> None:
    stream = BytesIO(b"x" * (LIMIT_BYTES + 1))
    status, _ = sent(stream, LIMIT_BYTES + 1)
    assert (status, stream.tell()) == (413, 0)


def test_a_body_of_untold_length_arrives_whole() -> None:
    assert sent(BytesIO(b"x" * LIMIT_BYTES), None) == (200, b"x" * LIMIT_BYTES)


def test_a_body_of_untold_length_is_refused_where_it_passes_the_limit() -> None:
    status, _ = sent(BytesIO(b"x" * (LIMIT_BYTES + 1)), None)
    assert status == 413
