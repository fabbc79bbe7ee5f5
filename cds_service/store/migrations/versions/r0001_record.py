"""The record of answers: calls, cards, feedback, used tokens.

Frozen, as every migration: it says what the first version built, whatever `tables` says today.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _name(column: str, *more: sa.ForeignKey, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(column, sa.String(255), *more, primary_key=primary_key, nullable=False)


def _instant(column: str) -> sa.Column[datetime]:
    return sa.Column(column, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    """Build the four tables."""
    _calls()
    _cards()
    _feedback()
    _used_tokens()


def _calls() -> None:
    op.create_table(
        "hook_call",
        _name("id", primary_key=True),
        _name("request_id"),
        _name("service"),
        _name("hook"),
        _name("hook_instance"),
        _name("client"),
        _instant("received_at"),
        sa.Column("duration_ms", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("revisions", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_hook_call_received_at", "hook_call", ["received_at"])


def _cards() -> None:
    op.create_table(
        "card",
        _name("uuid", primary_key=True),
        _name("call_id", sa.ForeignKey("hook_call.id", ondelete="CASCADE")),
        _name("assertion_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _name("kind"),
        _name("outcome"),
        sa.Column("criteria", sa.Text(), nullable=False),
        _name("policy"),
        _name("revision"),
    )
    op.create_index("ix_card_call_id", "card", ["call_id"])
    op.create_index("ix_card_assertion_id", "card", ["assertion_id"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("key", sa.String(64), primary_key=True, nullable=False),
        _name("service"),
        _name("card"),
        _name("outcome"),
        sa.Column("suggestions", sa.Text(), nullable=False),
        _name("reason_system"),
        _name("reason_code"),
        _instant("given_at"),
        _instant("received_at"),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_feedback_card", "feedback", ["card"])
    op.create_index("ix_feedback_received_at", "feedback", ["received_at"])


def _used_tokens() -> None:
    op.create_table(
        "used_token",
        sa.Column("digest", sa.String(64), primary_key=True, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_used_token_expires_at", "used_token", ["expires_at"])
