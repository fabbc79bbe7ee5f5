"""What a worker process of the server runs, by the settings of its environment."""

import gc

from flask import Flask

from cds_service import create_app


def service() -> Flask:
    """The service. Raises SettingsError for settings it must not run with."""
    return _settled(create_app())


def demonstration() -> Flask:
    """The service with its demonstration around it. Raises SettingsError."""
    from cds_service.demo import create_demo_app  # noqa: PLC0415 - a service without it starts the sooner

    return _settled(create_demo_app())


def _settled(app: Flask) -> Flask:
    """Keep what start-up made out of garbage collection: it stays, and all calls wait while it is looked through.

    A full collection takes a tenth of a second with it, two thousandths without.
    """
    gc.collect()
    gc.freeze()
    return app
