"""Determinations as cards a clinician reads: what is likely, why, by which resources, and what is missing."""

import uuid
from collections.abc import Iterator
from typing import Any, Final

from cds_service.coverage_check import Judged
from cds_service.markdown import escaped, table
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.answers import Answer
from cds_service.policy.determination import Determination, Outcome
from cds_service.settings import Settings
from fhir_mappings.finding import LineOfBusiness

TOPIC: Final = {
    "system": "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp",
    "code": "guideline",
    "display": "Guideline",
}
DETERMINATION: Final = "coverage-hooks.determination"
LONGEST_SUMMARY: Final = 139

_OPENINGS: Final = {
    Outcome.COVERED: "Likely covered",
    Outcome.NOT_COVERED: "Not covered",
    Outcome.MISSING: "Documentation missing",
    Outcome.REFER: "Other rules come first",
    Outcome.NO_CRITERION: "No criterion",
    Outcome.UNDETERMINED: "Could not be determined",
}
_INDICATORS: Final = {
    Outcome.NOT_COVERED: "warning", Outcome.MISSING: "warning", Outcome.UNDETERMINED: "warning",
}  # fmt: skip
_OVERRIDE_WORDS: Final = {
    "record-is-incomplete": "The record here is incomplete: documentation exists elsewhere",
    "data-is-wrong": "A value the card rests on is wrong or out of date",
    "documentation-follows": "The missing documentation will be supplied",
    "clinically-indicated": "Clinically indicated although the policy's criteria are not met",
    "other-coverage": "Another coverage or self-payment applies",
}
_OVERRIDES: Final = {
    Outcome.NOT_COVERED: ("record-is-incomplete", "data-is-wrong", "clinically-indicated", "other-coverage"),
    Outcome.MISSING: ("documentation-follows", "record-is-incomplete", "data-is-wrong", "other-coverage"),
    Outcome.UNDETERMINED: ("documentation-follows", "other-coverage"),
    Outcome.REFER: ("data-is-wrong", "other-coverage"),
}
_WORDS: Final = {Answer.MET: "Met", Answer.NOT_MET: "Not met", Answer.UNKNOWN: "Unknown"}
_STATEMENTS: Final = REVISION.all_statements()
_NO_PROMISE: Final = (
    "This is guidance from a medical policy, not a guarantee of coverage or payment. Where the two differ, the "
    "coverage agreement decides."
)
_CONSIDERATION: Final = (
    "Individual consideration: evidence that was not considered before can be submitted and will be looked at."
)


def present(judged: tuple[Judged, ...], settings: Settings, default_label: str) -> list[dict[str, Any]]:
    """One card per determination, in the order of the draft orders."""
    return [_card(one, settings, default_label) for one in judged]


def _card(one: Judged, settings: Settings, default_label: str) -> dict[str, Any]:
    determination = one.determination
    payer = one.coverage.payer
    card = {
        "uuid": str(uuid.uuid4()),
        "summary": summary(determination),
        "detail": detail(determination, one.coverage.line_of_business),
        "indicator": _INDICATORS.get(determination.outcome, "info"),
        "source": {"label": payer.label if payer else default_label, "topic": TOPIC},
        "links": [
            {"label": f"Policy {determination.policy}, {_place(determination)}", "type": "absolute",
             "url": policy_url(determination, settings.public_url)},
        ],
        "extension": {DETERMINATION: determination.as_json()},
    }  # fmt: skip
    reasons = _OVERRIDES.get(determination.outcome, ())
    if reasons:
        system = f"{settings.canonical_base}/CodeSystem/override-reasons"
        card["overrideReasons"] = [{"code": c, "system": system, "display": _OVERRIDE_WORDS[c]} for c in reasons]
    return card


def _place(determination: Determination) -> str:
    anchor = _anchor(determination)
    return f"criterion {anchor}" if anchor else "criteria"


def _anchor(determination: Determination) -> str:
    """The first deciding criterion with a place on the policy page; a leaf says more than II."""
    listed = [c for c in (*determination.criteria, *determination.advice) if c in _STATEMENTS]
    return next((c for c in listed if c != "II"), listed[0] if listed else "")


def policy_url(determination: Determination, public_url: str) -> str:
    """The policy page at the deciding criterion."""
    anchor = _anchor(determination)
    return f"{public_url}/policies/{determination.policy}" + (f"#{anchor}" if anchor else "")


def summary(determination: Determination) -> str:
    """One sentence under 140 characters that opens with the outcome and names the criteria."""
    opening = _OPENINGS[determination.outcome]
    named = [c for c in determination.criteria if not c.startswith("order.") and c != "no-criterion"]
    tail = f" (policy {determination.policy}, {determination.revision})"
    text = f"{opening}: {_gist(determination, named)}"
    room = LONGEST_SUMMARY - len(tail)
    return (text if len(text) <= room else text[: room - 3].rstrip(", ") + "...") + tail


def _gist(determination: Determination, named: list[str]) -> str:
    listed = ", ".join(named)
    return {
        Outcome.COVERED: f"criterion {listed} is met",
        Outcome.NOT_COVERED: f"criterion {listed}" if len(named) == 1 else f"criteria {listed}",
        Outcome.MISSING: listed or "which service the unlisted code stands for",
        Outcome.REFER: f"the policy itself says {determination.advisory}" if determination.advisory else "",
        Outcome.NO_CRITERION: "the policy lists this code without a rule for it",
        Outcome.UNDETERMINED: "some of the record could not be read",
    }[determination.outcome]


def detail(determination: Determination, line: LineOfBusiness) -> str:
    """The card's text in GitHub-flavored Markdown: what decides, the evidence, what is missing, the notes."""
    head = f"**Policy {determination.policy}, {REVISION.title}, revision {determination.revision}**"
    return "\n\n".join([head, *_sections(determination, line)])


def _sections(determination: Determination, line: LineOfBusiness) -> Iterator[str]:
    yield _lead(determination, line)
    if determination.criteria or determination.advice:
        yield "\n".join(_criteria(determination))
    if determination.evidence:
        yield _evidence(determination)
    if determination.missing:
        yield "\n".join(_missing(determination))
    if determination.notes:
        yield "\n".join(["Notes:", *(f"- {escaped(note)}" for note in determination.notes)])
    if Outcome.NOT_COVERED in (determination.outcome, determination.advisory):
        yield _CONSIDERATION
    yield _NO_PROMISE


def _lead(determination: Determination, line: LineOfBusiness) -> str:
    if determination.outcome is Outcome.REFER:
        return _referred(determination, line)
    return {
        Outcome.COVERED: "On this record the order may be considered medically necessary.",
        Outcome.NOT_COVERED: "On this record the order is not medically necessary under the policy.",
        Outcome.MISSING: "The record does not yet show all the policy asks. Nothing is denied: supply what is listed.",
        Outcome.NO_CRITERION: "This revision lists the code and has no criterion for it; embolization and its sources "
        "are reviewed by Carelon.",
        Outcome.UNDETERMINED: "Some of the record could not be read, and the answer depends on it. Try again, or send "
        "the prefetch data.",
    }[determination.outcome]


def _referred(determination: Determination, line: LineOfBusiness) -> str:
    first = {
        LineOfBusiness.MEDICAID: "Oregon Health Plan: the Prioritized List and the Oregon Administrative Rules "
        "(410-120-1200, 410-141-3820 to 3830) come first.",
        LineOfBusiness.MEDICARE: "Medicare: this policy applies only where a separate Medicare policy says so.",
    }.get(line, "")
    advisory = _OPENINGS[determination.advisory].lower() if determination.advisory else ""
    return f"{first} For orientation, the policy itself would say: {advisory}."


def _criteria(determination: Determination) -> Iterator[str]:
    for number in dict.fromkeys((*determination.criteria, *determination.advice)):
        statement = _STATEMENTS.get(number)
        if statement is None:
            continue
        answer = determination.answers.get(number)
        said = f": {_WORDS[answer]}" if answer is not None and number not in ("II", "III") else ""
        yield f"- **{number}** {statement}{said}"


def _evidence(determination: Determination) -> str:
    rows = []
    for number, proofs in determination.evidence.items():
        if number.startswith(determination.beside):
            continue
        answer = determination.answers.get(number)
        for proof in proofs:
            rows.append(
                (
                    number,
                    _WORDS[answer] if answer is not None else "",
                    escaped(proof.text),
                    escaped(proof.date),
                    escaped(proof.reference),
                )
            )
    return table(("Criterion", "Answer", "What the record says", "Date", "Where"), rows)


def _missing(determination: Determination) -> Iterator[str]:
    yield "Missing:"
    for question in determination.missing:
        yield f"- **{question.criterion}** {escaped(question.question)}"
    yield ""
    yield "Record it in the chart, or answer it in the documentation form; then sign again."
