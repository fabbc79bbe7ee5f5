"""Where a host name leads: to the public network, or to addresses only this machine or its network can reach."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
MayReach = Callable[[str, Address], bool]
"""Whether a host of this name may be reached at this address."""

_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class Unresolved(OSError):
    """The name leads nowhere, or its name server does not answer."""


class AddressRefused(OSError):
    """The name leads to an address that may not be reached."""


class Resolver:
    """Looks up names and vets what they lead to. Shared by all calls.

    A name is looked up by one thread at a time, however many ask: a name server that hangs costs each of them its
    own time and no more.
    """

    def __init__(self, may_reach: MayReach, threads: int = 8) -> None:
        self._may_reach = may_reach
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="name-lookup")
        self._lock = threading.Lock()
        self._running: dict[str, Future[tuple[Address, ...]]] = {}

    def vetted(self, host: str, seconds: float) -> tuple[str, ...]:
        """The addresses to connect to. Raises Unresolved, AddressRefused when one of them is not to be reached.

        They hold for this connection: a name can lead elsewhere when it is asked again.
        """
        try:
            addresses = self._lookup(host).result(max(0.0, seconds))
        except (OSError, ValueError, TimeoutError):  # unknown, no name at all, or no answer in time
            raise Unresolved("the name cannot be resolved") from None
        if not addresses:
            raise Unresolved("the name has no address")
        if not all(self._may_reach(host, address) for address in addresses):
            raise AddressRefused("the name leads to an address that may not be reached")
        return tuple(str(address) for address in addresses)

    def _lookup(self, host: str) -> Future[tuple[Address, ...]]:
        with self._lock:
            running = self._running.get(host)
            if running is None or running.done():
                running = self._running[host] = self._threads.submit(_addresses, host)
            return running


def _addresses(host: str) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(str(place[4][0]).partition("%")[0]) for place in found))


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network, also when it is written inside another one."""
    address = _embedded(address) or address
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _embedded(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
