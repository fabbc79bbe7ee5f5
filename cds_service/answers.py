"""The record of answers, as the service keeps it: a database that is down costs the record, never the answer."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from cds_service.cards.card import Card as Shown
from cds_service.cards.coverage import without_form
from cds_service.coverage_check import Checked
from cds_service.crd_metrics.counting import failed_metric_data, lines_of_business, metric_data
from cds_service.crd_metrics.responses import responses_of
from cds_service.errors import Failure, SettingsError
from cds_service.hook_request import HookRequest, hook_instance_of
from cds_service.judging import Judged
from cds_service.kept_cards import kept_cards
from cds_service.occasion import Occasion, Progress
from cds_service.operations.metrics import Metrics
from cds_service.settings import Settings
from cds_service.store.calls import Call, Card, keep_rows, rows_of
from cds_service.store.database import is_ready, migrate, open_database
from cds_service.store.encryption import Sealer, sealer_of
from cds_service.store.errors import StoreUnavailable
from cds_service.store.feedback import keep_feedback
from cds_service.store.feedback_body import Entry
from cds_service.store.shelf import Shelf
from fhir_mappings.elements import Json

if TYPE_CHECKING:
    from cds_service.store.journal import Journal

log = logging.getLogger(__name__)

WAIT_SECONDS: Final = 0.4
"""How long a call waits for the database, each time that it does: a clinician waits for the call."""


class AnswerRecord:
    """Keeps calls and feedback. Shared by all calls; holds no state of any."""

    def __init__(
        self, engine: Engine, sealer: Sealer | None, metrics: Metrics, journal: "Journal | None" = None
    ) -> None:
        self.engine = engine
        self.shelf = Shelf(engine, sealer)
        self._journal = journal
        self._sealer = sealer
        self._metrics = metrics

    def keep_call(
        self,
        occasion: Occasion,
        request: HookRequest,
        checked: Checked,
        cards: Sequence[Shown],
        actions: Sequence[Json],
    ) -> None:
        """Keep a call with its answer; when that fails it is counted and logged, and nothing half-written remains."""
        responses = responses_of([card.body for card in cards], actions, lines_of_business(checked))
        call = replace(
            _call(occasion, request.hook_instance, 200),
            revisions=tuple(dict.fromkeys(_revision(one) for one in checked.judged)),
            payload=_payload(occasion, request, checked, cards, actions) if self._sealer else None,
            metric=metric_data(request, checked, responses),
        )
        self._keep(call, kept_cards(request, checked, cards, responses))

    def keep_failed(self, occasion: Occasion, progress: Progress, failure: Failure) -> None:
        """Keep that a call ended in an error: when, where, its status and issue code; nothing of its content."""
        asked, checked = progress.asked, progress.checked
        reads = checked.reads if checked else () if failure.is_the_callers else None
        hook_instance = asked.hook_instance if asked else hook_instance_of(progress.body)
        metric = failed_metric_data(asked, reads, failure.issue)
        self._keep(replace(_call(occasion, hook_instance, failure.status), metric=metric), [])

    def _keep(self, call: Call, cards: Sequence[Card]) -> None:
        try:
            rows = rows_of(self._sealer, call, cards)
            self._journal.keep(rows) if self._journal else keep_rows(self.engine, rows)
        except (StoreUnavailable, IntegrityError, ValueError) as error:
            self._metrics.store_lost()
            log.error("an answer was given that could not be recorded: %s", type(error).__name__)  # noqa: TRY400

    def keep_feedback(self, service: str, entries: tuple[Entry, ...]) -> None:
        """Keep feedback. Raises StoreUnavailable: the client may send it again."""
        keep_feedback(self.engine, self._sealer, service, entries)

    def is_ready(self) -> bool:
        """Whether calls can be recorded now."""
        return is_ready(self.engine)


def open_record(settings: Settings, metrics: Metrics) -> AnswerRecord:
    """Open the record and bring its tables up to date; a database that is down now may be up later."""
    engine = open_database(settings.database_url, WAIT_SECONDS)
    _bring_up_to_date(settings.database_url)
    sealer = sealer_of(settings.fernet_keys())
    if sealer is None:
        log.info("no record_keys: of each answer its criteria and outcome are kept, not what was read")
    return AnswerRecord(engine, sealer, metrics, _journal(engine, settings.record_journal, metrics))


def _journal(engine: Engine, folder: Path | None, metrics: Metrics) -> "Journal | None":
    if folder is None:
        return None
    from cds_service.store.journal import Journal  # noqa: PLC0415 - its locks are there on POSIX systems alone

    try:
        return Journal(engine, folder, metrics.store_lost)
    except OSError as error:
        raise SettingsError(f"record_journal: the folder cannot be written ({type(error).__name__})") from None


def _bring_up_to_date(url: str) -> None:
    engine = open_database(url)
    try:
        migrate(engine)
    except StoreUnavailable as error:
        log.error("the record of answers cannot be opened: %s", error)  # noqa: TRY400
    finally:
        engine.dispose()


def _call(occasion: Occasion, hook_instance: str, status: int) -> Call:
    return Call(
        id=str(uuid.uuid4()),
        request_id=occasion.request_id,
        service=occasion.service,
        hook=occasion.hook,
        hook_instance=hook_instance,
        client=occasion.client,
        received_at=occasion.received_at,
        duration_ms=occasion.so_far_ms(),
        status=status,
    )


def _revision(one: Judged) -> str:
    return f"{one.determination.policy}/{one.determination.revision}"


def _payload(
    occasion: Occasion, request: HookRequest, checked: Checked, cards: Sequence[Shown], actions: Sequence[Json]
) -> dict[str, Any]:
    """What was asked, what was read and from where, and what was answered. Never the token."""
    record = checked.record
    return {
        "asked": {
            "tenant": occasion.tenant,
            "patient": request.patient_id,
            "user": request.user_id,
            "orders": [order.body for order in checked.orders],
            "fhir_server": request.fhir_server,
            "prefetch": sorted(request.prefetch),
        },
        "read": {kind: [r.reference for r in found] for kind, found in record.by_type.items()} if record else {},
        "asked_of_the_ehr": [list(read) for read in checked.reads],
        "unread": dict(record.unread) if record else {},
        "cards": [without_form(card.body) for card in cards],
        "systemActions": list(actions),
    }
