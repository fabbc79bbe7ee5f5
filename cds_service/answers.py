"""The record of answers, as the service keeps it: a database that is down costs the record, never the answer."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from cds_service.cards.card import COVERAGE
from cds_service.cards.card import Card as Shown
from cds_service.cards.coverage import without_form
from cds_service.contexts import based_on
from cds_service.coverage_check import Checked, Judged
from cds_service.crd.stated import Stated, statements_in
from cds_service.hook_request import HookRequest
from cds_service.operations.metrics import Metrics
from cds_service.settings import Settings
from cds_service.store.assertions import Assertion
from cds_service.store.calls import Call, Card, keep
from cds_service.store.database import is_ready, migrate, open_database
from cds_service.store.encryption import Sealer, sealer_of
from cds_service.store.errors import StoreUnavailable
from cds_service.store.feedback import keep_feedback
from cds_service.store.feedback_body import Entry
from cds_service.store.shelf import Shelf
from fhir_mappings.order_reads import DraftOrder

log = logging.getLogger(__name__)

_ASSERTIONS: Final = uuid.UUID("5f3f9b0a-6d0c-4d8e-9a53-1c1d5b4f7a51")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One call: by whom, under which ids, when, and how long it took."""

    service: str
    client: str
    request_id: str
    received_at: datetime
    duration_ms: float
    tenant: str = ""


Actions = Sequence[Mapping[str, Any]]


class AnswerRecord:
    """Keeps calls and feedback. Shared by all calls; holds no state of any."""

    def __init__(self, engine: Engine, sealer: Sealer | None, metrics: Metrics) -> None:
        self.engine = engine
        self.shelf = Shelf(engine, sealer)
        self._sealer = sealer
        self._metrics = metrics

    def keep_call(self, occasion: Occasion, request: HookRequest, checked: Checked, cards: Sequence[Shown]) -> None:
        """Keep a call with its answer; when that fails it is counted and logged, and nothing half-written remains."""
        call = Call(
            id=str(uuid.uuid4()),
            request_id=occasion.request_id,
            service=occasion.service,
            hook=request.hook,
            hook_instance=request.hook_instance,
            client=occasion.client,
            received_at=occasion.received_at,
            duration_ms=occasion.duration_ms,
            status=200,
            revisions=tuple(dict.fromkeys(_revision(one) for one in checked.judged)),
            payload=_payload(request, checked, cards) if self._sealer else None,
        )
        kept = [_kept(card, position, request.patient_id) for position, card in enumerate(cards)]
        try:
            keep(self.engine, self._sealer, call, kept)
        except (StoreUnavailable, IntegrityError, ValueError) as error:
            self._metrics.store_lost()
            log.error("an answer was given that could not be recorded: %s", type(error).__name__)  # noqa: TRY400

    def keep_assertions(self, occasion: Occasion, request: HookRequest, checked: Checked, actions: Actions) -> None:
        """Keep the coverage statements of an answer, for the forms asked for under their ids. Lost ones are logged."""
        try:
            self.shelf.keep_assertions([_assertion(one, occasion, request, checked) for one in statements_in(actions)])
        except (StoreUnavailable, ValueError) as error:
            log.error("a coverage statement was sent that could not be recorded: %s", type(error).__name__)  # noqa: TRY400

    def keep_feedback(self, service: str, entries: tuple[Entry, ...]) -> None:
        """Keep feedback. Raises StoreUnavailable: the client may send it again."""
        keep_feedback(self.engine, self._sealer, service, entries)

    def is_ready(self) -> bool:
        """Whether calls can be recorded now."""
        return is_ready(self.engine)


def open_record(settings: Settings, metrics: Metrics) -> AnswerRecord:
    """Open the record and bring its tables up to date; a database that is down now may be up later."""
    engine = open_database(settings.database_url)
    try:
        migrate(engine)
    except StoreUnavailable as error:
        log.error("the record of answers cannot be opened: %s", error)  # noqa: TRY400
    sealer = sealer_of(settings.fernet_keys())
    if sealer is None:
        log.info("no record_keys: of each answer its criteria and outcome are kept, not what was read")
    return AnswerRecord(engine, sealer, metrics)


def _assertion(stated: Stated, occasion: Occasion, request: HookRequest, checked: Checked) -> Assertion:
    order = _stated_on(stated, checked)
    said = checked.determination_of(order) if order else None
    return Assertion(
        id=stated.assertion_id,
        client=occasion.client,
        tenant=occasion.tenant,
        policy=said.policy if said else "",
        revision=said.revision if said else "",
        outcome=said.outcome.value if said else "",
        questionnaires=stated.questionnaires,
        stated_at=occasion.received_at,
        payload={
            "patient": request.patient_id,
            "order": order.body if order else stated.order,
            "coverage": stated.coverage,
            "fhir_server": request.fhir_server,
        },
    )


def _stated_on(stated: Stated, checked: Checked) -> DraftOrder | None:
    """The order a statement is about: what carries it, or what the appointment that carries it is for."""
    named = (stated.reference, *based_on(stated.order))
    return next((order for order in checked.orders if order.is_named_by_any(named)), None)


def _revision(one: Judged) -> str:
    return f"{one.determination.policy}/{one.determination.revision}"


def _kept(card: Shown, position: int, patient_id: str) -> Card:
    """A card by its type and what it spoke of; a coverage card is an assertion, the others stand beside one."""
    if card.about is None:
        return Card(uuid=card.body["uuid"], position=position, kind=card.type.kind)
    determination = card.about.determination
    return Card(
        uuid=card.body["uuid"],
        position=position,
        kind=card.type.kind,
        outcome=determination.outcome.value,
        criteria=determination.criteria,
        policy=determination.policy,
        revision=determination.revision,
        assertion_id=assertion_id(card.about, patient_id) if card.type is COVERAGE else "",
    )


def assertion_id(one: Judged, patient_id: str) -> str:
    """The id of what is asserted: the same for one order, coverage, revision and content, whenever it is said."""
    coverages = [c.reference for c in one.coverage.coverages]
    content = [patient_id, one.order.body, coverages, one.determination.as_json()]
    return str(uuid.uuid5(_ASSERTIONS, msgspec.json.encode(content).decode()))


def _payload(request: HookRequest, checked: Checked, cards: Sequence[Shown]) -> dict[str, Any]:
    """What was asked, what was read and from where, and what was answered. Never the token."""
    record = checked.record
    return {
        "asked": {
            "patient": request.patient_id,
            "user": request.user_id,
            "orders": [order.body for order in checked.orders],
            "fhir_server": request.fhir_server,
            "prefetch": sorted(request.prefetch),
        },
        "read": {kind: [r.reference for r in found] for kind, found in record.by_type.items()} if record else {},
        "asked_of_the_ehr": [list(read) for read in record.reads] if record else [],
        "unread": dict(record.unread) if record else {},
        "cards": [without_form(card.body) for card in cards],
    }


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)
