"""What stands beside the criteria of policy 151: readings that bear on criteria there are, and are all told."""

import re
from pathlib import Path

from cds_service.policies import DOCUMENTATION
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import walk

ROOT = Path(__file__).parents[2]
BESIDE = DOCUMENTATION["151"]
NUMBERS = {node.id for tree in REVISION.criteria for node in walk(tree) if node.published} | set(REVISION.numbers)


def test_readings_are_told_once_in_their_order_and_none_is_left_out() -> None:
    ids = [reading.id for reading in BESIDE.readings]
    assert ids == sorted(set(ids), key=lambda name: (int(re.sub(r"\D", "", name)), name))
    assert {f"A{n}" for n in range(1, 64)} <= set(ids)


def test_a_reading_says_what_was_open_what_was_taken_and_why() -> None:
    assert [r.id for r in BESIDE.readings if not (r.question and r.taken and r.why)] == []


def test_a_reading_bears_on_criteria_there_are() -> None:
    assert {number for reading in BESIDE.readings for number in reading.criteria} <= NUMBERS


def test_every_reading_named_in_the_code_is_told() -> None:
    sources = [
        p.read_text("utf-8") for folder in ("cds_service", "fhir_mappings") for p in ROOT.glob(f"{folder}/**/*.py")
    ]
    named = {name for text in sources for name in re.findall(r"\bA[1-9]\d?b?\b", text)}
    assert named <= {reading.id for reading in BESIDE.readings}


def test_every_listed_code_leads_to_a_criterion_or_to_words() -> None:
    words = {"I", "unlisted", "no-criterion"}
    assert {listed.governed_by for listed in BESIDE.codes} <= set(REVISION.numbers) | words
    assert {listed.system for listed in BESIDE.codes if listed.code[0] in "CEQ"} == {"HCPCS"}
