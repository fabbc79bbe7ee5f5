"""Whose server a URL leads to: what may be read, and which next pages are followed."""

from urllib.parse import urljoin, urlsplit


def same_origin(url: str, base_url: str) -> bool:
    """Whether two URLs share scheme, host and port."""
    return _origin(url) == _origin(base_url) != ("", "", None)


def is_allowed(url: str, allowed: tuple[str, ...]) -> bool:
    """Whether a FHIR base URL is one of those the service may read: the same origin and the same path."""
    if _origin(url) == ("", "", None):
        return False
    parts = urlsplit(url)
    if parts.query or parts.fragment or parts.username:
        return False
    return any(same_origin(url, base) and parts.path.rstrip("/") == urlsplit(base).path.rstrip("/") for base in allowed)


def is_absolute(url: str) -> bool:
    """Whether it is a URL of its own, not a query under a base URL."""
    return url.startswith(("http://", "https://"))


def joined(url: str, link: str) -> str:
    """Where a link on the page at a URL leads; nothing when it is no URL."""
    try:
        return urljoin(url, link)
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port; blanks for what is no URL, which then equals no allowed server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", "", None
    default = {"https": 443, "http": 80}.get(parts.scheme.lower())
    return parts.scheme.lower(), (parts.hostname or "").lower(), port or default
