"""Cards on the coverage record itself, when an encounter starts or ends (topic insurance): none active, or several."""

from collections.abc import Iterable

from cds_service.cards.audience import Audience
from cds_service.cards.card import COVERAGE_RECORD, Card, card_body, in_one_line
from cds_service.coverage_standing import POINTS, OpenPoint
from cds_service.markdown import escaped
from fhir_mappings.coverage import Resolved, Standing


def coverage_record_card(coverages: Iterable[Resolved], why_unread: str, audience: Audience) -> Card | None:
    """What is wrong with the coverage on record; None where one active Coverage of ours is there.

    It tells of coverage only: nothing clinical was read, and no documentation is asked for (hook-19).
    """
    if why_unread:
        return _unread(why_unread, audience)
    cards = (_on(resolved, audience) for resolved in coverages)
    return next((card for card in cards if card), None)


def _on(resolved: Resolved, audience: Audience) -> Card | None:
    if resolved.standing in (Standing.NOT_CHECKED, Standing.INACTIVE):
        return _none(audience)
    if resolved.standing is Standing.SEVERAL:
        return _several(resolved, audience) if len(resolved.coverages) > 1 else _plan_unclear(resolved, audience)
    point = POINTS.get(resolved.standing)
    return _open(point, resolved, audience) if point else None


def _plan_unclear(resolved: Resolved, audience: Audience) -> Card:
    references = tuple(coverage.reference for coverage in resolved.coverages)
    return _card(
        audience,
        resolved,
        references,
        "The member has several plans, and the coverage on record names none of them",
        f"The plan lists several active enrollments of this member. Record in {escaped(', '.join(references))} which "
        "plan is meant (Coverage.class).",
        "info",
    )


def _open(point: OpenPoint, resolved: Resolved, audience: Audience) -> Card:
    references = tuple(coverage.reference for coverage in resolved.coverages)
    summary = f"{point.gist[:1].upper()}{point.gist[1:]}"
    return _card(audience, resolved, references, summary, f"{point.problem} {point.remedy}.", "warning")


def _unread(why: str, audience: Audience) -> Card:
    return _card(
        audience,
        None,
        (),
        "Coverage could not be checked: the coverage record was not read",
        f"The patient's coverage record was not read: {escaped(why)}. Nothing is known of it here; check it by hand.",
        "warning",
    )


def _none(audience: Audience) -> Card:
    several = len(audience.payer_labels) > 1
    said = "a payer this service answers for" if several else audience.default_label
    return _card(
        audience,
        None,
        (),
        f"No active coverage of {said} was found",
        "The coverage record was read, and holds none in force today that is known here as one of: "
        f"{escaped(', '.join(audience.payer_labels))}. Coverage was not checked. If the patient is insured there, "
        "record the current coverage with its payer; orders are then answered by it.",
        "warning",
    )


def _several(resolved: Resolved, audience: Audience) -> Card:
    references = tuple(coverage.reference for coverage in resolved.coverages)
    label = resolved.payer.label if resolved.payer else audience.default_label
    return _card(
        audience,
        resolved,
        references,
        f"{len(references)} active coverages of {label} are on record",
        f"On record and in force today: {escaped(', '.join(references))}. Which of them pays first is not stated. "
        "Close those that have ended, or number them (Coverage.order); an order may also name its own (insurance).",
        "info",
    )


def _card(  # noqa: PLR0913, PLR0917
    audience: Audience, resolved: Resolved | None, references: tuple[str, ...], summary: str, detail: str,
    indicator: str,
) -> Card:  # fmt: skip
    body = card_body(
        COVERAGE_RECORD,
        audience,
        resolved.payer if resolved else None,
        references or (f"Encounter/{audience.encounter_id}",),
        summary=in_one_line(summary),
        detail=detail,
        indicator=indicator,
    )
    return Card(COVERAGE_RECORD, body)
