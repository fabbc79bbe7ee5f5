"""What policy 151's coding notes say of unlisted codes, in our own words (reading A34)."""

from typing import Final

from cds_service.policy.determination import ClaimNote

PA_ADVICE: Final = ClaimNote(
    "the code is unlisted: prior authorization is recommended, and the claim is reviewed",
    "A claim with an unlisted code is reviewed for medical necessity, coding and price. Prior authorization before the "
    "service avoids a denial after it. It is advice, not a requirement.",
)
UNLISTED_DENIAL: Final = ClaimNote(
    "the code is unlisted and stands for a service that is denied as not covered",
    "A claim with an unlisted code is reviewed by the service it stands for. The policy does not cover this one, and "
    "its claim is denied.",
)
UNLISTED_OPEN: Final = ClaimNote(
    "the code is unlisted: its claim is reviewed by the service it stands for",
    "Name the service on the order and on the claim. For an ablation by radiofrequency, microwave, cryotherapy or "
    "ethanol prior authorization is recommended; a claim for a service the policy does not cover is denied.",
)
