"""A population of synthetic patients as a FHIR Bulk Data export, the same for the same seed. See README.md."""

import argparse
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from benchmarks.bodies import laboratory
from cds_service.demo_ehr.date_shift import WRITTEN_FOR, shift_dates
from cds_service.demo_ehr.situations import load_situations, patient_bundles

Json = dict[str, Any]

FILE_BYTES: Final = 256 * 1024 * 1024
_ALWAYS: Final = frozenset({"Patient", "Encounter"})


@cache
def templates() -> tuple[str, ...]:
    """The demonstration patients with their orders, as JSON texts in which the patient's id can be exchanged."""
    orders = {one.patient_id: one.draft_orders for one in load_situations(WRITTEN_FOR)}
    found = []
    for bundle in patient_bundles():
        resources = [entry["resource"] for entry in bundle["entry"]]
        ids = [one["id"] for one in resources if one["resourceType"] == "Patient"]
        if ids:
            listed = [order | {"status": "active"} for order in orders.get(ids[0], [])]
            found.append(json.dumps(resources + listed).replace(ids[0], "{patient}"))
    return tuple(found)


def patient(seed: int, number: int, laboratories: int = 20) -> list[Json]:
    """All resources of one patient: a demonstration patient, changed at random, and values nobody asks for.

    Data is missing, old, in error or different from patient to patient, so that all outcomes occur.
    """
    dice = random.Random(f"{seed}-{number}")
    identity = f"patient-{number:07}"
    text = dice.choice(templates()).replace("{patient}", identity)
    is_healthy = dice.random() < 0.3
    kept = [
        one
        for one in json.loads(text)
        if one["resourceType"] in _ALWAYS or dice.random() > (0.8 if is_healthy else 0.04)
    ]
    subject = f"Patient/{identity}"
    return [_changed(one, dice) for one in kept] + [laboratory(n, number, subject) for n in range(laboratories)]


def _changed(resource: Json, dice: random.Random) -> Json:
    if dice.random() < 0.1:
        resource = shift_dates(resource, -dice.randrange(150))
    if dice.random() < 0.01 and "status" in resource:
        return resource | {"status": "entered-in-error"}
    if "valueQuantity" in resource and dice.random() < 0.2:
        quantity = resource["valueQuantity"]
        return resource | {"valueQuantity": quantity | {"value": round(quantity["value"] * dice.uniform(0.7, 1.6), 1)}}
    if "valueInteger" in resource and dice.random() < 0.2:
        return resource | {"valueInteger": resource["valueInteger"] + dice.choice((-1, 1, 2))}
    if "valueBoolean" in resource and dice.random() < 0.05:
        return resource | {"valueBoolean": not resource["valueBoolean"]}
    return resource


class _Files:
    """The open file of each type; a full one is followed by another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: dict[str, IO[bytes]] = {}
        self.count: dict[str, int] = {}

    def write(self, resource: Json) -> None:
        kind = resource["resourceType"]
        file = self.open.get(kind)
        if file is None or file.tell() > FILE_BYTES:
            self.count[kind] = self.count.get(kind, 0) + 1
            if file is not None:
                file.close()
            file = self.open[kind] = (self.folder / f"{kind}.{self.count[kind]:03}.ndjson").open("wb")
        file.write(msgspec.json.encode(resource) + b"\n")

    def close(self) -> None:
        for file in self.open.values():
            file.close()


def write_export(folder: Path, patients: Iterator[list[Json]]) -> None:
    """Write patients as an export: files of one type each."""
    folder.mkdir(parents=True, exist_ok=True)
    files = _Files(folder)
    try:
        for resources in patients:
            for resource in resources:
                files.write(resource)
    finally:
        files.close()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--patients", type=int, default=100_000)
    words.add_argument("--seed", type=int, default=151)
    words.add_argument("--laboratories", type=int, default=20)
    asked = words.parse_args()
    write_export(asked.folder, (patient(asked.seed, n, asked.laboratories) for n in range(asked.patients)))


if __name__ == "__main__":
    main()
