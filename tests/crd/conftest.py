"""The network of stubs, as the tests of conformance have it."""

from tests.conformance.conftest import ehr_holds, net  # noqa: F401 - fixtures
