"""The forms submitted to the service."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the table."""
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
