"""The demonstration: the service, an embedded EHR with synthetic patients, and a console, in one process."""

from collections.abc import Callable

from cryptography.fernet import Fernet
from flask import Flask
from pydantic import SecretStr

from cds_service import check_of, create_app
from cds_service.admission import ANYONE
from cds_service.console import Demonstration, console_blueprint
from cds_service.console.demo_client import DemoClient
from cds_service.demo_ehr import demo_ehr_blueprint, load_situations, load_store
from cds_service.dtr.holding import forms_held, owner_of
from cds_service.hook_request import HookRequest
from cds_service.security.tokens import Caller
from cds_service.settings import Settings, load_settings
from fhir_mappings.gathering import Held


def create_demo_app(settings: Settings | None = None) -> Flask:
    """The service with its demonstration around it; each app has patients of its own.

    Where tokens are required the demonstration registers a client for its console, with a key of its own; where no key
    is set what is saved is sealed with one of this run, and is gone with it.
    """
    settings = _with_a_key(settings or load_settings())
    client = DemoClient.new(settings.public_url, settings.fhir_servers) if settings.auth == "jwt" else None
    clients = (*settings.clients, client.registration()) if client else settings.clients
    app = create_app(settings.model_copy(update={"console": False, "clients": clients}))
    today, store = settings.on(), load_store(settings.on())
    app.register_blueprint(demo_ehr_blueprint(store))
    demonstration = Demonstration(
        situations=load_situations(today),
        store=store,
        check=check_of(settings),
        today=today,
        public_url=settings.public_url,
        fhir_servers=settings.fhir_servers,
        client=client,
        forms_held=_forms_held(app, settings, client),
    )
    app.register_blueprint(console_blueprint(demonstration))
    return app


def _forms_held(app: Flask, settings: Settings, client: DemoClient | None) -> Callable[[HookRequest], Held]:
    """The forms saved by the console's calls: it explains what it was answered."""
    caller = Caller(ANYONE, client.issuer if client else "", settings.fhir_servers)
    shelf = app.extensions["record of answers"].shelf
    return lambda asked: forms_held(shelf, owner_of(caller, asked.fhir_server, asked.patient_id))


def _with_a_key(settings: Settings) -> Settings:
    if settings.fernet_keys():
        return settings
    return settings.model_copy(update={"record_keys": (SecretStr(Fernet.generate_key().decode()),)})
