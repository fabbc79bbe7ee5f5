"""Which criteria decide and which are open: the reporting rules at the end of policy-151's verdict rules (V7, V8)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cds_service.policy.answers import Answer
from cds_service.policy.determination import Outcome
from cds_service.policy.evaluation import Answered, Findings
from fhir_mappings.facts import TRANSPLANT_STATUS, TREATED_TUMOR
from fhir_mappings.finding import Evidence, Fact, Finding, Reason, Transplant, Tumor

BRANCHES: Final[Mapping[str, frozenset[Tumor]]] = {
    "I.D.1.a": frozenset({Tumor.HCC, Tumor.HCC_MIXED}),
    "I.D.1.b": frozenset({Tumor.COLORECTAL, Tumor.COLORECTAL_REVIEW}),
    "I.D.1.c": frozenset({Tumor.NEUROENDOCRINE, Tumor.COLORECTAL_CARCINOID, Tumor.NEUROENDOCRINE_REVIEW}),
    "I.D.1.d": frozenset({Tumor.BREAST}),
}
"""The branch each tumor belongs to; a tumor of no branch is of a kind the policy does not list."""


def reported(node: Answered) -> Iterator[Answered]:
    """The leaves under a criterion, where a criterion that is reported whole stands for its own."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.leaf is not None or one.reported_whole:
            yield one
        else:
            waiting += reversed(one.children)


def _with(node: Answered, answer: Answer) -> list[Answered]:
    """The leaves that give a criterion this answer: below a criterion that holds nothing is open or failed."""
    if node.answer is not answer:
        return []
    if node.leaf is not None or node.reported_whole:
        return [node]
    return [leaf for child in node.children for leaf in _with(child, answer)]


def possible_tumors(findings: Findings) -> frozenset[Tumor]:
    """The kinds of tumor the order may be treating; none while no diagnosis is established."""
    finding = findings.get(TREATED_TUMOR.name, Finding())
    if not finding.established or not isinstance(finding.possible, frozenset):
        return frozenset()
    return frozenset(Tumor(str(kind)) for kind in finding.possible)


def hinted_tumors(findings: Findings) -> frozenset[Tumor]:
    """The kinds that suspicions point to while nothing is established."""
    finding = findings.get(TREATED_TUMOR.name, Finding())
    return frozenset() if finding.established else frozenset(Tumor(str(kind)) for kind in finding.hints)


def branches_of(tumors: frozenset[Tumor]) -> tuple[str, ...]:
    """The branches these tumors belong to, in the text's order."""
    return tuple(branch for branch, kinds in BRANCHES.items() if kinds & tumors)


def met_paths(one: Answered, findings: Findings) -> tuple[str, ...]:
    """The branches that carry a covered order: in every possible world one of them is met."""
    paths = [number for number in (*BRANCHES, "I.D.2") if one.find(number).answer is Answer.MET]
    if paths and (one.find("I.D.1").answer is Answer.MET or "I.D.2" in paths):
        return tuple(p for p in paths if p == "I.D.2" or one.find("I.D.1").answer is Answer.MET)
    # met by cases: each world has its own path, and none of them is met in all
    by_tumor = branches_of(possible_tumors(findings)) if _may_be_not_awaiting(findings) else ()
    by_transplant = ("I.D.2",) if _may_be_listed(findings) and _bridged(one) else ()
    return (*by_tumor, *by_transplant)


def _bridged(one: Answered) -> bool:
    return one.find("I.D.2.bridge").answer is Answer.MET


def _transplant(findings: Findings) -> frozenset[object]:
    possible = findings.get(TRANSPLANT_STATUS.name, Finding()).possible
    return frozenset(possible) if isinstance(possible, frozenset) else frozenset(Transplant)


def _may_be_listed(findings: Findings) -> bool:
    return Transplant.LISTED in _transplant(findings)


def _may_be_not_awaiting(findings: Findings) -> bool:
    return Transplant.NOT_AWAITING in _transplant(findings)


def failed_leaves(one: Answered, findings: Findings) -> tuple[str, ...]:
    """The leaves that fail an order: those of A, B and C, and where D fails those of the branch in question."""
    failed = [leaf for number in ("I.A", "I.B", "I.C") for leaf in _with(one.find(number), Answer.NOT_MET)]
    if one.find("I.D").answer is Answer.NOT_MET:
        return (*_ids(failed), *_failed_paths(one, findings))
    established = len(branches_of(possible_tumors(findings))) == 1
    return (*_ids(failed), *(_failed_branches(one, findings) if established else ()))


def _failed_branches(one: Answered, findings: Findings) -> tuple[str, ...]:
    branches = branches_of(possible_tumors(findings))
    failed = [
        leaf for branch in branches for leaf in _with(one.find(branch), Answer.NOT_MET) if not leaf.id.endswith(".dx")
    ]
    return _ids(failed)


def _failed_paths(one: Answered, findings: Findings) -> tuple[str, ...]:
    tumors = possible_tumors(findings)
    listed = [] if one.find("I.D.1.0").answer is not Answer.NOT_MET else ["I.D.1.0"]
    unlisted_tumor = ["I.D.1"] if tumors and not branches_of(tumors) and not listed else []
    branch = [] if listed else list(_failed_branches(one, findings))
    second = [leaf.id for leaf in _with(one.find("I.D.2"), Answer.NOT_MET) if leaf.finding.reason is Reason.ATTESTED]
    return tuple(dict.fromkeys((*listed, *unlisted_tumor, *branch, *second)))


def _is_inferred(leaf: Answered) -> bool:
    return leaf.finding.reason is Reason.INFERRED


def open_leaves(four: Answered, one: Answered, findings: Findings) -> list[Answered]:
    """What is open and can still change the answer (V8): A, B, C first, then what is asked of the tumor."""
    parts = [leaf for number in ("I.A", "I.B", "I.C") for leaf in _with(one.find(number), Answer.UNKNOWN)]
    origin = [four.find("IV.origin")] if _melanoma_possible(four) else []
    if one.find("I.D").answer is Answer.UNKNOWN:
        return [*parts, *(origin or _open_paths(one, findings))]
    return [*parts, *origin]


def _melanoma_possible(four: Answered) -> bool:
    return four.answer is Answer.UNKNOWN and four.find("IV.origin").answer is Answer.UNKNOWN


def _open_paths(one: Answered, findings: Findings) -> list[Answered]:
    first, second = one.find("I.D.1"), one.find("I.D.2")
    asked = _with(first.children[0], Answer.UNKNOWN) if first.answer is Answer.UNKNOWN else []
    if _may_be_not_awaiting(findings):
        asked += _open_branches(one, findings)
    if _may_be_listed(findings):
        asked += _with(second, Answer.UNKNOWN)
    return asked or _open_branches(one, findings)


def _open_branches(one: Answered, findings: Findings) -> list[Answered]:
    """With a diagnosis only its branch is asked; without one the diagnosis is, and nothing deeper."""
    tumors = possible_tumors(findings)
    if not tumors:
        hinted = branches_of(hinted_tumors(findings))
        return [one.find(f"{branch}.dx") for branch in hinted] or [one.find("I.D.1")]
    candidates = [one.find(branch) for branch in branches_of(tumors)]
    unclear = [b.find(f"{b.id}.dx") for b in candidates if b.find(f"{b.id}.dx").answer is Answer.UNKNOWN]
    if unclear:
        return unclear
    still_open = [leaf for b in candidates for leaf in _with(b, Answer.UNKNOWN)]
    return still_open or _reviewed(one)


def deeper_leaves(one: Answered, findings: Findings) -> list[Answered]:
    """What is open below the diagnoses in question: not asked yet, but the answer may hang on it."""
    if one.find("I.D").answer is not Answer.UNKNOWN or not _may_be_not_awaiting(findings):
        return []
    branches = [one.find(branch) for branch in branches_of(possible_tumors(findings))]
    return [leaf for branch in branches for leaf in _with(branch, Answer.UNKNOWN)]


def hanging_facts(four: Answered, one: Answered) -> frozenset[Fact]:
    """The facts the outcome still hangs on, those of questions that are not asked yet included.

    A criterion that is open although nothing below it is waits for the tumor to be established (reading A51).
    """
    trees = [one, four] if one.answer is not Answer.NOT_MET else []
    return frozenset(node.leaf.fact if node.leaf else TREATED_TUMOR for tree in trees for node in _hanging(tree))


def _hanging(node: Answered) -> list[Answered]:
    if node.answer is not Answer.UNKNOWN:
        return []
    return [leaf for child in node.children for leaf in _hanging(child)] or [node]


def _reviewed(one: Answered) -> list[Answered]:
    """A tumor a person must judge (A14): the diagnosis of the branch that would hold is what is open."""
    branches = [one.find(branch) for branch in BRANCHES]
    return [b.find(f"{b.id}.dx") for b in branches if b.answer is Answer.UNKNOWN]


def unread_leaves(nodes: Iterable[Answered]) -> list[Answered]:
    """Open leaves that hang on something that could not be read."""
    return [node for node in nodes if any(leaf.finding.unread for leaf in node.walk())]


def evidence_of(trees: Iterable[Answered], more: Mapping[str, tuple[Evidence, ...]]) -> dict[str, tuple[Evidence, ...]]:
    """The resources behind every leaf that is decided."""
    found: dict[str, tuple[Evidence, ...]] = {}
    for node in (node for tree in trees for node in reported(tree) if node.answer is not Answer.UNKNOWN):
        proofs = tuple(dict.fromkeys(e for leaf in node.walk() for e in leaf.finding.evidence))
        if proofs:
            found[node.id] = proofs
    return {**found, **{number: proofs for number, proofs in more.items() if proofs}}


def notes_of(four: Answered, one: Answered, findings: Findings, outcome: Outcome) -> tuple[str, ...]:
    """What the findings add: inferences, stale and refused data, and failures beside open questions."""
    branches = relevant_branches(findings)
    relevant = [leaf for tree in (one, four) for leaf in tree.walk() if is_relevant(leaf.id, branches)]
    notes = [note for leaf in relevant for note in leaf.finding.notes]
    return tuple(dict.fromkeys((*_beside(one, outcome), *_scales_disagree(one), *notes)))


def relevant_branches(findings: Findings) -> tuple[str, ...]:
    """The branches of the tumors the order may be treating, or may be suspected to."""
    return branches_of(possible_tumors(findings) or hinted_tumors(findings))


def is_relevant(number: str, branches: tuple[str, ...]) -> bool:
    """Whether a criterion belongs to no branch, or to one of these: others would only distract."""
    return number[:7] not in BRANCHES or number[:7] in branches


def _beside(one: Answered, outcome: Outcome) -> Iterator[str]:
    """Failures that stand beside open questions, and a transplant list the denial rests on."""
    if outcome is Outcome.MISSING:
        for leaf in one.find("I.A").children:
            if leaf.answer is Answer.NOT_MET and one.find("I.A").answer is Answer.UNKNOWN:
                said = "; ".join(e.text for e in leaf.finding.evidence)
                yield f"{leaf.id} is not met ({said}); the other scale alone can still meet I.A"
    if outcome is Outcome.NOT_COVERED and _is_inferred(one.find("I.D.2.listed")):
        yield "no transplant listing found: if the patient is listed for a liver transplant, say so and send again"


def _scales_disagree(one: Answered) -> Iterator[str]:
    answers = {leaf.answer for leaf in one.find("I.A").children}
    if answers == {Answer.MET, Answer.NOT_MET}:
        yield "Karnofsky and ECOG disagree; one of them is enough (reading A3)"


def _ids(nodes: Iterable[Answered]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.id for node in nodes))
