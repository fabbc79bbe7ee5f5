"""The service without its record of answers: what the record costs is the difference."""

from flask import Flask

from cds_service import create_app


def create_unrecorded() -> Flask:
    """Everything is answered and nothing kept."""
    app = create_app()
    app.extensions["record of answers"].keep_call = lambda *_: None
    return app
