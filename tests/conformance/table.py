"""The conformance tables. `python -m tests.conformance.table` writes their documents."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from tests.conformance.checklist import Checklist, read_rows
from tests.conformance.naming_tests import NamingTest, naming_tests
from tests.conformance.proofs import Proofs, document, proofs

HERE: Final = Path(__file__).parent
DOCUMENTS: Final = HERE.parents[1] / "docs"

CDS_HOOKS: Final = Checklist(
    document="conformance-cds-hooks.md",
    head="""\
# Conformance to CDS Hooks

Written by `python -m tests.conformance.table`; a test fails when it is out of date. The rows are the checklist this
service holds itself to, after CDS Hooks 2.0.1 with what is safe of 3.0. Levels: *must* and *should* are the
specification's, *follows* is a consequence of it, *kit* is asked by the Inferno test kit only, *own* is this service's
choice where the specification is silent. The tests are clients of the service: they call it and read what comes back.

| row | level | what is checked | held by |
|---|---|---|---|
""",
    every_row=tuple(f"CK{number:02}" for number in range(1, 66)),
    names=re.compile(r"CK\d+"),
    rows=read_rows(HERE / "rows_cds_hooks.toml"),
)

CRD: Final = Checklist(
    document="conformance-crd.md",
    head="""\
# Conformance to Da Vinci CRD

Written by `python -m tests.conformance.table`; a test fails when it is out of date, when a row has neither a test nor a
reason, and when a test names a row that is not here. CRD1 to CRD101 are what the guide asks of a server (CRD 2.2.1,
with what 2.0.1 asks besides), in our words, each with the guide's own ids; CRDF1 to CRDF83 are features. Tests name a
row by its number or by such an id. Levels: *must*, *must not*, *should*, *should not* and *may* are the strongest word
the guide has for it; *own* is no requirement of the guide. "Not offered yet" is said of what is wanted and not there.

| row | level | what is asked | held by |
|---|---|---|---|
""",
    every_row=(
        *(f"CRD{number}" for number in range(1, 102)),
        *(f"CRDF{number}" for number in range(1, 84)),
    ),
    names=re.compile(
        r"CRDF?\d+|crd_ci_q\d"
        r"|(?:conf|billopt|dev|found|hook|ops|impl|resp|covinfo|prof|sec|metric)_\d+(?![a-z\d])"
    ),
    rows=read_rows(HERE / "rows_crd.toml"),
)

CHECKLISTS: Final = (CDS_HOOKS, CRD)


@cache
def found_for(checklist: Checklist) -> tuple[NamingTest, ...]:
    """The tests of this repository that name rows of a checklist."""
    return naming_tests(checklist)


def all_proofs() -> Proofs:
    """The tests of each row of every checklist."""
    rows = [row for checklist in CHECKLISTS for row in checklist.rows]
    return proofs(rows, [test for checklist in CHECKLISTS for test in found_for(checklist)])


if __name__ == "__main__":
    held = all_proofs()
    for each in CHECKLISTS:
        (DOCUMENTS / each.document).write_text(document(each, held), "utf-8")
