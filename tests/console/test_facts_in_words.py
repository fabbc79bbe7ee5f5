"""Facts and their values as people read them."""

import pytest

from cds_service.console.facts_in_words import label, said
from fhir_mappings.facts import ECOG_GRADE, HCC_CONFIRMED, LARGEST_TUMOR_CM, NET_SYMPTOMS_REFRACTORY, TRANSPLANT_STATUS
from fhir_mappings.finding import Fact, Interval, Possible, Transplant, exactly


@pytest.mark.parametrize(
    ("fact", "read"),
    [
        (ECOG_GRADE, "ECOG grade"),
        (HCC_CONFIRMED, "HCC confirmed"),
        (LARGEST_TUMOR_CM, "Largest tumor cm"),
        (NET_SYMPTOMS_REFRACTORY, "NET symptoms refractory"),
    ],
)
def test_a_fact_has_a_name_to_read(fact: Fact, read: str) -> None:
    assert label(fact) == read


@pytest.mark.parametrize(
    ("possible", "fact", "read"),
    [
        (None, LARGEST_TUMOR_CM, "unknown"),
        (Interval(), LARGEST_TUMOR_CM, "unknown"),
        (exactly(3.8), LARGEST_TUMOR_CM, "3.8 cm"),
        (Interval(high=5, high_open=True), LARGEST_TUMOR_CM, "below 5 cm"),
        (Interval(low=3), LARGEST_TUMOR_CM, "at least 3 cm"),
        (Interval(2, 4, low_open=True), LARGEST_TUMOR_CM, "above 2 and at most 4 cm"),
        (frozenset({True}), HCC_CONFIRMED, "yes"),
        (frozenset({True, False}), HCC_CONFIRMED, "no or yes"),
        (frozenset({Transplant.LISTED}), TRANSPLANT_STATUS, "approved and listed"),
    ],
)
def test_what_is_known_of_a_fact_is_said(possible: Possible | None, fact: Fact, read: str) -> None:
    assert said(possible, fact) == read
