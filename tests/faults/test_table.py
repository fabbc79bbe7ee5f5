"""The tables of faults are those that are tried, and docs/reliability.md is what they say."""

import pytest

from cds_service.operations.metrics import READ_RESULTS, Metrics
from tests.faults.batch_ehr import BATCH_FAULTS
from tests.faults.ehr import FAULTS
from tests.faults.table import DOCUMENT, Fault, batch_faults, document, ehr_faults, faults, is_held

ROWS = [pytest.param(row, id=name) for rows in faults().values() for name, row in rows.items()]


def test_every_fault_of_an_ehr_is_tried_and_every_one_tried_is_told() -> None:
    assert list(FAULTS) == list(ehr_faults())
    assert list(BATCH_FAULTS) == list(batch_faults())


def test_what_is_counted_is_a_result_there_is() -> None:
    assert {row.counted for row in ehr_faults().values()} <= READ_RESULTS


@pytest.mark.parametrize("row", ROWS)
def test_a_fault_is_held_by_a_test_and_counted_by_metrics_there_are(row: Fault) -> None:
    offered = Metrics((), (), ()).exposition()[0].decode()
    assert is_held(row)
    assert [metric for metric in row.metrics if f"coverage_hooks_{metric.removesuffix('_total')}" not in offered] == []


def test_a_row_without_its_test_or_its_metric_would_be_noticed() -> None:
    (row, *_) = faults()["Load and processes"].values()
    assert not is_held(Fault(row.fault, row.answer, row.counted, f"{row.test}_elsewhere"))
    assert not is_held(Fault(row.fault, row.answer, "no_such_metric_total", row.test))


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "write it anew: python -m tests.faults.table"
