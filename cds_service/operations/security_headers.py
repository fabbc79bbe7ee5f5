"""Headers that tell a browser how little it may do with what we send."""

from typing import Final

from flask import Flask, Response

EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
FOR_PAGES: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_THE_API: Final = {  # an EHR in a browser reads it from an origin of its own; CORS says which
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
ONLY_TLS: Final = {"Strict-Transport-Security": "max-age=31536000"}


def add_security_headers(app: Flask, public_url: str) -> None:
    """Add them to every answer, errors included; a year of TLS is promised only where clients use https."""
    everywhere = {**EVERYWHERE, **(ONLY_TLS if public_url.startswith("https://") else {})}
    for_pages, for_the_api = [*{**everywhere, **FOR_PAGES}.items()], [*{**everywhere, **FOR_THE_API}.items()]

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(for_pages if response.mimetype == "text/html" else for_the_api)
        return response
