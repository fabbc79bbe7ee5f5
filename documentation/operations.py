"""What each route is for, by its endpoint: the part of the HTTP API that cannot be read from the routes themselves."""

from dataclasses import dataclass, field
from typing import Final

JSON: Final = "application/json"
HTML: Final = "text/html"
FHIR: Final = "application/fhir+json"

REFUSALS: Final = {
    "400": "The body is not what is expected: the OperationOutcome names the JSON path",
    "401": "No good token",
    "404": "No service of this id",
    "412": "An order needs the clinical record, and nothing of it was sent or can be asked for",
    "415": "The body is not JSON",
}

LINKS: Final = {"404": "No link of this secret", "410": "The link has expired", "503": "The database does not answer"}
NOT_HERE: Final = {"404": "There is none of this id or url"}
FORM_REFUSALS: Final = {
    "400": REFUSALS["400"],
    "401": REFUSALS["401"],
    "422": "Understood and not possible: another patient, an unknown statement, a wrong answer; nothing is stored",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One route: what it is for, the schema of its body, its answer by media type, and how it refuses."""

    tag: str
    summary: str
    body: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    needs_token: bool = False


OPERATIONS: Final = {
    "hooks.discover": Operation("CDS Hooks", "Discovery: the services offered", answers={JSON: "Discovery"}),
    "hooks.call": Operation(
        "CDS Hooks", "A hook call: the orders are judged, cards and system actions come back",
        "HookRequest", {JSON: "HookResponse"}, REFUSALS, needs_token=True,
    ),
    "hooks.feedback": Operation(
        "CDS Hooks", "What became of cards", "Feedback", {JSON: ""},
        {code: said for code, said in REFUSALS.items() if code != "412"}, needs_token=True,
    ),
    "pages.policies": Operation("Policies", "The policies that are held", answers={HTML: "", JSON: ""}),
    "pages.policy": Operation(
        "Policies", "A policy as an outline; every criterion has an anchor equal to its id",
        answers={HTML: "", JSON: "Policy"}, refusals={"404": "No policy of this number"},
    ),
    "pages.value_sets": Operation(
        "Policies", "The value sets behind a policy's facts", answers={HTML: "", JSON: ""},
        refusals={"404": "No policy of this number"},
    ),
    "pages.sign_off": Operation(
        "Policies", "A policy for sign-off on paper", answers={HTML: ""}, refusals={"404": "No policy of this number"},
    ),
    "fhir.metadata": Operation("Documentation form", "The CapabilityStatement", answers={FHIR: ""}),
    "fhir.search_Questionnaire": Operation("Documentation form", "Forms, by url and version", answers={FHIR: ""}),
    "fhir.read_Questionnaire": Operation(
        "Documentation form", "A form: whole, or the adaptive one", answers={FHIR: ""}, refusals=NOT_HERE,
    ),
    "fhir.search_CodeSystem": Operation("Documentation form", "The code system of local facts", answers={FHIR: ""}),
    "fhir.read_CodeSystem": Operation(
        "Documentation form", "The code system by its id", answers={FHIR: ""}, refusals=NOT_HERE,
    ),
    "fhir.search_ValueSet": Operation("Documentation form", "The choices of the form's questions", answers={FHIR: ""}),
    "fhir.read_ValueSet": Operation(
        "Documentation form", "The choices of a question", answers={FHIR: ""}, refusals=NOT_HERE,
    ),
    "fhir.expand": Operation(
        "Documentation form", "A value set expanded: `url`, `filter`", answers={FHIR: ""}, refusals=NOT_HERE,
    ),
    "fhir.expand_posted": Operation(
        "Documentation form", "A value set expanded, asked by Parameters", "Resource", {FHIR: ""}, NOT_HERE,
    ),
    "fhir.questionnaire_package": Operation(
        "Documentation form", "The form for orders, drafted from the record: Parameters with `coverage` and `order`, "
        "`questionnaire` or `context` (the coverage-assertion-id)", "Resource", {FHIR: ""}, FORM_REFUSALS,
        needs_token=True,
    ),
    "fhir.next_question": Operation(
        "Documentation form", "The response to the adaptive form with its next question; completed when none is left",
        "Resource", {FHIR: ""}, FORM_REFUSALS, needs_token=True,
    ),
    "fhir.log_questionnaire_errors": Operation(
        "Documentation form", "Trouble with a form: logged by form and severity, without its words", "Resource",
        {FHIR: ""}, {"400": REFUSALS["400"], "401": REFUSALS["401"]}, needs_token=True,
    ),
    "fhir.submit": Operation(
        "Documentation form", "A completed form: evidence from the next call on; kept encrypted, needs `record_keys`",
        "Resource", {FHIR: ""}, FORM_REFUSALS, needs_token=True,
    ),
    "fhir.submitted": Operation(
        "Documentation form", "A form that was submitted, for who submitted it", answers={FHIR: ""},
        refusals={"401": REFUSALS["401"], **NOT_HERE}, needs_token=True,
    ),
    "console.page": Operation("Console", "The console; setting `console`", answers={HTML: ""}),
    "console.offered_codes": Operation("Console", "The codes order entry offers", answers={JSON: ""}),
    "insights.page": Operation("Console", "Plots of the record of answers; setting `insights`", answers={HTML: ""}),
    "web_form.page": Operation(
        "Web form", "The form of one case, as a page; once it is saved, what was saved", answers={HTML: ""},
        refusals=LINKS,
    ),
    "web_form.send": Operation(
        "Web form", "Save the form (303 to the page), or with `action=check` only see what it leads to",
        answers={HTML: ""},
        refusals={**LINKS, "409": "It was saved already, or the answers are of another case's page",
                  "415": "It is no form", "422": "Some answers cannot be used: each is named by its field"},
    ),
    "web_form.outcome": Operation(
        "Web form", "What the answers so far lead to; nothing is saved", answers={JSON: ""},
        refusals={**LINKS, "409": "It was saved already", "415": "It is no form"},
    ),
    "operations.health": Operation("Operations", "Liveness", answers={JSON: ""}),
    "operations.ready": Operation(
        "Operations", "Readiness", answers={JSON: ""}, refusals={"503": "The record of answers cannot be used"},
    ),
    "operations.counted": Operation("Operations", "Counters for Prometheus", answers={"text/plain": ""}),
}  # fmt: skip
"""A route without an entry is described by the first line of its docstring."""
