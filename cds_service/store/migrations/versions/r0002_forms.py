"""Coverage statements by their assertion id, and the forms submitted to the service."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _name(column: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(column, sa.String(255), primary_key=primary_key, nullable=False)


def upgrade() -> None:
    """Build the two tables."""
    _assertions()
    _submitted_forms()


def _assertions() -> None:
    op.create_table(
        "assertion",
        _name("id", primary_key=True),
        _name("client"),
        _name("tenant"),
        _name("policy"),
        _name("revision"),
        _name("outcome"),
        sa.Column("questionnaires", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_assertion_stated_at", "assertion", ["stated_at"])


def _submitted_forms() -> None:
    op.create_table(
        "submitted_form",
        sa.Column("id", sa.String(36), primary_key=True, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("patient", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_submitted_form_patient", "submitted_form", ["patient"])
    op.create_index("ix_submitted_form_received_at", "submitted_form", ["received_at"])
