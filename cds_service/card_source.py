"""Who speaks on a card: the payer as the patient knows it (CDS Hooks, source; CRD resp-4)."""

from fhir_mappings.payers import Payer


def source_of(payer: Payer | None, default_label: str) -> dict[str, str]:
    """The label, and where they are configured its web address and its logo; the topic is the card's own."""
    if payer is None:
        return {"label": default_label}
    shown = {"label": payer.label, "url": payer.url, "icon": payer.logo}
    return {name: value for name, value in shown.items() if value}
