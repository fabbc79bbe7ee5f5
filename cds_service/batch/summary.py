"""The summary of a batch, as JSON and as text: outcomes, what is missing most, what the export lacked."""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cds_service.batch.job import Job
from cds_service.batch.partition import BAD_LINES
from cds_service.batch.running import Result
from cds_service.batch.tally import most
from cds_service.coverage_standing import OPEN_POINTS
from cds_service.policies import revision_of

SHOWN: Final = 10
"""How many criteria of a kind, and how many bad lines, the text names."""

NAMED: Final = 100
"""How many bad lines the JSON names; the file names all."""

ORDER_CRITERIA: Final = {
    "order.detail-code": "Which service an unlisted code stands for",
    "order.line-of-business": "Other rules come first",
    **{number: f"{point.gist[0].upper()}{point.gist[1:]}" for number, point in OPEN_POINTS.items()},
}


def as_json(job: Job, result: Result) -> dict[str, Any]:
    """The summary for machines; members with nothing to say are left out."""
    tally, report = result.tally, result.report
    whole = {
        "policy": job.policy,
        "revision": job.revision,
        "asOf": job.today.isoformat(),
        "order": job.order_code or "as listed",
        "patients": tally.patients,
        "withoutDetermination": tally.silent,
        "determinations": sum(tally.outcomes.values()),
        "outcomes": dict(most(tally.outcomes)),
        "advisories": dict(most(tally.advisories)),
        "repeats": tally.repeats,
        "failures": tally.failures,
        "missing": _criteria(job, tally.missing),
        "failed": _criteria(job, tally.failed),
        "unread": _criteria(job, tally.unread),
        "lines": {kind or "not known": count for kind, count in most(report.lines)},
        "badLines": report.bad,
        "badLinesAt": list(_bad_lines(Path(job.output) / BAD_LINES)),
        "notRead": dict(result.reach.unread),
        "lossesAccepted": job.accepts_losses,
        "comparedWith": job.compared,
        "changes": dict(most(tally.changes)),
    }
    return {name: value for name, value in whole.items() if value not in ("", {}, [])}


def _criteria(job: Job, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    statements = ORDER_CRITERIA | revision_of(job.policy, job.revision).all_statements()
    return [
        {"criterion": number, "determinations": count, "statement": statements.get(number, "")}
        for number, count in most(counts)
    ]


def _bad_lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (line.rstrip() for line in itertools.islice(lines, NAMED))


def as_text(told: Mapping[str, Any]) -> Iterator[str]:
    """The summary for people, line by line, from what as_json tells."""
    assumed = "orders as listed" if told["order"] == "as listed" else f"order {told['order']} assumed"
    yield f"policy {told['policy']}, revision {told['revision']}, as of {told['asOf']}, {assumed}"
    yield f"{told['patients']} patients, {told['determinations']} determinations"
    yield from _shares(told.get("outcomes", {}), told["determinations"])
    if told.get("withoutDetermination"):
        yield f"  {told['withoutDetermination']} patients without one: no order the policy addresses under their payer"
    if told["failures"]:
        yield f"  {told['failures']} orders the service failed on: undetermined, and logged as our error"
    for name, heading in (
        ("missing", "missing most"),
        ("failed", "failed most"),
        ("unread", "open because not read, or coverage is"),
    ):
        yield from _most(told.get(name, []), heading)
    yield from _changes(told)
    yield from _lacking(told)


def _shares(counts: Mapping[str, int], whole: int) -> Iterator[str]:
    for name, count in counts.items():
        yield f"  {name:22} {count:>9}  {100 * count / max(whole, 1):5.1f} %"


def _most(criteria: list[dict[str, Any]], heading: str) -> Iterator[str]:
    if criteria:
        yield f"{heading}, by criterion:"
    for one in criteria[:SHOWN]:
        yield f"  {one['criterion']:22} {one['determinations']:>9}  {one['statement']}"


def _changes(told: Mapping[str, Any]) -> Iterator[str]:
    if "comparedWith" not in told:
        return
    changes = told.get("changes", {})
    yield f"revision {told['comparedWith']} would change {sum(changes.values())} determinations"
    yield from _shares(changes, told["determinations"])


def _lacking(told: Mapping[str, Any]) -> Iterator[str]:
    for kind, why in told.get("notRead", {}).items():
        yield f"{kind} counts as unread for every patient: {why}"
    if told["lossesAccepted"]:
        yield "lines that are lost were taken to have held nothing: what they held may change answers"
    if told["badLines"]:
        lines = sum(told["lines"].values())
        yield f"{told['badLines']} of {lines} lines are bad; all of them are named in {BAD_LINES}:"
        yield from (f"  {line}" for line in told["badLinesAt"][:SHOWN])
