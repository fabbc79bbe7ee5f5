"""Who ordered: the NPI the order itself tells."""

from typing import Any

import pytest

from fhir_mappings.requester import NPI, requester_npis

NUMBER = {"identifier": {"system": NPI, "value": "1234567893"}}
LISTED = {"identifier": [{"system": "http://x", "value": "9"}, {"system": NPI, "value": "1234567893"}]}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({}, ()),
        ({"requester": {"reference": "Practitioner/dr-1"}}, ()),
        ({"requester": "Practitioner/dr-1"}, ()),
        ({"requester": {"identifier": {"system": "http://x", "value": "1234567893"}}}, ()),
        ({"requester": {"identifier": {"system": NPI}}}, ()),
        ({"requester": NUMBER}, ("1234567893",)),
        ({"requester": {"reference": "#dr"}, "contained": [{"id": "dr", **LISTED}]}, ("1234567893",)),
        ({"requester": {"reference": "#other"}, "contained": [{"id": "dr", **LISTED}]}, ()),
        ({"requester": {"reference": "#role"}, "contained": [{"id": "role", "practitioner": NUMBER}]}, ("1234567893",)),
        (
            {
                "requester": {"reference": "#role"},
                "contained": [{"id": "role", "practitioner": {"reference": "#dr"}}, {"id": "dr", **LISTED}],
            },
            ("1234567893",),
        ),
        ({"performer": [NUMBER], "contained": [{"id": "dr", **LISTED}]}, ()),
    ],
    ids=[
        "nobody", "a reference only", "no reference at all", "another system", "no value", "on the reference",
        "a contained practitioner", "another one contained", "a contained role", "a role and its practitioner",
        "a performer is no requester",
    ],
)  # fmt: skip
def test_the_npi_of_the_requester_is_what_the_order_tells(order: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert requester_npis(order) == expected
