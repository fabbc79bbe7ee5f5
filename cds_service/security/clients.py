"""Registered clients: the EHRs whose tokens are accepted, found by exact issuer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cds_service.errors import SettingsError
from cds_service.settings import ClientSettings


@dataclass(frozen=True, slots=True)
class Client:
    """An EHR that may call. `jku` are the header values accepted; none of them is ever fetched."""

    name: str
    issuer: str
    jwks_url: str
    jwks_file: Path | None
    jku: tuple[str, ...]
    algorithms: tuple[str, ...]
    tenants: tuple[str, ...]
    audience: tuple[str, ...]
    max_token_age_seconds: int
    leeway_seconds: int
    fhir_servers: tuple[str, ...]
    saves_forms: bool = False

    @classmethod
    def of(cls, table: ClientSettings) -> Self:
        """The client a [[clients]] table registers; without a `jku` list its jwks_url is the only one accepted."""
        jku = table.jku or ((table.jwks_url,) if table.jwks_url else ())
        return cls(**{**table.model_dump(exclude={"npi"}), "jku": jku})  # an NPI is for reports, not for admission


class Registry:
    """All registered clients. Raises SettingsError when two share an issuer: a token must mean one client."""

    def __init__(self, clients: Iterable[Client]) -> None:
        self._by_issuer: dict[str, Client] = {}
        for client in clients:
            if client.issuer in self._by_issuer:
                raise SettingsError(f"clients: two have the issuer {client.issuer}; give each its own")
            self._by_issuer[client.issuer] = client

    @classmethod
    def of(cls, tables: Iterable[ClientSettings]) -> Self:
        """The registry of a configuration."""
        return cls(Client.of(table) for table in tables)

    def find(self, issuer: str) -> Client | None:
        """The client of this `iss`, compared character by character."""
        return self._by_issuer.get(issuer)

    def __iter__(self) -> Iterator[Client]:
        return iter(self._by_issuer.values())
