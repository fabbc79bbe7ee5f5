"""What a payer knows: its members, and the prior authorizations it gave.

Frozen, as every migration.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _name(column: str) -> sa.Column[str]:
    return sa.Column(column, sa.String(255), nullable=False)


def _digest(column: str) -> sa.Column[str]:
    return sa.Column(column, sa.String(64), nullable=False)


def _day(column: str) -> sa.Column[date]:
    return sa.Column(column, sa.Date(), nullable=True)


def upgrade() -> None:
    """Build both tables."""
    _members()
    _prior_authorizations()


def _members() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _name("payer"),
        _digest("number"),
        _name("plan"),
        _day("starts"),
        _day("ends"),
    )
    op.create_index("ix_member_number", "member", ["number"])


def _prior_authorizations() -> None:
    op.create_table(
        "prior_authorization",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _name("payer"),
        _digest("member"),
        _name("practitioner"),
        _name("code"),
        _name("number"),
        _day("starts"),
        _day("ends"),
    )
    op.create_index("ix_prior_authorization_member", "prior_authorization", ["member"])
    op.create_index("ix_prior_authorization_practitioner", "prior_authorization", ["practitioner"])
