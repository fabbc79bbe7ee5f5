"""What is wrong with a client's registration, before its first call fails: the words of `clients check`."""

from collections import Counter
from collections.abc import Iterator

from cds_service.security.clients import Client
from cds_service.security.key_documents import is_fetchable, load
from cds_service.security.key_sets import PRIVATE_MEMBERS, Jwk, KeysUnavailable, fits, members, public_key


def check_client(client: Client) -> list[str]:
    """Each problem with its remedy; none when the client can call and its record can be read. Reads its keys."""
    return [*_key_problems(client), *_server_problems(client)]


def _key_problems(client: Client) -> Iterator[str]:
    try:
        keys = members(load(client))
    except KeysUnavailable as error:
        yield f"{_place(client)}: {error}; {_remedy(client)}"
        return
    for number, jwk in enumerate(keys, 1):
        yield from (f"{_place(client)}: {problem}" for problem in _jwk_problems(jwk, number, client.algorithms))
    yield from (f"{_place(client)}: {problem}" for problem in _set_problems(keys, client.algorithms))


def _jwk_problems(jwk: Jwk, number: int, algorithms: tuple[str, ...]) -> Iterator[str]:
    name = f"key {number} ({jwk['kid']})" if isinstance(jwk.get("kid"), str) else f"key {number}"
    fitting = [algorithm for algorithm in algorithms if fits(jwk, algorithm)]
    if jwk.get("kty") == "oct":
        yield f"{name} is symmetric and never used; the client must take it out and sign with an EC or RSA key"
        return
    if PRIVATE_MEMBERS & jwk.keys():
        yield f"{name} has private parts; the client must replace the key pair and publish the public part only"
    if fitting and not isinstance(jwk.get("kid"), str):
        yield f"{name} has no kid and is never used; the client must name it, in the JWKS and in its tokens"
    if fitting and public_key(jwk, fitting[0]) is None:
        yield f"{name} is malformed, or an RSA key under 2048 bits; the client must publish another"


def _set_problems(keys: tuple[Jwk, ...], algorithms: tuple[str, ...]) -> Iterator[str]:
    usable = [
        (str(jwk["kid"]), algorithm)
        for jwk in keys
        for algorithm in algorithms
        if isinstance(jwk.get("kid"), str) and fits(jwk, algorithm) and public_key(jwk, algorithm)
    ]
    for kid in sorted({kid for (kid, _), count in Counter(usable).items() if count > 1}):
        yield f"the kid {kid} stands twice and only its first key is used; the client must give each key its own"
    if not usable:
        yield (
            f"no key of {len(keys)} can check {' or '.join(algorithms)}; "
            "the client must publish one, or the algorithm it signs with be added to algorithms"
        )


def _server_problems(client: Client) -> Iterator[str]:
    if not client.fhir_servers:
        yield "fhir_servers: none, so only what the client sends can be read; list the FHIR base URL of its records"
    for server in client.fhir_servers:
        if not is_fetchable(server):
            yield f"fhir_servers: {server} is plain http and not on loopback; give its https URL"


def _place(client: Client) -> str:
    return f"jwks_file {client.jwks_file}" if client.jwks_file else f"jwks_url {client.jwks_url}"


def _remedy(client: Client) -> str:
    if client.jwks_file:
        return "put the client's JWKS there, readable for the service, or correct jwks_file"
    return "check the address, its certificate and the firewall, or save the JWKS and give jwks_file"
