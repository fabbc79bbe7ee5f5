"""How the work of a batch is cut: files into parts, patients into shards."""

from dataclasses import replace
from datetime import date

import pytest

from cds_service.batch.job import FEWEST_SHARDS, MOST_SHARDS, PART_BYTES, SHARD_BYTES, Job, shards_for
from fhir_mappings.bulk_export import COMPRESSED_TO, ExportFile
from fhir_mappings.chart import Windows

JOB = Job("/export", "/output", (), 8, "151", "2025-05-06", "", "47382", date(2026, 11, 24), (), Windows())


def files(*sizes: int, ending: str = "ndjson") -> tuple[ExportFile, ...]:
    return tuple(ExportFile(f"Observation.{n}.{ending}", "Observation", size, 0) for n, size in enumerate(sizes))


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ((1, 1, 1), ((0, 1, 2),)),
        ((PART_BYTES, PART_BYTES, PART_BYTES), ((0,), (1,), (2,))),
        ((5 * PART_BYTES, 1, 1), ((0, 1, 2),)),
        ((PART_BYTES // 2,) * 4, ((0,), (1, 2), (3,))),
        ((), ()),
    ],
)
def test_every_file_is_in_one_part_and_parts_are_about_as_large(
    sizes: tuple[int, ...], parts: tuple[tuple[int, ...], ...]
) -> None:
    assert replace(JOB, files=files(*sizes)).parts() == parts


@pytest.mark.parametrize(
    ("size", "shards"),
    [(0, FEWEST_SHARDS), (100 * SHARD_BYTES, 100), (10**13, MOST_SHARDS)],
)
def test_there_are_as_many_shards_as_keep_each_small(size: int, shards: int) -> None:
    assert shards_for(files(size)) == shards


def test_a_compressed_export_is_cut_by_what_it_holds() -> None:
    assert shards_for(files(100 * SHARD_BYTES, ending="ndjson.gz")) == 100 * COMPRESSED_TO


def test_what_differs_between_two_batches_is_named_with_what_it_was_where_that_is_short() -> None:
    other = replace(JOB, order_code="", windows=Windows(imaging_days=1))
    assert other.differences(JOB) == ("order_code was 47382", "windows")
