"""A good token is admitted; the same token broken in one way is not, and for most ways nothing is ever fetched."""

import hashlib
import hmac
import json
import threading
from typing import Any

import jwt
import pytest
import responses
from cryptography.hazmat.primitives import serialization

from cds_service.security.clients import Registry
from cds_service.security.tokens import Caller, Gatekeeper, NotAdmitted
from tests.security.building import (
    FHIR,
    ISSUER,
    JWKS_URL,
    NOW,
    OTHER_EC_KEY,
    PATH,
    PUBLIC_URL,
    REMOVED,
    RSA_KEY,
    Clock,
    bearer,
    claims,
    client,
    encoded,
    gatekeeper,
    header,
    publish,
    signed,
    token,
)  # fmt: skip

TEN_YEARS = 10 * 365 * 86400
RSA_PEM = RSA_KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def admit(compact: str, path: str = PATH, **registration: Any) -> Caller:
    return gatekeeper(None, client(**registration)).admit(bearer(compact), path)


def refused(compact: str, path: str = PATH, **registration: Any) -> str:
    with pytest.raises(NotAdmitted) as caught:
        admit(compact, path, **registration)
    return caught.value.reason


def hmac_signed(key: bytes, algorithm: str = "HS256") -> str:
    unsigned = f"{encoded(json.dumps(header(alg=algorithm)))}.{encoded(json.dumps(claims()))}"
    return f"{unsigned}.{encoded(jwt.get_algorithm_by_name(algorithm).sign(unsigned.encode(), key))}"


def unsigned(algorithm: str = "none") -> str:
    return f"{encoded(json.dumps(header(alg=algorithm)))}.{encoded(json.dumps(claims()))}."


GOOD = token()
HEAD, BODY, SIGNATURE = GOOD.split(".")


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        pytest.param(None, "no-token", id="no Authorization header"),
        pytest.param("", "no-token", id="an empty one"),
        pytest.param("Basic dXNlcjpzZWNyZXQ=", "no-token", id="a password instead"),
        pytest.param(GOOD, "no-token", id="no scheme"),
        pytest.param("Bearer", "no-token", id="Bearer and nothing"),
        pytest.param("Bearer  ", "no-token", id="Bearer and blanks"),
        pytest.param("Bearer abc", "malformed", id="not three parts"),
        pytest.param(f"Bearer {GOOD} {GOOD}", "malformed", id="two tokens"),
        pytest.param(f"Bearer {GOOD}.x", "malformed", id="four parts"),
        pytest.param(f"Bearer {HEAD}=.{BODY}.{SIGNATURE}", "malformed", id="padding, which JWS forbids"),
        pytest.param(f"Bearer {HEAD}.{BODY}\u00e9.{SIGNATURE}", "malformed", id="characters outside base64url"),
        pytest.param(f"Bearer a.{BODY}.{SIGNATURE}", "malformed", id="a header that is not base64url"),
        pytest.param(f"Bearer {encoded('no JSON')}.{BODY}.{SIGNATURE}", "malformed", id="a header that is not JSON"),
        pytest.param(f"Bearer {encoded('[]')}.{BODY}.{SIGNATURE}", "malformed", id="a header that is no object"),
        pytest.param(f"Bearer {HEAD}.{encoded('7')}.{SIGNATURE}", "malformed", id="a payload that is no object"),
        pytest.param(f"Bearer {HEAD}.{encoded('[' * 9000)}.x", "malformed", id="a payload nested too deep"),
        pytest.param(f"Bearer {HEAD}.{BODY}.{'A' * 20000}", "malformed", id="larger than any real token"),
    ],
)
def test_without_a_readable_token_nobody_is_admitted(net: Any, authorization: str | None, reason: str) -> None:
    with pytest.raises(NotAdmitted) as caught:
        gatekeeper().admit(authorization, PATH)
    assert (caught.value.reason, caught.value.issuer) == (reason, "")
    assert len(net.calls) == 0


@pytest.mark.parametrize(
    ("compact", "reason"),
    [
        pytest.param(unsigned("none"), "algorithm", id="unsigned"),
        pytest.param(unsigned("None"), "algorithm", id="unsigned, spelled otherwise"),
        pytest.param(unsigned("ES384x"), "algorithm", id="an algorithm nobody knows"),
        pytest.param(hmac_signed(b"s" * 32), "algorithm", id="signed with a shared secret"),
        pytest.param(hmac_signed(b"s" * 64, "HS512"), "algorithm", id="signed with a shared secret, HS512"),
        pytest.param(f"{encoded(json.dumps(header(alg=REMOVED)))}.{BODY}.x", "algorithm", id="no alg"),
        pytest.param(f"{encoded(json.dumps(header(alg=['ES384'])))}.{BODY}.x", "algorithm", id="alg as array"),
        pytest.param(token(header(alg="RS256", kid="rsa-1"), RSA_KEY), "algorithm", id="RS256, not the client's"),
        pytest.param(token(header(typ="at+jwt")), "type", id="an access token"),
        pytest.param(token(header(typ=None)), "type", id="typ null"),
        pytest.param(token(header(crit=["b64"], b64=False)), "malformed", id="critical extensions"),
        pytest.param(token(header(kid=REMOVED)), "key", id="no kid"),
        pytest.param(token(header(kid="")), "key", id="an empty kid"),
        pytest.param(token(header(kid=7)), "key", id="a number as kid"),
        pytest.param(token(header(jku="https://evil.example/jwks.json")), "jku", id="foreign jku"),
        pytest.param(token(header(jku=JWKS_URL + "/")), "jku", id="jku with a slash more"),
        pytest.param(token(header(jku="http://169.254.169.254/")), "jku", id="jku of the cloud's metadata"),
        pytest.param(token(header(jku=[JWKS_URL])), "jku", id="jku as array"),
        pytest.param(token(header(jku=None)), "jku", id="jku null"),
        pytest.param(token(iss="https://stranger.example"), "issuer", id="unknown issuer"),
        pytest.param(token(iss=ISSUER + "/"), "issuer", id="issuer with a slash more"),
        pytest.param(token(iss="\ud800"), "issuer", id="half a character as issuer"),
        pytest.param(token(iss=[ISSUER]), "claims", id="issuer as array"),
        *[pytest.param(token(**{name: REMOVED}), "claims", id=f"no {name}") for name in claims()],
        *[pytest.param(token(**{name: None}), "claims", id=f"{name} null") for name in claims()],
        pytest.param(token(exp=str(NOW + 300)), "claims", id="exp as text"),
        pytest.param(token(iat=str(NOW)), "claims", id="iat as text"),
        pytest.param(token(iat=True), "claims", id="iat as yes"),
        pytest.param(token(nbf="soon"), "claims", id="nbf as text"),
        pytest.param(token(exp=float("nan")), "claims", id="exp not a number"),
        pytest.param(token(exp=float("inf")), "claims", id="exp never"),
        pytest.param(token(exp=10**400), "claims", id="exp beyond counting"),
        pytest.param(token(iat=-1), "claims", id="iat before time"),
        pytest.param(token(jti=""), "claims", id="an empty jti"),
        pytest.param(token(jti=7), "claims", id="a number as jti"),
        pytest.param(token(jti="a\x00b"), "claims", id="a jti no database keeps"),
        pytest.param(token(jti="a" * 256), "claims", id="an endless jti"),
        pytest.param(token(tenant=7), "claims", id="a number as tenant"),
        pytest.param(token(aud={"url": PUBLIC_URL}), "claims", id="aud as object"),
        pytest.param(token(aud=[]), "audience", id="aud empty"),
        pytest.param(token(aud=[7, None]), "audience", id="aud an array of no texts"),
        pytest.param(token(exp=NOW - 10, iat=NOW - 300), "expired", id="expired, leeway and all"),
        pytest.param(token(exp=1422568860, iat=1311280970), "expired", id="the specification's example of 2011"),
        pytest.param(token(iat=NOW + 10.5), "not-yet", id="issued in the future"),
        pytest.param(token(nbf=NOW + 11), "not-yet", id="not valid yet"),
        pytest.param(token(exp=NOW + TEN_YEARS), "lifetime", id="ten years"),
        pytest.param(token(exp=NOW + 3601), "lifetime", id="a second over the cap"),
        pytest.param(token(iat=NOW, exp=NOW - 1), "lifetime", id="ends before it began"),
    ],
)
def test_what_is_wrong_without_a_key_is_refused_and_nothing_is_fetched(net: Any, compact: str, reason: str) -> None:
    publish(net)
    assert refused(compact) == reason
    assert len(net.calls) == 0


def test_a_public_key_is_no_shared_secret(net: Any) -> None:
    secret = RSA_PEM
    for algorithm in ("HS256", "HS384", "HS512"):
        head = header(alg=algorithm, kid="rsa-1")
        text = f"{encoded(json.dumps(head))}.{encoded(json.dumps(claims()))}"
        signature = _raw_hmac(algorithm, text, secret)
        assert refused(f"{text}.{encoded(signature)}") == "algorithm"
    assert len(net.calls) == 0


def _raw_hmac(algorithm: str, text: str, secret: bytes) -> bytes:
    return hmac.new(secret, text.encode(), getattr(hashlib, f"sha{algorithm[2:]}")).digest()


@pytest.mark.parametrize(
    ("compact", "reason"),
    [
        pytest.param(token(key=OTHER_EC_KEY), "signature", id="signed by another key"),
        pytest.param(f"{HEAD}.{BODY}.", "signature", id="the signature cut off"),
        pytest.param(f"{HEAD}.{encoded(json.dumps(claims(jti='7b')))}.{SIGNATURE}", "signature", id="claims altered"),
        pytest.param(f"{encoded(json.dumps(header(typ='jwt')))}.{BODY}.{SIGNATURE}", "signature", id="header altered"),
        pytest.param(token(header(kid="rsa-1")), "key", id="kid of a key of another type"),
        pytest.param(token(header(kid="unknown")), "key", id="unknown kid"),
        pytest.param(token(header(b64=False)), "signature", id="payload declared not encoded"),
    ],
)
def test_a_token_the_clients_keys_have_not_signed_is_refused(net: Any, compact: str, reason: str) -> None:
    publish(net)
    assert refused(compact) == reason
    assert [call.request.url for call in net.calls] == [JWKS_URL]


@pytest.mark.parametrize(
    "compact",
    [
        pytest.param(GOOD, id="ES384"),
        pytest.param(token(header(alg="RS384", kid="rsa-1"), RSA_KEY), id="RS384"),
        pytest.param(token(header(typ=REMOVED)), id="no typ"),
        pytest.param(token(header(typ="jwt")), id="typ in small letters"),
        pytest.param(token(header(jku=REMOVED)), id="no jku: the Da Vinci provider"),
        pytest.param(token(header(jwk={"kty": "oct"}, x5u="https://evil.example")), id="keys of its own, ignored"),
        pytest.param(token(aud=["https://other.example", PUBLIC_URL + PATH]), id="aud as array"),
        pytest.param(token(jti="f" * 64), id="64 hex digits as jti: Inferno"),
        pytest.param(token(sub="client-1", nbf=NOW - 300, exp=NOW + 600), id="sub, nbf and 900 seconds: Epic"),
        pytest.param(token(sub=7, scope="openid", tenant="anybody"), id="claims we do not know"),
        pytest.param(token(tenant=None), id="tenant null"),
        pytest.param(token(iat=NOW + 0.5), id="half a second from the future: the sandbox rounds up"),
        pytest.param(token(iat=NOW + 1, exp=NOW + 301), id="iat rounded up to the next second"),
        pytest.param(token(nbf=NOW + 10), id="nbf within leeway"),
        pytest.param(token(exp=NOW - 9, iat=NOW - 300), id="expired within leeway"),
        pytest.param(token(exp=NOW + 3600), id="as long as the cap"),
    ],
)
def test_tokens_as_real_clients_make_them_are_admitted(net: Any, compact: str) -> None:
    publish(net)
    assert admit(compact).issuer == ISSUER
    assert [call.request.url for call in net.calls] == [JWKS_URL]


def test_the_caller_is_who_signed(net: Any) -> None:
    publish(net)
    assert admit(token(tenant="north")) == Caller("General Hospital", ISSUER, (FHIR,), "north")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", " Bearer "])
def test_the_scheme_is_read_in_any_case(net: Any, scheme: str) -> None:
    publish(net)
    assert gatekeeper().admit(f"{scheme} {GOOD}", PATH).name == "General Hospital"


DISCOVERY, FEEDBACK = "/cds-services", PATH + "/feedback"


@pytest.mark.parametrize(
    ("path", "audience", "is_accepted"),
    [
        (PATH, PATH, True),
        (PATH, PATH + "/", False),
        (PATH + "/", PATH, True),
        (PATH + "/", PATH + "/", True),
        (PATH, FEEDBACK, False),
        (PATH, DISCOVERY, False),
        (PATH, "/cds-services/order-select-crd", False),
        (PATH, "", False),
        (DISCOVERY, DISCOVERY, True),
        (DISCOVERY + "/", DISCOVERY, True),
        (DISCOVERY, DISCOVERY + "/", False),
        (DISCOVERY, PATH, False),
        (FEEDBACK, FEEDBACK, True),
        (FEEDBACK, PATH, True),
        (FEEDBACK + "/", PATH, True),
        (FEEDBACK, PATH + "/", False),
        (FEEDBACK, DISCOVERY, False),
        (FEEDBACK, "/cds-services/order-select-crd/feedback", False),
    ],
)
def test_a_token_is_good_for_the_url_it_names(net: Any, path: str, audience: str, is_accepted: bool) -> None:
    publish(net)
    compact = token(aud=PUBLIC_URL + audience)
    assert (admit(compact, path).issuer if is_accepted else refused(compact, path)) == (
        ISSUER if is_accepted else "audience"
    )
    assert len(net.calls) == is_accepted


@pytest.mark.parametrize(
    "audience",
    [
        pytest.param("http://coverage.payer.example" + PATH, id="http for https"),
        pytest.param("http://127.0.0.1:8000" + PATH, id="the address behind the proxy"),
        pytest.param("https://COVERAGE.payer.example" + PATH, id="another spelling"),
        pytest.param(PUBLIC_URL + PATH + "?a=b", id="a query"),
        pytest.param("sand_man", id="a constant"),
    ],
)
def test_another_name_of_this_service_is_refused_unless_registered(net: Any, audience: str) -> None:
    publish(net)
    assert refused(token(aud=audience)) == "audience"
    assert admit(token(aud=audience), audience=(audience,)).issuer == ISSUER


@pytest.mark.parametrize(
    ("listed", "tenant", "is_accepted"),
    [
        ((), REMOVED, True),
        ((), "south", True),
        (("north", "south"), "south", True),
        (("north",), "south", False),
        (("north",), "NORTH", False),
        (("north",), REMOVED, False),
        (("north",), None, False),
        (("north",), "", False),
    ],
)
def test_a_listed_tenant_is_required(net: Any, listed: tuple[str, ...], tenant: Any, is_accepted: bool) -> None:
    publish(net)
    if is_accepted:
        assert admit(token(tenant=tenant), tenants=listed).tenant == (tenant if tenant is not REMOVED else "")
    else:
        assert refused(token(tenant=tenant), tenants=listed) in {"tenant", "claims"}
        assert len(net.calls) == 0


def test_leeway_and_lifetime_are_the_clients_own(net: Any) -> None:
    publish(net)
    assert refused(token(iat=NOW + 1), leeway_seconds=0) == "not-yet"
    assert refused(token(iat=NOW - 300, exp=NOW), leeway_seconds=0) == "expired"
    assert refused(token(), max_token_age_seconds=299) == "lifetime"
    assert admit(token(), max_token_age_seconds=300, leeway_seconds=0)


def test_a_jku_of_one_client_is_not_good_for_another(net: Any) -> None:
    publish(net)
    neighbor = client(name="Neighbor", issuer="https://neighbor.example", jwks_url="https://neighbor.example/jwks")
    with pytest.raises(NotAdmitted, match="jku"):
        gatekeeper(None, client(), neighbor).admit(bearer(token(iss="https://neighbor.example")), PATH)
    assert len(net.calls) == 0


def test_a_key_of_one_client_does_not_sign_for_another(net: Any) -> None:
    publish(net)
    net.get("https://neighbor.example/jwks", json={"keys": []})
    neighbor = client(name="Neighbor", issuer="https://neighbor.example", jwks_url="https://neighbor.example/jwks")
    keeper = gatekeeper(None, client(), neighbor)
    assert keeper.admit(bearer(token()), PATH).name == "General Hospital"
    with pytest.raises(NotAdmitted, match="key"):
        keeper.admit(bearer(token(header(jku=REMOVED), iss="https://neighbor.example")), PATH)


def test_a_replayed_token_is_refused(net: Any) -> None:
    publish(net)
    keeper = gatekeeper()
    keeper.admit(bearer(GOOD), PATH)
    with pytest.raises(NotAdmitted) as caught:
        keeper.admit(bearer(GOOD), PATH)
    assert (caught.value.reason, caught.value.issuer) == ("replayed", ISSUER)
    keeper.admit(bearer(token(jti="another")), PATH)


def test_a_token_is_remembered_as_long_as_its_leeway_lets_it_in(net: Any) -> None:
    publish(net)
    clock = Clock()
    keeper = gatekeeper(clock)
    keeper.admit(bearer(GOOD), PATH)
    clock.now = NOW + 309.9
    with pytest.raises(NotAdmitted, match="replayed"):
        keeper.admit(bearer(GOOD), PATH)
    clock.now = NOW + 310
    with pytest.raises(NotAdmitted, match="expired"):
        keeper.admit(bearer(GOOD), PATH)


def test_a_token_is_remembered_a_minute_longer_than_it_is_good(net: Any) -> None:
    publish(net)
    asked: list[tuple[str, str, int]] = []

    class Noting:
        def first_use(self, *use: Any) -> bool:
            asked.append(use)
            return True

    keeper = Gatekeeper(Registry([client()]), PUBLIC_URL, Noting(), 10, Clock())
    keeper.admit(bearer(token(exp=NOW + 299.5)), PATH)
    assert asked == [(ISSUER, "6a1f", NOW + 300 + 10 + 60)]


def test_a_forged_token_does_not_use_up_the_jti_of_a_real_one(net: Any) -> None:
    publish(net)
    keeper = gatekeeper()
    with pytest.raises(NotAdmitted, match="signature"):
        keeper.admit(bearer(token(key=OTHER_EC_KEY)), PATH)
    assert keeper.admit(bearer(GOOD), PATH)


def test_of_many_calls_with_one_token_at_once_exactly_one_is_admitted(net: Any) -> None:
    publish(net)
    keeper, together, outcomes = gatekeeper(), threading.Barrier(8), list[str]()

    def call() -> None:
        together.wait()
        try:
            outcomes.append(keeper.admit(bearer(GOOD), PATH).name)
        except NotAdmitted as refusal:
            outcomes.append(refusal.reason)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["General Hospital", *["replayed"] * 7]
    assert len(net.calls) == 1


def test_a_refusal_never_holds_the_token(net: Any) -> None:
    publish(net)
    for compact in (GOOD + "x", token(iss="https://stranger.example"), token(jti=""), token(key=OTHER_EC_KEY)):
        with pytest.raises(NotAdmitted) as caught:
            gatekeeper().admit(bearer(compact), PATH)
        said = f"{caught.value!r} {caught.value} {vars(caught.value)} {caught.value.__context__!r}"
        assert not any(part in said for part in compact.split("."))


def test_an_unknown_issuer_is_named_for_the_log_unless_it_is_no_text_for_one(net: Any) -> None:
    for issuer, named in (("https://stranger.example", "https://stranger.example"), ("a\nb", ""), ("a" * 300, "")):
        with pytest.raises(NotAdmitted) as caught:
            gatekeeper().admit(bearer(token(iss=issuer)), PATH)
        assert caught.value.issuer == named


def test_a_claim_named_twice_means_its_last_value_for_every_check(net: Any) -> None:
    publish(net)
    twice = json.dumps(claims())[:-1] + f', "iss": "https://stranger.example", "exp": {NOW + 300}}}'
    assert refused(signed(twice)) == "issuer"
    assert len(net.calls) == 0


def test_an_unreachable_jwks_admits_nobody(net: Any) -> None:
    net.get(JWKS_URL, body=responses.ConnectionError("down"))
    assert refused(GOOD) == "key"
