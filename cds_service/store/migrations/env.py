"""Run by alembic for every migration, on the connection and in the transaction that `database.migrate` gives it."""

from alembic import context

from cds_service.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
