"""Keeps calls without end and prints the id of each once it is committed. Ended by SIGKILL."""

import sys

from cds_service.store.calls import keep
from cds_service.store.database import open_database
from tests.store.building import call, card

CARDS = 3

if __name__ == "__main__":
    engine = open_database(sys.argv[1])
    while True:
        kept = call(payload=None)
        keep(engine, None, kept, [card(position=position) for position in range(CARDS)])
        print(kept.id, flush=True)
