"""The service as an EHR calls it."""

from tests.policy_151.conftest import ask, service

__all__ = ["ask", "service"]
