"""Whoever is refused is let finish: the answer reaches a client that is still writing."""

from io import BytesIO

import pytest

from cds_service import create_app
from cds_service.settings import Settings
from tests.conftest import EHR, TODAY

SIGN = "/cds-services/order-sign-crd"
LIMIT_BYTES = 2048


def left_unread(size: int, path: str = SIGN, auth: str = "jwt", media: str = "application/json") -> tuple[int, int]:
    """The status of the answer to a body of this size, and how many of its bytes the service left alone."""
    settings = Settings(
        auth=auth, today=TODAY, fhir_servers=(EHR,), max_body_bytes=LIMIT_BYTES, public_url="https://cds.example"
    )
    body = BytesIO(b"x" * size)
    client = create_app(settings).test_client()
    answer = client.post(path, input_stream=body, content_length=size, content_type=media)
    return answer.status_code, size - body.tell()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 401),
        ({"path": "/cds-services/unheard-of"}, 401),
        ({"path": "/nowhere"}, 404),
        ({"auth": "off", "media": "text/plain"}, 415),
        ({"auth": "off"}, 400),
    ],
    ids=str,
)
def test_a_refused_body_is_read_to_its_end(asked: dict[str, str], status: int) -> None:
    assert left_unread(LIMIT_BYTES, **asked) == (status, 0)


def test_one_beyond_the_limit_is_not() -> None:
    status, unread = left_unread(LIMIT_BYTES + 1, auth="off")
    assert (status, unread) == (413, LIMIT_BYTES + 1)
