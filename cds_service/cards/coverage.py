"""The coverage card: what the policy says of one order, with links to it and no suggestions (External Reference)."""

from collections.abc import Iterator
from typing import Final

from cds_service.anchors import anchor, in_policy, policy_url
from cds_service.cards.audience import Audience
from cds_service.cards.card import COVERAGE, Card, JsonObject, card_body, in_one_line
from cds_service.cards.detail import OPENINGS, detail
from cds_service.cards.overriding import override_reasons
from cds_service.coverage_standing import open_point
from cds_service.judging import Judged
from cds_service.policy.determination import Determination, Outcome

DETERMINATION: Final = "coverage-hooks.determination"
FORM_LABEL: Final = "Answer in the documentation form"

_INDICATORS: Final = {
    Outcome.NOT_COVERED: "warning", Outcome.MISSING: "warning", Outcome.UNDETERMINED: "warning",
}  # fmt: skip
_OVERRIDES: Final = {
    Outcome.NOT_COVERED: ("record-is-incomplete", "data-is-wrong", "clinically-indicated", "other-coverage"),
    Outcome.MISSING: ("documentation-follows", "record-is-incomplete", "data-is-wrong", "other-coverage"),
    Outcome.UNDETERMINED: ("documentation-follows", "other-coverage"),
    Outcome.REFER: ("data-is-wrong", "other-coverage"),
}

_OVERRIDES_OF_COVERAGE: Final = ("data-is-wrong", "other-coverage")


def coverage_card(one: Judged, audience: Audience) -> Card:
    """The one card every order in scope has."""
    determination = one.determination
    body = card_body(
        COVERAGE,
        audience,
        one.coverage.payer,
        (determination.order,),
        summary=summary(determination),
        detail=detail(one),
        indicator=_INDICATORS.get(determination.outcome, "info"),
        links=tuple(_links(determination, audience)),
        extension={DETERMINATION: determination.as_json()},
        override_reasons=override_reasons(_reasons(determination), audience.canonical_base),
    )  # fmt: skip
    return Card(COVERAGE, body, one)


def _links(determination: Determination, audience: Audience) -> Iterator[JsonObject]:
    """The policy and, where the form can supply what is missing, the form."""
    url = policy_url(determination, audience.public_url)
    yield {"label": _label(determination), "type": "absolute", "url": url}
    if audience.form_url and determination.asked_on_form:
        yield {"label": FORM_LABEL, "type": "absolute", "url": audience.form_url}


def without_form(body: JsonObject) -> JsonObject:
    """A card as it is recorded: the link to the form is a secret of those who were shown it."""
    links = [link for link in body.get("links", []) if link["label"] != FORM_LABEL]
    return {**body, "links": links} if "links" in body else body


def _reasons(determination: Determination) -> tuple[str, ...]:
    if open_point(determination):
        return _OVERRIDES_OF_COVERAGE
    return _OVERRIDES.get(determination.outcome, ())


def _label(determination: Determination) -> str:
    at = anchor(determination)
    return f"Policy {determination.policy}, " + (f"criterion {at}" if at else "criteria")


def summary(determination: Determination) -> str:
    """One sentence under 140 characters that opens with the outcome and names the criteria."""
    opening = OPENINGS[determination.outcome]
    named = [c for c in determination.criteria if not c.startswith("order.") and c != "no-criterion"]
    return in_one_line(f"{opening}: {_gist(determination, named)}", in_policy(determination))


def _gist(determination: Determination, named: list[str]) -> str:
    listed, point = ", ".join(named), open_point(determination)
    return {
        Outcome.COVERED: f"criterion {listed} is met",
        Outcome.NOT_COVERED: f"criterion {listed}" if len(named) == 1 else f"criteria {listed}",
        Outcome.MISSING: listed or "which service the unlisted code stands for",
        Outcome.REFER: f"the policy itself says {determination.advisory}" if determination.advisory else "",
        Outcome.NO_CRITERION: "the policy lists this code without a rule for it",
        Outcome.UNDETERMINED: point.gist if point else "some of the record could not be read",
    }[determination.outcome]
