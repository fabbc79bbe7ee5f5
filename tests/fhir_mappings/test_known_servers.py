"""What is known of servers, and for how long: by a clock of the tests' own."""

import pytest

from fhir_mappings.capabilities import NOT_KNOWN, Capabilities
from fhir_mappings.known_servers import (
    DISTRUST_SECONDS,
    FAILED_SECONDS,
    KNOWN_SECONDS,
    MOST_SERVERS,
    WORTH_FACTOR,
    WORTH_SECONDS,
    KnownServers,
)

EHR, OTHER = "https://ehr.example/fhir", "https://other.example/fhir"
BATCHES = Capabilities(can_batch=True, types=frozenset({"Condition"}))


class Clock:
    """It stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def servers(clock: Clock) -> KnownServers:
    return KnownServers(clock)


def test_of_a_server_that_was_not_asked_nothing_is_known(servers: KnownServers) -> None:
    assert servers.of(EHR) == NOT_KNOWN


def test_one_of_many_is_told_to_ask_and_again_when_the_answer_is_old(servers: KnownServers, clock: Clock) -> None:
    assert [servers.takes_question(EHR) for _ in range(3)] == [True, False, False]
    assert servers.takes_question(OTHER)
    servers.learned(EHR, BATCHES)
    assert not servers.takes_question(EHR)
    clock.now += KNOWN_SECONDS
    assert [servers.takes_question(EHR) for _ in range(2)] == [True, False]


def test_what_a_server_said_is_known_for_hours_and_of_that_server_only(servers: KnownServers, clock: Clock) -> None:
    servers.learned(EHR, BATCHES)
    clock.now += KNOWN_SECONDS - 1
    assert (servers.of(EHR), servers.of(OTHER)) == (BATCHES, NOT_KNOWN)
    clock.now += 1
    assert servers.of(EHR) == NOT_KNOWN


def test_a_server_that_said_nothing_is_asked_again_after_minutes(servers: KnownServers, clock: Clock) -> None:
    servers.learned(EHR, None)
    assert servers.of(EHR) == NOT_KNOWN
    clock.now += FAILED_SECONDS - 1
    assert not servers.takes_question(EHR)
    clock.now += 1
    assert servers.takes_question(EHR)


def test_a_server_whose_batch_was_of_no_use_gets_none_for_a_while(servers: KnownServers, clock: Clock) -> None:
    servers.learned(EHR, BATCHES)
    servers.distrust(EHR)
    assert servers.of(EHR) == Capabilities(types=BATCHES.types)
    clock.now += DISTRUST_SECONDS
    assert servers.of(EHR) == BATCHES


def test_a_new_statement_takes_back_no_distrust(servers: KnownServers) -> None:
    servers.distrust(EHR)
    servers.learned(EHR, BATCHES)
    assert not servers.of(EHR).can_batch


@pytest.mark.parametrize(("over", "can_batch"), [(0.0, True), (0.01, False)])
def test_a_batch_much_slower_than_searches_side_by_side_is_the_last_for_a_while(
    servers: KnownServers, over: float, can_batch: bool
) -> None:
    servers.learned(EHR, BATCHES)
    servers.took_side_by_side(EHR, 0.5)
    servers.took_together(EHR, 0.5 * WORTH_FACTOR + WORTH_SECONDS + over)
    assert servers.of(EHR).can_batch is can_batch


def test_a_batch_that_can_be_compared_with_nothing_is_taken_as_it_is(servers: KnownServers) -> None:
    servers.learned(EHR, BATCHES)
    servers.took_side_by_side(OTHER, 0.1)
    servers.took_together(EHR, 100.0)
    assert servers.of(EHR).can_batch


def test_no_more_servers_are_kept_than_the_limit(servers: KnownServers) -> None:
    names = [f"https://ehr-{number}.example" for number in range(MOST_SERVERS + 1)]
    for name in names:
        servers.learned(name, BATCHES)
    servers.learned(names[1], BATCHES)
    assert [name for name in names if servers.of(name) == NOT_KNOWN] == names[:1]
    servers.learned(EHR, BATCHES)
    assert servers.of(names[1]).can_batch  # it was kept last but one
    assert not servers.of(names[2]).can_batch


def test_where_nothing_may_be_asked_nobody_is_told_to(clock: Clock) -> None:
    assert not KnownServers(clock, may_ask=False).takes_question(EHR)
