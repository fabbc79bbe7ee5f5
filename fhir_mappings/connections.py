"""Connections that go where their host's name was vetted to lead, and answers that are over by their deadline.

What urllib3 leaves open: it looks a name up once more when it connects; and its timeout is for each read, so that a
server which sends a byte a second is read for ever.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any, ClassVar

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from fhir_mappings.addresses import Resolver


class VettedAdapter(requests.adapters.HTTPAdapter):
    """requests' way to such connections."""

    def __init__(self, resolver: Resolver, threads: int) -> None:
        self._resolver = resolver
        super().__init__(pool_connections=threads, pool_maxsize=threads * 2)

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """Make the pools, of classes that vet."""
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._resolver)


def _pool_classes(by: Resolver) -> dict[str, type[HTTPConnectionPool]]:
    """The pools of an urllib3 PoolManager, by scheme, whose connections this resolver vets."""

    class Connection(_VettedConnection):
        resolver = by

    class TlsConnection(Connection, HTTPSConnection):
        """The certificate is still checked against the name, and the name is what TLS and Host say."""

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    return {"http": Pool, "https": TlsPool}


class _TimedReader(io.RawIOBase):
    """Reads a socket until a moment, however little arrives at a time."""

    def __init__(self, connection: socket.socket, raw: io.RawIOBase) -> None:
        self._connection = connection
        self._raw = raw
        self._until = time.monotonic() + (connection.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer is not complete in time")
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """A response whose status, headers and body must come within the timeout of its connection, together."""

    def __init__(self, sock: socket.socket, *arguments: Any, **more: Any) -> None:
        super().__init__(sock, *arguments, **more)
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp.detach()))


class _VettedConnection(HTTPConnection):
    """Connects to an address its resolver vetted: what was checked and what is reached cannot differ."""

    resolver: ClassVar[Resolver]
    response_class = _TimedResponse

    def _new_conn(self) -> socket.socket:
        until = time.monotonic() + float(self.timeout or 0.0)
        try:
            addresses = self.resolver.vetted(self.host, until - time.monotonic())
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        return self._connected(addresses, until)

    def _connected(self, addresses: tuple[str, ...], until: float) -> socket.socket:
        """The first address that answers; each gets an equal part of the time that is left."""
        failed: OSError = TimeoutError()
        for tried, address in enumerate(addresses):
            left = (until - time.monotonic()) / (len(addresses) - tried)
            try:
                return create_connection((address, self.port), max(left, 0.001), None, self.socket_options)
            except OSError as error:
                failed = error
        if isinstance(failed, TimeoutError):
            raise ConnectTimeoutError(self, "no connection in time") from failed
        raise NewConnectionError(self, "no connection") from failed
