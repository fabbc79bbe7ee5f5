"""CRDMetricData in a spreadsheet: a line for each statement or card, every column a text."""

from typing import Any

import pytest

from cds_service.crd_metrics.table import COLUMNS, lines_of

CALL: dict[str, Any] = {
    "source": "payer-src", "hookInstance": "d1577c69", "hookType": "order-sign", "httpResponse": 200,
    "payerId": {"system": "https://payer.example", "value": "northlake"}, "tokenUse": "used",
    "resources": [
        {"type": "Condition", "count": 4, "prefetch": True}, {"type": "Coverage", "count": 1, "prefetch": False},
    ],
}  # fmt: skip
STATED = {
    "covered": "conditional",
    "questionnaire": [{"reference": "https://f|1"}],
    "businessLine": {"text": "medicare"},
}
REQUEST = {
    "type": "ServiceRequest",
    "orderDetail": {"coding": [{"system": "http://cpt", "code": "47382"}]},
    "response": [
        {"type": "guideline", "focus": ["ServiceRequest"], "engagement": "accept"},
        {"type": "coverage-info", "focus": ["ServiceRequest"], "coverageInfo": [STATED, {"covered": "covered"}]},
    ],
}


def test_each_card_and_each_statement_has_a_line() -> None:
    lines = list(lines_of({**CALL, "request": [REQUEST, {"type": "DeviceRequest"}]}))
    assert [tuple(line) for line in lines] == [COLUMNS] * 4
    assert [line["responseType"] for line in lines] == ["guideline", "coverage-info", "coverage-info", ""]
    assert [line["covered"] for line in lines] == ["", "conditional", "covered", ""]
    assert [line["requestType"] for line in lines] == ["ServiceRequest"] * 3 + ["DeviceRequest"]
    assert lines[0]["engagement"] == "accept"
    assert (lines[1]["questionnaire"], lines[1]["businessLine"]) == ("https://f|1", "medicare")
    assert lines[1]["orderDetail"] == "http://cpt|47382"


def test_a_call_without_orders_has_a_line() -> None:
    (line,) = lines_of({**CALL, "httpResponse": 412, "issue": [{"code": "required"}]})
    assert (line["httpResponse"], line["issue"], line["payerId"]) == ("412", "required", "northlake")
    assert line["resources"] == "Condition 4 prefetch; Coverage 1 query"
    assert line["groupId"] == ""


@pytest.mark.parametrize("written", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_clients_words_are_never_a_formula(written: str) -> None:
    (line,) = lines_of({**CALL, "hookInstance": written})
    assert line["hookInstance"] == f"'{written}"
