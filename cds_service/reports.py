"""Commands that tell of recorded calls and leave sealed what is sealed: a list, the CRD metrics."""

import csv
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click
import msgspec

from cds_service.crd_metrics.export import metrics_of, organizations_of
from cds_service.crd_metrics.table import COLUMNS, lines_of
from cds_service.office import CONFIG, calls, explained, settings_of, table
from cds_service.store.database import open_database
from cds_service.store.encryption import sealer_of
from cds_service.store.listing import Listed, calls_between, payload_of

DAY = click.DateTime(["%Y-%m-%d"])
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


@click.group()
def metrics() -> None:
    """What is counted of hook calls, in the terms of Da Vinci CRD."""


@metrics.command("export")
@click.option("--from", "since", type=DAY, required=True, help="The first day, in UTC.")
@click.option("--to", "until", type=DAY, required=True, help="The last day, in UTC.")
@click.option("--format", "form", type=click.Choice(["ndjson", "csv"]), default="ndjson", show_default=True)
@CONFIG
def export_metrics(since: datetime, until: datetime, form: str, config: Path | None) -> None:
    """Write CRDMetricData of each hook call between two days. Holds codes and counts, no patient data."""
    settings = settings_of(config)
    engine = open_database(settings.database_url)
    with explained():
        sealer = sealer_of(settings.fernet_keys())
        listed = calls_between(engine, _day(since), _day(until) + timedelta(days=1))
        payload = partial(payload_of, engine, sealer) if sealer else None
        found = metrics_of(listed, organizations_of(settings), payload)
        (_write_table if form == "csv" else _write_lines)(found)


def _day(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)


def _write_lines(found: Iterable[dict[str, Any]]) -> None:
    for metric in found:
        click.echo(msgspec.json.encode(metric))


def _write_table(found: Iterable[dict[str, Any]]) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for metric in found:
        writer.writerows(lines_of(metric))


@calls.command("list")
@click.option("--since", type=DAY, required=True, help="The first day, in UTC.")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1), help="The most calls listed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@CONFIG
def list_calls(since: datetime, limit: int, as_json: bool, config: Path | None) -> None:
    """List the calls since a day, the oldest first: ids, times and outcomes, no patient data."""
    engine = open_database(settings_of(config).database_url)
    with explained():
        rows = [_row(one) for one in islice(calls_between(engine, _day(since), FOREVER), limit)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        click.echo("\n".join(table(rows)) if rows else "no calls since then")


def _row(listed: Listed) -> dict[str, Any]:
    call = listed.call
    return {
        "id": call.id,
        "received": call.received_at.isoformat(timespec="seconds"),
        "service": call.service,
        "client": call.client,
        "status": call.status,
        "ms": call.duration_ms,
        "answer": ", ".join(f"{card.kind} {card.outcome}" for card in listed.cards),
    }
