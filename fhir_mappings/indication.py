"""What an order is for: a liver tumor, or a liver malignancy (policy 151, V and VII; codes that name no site)."""

from collections.abc import Callable

from fhir_mappings.chart import Chart
from fhir_mappings.code_systems import ICD_10, ICD_10_CM
from fhir_mappings.conditions import Diagnosis, Liver, liver_of
from fhir_mappings.finding import Evidence, Finding, Reason, Tumor
from fhir_mappings.primaries import origin_of_codes
from fhir_mappings.stated_tumor import stated_tumor
from fhir_mappings.terminology import Code, value_set
from fhir_mappings.treated_tumor import is_liver_malignancy, is_liver_metastasis, is_liver_tumor

_MALIGNANT = (
    "hepatocellular-carcinoma", "hepatocellular-mixed", "primary-liver-other", "primary-liver-broad",
    "liver-metastasis",
)  # fmt: skip
_BENIGN = "benign-liver-tumor"
_ELSEWHERE = (
    "bone-metastasis", "extrahepatic-metastasis", "colorectal-primary", "neuroendocrine-primary", "breast-primary",
    "melanoma",
)  # fmt: skip


def liver_tumor_indicated(chart: Chart) -> Finding:
    """Whether the order is for a liver tumor of any kind."""
    return _indicated(chart, (*_MALIGNANT, _BENIGN), is_liver_tumor, site_suffices=True)


def liver_malignancy_indicated(chart: Chart) -> Finding:
    """Whether the order is for a primary or secondary cancer in the liver."""
    return _indicated(chart, _MALIGNANT, is_liver_malignancy, site_suffices=False)


def _indicated(
    chart: Chart, sets: tuple[str, ...], is_mine: Callable[[Diagnosis], bool], site_suffices: bool
) -> Finding:
    """The order's own reason decides; without a clear one its site, what the form states, an active liver diagnosis."""
    by_reason = _by_reason(chart, sets, is_mine, is_benign_mine=site_suffices)
    by_form = _by_form(chart, is_benign_mine=site_suffices)
    if by_reason is not None:
        return by_form if by_form and by_reason.possible is None else by_reason
    site = liver_of([chart.order.body.get("bodySite")])
    own = (Evidence(chart.order.reference, "site on the order"),)
    if site is Liver.NO:
        return Finding(frozenset({False}), Reason.RECORDED, own)
    if site is Liver.YES and site_suffices:
        return Finding(frozenset({True}), Reason.RECORDED, own)
    found = [d for d in chart.diagnoses if d.is_proof and is_mine(d)]
    if by_form is not None and not (found and by_form.possible == frozenset({False})):
        return by_form
    if by_form is not None:
        note = "the form says what is treated is not in the liver or no cancer, and the record names one"
        return Finding(None, Reason.CONFLICT, by_form.evidence, (note,))
    if found:
        evidence = tuple(d.evidence("liver tumor on record") for d in found)
        return Finding(frozenset({True}), Reason.INFERRED, evidence)
    return Finding(None, Reason.NO_DATA, (), (), chart.record.unread_of("Condition"))


def _by_form(chart: Chart, is_benign_mine: bool) -> Finding | None:
    """What the form says the order treats; None where it says nothing or contradicts itself."""
    stated = stated_tumor(chart)
    if stated is None or stated.contradictory:
        return None
    is_mine = bool(stated.kinds if is_benign_mine else stated.kinds - {Tumor.BENIGN})
    return Finding(frozenset({is_mine}), Reason.ATTESTED, stated.evidence, stated.notes)


def _by_reason(
    chart: Chart, sets: tuple[str, ...], is_mine: Callable[[Diagnosis], bool], is_benign_mine: bool
) -> Finding | None:
    pointed = [d for d in chart.diagnoses if d.resource.identity in chart.order.reason_ids]
    listed = chart.order.reason_codes
    own = Evidence(chart.order.reference, "reason on the order")
    if any(value_set(name).any_of(listed) for name in sets) or any(is_mine(d) and d.is_proof for d in pointed):
        return Finding(frozenset({True}), Reason.RECORDED, (own,))
    if any(is_mine(d) for d in pointed):  # suspected, past or refuted: neither yes nor no
        return Finding(None, Reason.NOT_SPECIFIC, (own,))
    unread = chart.record.unread_of("Condition")
    if unread and (chart.order.reason_ids or any(map(origin_of_codes, chart.order.reasons))):
        return Finding(None, Reason.NO_DATA, (own,), (), unread)  # what it points to, or a metastasis of it
    reasons = [*chart.order.reasons, *(d.codes for d in pointed)]
    if not reasons or not all(any(_is_elsewhere(code, is_benign_mine) for code in reason) for reason in reasons):
        return None
    if any(origin_of_codes(reason) for reason in reasons) and any(
        d.is_proof and is_liver_metastasis(d) for d in chart.diagnoses
    ):
        note = "the reason on the order is the primary cancer: say whether its liver metastasis is treated"
        return Finding(None, Reason.NOT_SPECIFIC, (own,), (note,))
    return Finding(frozenset({False}), Reason.RECORDED, (own,))


def _is_elsewhere(code: Code, is_benign_mine: bool) -> bool:
    """A diagnosis the order cannot be for. Symptoms (chapter R) and encounters (chapter Z) name no disease.

    A benign tumor of the liver is one where only cancer counts (reading A32).
    """
    system, text = code
    if code in value_set(_BENIGN):
        return not is_benign_mine
    if system in (ICD_10_CM, ICD_10):
        return text[:1] not in "RZ" and code not in value_set("site-open")
    return any(code in value_set(name) for name in _ELSEWHERE)
