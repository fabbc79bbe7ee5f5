"""The body of a request, in one piece: Werkzeug puts one together of blocks, which costs more than to parse it."""

from flask import g, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge


def whole_body() -> bytes:
    """The body, read once for each request.

    Raises RequestEntityTooLarge for one beyond the limit of the app or route, ClientDisconnected for one that ends
    before the length it was sent with.
    """
    if "body" not in g:
        g.body = _read()
    body: bytes = g.body
    return body


def drop_body() -> None:
    """Read what nobody has read, and forget it."""
    if "body" not in g:
        request.get_data(cache=False)


def _read() -> bytes:
    length, largest = request.content_length, request.max_content_length
    if length is None or (largest is not None and length > largest):
        return _to_its_end(largest)
    return _exactly(length)


def _to_its_end(largest: int | None) -> bytes:
    body = request.get_data(cache=False)
    if len(body) == largest and request.environ["wsgi.input"].read(1):  # Werkzeug stops at the limit without a word
        raise RequestEntityTooLarge
    return body


def _exactly(length: int) -> bytes:
    stream = request.environ["wsgi.input"]
    body: bytes = stream.read(length)
    while len(body) < length:  # a server may hand out less than it is asked for, and nothing once the client is gone
        more = stream.read(length - len(body))
        if not more:
            raise ClientDisconnected
        body += more
    return body
