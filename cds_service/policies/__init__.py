"""The policies the service holds, one folder each."""

from typing import Final

from cds_service.policies.policy_151.effective_2025_05_06 import REVISION as POLICY_151
from cds_service.policy.revision import Revision

POLICIES: Final[dict[str, Revision]] = {POLICY_151.number: POLICY_151}
