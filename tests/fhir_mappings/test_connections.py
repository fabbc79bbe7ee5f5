"""Connections to a server by name: the address that was vetted is the one that is reached, on loopback."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fhir_mappings.addresses import Resolver
from fhir_mappings.connections import VettedAdapter

NAME = "ehr.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
real_getaddrinfo = socket.getaddrinfo


class Listener:
    """A socket server on one loopback address that answers every request the same and keeps what it was sent."""

    def __init__(self, address: str, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.listening = socket.create_server((address, port))
        self.listening.settimeout(20)
        self.port = self.listening.getsockname()[1]
        self.tls = tls
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        if tls:
            tls.sni_callback = lambda _, name, __: self.names.append(name)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
                connection.settimeout(20)
                with self.tls.wrap_socket(connection, server_side=True) if self.tls else connection as opened:
                    self.requests.append(opened.recv(65536))
                    opened.sendall(OK)
            except ssl.SSLError:
                continue
            except OSError:
                return


@contextmanager
def listening(*places: Any, tls: ssl.SSLContext | None = None) -> Iterator[list[Listener]]:
    started = [Listener(places[0], 0, tls)]
    started += [Listener(address, started[0].port, tls) for address in places[1:]]
    try:
        yield started
    finally:
        for one in started:
            one.listening.close()


@pytest.fixture
def name_leads_to(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What the name server says, one answer after the other; the last one for ever. Addresses resolve to themselves."""

    def set_up(*answers: tuple[str, ...]) -> list[str]:
        left, asked = list(answers), []

        def resolve(host: str, port: Any, *more: Any, **named: Any) -> Any:
            if host != NAME:
                return real_getaddrinfo(host, port, *more, **named)
            asked.append(host)
            found = left.pop(0) if len(left) > 1 else left[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        return asked

    return set_up


def session(may_reach: Callable[..., bool] = lambda *_: True) -> requests.Session:
    opened = requests.Session()
    for scheme in ("http://", "https://"):
        opened.mount(scheme, VettedAdapter(Resolver(may_reach), 1))
    return opened


def only(address: str) -> Callable[..., bool]:
    return lambda _, reached: reached == ip_address(address)


def test_a_name_that_leads_elsewhere_the_second_time_is_reached_where_it_was_vetted(
    name_leads_to: Callable[..., list[str]],
) -> None:
    """DNS rebinding: the address that is checked is the address that is connected to."""
    asked = name_leads_to(("127.0.0.1",), ("127.0.0.2",))
    with listening("127.0.0.1", "127.0.0.2") as (vetted, inside):
        assert session(only("127.0.0.1")).get(f"http://{NAME}:{vetted.port}/fhir", timeout=20).text == "{}"
    assert asked == [NAME]
    assert f"Host: {NAME}:{vetted.port}".encode() in vetted.requests[0]
    assert inside.requests == []


def test_each_new_connection_is_vetted_anew(name_leads_to: Callable[..., list[str]]) -> None:
    name_leads_to(("127.0.0.1",), ("127.0.0.2",))
    with listening("127.0.0.1", "127.0.0.2") as (vetted, inside), session(only("127.0.0.1")) as opened:
        url = f"http://{NAME}:{vetted.port}/fhir"
        opened.get(url, timeout=20)
        with pytest.raises(requests.ConnectionError):
            opened.get(url, timeout=20)  # the server closed the first connection
    assert (len(vetted.requests), inside.requests) == (1, [])


def test_the_next_address_is_tried_when_one_does_not_answer(name_leads_to: Callable[..., list[str]]) -> None:
    name_leads_to(("127.0.0.2", "127.0.0.1"))
    with listening("127.0.0.1") as (server,):
        assert session().get(f"http://{NAME}:{server.port}/fhir", timeout=20).status_code == 200


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the name, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, plain[1], plain[0])
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_tls_names_the_host_and_checks_its_certificate(
    name_leads_to: Callable[..., list[str]], tls: ssl.SSLContext, certificate: Path
) -> None:
    name_leads_to(("127.0.0.1",))
    with listening("127.0.0.1", tls=tls) as (server,):
        answer = session().get(f"https://{NAME}:{server.port}/fhir", verify=str(certificate), timeout=20)
    assert answer.text == "{}"
    assert server.names == [NAME]


def test_a_certificate_of_another_name_is_refused(
    name_leads_to: Callable[..., list[str]], tls: ssl.SSLContext, certificate: Path
) -> None:
    name_leads_to(("127.0.0.1",))
    with listening("127.0.0.1", tls=tls) as (server,), pytest.raises(requests.exceptions.SSLError):
        session().get(f"https://127.0.0.1:{server.port}/fhir", verify=str(certificate), timeout=20)
    assert server.requests == []
