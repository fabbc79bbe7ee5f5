"""Coverage in a batch: what is not active or not under this policy is told apart from what is not covered."""

from pathlib import Path
from typing import Any, Final

from tests.batch.building import assumed, outcomes, resources_of, said, summary, write_export

Json = dict[str, Any]

TWO_PAYERS: Final = """
[[payers]]
id = "with"
label = "A payer with the policy"
[[payers]]
id = "without"
label = "A payer without it"
policies = []
"""


def insured(patient_id: str, payer: str = "with", status: str = "active") -> list[Json]:
    """A patient who meets everything, with this Coverage and no other."""
    clinical = [one for one in resources_of(patient_id) if one["resourceType"] != "Coverage"]
    coverage = {
        "resourceType": "Coverage",
        "id": f"coverage-{patient_id}",
        "status": status,
        "beneficiary": {"reference": f"Patient/{patient_id}"},
        "payor": [{"display": payer}],
    }
    return [*clinical, coverage]


def test_coverage_that_ended_leaves_an_order_open_and_the_summary_says_why(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", insured("p1", status="cancelled"), insured("p2"))
    shown = assumed(export, tmp_path / "out").output
    assert outcomes(tmp_path / "out") == {"Patient/p1": "undetermined", "Patient/p2": "covered"}
    (line,) = (line for line in said(tmp_path / "out") if line["patient"] == "Patient/p1")
    assert (line["criteria"], line["advisory"]) == (["order.coverage"], "covered")
    (point,) = summary(tmp_path / "out")["unread"]
    assert point == {
        "criterion": "order.coverage",
        "determinations": 1,
        "statement": "No coverage of this plan is active",
    }
    assert "order.coverage" in shown


def test_nothing_is_said_under_a_payer_without_the_policy(tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(TWO_PAYERS, "utf-8")
    export = write_export(tmp_path / "export", insured("p1", "without"), insured("p2"), insured("p3", "neither"))
    shown = assumed(export, tmp_path / "out", "--config", str(config)).output
    assert outcomes(tmp_path / "out") == {"Patient/p2": "covered", "Patient/p3": "covered"}
    assert "1 patients without one: no order the policy addresses under their payer" in shown
