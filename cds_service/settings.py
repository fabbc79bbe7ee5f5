"""Settings: environment variables COVERAGE_HOOKS_*, or one TOML file; the environment wins. Read once, frozen."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from cds_service.errors import SettingsError
from cds_service.payer_settings import TABLES, PayerSettings, Table
from fhir_mappings.chart import Windows
from fhir_mappings.payers import Payer

PREFIX: Final = "COVERAGE_HOOKS_"
ASYMMETRIC_ALGORITHMS: Final = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512")


class ClientSettings(Table):
    """[[clients]]: an EHR that may call, the keys its tokens are signed with, and the FHIR servers read for it."""

    name: str
    issuer: str
    jwks_url: str = ""
    jwks_file: Path | None = None
    jku: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ("ES384", "RS384")
    tenants: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    max_token_age_seconds: int = Field(default=3600, ge=1)
    leeway_seconds: int = Field(default=10, ge=0, le=120)
    fhir_servers: tuple[str, ...] = ()
    saves_forms: bool = False
    npi: str = Field(default="", pattern=r"^(\d{10})?$")

    @field_validator("fhir_servers")
    @classmethod
    def _readable(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_checked_url(server) for server in servers)

    @field_validator("jwks_url")
    @classmethod
    def _fetchable(cls, url: str) -> str:
        return _checked_url(url) if url else url

    @field_validator("algorithms")
    @classmethod
    def _asymmetric(cls, algorithms: tuple[str, ...]) -> tuple[str, ...]:
        unfit = [name for name in algorithms if name not in ASYMMETRIC_ALGORITHMS]
        if unfit or not algorithms:
            raise ValueError(f"must be among {', '.join(ASYMMETRIC_ALGORITHMS)}; symmetric and none are refused")
        return algorithms

    @model_validator(mode="after")
    def _one_source_of_keys(self) -> Self:
        if bool(self.jwks_url) == (self.jwks_file is not None):
            raise ValueError("give exactly one of jwks_url and jwks_file")
        return self


class WindowSettings(Table):
    """[windows]: how old data may be, in days. Ours: the policies set no age limit."""

    performance_days: int = Field(default=Windows().performance_days, ge=1)
    laboratory_days: int = Field(default=Windows().laboratory_days, ge=1)
    child_pugh_days: int = Field(default=Windows().child_pugh_days, ge=1)
    imaging_days: int = Field(default=Windows().imaging_days, ge=1)
    liver_reserve_days: int = Field(default=Windows().liver_reserve_days, ge=1)
    transplant_days: int = Field(default=Windows().transplant_days, ge=1)
    statement_days: int = Field(default=Windows().statement_days, ge=1)
    laboratory_spread_days: int = Field(default=Windows().laboratory_spread_days, ge=1)
    concurrent_order_days: int = Field(default=Windows().concurrent_order_days, ge=0)


class Settings(BaseSettings):
    """Everything a deployment can set. Each has a line in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, case_sensitive=False)

    auth: Literal["jwt", "off"] = "jwt"
    public_url: str = "http://127.0.0.1:8000"
    fhir_servers: Annotated[tuple[str, ...], NoDecode] = ()
    canonical_base: str = "http://coverage-hooks.example.org/fhir"
    clinical_prefetch: bool = True
    fhir_batch: bool = True
    fhir_deadline_seconds: float = Field(default=4.0, gt=0, le=30)
    max_calls_in_flight: int = Field(default=64, ge=1, le=256)
    max_body_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    today: date | None = None
    database_url: str = "sqlite:///instance/coverage-hooks.db"
    record_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    record_keys_file: Path | None = None
    record_journal: Path | None = None
    retention_days: int = Field(default=365, ge=1)
    form_link_hours: float = Field(default=8, gt=0, le=72)
    jwks_refetch_seconds: int = Field(default=10, ge=1)
    allow_private_addresses: bool = False
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ("*",)
    crd_default_version: Literal["2.0", "2.2"] = "2.0"
    several_coverages: Literal["answer", "refuse"] = "answer"
    default_statement: Literal["conditional", "none"] = "conditional"
    members: Literal["trust", "table"] = "trust"
    console: bool = False
    insights: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    clients: tuple[ClientSettings, ...] = ()
    payers: tuple[PayerSettings, ...] = ()
    windows: WindowSettings = WindowSettings()

    @model_validator(mode="after")
    def _tls_beyond_loopback(self) -> Self:
        """TLS is a must outside a developer's machine (CDS Hooks, Security and Safety)."""
        if self.auth == "jwt":
            try:
                _checked_url(self.public_url)
            except ValueError as error:
                raise ValueError(f"public_url {error}") from None
        return self

    @model_validator(mode="after")
    def _payers_apart(self) -> Self:
        ids = [payer.id for payer in self.payers]
        if len(set(ids)) < len(ids):
            raise ValueError("payers: two of them have the same id")
        return self

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        """The environment, then the file; nothing else is read."""
        return env_settings, init_settings

    @field_validator("fhir_servers", "record_keys", "allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("fhir_servers")
    @classmethod
    def _readable(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_checked_url(server) for server in servers)

    @field_validator("public_url", "canonical_base")
    @classmethod
    def _plain(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must be an http or https URL")
        return url.rstrip("/")

    def on(self) -> date:
        """Today, or the fixed day of tests and demonstrations."""
        return self.today or date.today()

    def fernet_keys(self) -> tuple[str, ...]:
        """The keys payloads of the record are sealed with, those of the file after those given in place."""
        listed = [key.get_secret_value() for key in self.record_keys]
        if self.record_keys_file is not None:
            try:
                listed += self.record_keys_file.read_text("utf-8").split()
            except OSError as error:
                raise SettingsError(f"record_keys_file: {error.strerror}") from None
        return tuple(listed)

    def age_windows(self) -> Windows:
        """The age limits as readers take them."""
        return Windows(**self.windows.model_dump())

    def known_payers(self) -> tuple[Payer, ...]:
        """The payers we answer for; without any the demonstration payer, who accepts every Coverage."""
        return tuple(table.payer() for table in self.payers) or (DEMONSTRATION_PAYER,)


DEMONSTRATION_PAYER: Final = Payer(
    "providence-demonstration", "Providence Health Plan (demonstration)", policies=("151",)
)


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url.rstrip("/")
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return url.rstrip("/")
    raise ValueError("must be https; plain http is accepted on loopback only")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def load_settings(config: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the file, if one is given, and the environment. Raises SettingsError naming the setting and the remedy."""
    environment = os.environ if environment is None else environment
    path = config or (Path(environment[f"{PREFIX}CONFIG"]) if environment.get(f"{PREFIX}CONFIG") else None)
    try:
        return Settings(**_from_file(path) if path else {})
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _from_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    service = tables.pop("service", {})
    if not isinstance(service, dict):
        raise SettingsError(f"{path}: [service] is a table")
    for client in tables.get("clients", []):  # a relative key file lies beside the configuration
        if isinstance(client, dict) and isinstance(client.get("jwks_file"), str):
            client["jwks_file"] = path.parent / client["jwks_file"]
    return {**tables, **service}


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"{place}: there is no such setting{_nearest(str(problem['loc'][-1]))}")
        else:
            lines.append(f"{place}: {problem['msg']}")
    return "; ".join(lines)


def _nearest(name: str) -> str:
    tables = (Settings, WindowSettings, ClientSettings, *TABLES)
    known = [field for table in tables for field in table.model_fields]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return f"; did you mean {close[0]}?" if close else ""
