"""The policies the service holds, one folder each."""

from typing import Final

from cds_service.policies.policy_151.codes_2025_05_06 import LISTED
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION as POLICY_151
from cds_service.policies.policy_151.history import HISTORY
from cds_service.policies.policy_151.readings import READINGS
from cds_service.policy.documentation import Documentation
from cds_service.policy.revision import Revision

POLICIES: Final[dict[str, Revision]] = {POLICY_151.number: POLICY_151}
DOCUMENTATION: Final[dict[str, Documentation]] = {POLICY_151.number: Documentation(LISTED, READINGS, HISTORY)}
"""What people read beside the criteria, by the policy's number."""

REVISIONS: Final[dict[str, tuple[Revision, ...]]] = {number: (revision,) for number, revision in POLICIES.items()}
"""Every text of each policy, that in use first."""


def revision_of(number: str, identity: str) -> Revision:
    """A text of a policy by its id. Raises KeyError for one the service does not hold."""
    for revision in REVISIONS[number]:
        if revision.id == identity:
            return revision
    raise KeyError(identity)
