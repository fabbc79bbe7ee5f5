"""The demonstration: the service, an embedded EHR with synthetic patients, and a console, in one process."""

from flask import Flask

from cds_service import create_app
from cds_service.console import console_blueprint
from cds_service.demo_ehr import demo_ehr_blueprint, load_situations, load_store
from cds_service.settings import Settings, load_settings


def create_demo_app(settings: Settings | None = None) -> Flask:
    """The service with its demonstration around it; each app has patients of its own."""
    settings = settings or load_settings()
    app = create_app(settings)
    app.register_blueprint(demo_ehr_blueprint(load_store(settings.on())))
    app.register_blueprint(console_blueprint(load_situations(settings.on())))
    return app
