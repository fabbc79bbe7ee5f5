"""Read a request to its end before it is refused: a server that answers early cuts the connection off.

A client that still writes then sees a broken pipe in place of the answer, and learns nothing of a 401 or of when to
come again after a 503.
"""

from http import HTTPStatus

from flask import Flask, Response, request

from cds_service.operations.bodies import drop_body


def read_refused_bodies(app: Flask) -> None:
    """What is refused unread is read and dropped; bodies beyond the limit of the app or route are not worth it."""

    @app.after_request
    def read_to_its_end(answer: Response) -> Response:
        is_refused = answer.status_code >= HTTPStatus.BAD_REQUEST
        if is_refused and (request.content_length or 0) <= (request.max_content_length or 0):
            drop_body()
        return answer
