"""A network that answers only what a test publishes, and counts."""

from collections.abc import Iterator

import pytest
import responses


@pytest.fixture
def net() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock
