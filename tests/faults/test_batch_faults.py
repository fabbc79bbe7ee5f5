"""Whatever a server does with a batch, the order is judged as by searches: a batch costs no answer."""

from collections.abc import Callable, Iterator

import pytest

from fhir_mappings.capabilities import Capabilities
from fhir_mappings.known_servers import KnownServers
from fhir_mappings.prefetch import CLINICAL, COVERAGE
from tests.faults.batch_ehr import BATCH_FAULTS, BatchEhr, batching
from tests.faults.conftest import COVERED, ENOUGH_SECONDS, LISTED, SIGN, Start, call, counted, outcomes, reading
from tests.faults.ehr import FAULTS, LASTING
from tests.faults.table import batch_faults
from tests.policy_151.patients import chart_of

ALL = len((COVERAGE, *CLINICAL))


@pytest.fixture
def ehr() -> Iterator[BatchEhr]:
    with batching(chart_of(COVERED).resources) as server:
        yield server


@pytest.fixture
def knowing(monkeypatch: pytest.MonkeyPatch) -> Start:
    """The service, which knows of an EHR that it takes batches."""

    def start(ehr: BatchEhr, seconds: float = 30) -> object:
        servers = KnownServers()
        servers.learned(ehr.base, Capabilities(can_batch=True))
        monkeypatch.setattr("cds_service.KnownServers", lambda **_: servers)
        return reading(ehr, seconds)

    return start


def test_all_is_read_in_one_batch(ehr: BatchEhr, knowing: Start) -> None:
    service = knowing(ehr)
    assert [outcomes(service.post(SIGN, json=call(ehr))) for _ in range(2)] == [["covered"]] * 2
    assert [(one.authorization, len(one.urls)) for one in ehr.batches()] == [("Bearer very-secret", ALL)] * 2
    assert len(ehr.requests) == 2
    assert counted(service, "fhir_reads_total", "ok") == 2 * ALL


@pytest.mark.parametrize("name", FAULTS)
def test_a_batch_that_fails_leaves_every_search_to_be_asked_by_itself(
    name: str, ehr: BatchEhr, knowing: Start, logged: Callable[[], str]
) -> None:
    service = knowing(ehr, ENOUGH_SECONDS if name in LASTING else 30)
    ehr.met = FAULTS[name]
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["covered"]
    assert (len(ehr.batches()), len(ehr.searches())) == (1, ALL)
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["covered"]
    assert (len(ehr.batches()), len(ehr.searches())) == (1, 2 * ALL)
    assert counted(service, "fhir_reads_total", "ok") == counted(service, "fhir_reads_total") == 2 * ALL
    assert counted(service, "deadline_hits_total") == 0
    logged()


@pytest.mark.parametrize("name", BATCH_FAULTS)
def test_what_a_batch_does_not_answer_is_asked_by_itself(name: str, ehr: BatchEhr, knowing: Start) -> None:
    service = knowing(ehr)
    ehr.changed = BATCH_FAULTS[name]
    asks_all = batch_faults()[name].singly == "all"
    singly = ALL if asks_all else 1
    assert [outcomes(service.post(SIGN, json=call(ehr))) for _ in range(2)] == [["covered"]] * 2
    assert (len(ehr.batches()), len(ehr.searches())) == (1 if asks_all else 2, 2 * singly)
    assert counted(service, "fhir_reads_total", "ok") == 2 * ALL


@pytest.mark.parametrize("name", BATCH_FAULTS)
def test_no_fault_of_a_batch_turns_the_answer(name: str, knowing: Start) -> None:
    """Of this patient the form alone says that they are listed: to overlook it would deny for the size of the tumor."""
    with batching(chart_of(LISTED).resources) as ehr:
        service = knowing(ehr)
        ehr.changed = BATCH_FAULTS[name]
        assert outcomes(service.post(SIGN, json=call(ehr, LISTED))) == ["covered"]
