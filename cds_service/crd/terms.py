"""What a payer has laid down for its statements, by configuration; of it comes the table one order is stated by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from cds_service.crd.decision import AUTH_NEEDED, NO_AUTH, PERFORMER, Contact
from cds_service.payer_settings import ContactSettings, PayerSettings
from cds_service.settings import DEMONSTRATION_PAYER, Settings

Authorization = Literal["no-auth", "auth-needed", "performpa"]
DefaultStatement = Literal["conditional", "none"]

STRICTEST_FIRST: Final[tuple[Authorization, ...]] = (AUTH_NEEDED, PERFORMER, NO_AUTH)


class Rule(NamedTuple):
    """Whether a code needs prior authorization: under one plan, or, without one, wherever no plan says otherwise."""

    code: str
    word: Authorization
    plan: str = ""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """What a plan states by itself: prior authorization by code, the statement for orders outside every policy.

    `valid_days` is how long what is stated holds, for a payer that sets a time.
    """

    authorizations: Mapping[str, Authorization] = field(default_factory=dict)
    default_statement: DefaultStatement = "conditional"
    contact: Contact | None = None
    valid_days: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What one payer has laid down, for all of its plans."""

    rules: tuple[Rule, ...] = ()
    default_statement: DefaultStatement = "conditional"
    contact: Contact | None = None
    valid_days: int | None = None

    def table(self, plans: tuple[str, ...]) -> PlanTable:
        """The table of an order under one of these plans: where they differ on a code, nothing is stated of it."""
        found = {code: {self._word(code, plan) for plan in plans} for code in {rule.code for rule in self.rules}}
        agreed = {code: words.pop() for code, words in found.items() if len(words) == 1}
        known = {code: word for code, word in agreed.items() if word is not None}
        return PlanTable(known, self.default_statement, self.contact, self.valid_days)

    def _word(self, code: str, plan: str) -> Authorization | None:
        by_plan = {rule.plan: rule.word for rule in self.rules if rule.code == code}
        return by_plan.get(plan, by_plan.get(""))


def terms_of(settings: Settings) -> Mapping[str, Terms]:
    """The terms of every payer answered for, by its id."""
    usual = Terms(default_statement=settings.default_statement)
    return {table.id: _terms(table, settings) for table in settings.payers} or {DEMONSTRATION_PAYER.id: usual}


def _terms(table: PayerSettings, settings: Settings) -> Terms:
    return Terms(
        rules=tuple(Rule(row.code, row.pa, row.plan) for row in table.authorizations),
        default_statement=table.default_statement or settings.default_statement,
        contact=_contact(table.contact) if table.contact else None,
        valid_days=table.statement_valid_days,
    )


def _contact(table: ContactSettings) -> Contact:
    """The one way that is given, by the name ContactPoint.system has for it."""
    ways = {"phone": table.phone, "email": table.email, "url": table.url}
    return next(Contact(table.name, system, value) for system, value in ways.items() if value)
