"""What another revision of the policy would change for a population, with revisions made here of the one there is."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cds_service.batch.comparing import change
from cds_service.policies import REVISIONS
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import AtMost, ByCase, Criterion, Leaf
from cds_service.policy.determination import Determination, OpenQuestion, Outcome
from cds_service.policy.revision import Revision
from tests.batch.building import assumed, resources_of, said, summary, write_export

ONE_TUMOR = "I.D.1.a.iii.1.size"


def revised(tests: Mapping[str, AtMost]) -> Revision:
    """The revision of 2027, in which some criteria test something else."""
    criteria = tuple(_revised(tree, tests) for tree in REVISION.criteria)
    return replace(REVISION, effective=date(2027, 1, 1), superseded_after=date(2027, 12, 31), criteria=criteria)


def _revised(criterion: Criterion, tests: Mapping[str, AtMost]) -> Criterion:
    if isinstance(criterion, Leaf):
        return replace(criterion, test=tests.get(criterion.id, criterion.test))
    if isinstance(criterion, ByCase):
        return replace(criterion, child=_revised(criterion.child, tests))
    return replace(criterion, children=tuple(_revised(child, tests) for child in criterion.children))


SMALLER = revised({ONE_TUMOR: AtMost(4)})
LENIENT = revised({ONE_TUMOR: AtMost(6)})
FITTER = revised({"I.A.ecog": AtMost(0)})


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(
        tmp_path / "export",
        resources_of("at-5-cm", sizes_mm=[50]),
        resources_of("at-4-cm", sizes_mm=[40]),
        resources_of("at-6-cm", sizes_mm=[60]),
        resources_of("unmeasured", sizes_mm=None),
    )


@pytest.mark.parametrize(
    ("revision", "changes", "patients"),
    [
        (SMALLER, {"covered -> not-covered": 1}, ["Patient/at-5-cm"]),
        (LENIENT, {"not-covered -> covered": 1}, ["Patient/at-6-cm"]),
        (FITTER, {"covered -> missing-documentation": 2}, ["Patient/at-4-cm", "Patient/at-5-cm", "Patient/unmeasured"]),
        (revised({}), {}, []),
    ],
    ids=["a smaller limit", "a larger limit", "a criterion that needs another scale", "only the date"],
)
def test_what_another_revision_would_change_is_counted_and_told_order_by_order(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    revision: Revision, changes: dict[str, int], patients: list[str],
) -> None:  # fmt: skip
    monkeypatch.setitem(REVISIONS, "151", (REVISION, revision))
    shown = assumed(export, tmp_path / "out", "--compare", "2027-01-01")
    told = summary(tmp_path / "out")
    assert {name: count for name, count in told.get("changes", {}).items() if name in changes} == changes
    assert f"revision 2027-01-01 would change {len(patients)} determinations" in shown.output
    lines = [json.loads(line) for line in (tmp_path / "out" / "changes.ndjson").read_text("utf-8").splitlines()]
    assert sorted(line["patient"] for line in lines) == patients
    assert {line["after"]["revision"] for line in lines} <= {"2027-01-01"}
    assert {line["revision"] for line in said(tmp_path / "out")} == {"2025-05-06"}, "the answers are those in force"


def test_a_change_tells_both_sides_and_the_evidence_of_the_new_one(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(REVISIONS, "151", (REVISION, SMALLER))
    assumed(export, tmp_path / "out", "--compare", "2027-01-01")
    line = json.loads((tmp_path / "out" / "changes.ndjson").read_text("utf-8"))
    assert line["before"] == {"revision": "2025-05-06", "outcome": "covered", "criteria": ["I.D.1.a"]}
    assert line["after"]["criteria"] == ["II", "I.D.1.a.iii"]
    proofs = {(proof["reference"], proof["text"]) for proof in line["after"]["evidence"]["I.D.1.a.iii"]}
    assert ("Observation/observation-3", "tumor of 5 cm") in proofs


def test_the_revision_in_force_changes_nothing(export: Path, tmp_path: Path) -> None:
    shown = assumed(export, tmp_path / "out", "--compare", "2025-05-06")
    assert "revision 2025-05-06 would change 0 determinations" in shown.output
    assert (tmp_path / "out" / "changes.ndjson").read_bytes() == b""


def said_of(outcome: Outcome, *criteria: str, **more: Any) -> Determination:
    return Determination("ServiceRequest/1", "151", "2025-05-06", outcome, criteria, **more)


COVERED = said_of(Outcome.COVERED, "I.D.1.a")
ASKED = said_of(Outcome.MISSING, "I.C", missing=(OpenQuestion("I.C", "Child-Pugh"),))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (COVERED, COVERED),
        (COVERED, replace(COVERED, revision="2027-01-01", notes=("another",))),
        (ASKED, replace(ASKED, missing=(OpenQuestion("I.C", "asked in other words"),))),
        (None, None),
    ],
)
def test_the_same_for_the_same_reasons_is_no_change(before: Determination | None, after: Determination | None) -> None:
    assert change(before, after) is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (COVERED, ASKED, ("covered", "missing-documentation")),
        (COVERED, said_of(Outcome.COVERED, "I.D.2"), ("covered", "covered")),
        (COVERED, None, ("covered", "not addressed")),
        (None, COVERED, ("not addressed", "covered")),
        (ASKED, replace(ASKED, missing=()), ("missing-documentation", "missing-documentation")),
        (COVERED, replace(COVERED, repeat=True), ("covered", "covered")),
    ],
)
def test_another_outcome_or_other_reasons_are_a_change(
    before: Determination | None, after: Determination | None, words: tuple[str, str]
) -> None:
    found = change(before, after)
    assert found is not None
    assert found.outcomes == words
    assert found.as_json()["after"]["outcome"] == words[1]
    assert found.as_json()["before"]["outcome"] == words[0]
