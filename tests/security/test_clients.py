"""Clients as the configuration registers them."""

import dataclasses
from pathlib import Path

import pytest

from cds_service.errors import SettingsError
from cds_service.security.clients import Client, Registry
from cds_service.settings import ClientSettings
from tests.security.building import ISSUER, JWKS_URL, client

TABLE = ClientSettings(name="General Hospital", issuer=ISSUER, jwks_url=JWKS_URL)


def test_a_client_has_what_its_table_says() -> None:
    made = Client.of(TABLE)
    assert dataclasses.asdict(made) == {**TABLE.model_dump(exclude={"npi"}), "jku": (JWKS_URL,)}
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.name = "x"  # type: ignore[misc]


def test_the_jku_accepted_is_the_jwks_url_unless_listed() -> None:
    assert client().jku == (JWKS_URL,)
    assert client(jku=("https://sandbox.example/jwks",)).jku == ("https://sandbox.example/jwks",)
    assert Client.of(ClientSettings(name="n", issuer="i", jwks_file=Path("k.json"))).jku == ()


def test_a_client_is_found_by_its_exact_issuer() -> None:
    registry = Registry.of([TABLE])
    assert registry.find(ISSUER) == Client.of(TABLE)
    assert [found.name for found in registry] == ["General Hospital"]
    for other in ("", ISSUER + "/", ISSUER.upper(), "https://ehr.example.org"):
        assert registry.find(other) is None


def test_two_clients_cannot_share_an_issuer() -> None:
    with pytest.raises(SettingsError, match=r"two have the issuer https://ehr\.example; give each its own"):
        Registry([client(), client(name="Other")])
