"""Words for numbers and dates on the pages."""

import pytest

from cds_service.pages.sources import read_sources
from cds_service.pages.wording import as_read, governs


@pytest.mark.parametrize(("written", "read"), [("2025-05", "May 2025"), ("2025-05-06", "May 6, 2025")])
def test_a_date_is_read_to_the_month_or_the_day(written: str, read: str) -> None:
    assert as_read(written) == read


@pytest.mark.parametrize(
    ("by", "said"), [("IV", "criterion IV"), ("unlisted", "by what it stands for"), ("no-criterion", "no criterion")]
)
def test_a_code_leads_to_a_criterion_or_to_words(by: str, said: str) -> None:
    assert governs(by).startswith(said)


def test_sources_are_told_apart() -> None:
    kinds = [source.kind for source in read_sources(("value set liver-site", "form lt-status", "LOINC 1975-2"))]
    assert kinds == ["value set", "form", "words"]
