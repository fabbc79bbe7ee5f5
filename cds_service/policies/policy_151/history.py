"""Policy 151's revision history, in our own words: which dates changed criteria and which only codes."""

from typing import Final

from cds_service.policy.documentation import Change

HISTORY: Final = (
    Change("2023-02", "Moved to a new template"),
    Change("2024-02", "Annual review; what was investigational is called not medically necessary"),
    Change("2024-03", "One condition on chemoembolization of hepatocellular carcinoma removed"),
    Change("2024-04", "Codes of the second quarter of 2024"),
    Change("2024-10", "Codes of the third quarter of 2024; one more service that is not medically necessary"),
    Change("2024-12", "Annual update; one criterion removed"),
    Change("2025-01", "Codes of the first quarter of 2025"),
    Change("2025-04", "Codes of the second quarter of 2025; criteria and coding changed"),
    Change("2025-05-06", "Embolization removed: Carelon reviews it. The revision this service holds"),
)
