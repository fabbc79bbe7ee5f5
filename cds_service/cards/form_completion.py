"""The form-completion card: a task to fill in the documentation form, for clients that do not speak DTR.

A client that declares CRD finds the form in the coverage statement, and DTR fills it in (resp-59).
"""

from cds_service.anchors import in_policy
from cds_service.cards.audience import Audience
from cds_service.cards.card import (
    FORM_COMPLETION,
    Card,
    JsonObject,
    card_body,
    create,
    in_one_line,
    is_local,
    suggestion,
)
from cds_service.cards.detail import head
from cds_service.crd.extension import CRD_TEMP
from cds_service.crd.versions import Version
from cds_service.dtr.canonicals import form_canonical
from cds_service.hooks import PRIMARY_HOOKS
from cds_service.judging import Judged
from cds_service.markdown import escaped
from fhir_mappings.elements import items, reference_id
from fhir_mappings.models import task

SDC_TEMP = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp"


def form_completion_card(judged: tuple[Judged, ...], audience: Audience) -> Card | None:
    """One task for all orders whose open criteria the form can answer; none where DTR asks, or nobody may (hook-19)."""
    asking = tuple(one for one in judged if one.determination.asked_on_form)
    if audience.is_declared or audience.hook not in PRIMARY_HOOKS or not asking:
        return None
    first = asking[0]
    form = task(_task(asking, audience))
    if form is None:
        return None
    added = suggestion("Add the documentation form to the tasks", create("Add a task to fill in the form", form))
    body = card_body(
        FORM_COMPLETION,
        audience,
        first.coverage.payer,
        (one.determination.order for one in asking),
        summary=in_one_line(f"The documentation form asks {_numbers(asking)}", in_policy(first.determination)),
        detail=_detail(asking),
        suggestions=(added,),
        select="at-most-one",
    )  # fmt: skip
    return Card(FORM_COMPLETION, body, first)


def _task(asking: tuple[Judged, ...], audience: Audience) -> JsonObject:
    """CRD's profile-taskquestionnaire in either version: the newer forbids what only the older one asks."""
    orders = [{"reference": r} for one in asking if is_local(r := one.determination.order)]
    encounter = {"encounter": {"reference": f"Encounter/{audience.encounter_id}"}} if audience.encounter_id else {}
    found = asking[0].determination
    inputs = [_input("questionnaire", SDC_TEMP, {"valueCanonical": form_canonical(audience.canonical_base)})]
    if audience.version is Version.V2_0:
        kept = {"coding": [{"system": CRD_TEMP, "code": "initial-claim-include"}]}
        inputs.append(_input("after-completion-action", CRD_TEMP, {"valueCodeableConcept": kept}))
    return {
        **({"basedOn": orders} if orders else {}),
        "status": "ready",
        "intent": "order",
        "code": {"coding": [{"system": SDC_TEMP, "code": "complete-questionnaire"}]},
        "for": {"reference": f"Patient/{audience.patient_id}"},
        **encounter,
        "authoredOn": audience.today.isoformat(),
        "requester": _payer(asking[0], audience),
        "reasonCode": {"text": f"Policy {found.policy}, revision {found.revision}: criteria {_numbers(asking)}"},
        "input": inputs,
    }


def _input(name: str, system: str, value: JsonObject) -> JsonObject:
    return {"type": {"text": name, "coding": [{"system": system, "code": name}]}, **value}


def _payer(one: Judged, audience: Audience) -> JsonObject:
    """The payer as the client's own Coverage refers to it, else by its name."""
    payors = (payor for coverage in one.coverage.coverages for payor in items(coverage.body.get("payor")))
    known = next((f"{kind}/{i}" for kind, i in map(reference_id, payors) if kind == "Organization"), "")
    payer = one.coverage.payer
    label = payer.label if payer else audience.default_label
    return {**({"reference": known} if is_local(known) else {}), "type": "Organization", "display": label}


def _numbers(asking: tuple[Judged, ...]) -> str:
    return ", ".join(
        dict.fromkeys(question.criterion for one in asking for question in one.determination.asked_on_form)
    )


def _detail(asking: tuple[Judged, ...]) -> str:
    named = ", ".join(escaped(one.determination.order) for one in asking)
    questions = dict.fromkeys(question for one in asking for question in one.determination.asked_on_form)
    return "\n\n".join([
        head(asking[0].determination),
        f"For {named} the form asks:",
        "\n".join(f"- **{q.criterion}** {escaped(q.question)}" for q in questions),
        "Once it is completed and kept with the patient's record, the answers count as documentation.",
    ])  # fmt: skip
