"""Where a host name leads: to the public network, or to addresses only this machine or its network can reach."""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

Resolve = Callable[..., Iterable[tuple[Any, ...]]]

_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


def is_public_host(host: str, resolve: Resolve = socket.getaddrinfo) -> bool:
    """Whether every address of a host is public. A host that does not resolve is not.

    The answer holds for this moment: a name can lead elsewhere when it is asked again. Loopback on purpose is for
    the caller to allow.
    """
    try:
        found = list(resolve(host.strip("[]"), None, type=socket.SOCK_STREAM))
        addresses = [ip_address(str(place[4][0]).partition("%")[0]) for place in found]
    except (OSError, ValueError):  # unknown, or no name at all
        return False
    return bool(addresses) and all(_is_public(address) for address in addresses)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    address = _embedded(address) or address
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
