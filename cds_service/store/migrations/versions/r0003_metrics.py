"""What is counted of a call: a JSON object beside the sealed payload. Calls kept before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("hook_call", sa.Column("metric", sa.Text(), nullable=True))
