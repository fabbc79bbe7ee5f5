"""When keys are asked for, how often, and what a change of keys does."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from cds_service.security.keys import KEEP_SECONDS, KeySource, PublishedKeys, key_source
from cds_service.security.tokens import NotAdmitted
from tests.security.building import (
    EC_KEY,
    JWKS_URL,
    OTHER_EC_KEY,
    PATH,
    PUBLISHED,
    Clock,
    bearer,
    client,
    client_with_file,
    gatekeeper,
    header,
    jwk,
    jwks,
    publish,
    token,
)

ROTATED = jwks(jwk(OTHER_EC_KEY, "ec-2"))


def holds(source: KeySource, kid: str, algorithm: str = "ES384") -> bool:
    return source.find(kid, algorithm) is not None


def published(clock: Clock, refetch_seconds: float = 10) -> PublishedKeys:
    return PublishedKeys(client(), refetch_seconds, clock)


def test_keys_are_fetched_once_and_kept(net: Any) -> None:
    publish(net)
    clock = Clock()
    source = published(clock)
    for _ in range(5):
        assert holds(source, "ec-1")
        assert holds(source, "rsa-1", "RS384")
        clock.now += 600
    assert len(net.calls) == 1


def test_nothing_is_fetched_before_the_first_token(net: Any) -> None:
    key_source(client(), 10)
    gatekeeper()
    assert len(net.calls) == 0


def test_a_rotated_key_is_found_by_one_refetch(net: Any) -> None:
    publish(net)
    keeper = gatekeeper()
    keeper.admit(bearer(token(jti="1")), PATH)
    publish(net, ROTATED)
    for jti in "23":
        keeper.admit(bearer(token(header(kid="ec-2"), OTHER_EC_KEY, jti=jti)), PATH)
    assert len(net.calls) == 2
    with pytest.raises(NotAdmitted, match="key"):
        keeper.admit(bearer(token(jti="4")), PATH)


def test_a_flood_of_unknown_kids_causes_one_fetch_per_interval(net: Any) -> None:
    publish(net)
    clock = Clock()
    source = published(clock)
    for interval in range(1, 4):
        for number in range(50):
            assert not holds(source, f"unknown-{number}")
            clock.now += 0.1
        assert len(net.calls) == interval
        clock.now += 5.1


def test_after_a_flood_known_keys_are_still_good_and_rotation_waits_for_the_interval(net: Any) -> None:
    publish(net)
    clock = Clock()
    source = published(clock)
    assert holds(source, "ec-1")
    assert not holds(source, "unknown")
    publish(net, jwks(jwk(), jwk(OTHER_EC_KEY, "ec-2")))
    assert not holds(source, "ec-2")
    assert holds(source, "ec-1")
    clock.now += 10
    assert holds(source, "ec-2")
    assert len(net.calls) == 3


def test_a_rotation_and_a_flood_share_one_refetch(net: Any) -> None:
    publish(net)
    source = published(Clock())
    assert holds(source, "ec-1")
    publish(net, ROTATED)
    assert holds(source, "ec-2")
    assert not holds(source, "unknown")
    assert len(net.calls) == 2


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param({"status": 500}, id="a server's error"),
        pytest.param({"status": 302, "headers": {"Location": "https://evil.example/jwks"}}, id="a redirect"),
        pytest.param({"document": requests.ConnectionError("down")}, id="unreachable"),
        pytest.param({"document": requests.Timeout("slow")}, id="too slow"),
        pytest.param({"document": b"<html>"}, id="not JSON"),
        pytest.param({"document": b"[]"}, id="no key set"),
        pytest.param({"document": b" " * 1_000_001}, id="too large"),
    ],
)
def test_a_failed_fetch_is_tried_again_only_after_the_interval(net: Any, failure: dict[str, Any]) -> None:
    publish(net, **failure)
    clock = Clock()
    source = published(clock)
    assert not any(holds(source, "ec-1") for _ in range(5))
    assert len(net.calls) == 1
    publish(net)
    clock.now += 9.9
    assert not holds(source, "ec-1")
    clock.now += 0.1
    assert holds(source, "ec-1")
    assert len(net.calls) == 2


def test_a_withdrawn_key_is_dropped_when_the_keys_are_asked_for_anew(net: Any) -> None:
    publish(net)
    clock = Clock()
    source = published(clock)
    assert holds(source, "ec-1")
    publish(net, ROTATED)
    clock.now += KEEP_SECONDS - 1
    assert holds(source, "ec-1")
    clock.now += 1
    assert not holds(source, "ec-1")


def test_known_keys_stay_while_the_jwks_is_down(net: Any, caplog: pytest.LogCaptureFixture) -> None:
    publish(net)
    clock = Clock()
    source = published(clock)
    assert holds(source, "ec-1")
    publish(net, b"", status=503)
    clock.now += KEEP_SECONDS
    assert all(holds(source, "ec-1") for _ in range(5))
    assert len(net.calls) == 2
    assert caplog.messages == [f"keys of General Hospital at {JWKS_URL}: HTTP status 503"]


def test_a_clock_set_back_does_not_stop_fetching(net: Any) -> None:
    publish(net)
    clock = Clock()
    source = published(clock)
    assert not holds(source, "ec-2")
    publish(net, ROTATED)
    clock.now -= 86400
    assert holds(source, "ec-2")


def test_callers_at_once_cause_one_fetch(net: Any) -> None:
    arrived, let_go = threading.Event(), threading.Event()

    def answer(_: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        arrived.set()
        let_go.wait(10)
        return 200, {}, PUBLISHED

    net.add_callback(responses.GET, JWKS_URL, answer)
    source, found = published(Clock()), list[bool]()
    threads = [threading.Thread(target=lambda: found.append(holds(source, "ec-1"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert arrived.wait(10)
    let_go.set()
    for thread in threads:
        thread.join()
    assert found == [True] * 8
    assert len(net.calls) == 1


def test_who_knows_the_key_does_not_wait_for_who_asks_anew(net: Any) -> None:
    publish(net)
    clock = Clock()
    source = published(clock)
    assert holds(source, "ec-1")
    clock.now += KEEP_SECONDS
    source._lock.acquire()  # another caller is fetching
    assert holds(source, "ec-1")
    assert len(net.calls) == 1


def test_a_key_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "general.json"
    path.write_bytes(jwks(jwk()))
    keeper = gatekeeper(None, client_with_file(path))
    keeper.admit(bearer(token(jti="1")), PATH)
    path.write_bytes(ROTATED)
    os.utime(path, ns=(1, 1))
    keeper.admit(bearer(token(header(kid="ec-2"), OTHER_EC_KEY, jti="2")), PATH)
    with pytest.raises(NotAdmitted, match="key"):
        keeper.admit(bearer(token(jti="3")), PATH)


def test_a_key_file_is_not_read_again_while_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "general.json"
    path.write_bytes(jwks(jwk()))
    source = key_source(client_with_file(path), 10)
    assert holds(source, "ec-1")
    monkeypatch.setattr("cds_service.security.keys.load", lambda _: pytest.fail("read again"))
    assert holds(source, "ec-1")


def test_a_missing_or_broken_key_file_holds_no_keys_until_it_is_put_right(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "general.json"
    source = key_source(client_with_file(path), 10)
    assert not any(holds(source, "ec-1") for _ in range(3))
    assert caplog.messages == [f"keys of General Hospital in {path}: No such file or directory"]
    path.write_bytes(b"{")
    assert not holds(source, "ec-1")
    path.write_bytes(jwks(jwk(EC_KEY)))
    assert holds(source, "ec-1")
    path.unlink()
    assert not holds(source, "ec-1")
