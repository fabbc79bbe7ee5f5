"""Which tests hold which row, and what is wrong between a checklist and its tests."""

from collections.abc import Iterable, Iterator, Mapping

from tests.conformance.checklist import Checklist, Row
from tests.conformance.naming_tests import NamingTest

Proofs = Mapping[str, list[NamingTest]]


def proofs(rows: Iterable[Row], found: Iterable[NamingTest]) -> Proofs:
    """The tests of each row: those that name it, then those of the rows it is held by.

    `rows` are those of all checklists that lean on each other.
    """
    by_id = {row.id: row for row in rows}
    named: dict[str, list[NamingTest]] = {}
    for test in found:
        for number in test.rows:
            named.setdefault(number, []).append(test)
    held = {row: list(dict.fromkeys(_of(row, by_id, named))) for row in by_id.keys() | named.keys()}
    return {row: tests for row, tests in held.items() if tests}


def _of(number: str, by_id: Mapping[str, Row], named: Proofs) -> Iterator[NamingTest]:
    yield from named.get(number, [])
    for other in by_id[number].held_by if number in by_id else ():
        yield from _of(other, by_id, named)


def faults(checklist: Checklist, held: Proofs, found: Iterable[NamingTest]) -> list[str]:
    """What is wrong between a checklist and its tests, each in a sentence; nothing when every row is accounted for."""
    by_id = {row.id: row for row in checklist.rows}
    stray = {number: test for test in found for number in test.rows if number not in by_id}
    return [
        *(f"{number} is not in the checklist" for number in checklist.every_row if number not in by_id),
        *(f"{number} is no row, but {test.name} names it" for number, test in sorted(stray.items())),
        *(f"{row.id} has neither a test nor a reason" for row in by_id.values() if not (row.reason or row.id in held)),
        *(f"{row.id} has a reason, and tests as well" for row in by_id.values() if row.reason and row.id in held),
        *(
            f"{row.id} leans on {other}, which no test holds"
            for row in by_id.values()
            for other in row.held_by
            if other not in held
        ),
    ]


def document(checklist: Checklist, held: Proofs) -> str:
    """The table as Markdown."""
    return checklist.head + "".join(_line(row, held.get(row.id, [])) for row in checklist.rows)


def _line(row: Row, held: list[NamingTest]) -> str:
    asked = f"<br>{', '.join(row.requirements)}" if row.requirements else ""
    note = f" ({row.note})" if row.note else ""
    shown = "<br>".join(_shown(test) for test in held) or f"No test: {row.reason}"
    return f"| {row.id}{asked} | {row.level} | {row.check}{note} | {shown} |\n"


def _shown(test: NamingTest) -> str:
    failing = f" **(known to fail: {test.fails})**" if test.fails else ""
    return f"[`{test.name}`](../tests/{test.path}){failing}"
