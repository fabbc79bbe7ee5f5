"""Who may call: by token, or on loopback anyone."""

import logging
from typing import Final

from flask import Response, request

from cds_service.operations.metrics import Metrics
from cds_service.security.clients import Registry
from cds_service.security.replay import MemoryReplay, Replay
from cds_service.security.tokens import Caller, Gatekeeper, NotAdmitted
from cds_service.settings import Settings, is_loopback
from cds_service.store.errors import StoreUnavailable

log = logging.getLogger(__name__)

ANYONE: Final = "anyone"


class Admission:
    """Decides for each call of the hooks who is calling, and counts those it turns away."""

    def __init__(self, settings: Settings, replay: Replay, metrics: Metrics) -> None:
        self._metrics = metrics
        self._open_to = Caller(ANYONE, "", settings.fhir_servers) if settings.auth == "off" else None
        replay = _ReplayDespiteFaults(replay, metrics)
        registry = Registry.of(settings.clients)
        if settings.auth == "jwt" and not settings.clients:
            log.warning("auth = jwt and no client is registered: every call will be refused")
        self._gate = Gatekeeper(registry, settings.public_url, replay, settings.jwks_refetch_seconds)

    def caller(self) -> Caller:
        """The caller of the request being answered. Raises NotAdmitted."""
        if self._open_to is not None:
            return self._anyone_here(self._open_to)
        try:
            return self._gate.admit(request.headers.get("Authorization"), request.path.rstrip("/"))
        except NotAdmitted as refused:
            self._metrics.auth_failed(refused.reason)
            log.warning("call refused", extra={"issuer": refused.issuer, "reason": refused.reason})
            raise

    def _anyone_here(self, anyone: Caller) -> Caller:
        """Without tokens only this machine may call, whatever address the server was bound to."""
        if not is_loopback(request.remote_addr or ""):
            self._metrics.auth_failed("no-token")
            log.warning("call refused", extra={"reason": "auth is off, and the caller is not on loopback"})
            raise NotAdmitted("no-token")
        return anyone


class _ReplayDespiteFaults:
    """Used tokens as all processes know them; while the database is down, those this process has seen.

    A clinician is not refused for our database: a token is good for one call of each process then, for minutes.
    """

    def __init__(self, shared: Replay, metrics: Metrics) -> None:
        self._shared = shared
        self._here = MemoryReplay()
        self._metrics = metrics

    def first_use(self, issuer: str, jti: str, expires_at: int) -> bool:
        """See Replay."""
        if not self._here.first_use(issuer, jti, expires_at):
            return False
        try:
            return self._shared.first_use(issuer, jti, expires_at)
        except StoreUnavailable as error:
            self._metrics.replay_check_lost()
            log.error("a token was not compared with those of other processes: %s", error)  # noqa: TRY400
            return True


def refusal(_: NotAdmitted) -> Response:
    """A bare 401: why is in the log, not in the answer."""
    return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
