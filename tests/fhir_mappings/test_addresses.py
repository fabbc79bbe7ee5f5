"""Hosts of the public network, and hosts that only seem to be."""

import socket
from typing import Any

import pytest

from fhir_mappings.addresses import is_public_host


def resolving_to(*addresses: str) -> Any:
    return lambda *_, **__: [
        (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))
        for address in addresses
    ]


@pytest.mark.parametrize(
    ("address", "is_public"),
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
        ("fe80::1%eth0", False),
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
def test_a_host_is_public_by_its_address(address: str, is_public: bool) -> None:
    assert is_public_host("ehr.example", resolving_to(address)) == is_public


def test_one_private_address_among_public_ones_is_enough() -> None:
    assert is_public_host("ehr.example", resolving_to("8.8.8.8", "2606:4700::1111"))
    assert not is_public_host("ehr.example", resolving_to("8.8.8.8", "10.0.0.1"))


@pytest.mark.parametrize("failure", [socket.gaierror("unknown"), OSError("down"), UnicodeError("label too long")])
def test_a_host_that_does_not_resolve_is_not_public(failure: Exception) -> None:
    def resolve(*_: Any, **__: Any) -> Any:
        raise failure

    assert not is_public_host("nowhere.example", resolve)
    assert not is_public_host("nowhere.example", resolving_to())


@pytest.mark.parametrize("literal", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::1]", "::1", "", "a\x00b"])
def test_a_literal_is_read_as_the_network_reads_it(literal: str) -> None:
    assert not is_public_host(literal)


@pytest.mark.parametrize("literal", ["8.8.8.8", "[2606:4700::1111]"])
def test_a_public_literal_is_public(literal: str) -> None:
    assert is_public_host(literal)
