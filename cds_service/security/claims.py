"""What a token must say (CDS Hooks 2.0, JWT claims): whose it is, for which URL, for how long, only once."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from cds_service.security.clients import Client

Reason = Literal[
    "no-token", "malformed", "algorithm", "type", "claims", "issuer", "jku", "audience", "expired", "not-yet",
    "lifetime", "tenant", "key", "signature", "replayed",
]  # fmt: skip

MAX_CHARACTERS: Final = 255
_LATEST: Final = 253402300799  # the end of the year 9999, in seconds


def refusal(claims: Mapping[str, Any], client: Client, accepted_audience: frozenset[str], now: float) -> Reason | None:
    """Why claims are not accepted from a client at a moment (seconds since 1970), or None when they are."""
    if not _are_complete(claims):
        return "claims"
    if not accepted_audience & _audience(claims):
        return "audience"
    return _time_refusal(claims, client, now) or _tenant_refusal(claims, client)


def accepted_audience(client: Client, public_url: str, path: str) -> frozenset[str]:
    """The `aud` values for a call: the URL, which may end in a slash when it was called so, and the client's own.

    The specification does not name the `aud` of a feedback call: the service's URL is good as well.
    """
    url = public_url.rstrip("/") + path.rstrip("/")
    called = public_url.rstrip("/") + path
    return frozenset({url, called, url.removesuffix("/feedback"), *client.audience})


def tenant_of(claims: Mapping[str, Any]) -> str:
    """The organization within the client that calls; empty when the token names none."""
    return claims.get("tenant") or ""


def is_short_text(value: object) -> bool:
    """Whether a value is text that can be kept and logged: not empty, printable, at most MAX_CHARACTERS."""
    return isinstance(value, str) and 0 < len(value) <= MAX_CHARACTERS and value.isprintable()


def _are_complete(claims: Mapping[str, Any]) -> bool:
    return (
        isinstance(claims.get("iss"), str)
        and is_short_text(claims.get("jti"))
        and all(_is_moment(claims.get(name)) for name in ("exp", "iat"))
        and ("nbf" not in claims or _is_moment(claims["nbf"]))
        and (claims.get("tenant") is None or is_short_text(claims["tenant"]))
        and isinstance(claims.get("aud"), str | list)
    )


def _is_moment(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= _LATEST  # type: ignore[operator]  # NaN and infinity fail here


def _audience(claims: Mapping[str, Any]) -> frozenset[str]:
    audience = claims["aud"]
    return frozenset({audience} if isinstance(audience, str) else {url for url in audience if isinstance(url, str)})


def _time_refusal(claims: Mapping[str, Any], client: Client, now: float) -> Reason | None:
    issued, expires, leeway = claims["iat"], claims["exp"], client.leeway_seconds
    if now >= expires + leeway:
        return "expired"
    if max(issued, claims.get("nbf", issued)) > now + leeway:
        return "not-yet"
    return None if 0 < expires - issued <= client.max_token_age_seconds else "lifetime"


def _tenant_refusal(claims: Mapping[str, Any], client: Client) -> Reason | None:
    return "tenant" if client.tenants and tenant_of(claims) not in client.tenants else None
