"""Admits calls by their token. What is wrong without a key is refused before any key is looked for."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cds_service.security.claims import Reason, accepted_audience, is_short_text, refusal, tenant_of
from cds_service.security.clients import Client, Registry
from cds_service.security.jws import Claims, Unverified, read, verified_claims
from cds_service.security.keys import key_source
from cds_service.security.replay import Replay
from cds_service.settings import ASYMMETRIC_ALGORITHMS

GRACE_SECONDS: Final = 60  # a token is remembered longer than it is good: checks and pruning see different moments


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, the FHIR servers that may be read for it, and whether forms may be saved there."""

    name: str
    issuer: str
    fhir_servers: tuple[str, ...]
    tenant: str = ""
    saves_forms: bool = False


class NotAdmitted(Exception):
    """A call without a good token: a bare 401. Holds the reason and the issuer claimed, never the token."""

    def __init__(self, reason: Reason, issuer: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.issuer = issuer


class Gatekeeper:
    """Decides who may call. One for the whole service: it holds the clients' keys."""

    def __init__(
        self,
        registry: Registry,
        public_url: str,
        replay: Replay,
        refetch_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._registry = registry
        self._public_url = public_url
        self._replay = replay
        self._clock = clock
        self._keys = {client.issuer: key_source(client, refetch_seconds, clock) for client in registry}

    def admit(self, authorization_header: str | None, path: str) -> Caller:
        """The caller of a path, `/cds-services...` as it was called. Raises NotAdmitted."""
        token = _token(authorization_header)
        _check_algorithm_and_type(token)
        client = self._client(token)
        _check_header(token, client)
        self._check_claims(token.claims, client, path)
        claims = self._signed_claims(token, client)
        self._check_claims(claims, client, path)
        self._check_first_use(claims, client)
        return Caller(client.name, client.issuer, client.fhir_servers, tenant_of(claims), client.saves_forms)

    def _client(self, token: Unverified) -> Client:
        issuer = token.claims.get("iss")
        if not isinstance(issuer, str):
            raise NotAdmitted("claims")
        client = self._registry.find(issuer)
        if client is None:
            raise NotAdmitted("issuer", _claimed_issuer(token))
        return client

    def _check_claims(self, claims: Claims, client: Client, path: str) -> None:
        audience = accepted_audience(client, self._public_url, path)
        reason = refusal(claims, client, audience, self._clock())
        if reason or claims["iss"] != client.issuer:
            raise NotAdmitted(reason or "issuer", client.issuer)

    def _signed_claims(self, token: Unverified, client: Client) -> Claims:
        algorithm = token.header["alg"]
        key = self._keys[client.issuer].find(token.header["kid"], algorithm)
        if key is None:
            raise NotAdmitted("key", client.issuer)
        try:
            return verified_claims(token, key, algorithm)
        except ValueError:
            raise NotAdmitted("signature", client.issuer) from None

    def _check_first_use(self, claims: Claims, client: Client) -> None:
        forget_at = math.ceil(claims["exp"]) + client.leeway_seconds + GRACE_SECONDS
        if not self._replay.first_use(client.issuer, claims["jti"], forget_at):
            raise NotAdmitted("replayed", client.issuer)


def _token(authorization_header: str | None) -> Unverified:
    scheme, _, compact = (authorization_header or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not compact.strip():
        raise NotAdmitted("no-token")
    try:
        return read(compact.strip())
    except ValueError:
        raise NotAdmitted("malformed") from None


def _claimed_issuer(token: Unverified) -> str:
    issuer = token.claims.get("iss")
    return str(issuer) if is_short_text(issuer) else ""


def _check_algorithm_and_type(token: Unverified) -> None:
    if token.header.get("alg") not in ASYMMETRIC_ALGORITHMS:
        raise NotAdmitted("algorithm", _claimed_issuer(token))
    if str(token.header.get("typ", "JWT")).upper() != "JWT":
        raise NotAdmitted("type", _claimed_issuer(token))


def _check_header(token: Unverified, client: Client) -> None:
    if token.header["alg"] not in client.algorithms:
        raise NotAdmitted("algorithm", client.issuer)
    if "jku" in token.header and token.header["jku"] not in client.jku:
        raise NotAdmitted("jku", client.issuer)
    if not is_short_text(token.header.get("kid")):
        raise NotAdmitted("key", client.issuer)
