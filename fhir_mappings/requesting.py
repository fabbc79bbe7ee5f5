"""One request to an EHR's server, and the bytes of its answer, within what is left of a call's time and bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import quote

import msgspec
import requests
from urllib3 import Timeout
from urllib3.exceptions import MaxRetryError

from fhir_mappings.addresses import AddressRefused, MayReach, Resolver, Unresolved
from fhir_mappings.connections import VettedAdapter
from fhir_mappings.elements import local_reference
from fhir_mappings.reads import DEADLINE_PASSED, TOO_LARGE, Access, Allowance, Read, declined

FHIR_JSON: Final = "application/fhir+json"
_CHUNK_BYTES: Final = 64 * 1024
_WRITTEN: Final = frozenset({200, 201})


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a resource came to: where it is, as `Type/id`, as far as the server says; why it failed."""

    reference: str = ""
    failure: str = ""


class FhirSession:
    """Pooled connections, shared by all calls; tokens and patients live in arguments only."""

    def __init__(self, may_reach: MayReach, threads: int) -> None:
        self._session = requests.Session()
        adapter = VettedAdapter(Resolver(may_reach), threads)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.trust_env = False  # no proxy or netrc of the machine may see a patient's token
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # nor one call another's session

    def fetch(
        self, access: Access, url: str, allowance: Allowance, most_bytes: int, body: bytes | None = None
    ) -> bytes | Read:
        """GET a URL, or POST what is given to it: the answer's body; when there is none to use, why."""
        left = allowance.seconds()
        if left <= 0:
            return Read(failure=DEADLINE_PASSED)
        headers = {"Accept": FHIR_JSON, "Accept-Encoding": "gzip", **_bearer(access)}
        if body is not None:
            headers["Content-Type"] = FHIR_JSON
        try:
            with self._sent(("GET" if body is None else "POST", url), headers, left, body) as response:
                if response.status_code != 200:
                    return declined(response.status_code)
                return _body(response, allowance, most_bytes)
        except requests.RequestException as error:
            return Read(failure=_reason(error, allowance))

    def create(self, access: Access, resource: Mapping[str, Any], identifier: str, seconds: float) -> Written:
        """Create a resource once: what has this identifier (`system|value`) already is left as it is."""
        once = {"If-None-Exist": f"identifier={quote(identifier, safe='')}"}
        headers = {"Accept": FHIR_JSON, "Content-Type": FHIR_JSON, **once, **_bearer(access)}
        url, body = f"{access.base_url}/{resource['resourceType']}", msgspec.json.encode(resource)
        try:
            with self._sent(("POST", url), headers, seconds, body) as answer:
                if answer.status_code not in _WRITTEN:
                    return Written(failure=f"HTTP status {answer.status_code}")
                return Written(local_reference(answer.headers.get("Location", "")))
        except requests.RequestException as error:
            return Written(failure=type(error).__name__)

    def _sent(
        self, to: tuple[str, str], headers: Mapping[str, str], seconds: float, body: bytes | None
    ) -> requests.Response:
        return self._session.request(
            *to, data=body, headers=headers, timeout=_total(seconds), allow_redirects=False, stream=True
        )


def _bearer(access: Access) -> dict[str, str]:
    return {"Authorization": f"Bearer {access.token}"} if access.token else {}


def _total(seconds: float) -> Any:
    """A time for all of a request together. requests takes it, its types do not know."""
    return Timeout(total=seconds)


def _reason(error: requests.RequestException, allowance: Allowance) -> str:
    """Why a read failed, in words that name no address: a timeout is always what was left until the deadline."""
    if isinstance(error, requests.Timeout) or allowance.seconds() <= 0:
        return DEADLINE_PASSED
    retried = error.args[0] if error.args else None
    cause = retried.reason.__cause__ if isinstance(retried, MaxRetryError) and retried.reason else None
    return str(cause) if isinstance(cause, AddressRefused | Unresolved) else type(error).__name__


def _body(response: requests.Response, allowance: Allowance, most_bytes: int) -> bytes | Read:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(_CHUNK_BYTES):
        size += len(part)
        if size > most_bytes or not allowance.grants(len(part)):
            return Read(failure=TOO_LARGE)
        parts.append(part)
    return b"".join(parts)
