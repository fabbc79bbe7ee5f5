"""The policies the service holds, one folder each."""

from typing import Final

from cds_service.policies.policy_151.effective_2025_05_06 import REVISION as POLICY_151
from cds_service.policy.revision import Revision

POLICIES: Final[dict[str, Revision]] = {POLICY_151.number: POLICY_151}
"""Medical policy 151, Liver Tumor Treatment: one module per effective date, codes apart from criteria."""

REVISIONS: Final[dict[str, tuple[Revision, ...]]] = {number: (revision,) for number, revision in POLICIES.items()}
"""Every text of each policy, that in use first."""


def revision_of(number: str, identity: str) -> Revision:
    """A text of a policy by its id. Raises KeyError for one the service does not hold."""
    for revision in REVISIONS[number]:
        if revision.id == identity:
            return revision
    raise KeyError(identity)
