"""Coverage Hooks: an open, explainable CDS Hooks server for coverage policies."""

from functools import partial
from typing import get_args

from flask import Blueprint, Flask

from cds_service.admission import Admission
from cds_service.answers import AnswerRecord, open_record
from cds_service.check import Check
from cds_service.console import console_blueprint
from cds_service.crd.answering import Statements
from cds_service.crd.authorization_book import StoredBook
from cds_service.crd.terms import terms_of
from cds_service.discovery import SERVICES
from cds_service.dtr.desk import Desk
from cds_service.error_pages import add_error_handling
from cds_service.errors import SettingsError
from cds_service.fhir_operations import Office, fhir_blueprint
from cds_service.member_directory import MemberDirectory, MemberTable, TrustCoverage
from cds_service.operations.calls import observe_calls
from cds_service.operations.health import operations_blueprint
from cds_service.operations.load import limit_calls
from cds_service.operations.logs import configure_logging
from cds_service.operations.metrics import Metrics
from cds_service.operations.request_ids import add_request_ids
from cds_service.operations.security_headers import add_security_headers
from cds_service.operations.unread_bodies import read_refused_bodies
from cds_service.pages import pages
from cds_service.policies import POLICIES
from cds_service.security.claims import Reason
from cds_service.settings import Settings, is_loopback, load_settings
from cds_service.store.authorizations import StoredAuthorizations
from cds_service.store.insights import insights
from cds_service.store.members import StoredMembers
from cds_service.store.replay import DatabaseReplay
from cds_service.views import Service, add_cors, hooks_blueprint, one_slash
from cds_service.web_form.blueprint import form_blueprint
from cds_service.web_form.desk import WebDesk
from fhir_mappings.addresses import Address, is_public
from fhir_mappings.client import FhirClient
from fhir_mappings.known_servers import KnownServers
from fhir_mappings.prefetch import CLINICAL, COVERAGE


def create_app(settings: Settings | None = None) -> Flask:
    """Wire the service together. Raises SettingsError for settings it must not run with."""
    settings = settings or load_settings()
    configure_logging(settings.log_level)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.wsgi_app = one_slash(app.wsgi_app)  # type: ignore[method-assign, assignment]
    metrics = Metrics(SERVICES, POLICIES, get_args(Reason))
    record = open_record(settings, metrics)
    read_refused_bodies(app)
    add_request_ids(app)
    observe_calls(app, metrics)
    add_cors(app, settings.allowed_origins)
    limit_calls(app, settings.max_calls_in_flight)
    add_security_headers(app, settings.public_url)
    add_error_handling(app)
    admission = Admission(settings, DatabaseReplay(record.engine), metrics)
    check = check_of(settings, MemberTable(StoredMembers(record.engine)) if settings.members == "table" else None)
    statements = Statements(settings, terms_of(settings), StoredBook(StoredAuthorizations(record.engine)))
    web = WebDesk(record.shelf, check, settings)
    app.register_blueprint(hooks_blueprint(Service(settings, check, admission, record, metrics, statements, web)))
    app.register_blueprint(form_blueprint(web))
    desk = Desk(check, record.shelf, settings.canonical_base, f"{settings.public_url}/fhir")
    app.register_blueprint(fhir_blueprint(Office(settings, admission, desk)))
    app.register_blueprint(operations_blueprint(metrics, record.is_ready))
    app.register_blueprint(pages)
    if settings.console:
        app.register_blueprint(console_blueprint())
    if settings.insights:
        app.register_blueprint(_insights(record))
    app.extensions["record of answers"] = record  # whoever made the app may close its database
    return app


def _insights(record: AnswerRecord) -> Blueprint:
    """The page of insights. Its plots need a library that a service without them need not install."""
    try:
        from cds_service.console.insights import insights_blueprint  # noqa: PLC0415
    except ModuleNotFoundError:
        raise SettingsError("insights: plots need leather: pip install coverage-hooks[insights]") from None
    return insights_blueprint(partial(insights, record.engine))


def check_of(settings: Settings, members: MemberDirectory | None = None) -> Check:
    """How orders are judged under these settings; without a directory each Coverage is trusted."""
    return Check(
        payers=settings.known_payers(),
        windows=settings.age_windows(),
        fhir_deadline_seconds=settings.fhir_deadline_seconds,
        client=FhirClient(
            anywhere if settings.allow_private_addresses else may_reach,
            threads=settings.max_calls_in_flight * len((COVERAGE, *CLINICAL)),  # no call waits for another's EHR
            servers=KnownServers(may_ask=settings.fhir_batch),
        ),
        members=members or TrustCoverage(),
    )


def may_reach(host: str, address: Address) -> bool:
    """Loopback is there for demonstrations, and only where it is listed; names must not lead into a network."""
    return is_public(address) or (is_loopback(host) and address.is_loopback)


def anywhere(host: str, address: Address) -> bool:
    """An EHR inside the network of the service."""
    return True
