"""Feedback is kept once however often it is sent, and counted by what the cards said."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from cds_service.store.calls import keep
from cds_service.store.encryption import Sealer
from cds_service.store.feedback import Row, keep_feedback, summary
from cds_service.store.feedback_body import Entry
from cds_service.store.story import show
from cds_service.store.tables import FEEDBACK
from tests.store.building import NOON, call, card, entry

SERVICE = "order-sign-crd"


def stored(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(FEEDBACK)).scalar_one()


def accepted(card_uuid: str, *suggestions: str) -> Entry:
    return entry(card_uuid, outcome="accepted", suggestions=suggestions)


def test_the_same_feedback_twice_is_kept_once(engine: Engine) -> None:
    for _ in range(2):
        keep_feedback(engine, None, SERVICE, (accepted("c", "s-1", "s-2"), entry("c"), entry("c")))
    keep_feedback(engine, None, SERVICE, (accepted("c", "s-2", "s-1", "s-1"),))
    assert stored(engine) == 2


@pytest.mark.parametrize(
    "other",
    [entry("d"), accepted("c", "s"), entry("c", suggestions=("s",)), entry("c", given_at=NOON + timedelta(seconds=1))],
    ids=["card", "outcome", "suggestions", "time"],
)
def test_feedback_that_differs_is_kept_beside(engine: Engine, other: Entry) -> None:
    keep_feedback(engine, None, SERVICE, (entry("c"),))
    keep_feedback(engine, None, SERVICE, (other,))
    assert stored(engine) == 2


def test_a_batch_sent_by_many_at_once_is_kept_once(engine: Engine) -> None:
    batch = tuple(entry(f"card-{number}") for number in range(20))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda order: keep_feedback(engine, None, SERVICE, batch[::order]), [1, -1] * 4))
    assert stored(engine) == 20


def test_no_entries_need_no_database(engine: Engine) -> None:
    keep_feedback(engine, None, SERVICE, ())
    assert stored(engine) == 0


def test_a_comment_is_sealed_or_dropped(engine: Engine, sealer: Sealer) -> None:
    answered, kept = card(), call()
    said = entry(answered.uuid, comment="Miriam refuses", reason_code="r", reason_system="s", reason_display="Refused")
    keep(engine, sealer, kept, [answered])
    keep_feedback(engine, sealer, SERVICE, (said,))
    with engine.connect() as connection:
        assert "Miriam" not in str(connection.execute(select(FEEDBACK)).one())
    assert show(engine, sealer, kept.id)[0].feedback == (said,)
    assert [(one.comment, one.reason_code) for one in show(engine, None, kept.id)[0].feedback] == [("", "r")]


def test_without_a_key_a_comment_is_not_kept(engine: Engine) -> None:
    keep_feedback(engine, None, SERVICE, (entry("c", comment="Miriam refuses"),))
    with engine.connect() as connection:
        assert connection.execute(select(FEEDBACK.c.payload)).scalar_one() is None


def test_the_summary_counts_by_type_outcome_criterion_and_reason(engine: Engine) -> None:
    covered = card(kind="coverage", outcome="covered", criteria=("I.D.1.a", "III"))
    missing = card(kind="coverage", outcome="missing-documentation", criteria=("I.C",))
    form = card(kind="form", outcome="", criteria=())
    keep(engine, None, call(), [covered, missing, form])
    later = NOON + timedelta(minutes=1)
    keep_feedback(
        engine,
        None,
        SERVICE,
        (
            entry(covered.uuid), entry(covered.uuid, given_at=later), entry(missing.uuid, reason_code="known"),
            accepted(form.uuid, "s-1"), entry("unknown"),
        ),
    )  # fmt: skip
    assert summary(engine) == [
        Row("", "", "", "", 0, 1),
        Row("coverage", "covered", "I.D.1.a", "", 0, 2),
        Row("coverage", "covered", "III", "", 0, 2),
        Row("coverage", "missing-documentation", "I.C", "known", 0, 1),
        Row("form", "", "", "", 1, 0),
    ]


def test_no_feedback_is_an_empty_summary(engine: Engine) -> None:
    assert summary(engine) == []
