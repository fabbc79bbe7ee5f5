"""A determination as text in GitHub-flavored Markdown: what decides, the evidence, what is missing, the notes."""

from collections.abc import Iterator
from typing import Final

from cds_service.anchors import STATEMENTS
from cds_service.coverage_standing import open_point, orientation
from cds_service.judging import Judged
from cds_service.markdown import escaped, table
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.answers import Answer
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.finding import LineOfBusiness

OPENINGS: Final = {
    Outcome.COVERED: "Likely covered",
    Outcome.NOT_COVERED: "Not covered",
    Outcome.MISSING: "Documentation missing",
    Outcome.REFER: "Other rules come first",
    Outcome.NO_CRITERION: "No criterion",
    Outcome.UNDETERMINED: "Could not be determined",
}
NO_PROMISE: Final = (
    "This is guidance from a medical policy, not a guarantee of coverage or payment. Where the two differ, the "
    "coverage agreement decides."
)
_CONSIDERATION: Final = (
    "Individual consideration: evidence that was not considered before can be submitted and will be looked at."
)
_NOT_CHECKED: Final = (
    "Coverage was not checked: no active coverage of a payer this service answers for was found or could be read. The "
    "policy alone is applied."
)
_WORDS: Final = {Answer.MET: "Met", Answer.NOT_MET: "Not met", Answer.UNKNOWN: "Unknown"}


def head(determination: Determination, part: str = "") -> str:
    """Policy, title and revision: what every statement stands under."""
    return f"**Policy {determination.policy}, {REVISION.title}, revision {determination.revision}{part}**"


def detail(one: Judged) -> str:
    """The text of a coverage card."""
    return "\n\n".join([head(one.determination), *filter(None, _sections(one))])


def _sections(one: Judged) -> Iterator[str]:
    determination = one.determination
    yield _lead(determination, one.coverage.line_of_business)
    if determination.criteria or determination.advice:
        yield criteria(determination)
    if determination.evidence:
        yield evidence(determination)
    if determination.missing:
        yield "\n".join(_missing(determination))
    yield notes(determination)
    if not one.coverage.coverages:
        yield _NOT_CHECKED
    if Outcome.NOT_COVERED in (determination.outcome, determination.advisory):
        yield _CONSIDERATION
    yield NO_PROMISE


def _lead(determination: Determination, line: LineOfBusiness) -> str:
    if determination.outcome is Outcome.REFER:
        return _referred(determination, line)
    point = open_point(determination)
    if point:
        return f"{point.lead()} {orientation(determination)}"
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
    advisory = OPENINGS[determination.advisory].lower() if determination.advisory else ""
    return f"{first} For orientation, the policy itself would say: {advisory}."


def criteria(determination: Determination) -> str:
    """The deciding criteria, each with its statement and answer."""
    numbers = dict.fromkeys((*determination.criteria, *determination.advice))
    return "\n".join(_criterion(number, determination) for number in numbers if number in STATEMENTS)


def _criterion(number: str, determination: Determination) -> str:
    answer = determination.answers.get(number)
    said = f": {_WORDS[answer]}" if answer is not None and number not in ("II", "III") else ""
    return f"- **{number}** {STATEMENTS[number]}{said}"


def evidence(determination: Determination) -> str:
    """The resources behind each decided criterion, as a table."""
    rows = [
        (number, _said(determination.answers.get(number)), *map(escaped, (proof.text, proof.date, proof.reference)))
        for number, proofs in determination.evidence.items()
        if not number.startswith(determination.beside)
        for proof in proofs
    ]
    return table(("Criterion", "Answer", "What the record says", "Date", "Where"), rows)


def notes(determination: Determination) -> str:
    """What a reader must know beside; nothing where there is nothing."""
    listed = "\n".join(f"- {escaped(note)}" for note in determination.all_notes)
    return f"Notes:\n{listed}" if listed else ""


def _said(answer: Answer | None) -> str:
    return _WORDS[answer] if answer is not None else ""


def _missing(determination: Determination) -> Iterator[str]:
    yield "Missing:"
    for question in determination.missing:
        yield f"- **{question.criterion}** {escaped(question.question)}"
    yield ""
    form = ", or answer it in the documentation form" if any(q.is_on_form for q in determination.missing) else ""
    yield f"Record it in the chart{form}; then sign again."
