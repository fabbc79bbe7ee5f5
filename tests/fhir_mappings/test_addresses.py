"""Addresses of the public network and those that only seem to be; names that lead to them."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

import pytest

from fhir_mappings.addresses import AddressRefused, Resolver, Unresolved, is_public

Resolving = Callable[..., None]


@pytest.fixture
def resolving(monkeypatch: pytest.MonkeyPatch) -> Resolving:
    """What the name server says of any name: addresses, or a failure."""

    def to(*addresses: str, failure: Exception | None = None) -> None:
        def resolve(*_: Any, **__: Any) -> Any:
            if failure:
                raise failure
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

        monkeypatch.setattr("fhir_mappings.addresses.socket.getaddrinfo", resolve)

    return to


def vetted(host: str = "ehr.example", seconds: float = 30) -> tuple[str, ...]:
    return Resolver(lambda _, address: is_public(address)).vetted(host, seconds)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("172.32.0.1", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_an_address_is_public_or_not(address: str, expected: bool) -> None:
    assert is_public(ip_address(address)) is expected


def test_all_addresses_of_a_name_are_there_to_connect_to(resolving: Resolving) -> None:
    resolving("8.8.8.8", "2606:4700::1111", "8.8.8.8")
    assert vetted() == ("8.8.8.8", "2606:4700::1111")


def test_one_private_address_among_public_ones_refuses_the_name(resolving: Resolving) -> None:
    resolving("8.8.8.8", "10.0.0.1")
    with pytest.raises(AddressRefused):
        vetted()


def test_the_zone_of_an_address_does_not_hide_what_it_is(resolving: Resolving) -> None:
    resolving("fe80::1%eth0")
    with pytest.raises(AddressRefused):
        vetted()


@pytest.mark.parametrize("failure", [socket.gaierror("unknown"), OSError("down"), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve_leads_nowhere(resolving: Resolving, failure: Exception) -> None:
    resolving(failure=failure)
    with pytest.raises(Unresolved):
        vetted("nowhere.example")


def test_a_name_without_an_address_leads_nowhere(resolving: Resolving) -> None:
    resolving()
    with pytest.raises(Unresolved):
        vetted()


@pytest.mark.parametrize("literal", ["127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "0x7f.1"])
def test_an_address_in_place_of_a_name_is_vetted_like_one(literal: str) -> None:
    with pytest.raises((AddressRefused, Unresolved)):
        vetted(literal)


@pytest.mark.parametrize("literal", ["8.8.8.8", "[2606:4700::1111]"])
def test_a_public_address_may_stand_in_place_of_a_name(literal: str) -> None:
    assert vetted(literal) == (literal.strip("[]"),)


def test_a_name_server_that_hangs_is_asked_once_for_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, asked = threading.Event(), []

    def hang(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        answered.wait(20)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 0))]

    monkeypatch.setattr("fhir_mappings.addresses.socket.getaddrinfo", hang)
    resolver = Resolver(lambda *_: True)

    def given_up(_: int) -> bool:
        with pytest.raises(Unresolved):
            resolver.vetted("ehr.example", 0.05)
        return True

    with ThreadPoolExecutor(4) as several:
        assert all(several.map(given_up, range(8)))
    assert asked == ["ehr.example"]
    answered.set()
    assert resolver.vetted("ehr.example", 20) == ("8.8.8.8",)
