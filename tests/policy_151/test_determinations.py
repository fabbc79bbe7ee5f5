"""What holds of every determination of the table (contract sections 4 and 5)."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import walk
from tests.policy_151.conftest import Determinations
from tests.policy_151.table import Case
from tests.policy_151.test_completeness import LEAVES

Judged = list[tuple[Case, Determinations]]

ALONE: Final = ("IV", "V", "VI", "VII", "VIII", "IX")
OUTSIDE_THE_TREES: Final = {"order.detail-code", "order.line-of-business", "no-criterion"}
PUBLISHED: Final = {node.id for tree in REVISION.criteria for node in walk(tree) if node.published}
BRANCHES: Final = ("I.D.1.a", "I.D.1.b", "I.D.1.c", "I.D.1.d")


def every(judged: Judged) -> Iterator[dict[str, Any]]:
    return (one for _, found in judged for one in found.values())


def asserted_without_evidence(one: dict[str, Any]) -> set[str]:
    decided = {number for number, answer in one.get("answers", {}).items() if answer != "unknown"}
    return decided.intersection(LEAVES) - one.get("evidence", {}).keys()


def policy_says(one: dict[str, Any]) -> str:
    return str(one.get("advisory", one["outcome"]))


def test_no_member_is_empty_and_repeat_is_always_there(judged: Judged) -> None:
    for one in every(judged):
        assert [name for name, value in one.items() if value in (None, [], {}, "")] == []
        assert isinstance(one["repeat"], bool)
        assert (one["policy"], one["revision"]) == ("151", "2025-05-06")


def test_something_is_asked_exactly_when_documentation_is_missing(judged: Judged) -> None:
    for one in every(judged):
        assert ("missing" in one) == (policy_says(one) == "missing-documentation")
        assert all(question["question"].strip() for question in one.get("missing", []))


def test_what_is_asked_is_open_and_asked_once(judged: Judged) -> None:
    for one in every(judged):
        asked = [question["criterion"] for question in one.get("missing", [])]
        assert len(asked) == len(set(asked))
        assert {one["answers"][number] for number in asked if number not in OUTSIDE_THE_TREES} <= {"unknown"}


def test_what_denies_is_not_met_and_known(judged: Judged) -> None:
    """Never `not-covered` from an unknown."""
    for one in every(judged):
        if one["outcome"] == "not-covered" and one["criteria"][0] == "II":
            assert len(one["criteria"]) > 1
            assert {one["answers"][number] for number in one["criteria"][1:]} == {"not-met"}
            assert one["answers"]["I"] == "not-met"


def test_a_criterion_of_denial_stands_alone(judged: Judged) -> None:
    for one in every(judged):
        if one["outcome"] == "not-covered":
            assert one["criteria"][0] == "II" or (len(one["criteria"]) == 1 and one["criteria"][0] in ALONE)


def test_what_covers_is_met_or_one_of_the_cases_of_which_one_is(judged: Judged) -> None:
    for one in every(judged):
        if one["outcome"] == "covered":
            paths = [number for number in one["criteria"] if number != "III"]
            assert one["answers"]["I"] == "met"
            assert all(one["answers"][number] == "met" for number in paths) or len(paths) > 1
            assert ("III" in one["criteria"]) == one["repeat"]


def test_no_denial_rests_on_a_diagnosis_the_patient_does_not_have(judged: Judged) -> None:
    """The dx leaves of other branches are not reasons; nor is a listing that is only inferred."""
    for one in every(judged):
        if one["outcome"] == "not-covered":
            assert [number for number in one["criteria"] if number.endswith(".dx")] == []
            if "I.D.2.listed" in one["criteria"]:
                assert one["evidence"]["I.D.2.listed"]


def test_only_published_criteria_are_answered(judged: Judged) -> None:
    for one in every(judged):
        assert set(one.get("answers", {})) <= PUBLISHED | {"II", "III", *ALONE}
        assert "I.D.1.x" not in one.get("answers", {})


def test_an_ablation_answers_the_whole_tree(judged: Judged) -> None:
    tree = {node.id for node in walk(REVISION.criteria[0]) if node.published}
    for one in every(judged):
        answers = one.get("answers", {})
        if "I" in answers:
            assert tree <= set(answers)
            assert answers["II"] == {"met": "not-met", "not-met": "met", "unknown": "unknown"}[answers["I"]]
            assert ("III" in answers) == one["repeat"]


def test_evidence_stands_only_behind_what_is_decided(judged: Judged) -> None:
    for one in every(judged):
        for number, proofs in one.get("evidence", {}).items():
            assert proofs
            if number not in OUTSIDE_THE_TREES | {"III"}:  # the proof of III is the earlier ablation
                assert one["answers"][number] != "unknown"


@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if leaf not in ("I.D.1.0", "I.D.2.listed", "IV.origin")])
def test_nothing_is_asserted_without_evidence(leaf: str, judged: Judged) -> None:
    for one in every(judged):
        assert leaf not in asserted_without_evidence(one)


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        ("I.D.1.0", "no transplant listing found"),
        ("I.D.2.listed", "no transplant listing found"),
        ("IV.origin", "melanoma"),
    ],
)  # fmt: skip
def test_a_closed_world_is_said_in_a_note(leaf: str, words: str, judged: Judged) -> None:
    """Policy-logic section 1: only where the text itself is negative."""
    for one in every(judged):
        if leaf in asserted_without_evidence(one):
            assert words in "\n".join(one.get("notes", []))


def test_a_denial_that_rests_on_no_listing_tells_a_listed_patient_how_to_resubmit(judged: Judged) -> None:
    for one in every(judged):
        if one["outcome"] == "not-covered" and "I.D.2.listed" in asserted_without_evidence(one):
            assert "say so and send again" in "\n".join(one["notes"])


def test_the_criteria_stand_in_the_order_of_the_policy(judged: Judged) -> None:
    order = ["II", *(node.id for tree in REVISION.criteria for node in walk(tree)), "III"]
    for one in every(judged):
        named = [number for number in one["criteria"] if number in order]
        assert named == sorted(named, key=order.index)
