"""Keeps calls in a journal nobody drains, and prints the id of each once it is safe. Ended by SIGKILL."""

import sys
from pathlib import Path

from cds_service.store.calls import rows_of
from cds_service.store.database import open_database
from cds_service.store.journal import Journal
from tests.store.building import call, card

if __name__ == "__main__":
    journal = Journal(open_database(sys.argv[1]), Path(sys.argv[2]), lambda: None, gathering_seconds=3600)
    while True:
        kept = call(payload=None)
        journal.keep(rows_of(None, kept, [card()]))
        print(kept.id, flush=True)
