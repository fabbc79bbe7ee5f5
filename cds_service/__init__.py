"""Coverage Hooks: an open, explainable CDS Hooks server for coverage policies."""

from flask import Flask

from cds_service.coverage_check import Check
from cds_service.errors import SettingsError
from cds_service.pages import pages
from cds_service.settings import Settings, load_settings
from cds_service.views import add_cors, add_error_handling, hooks_blueprint
from fhir_mappings.client import FhirClient


def create_app(settings: Settings | None = None) -> Flask:
    """Wire the service together. Raises SettingsError for settings it must not run with."""
    settings = settings or load_settings()
    if settings.auth != "off":
        raise SettingsError(
            "auth = jwt: verifying client tokens is not part of this version; set COVERAGE_HOOKS_AUTH=off on loopback"
        )
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    add_cors(app)
    add_error_handling(app)
    app.register_blueprint(hooks_blueprint(settings, check_of(settings)))
    app.register_blueprint(pages)
    return app


def check_of(settings: Settings, may_read: bool = True) -> Check:
    """How orders are judged under these settings; without leave to read, by what was sent alone."""
    return Check(
        payers=settings.known_payers(),
        windows=settings.age_windows(),
        fhir_servers=settings.fhir_servers if may_read else (),
        fhir_deadline_seconds=settings.fhir_deadline_seconds,
        client=FhirClient(),
    )
