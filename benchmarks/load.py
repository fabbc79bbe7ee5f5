"""Throughput and latency by wrk, where it is installed (Debian: apt-get install wrk)."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).parent / "load.lua"
ABSENT: Final = "not measured: wrk is not installed (Debian: apt-get install wrk)"


@dataclass(frozen=True, slots=True)
class Load:
    """What some seconds of load came to."""

    calls_per_second: float
    p50_ms: float
    p99_ms: float


def is_installed() -> bool:
    """Whether there is a wrk to run."""
    return shutil.which("wrk") is not None


def laid_out(bodies: Sequence[bytes], folder: Path) -> Path:
    """Write bodies where wrk finds them."""
    folder.mkdir(parents=True)
    for number, body in enumerate(bodies):
        (folder / f"{number}.json").write_bytes(body)
    return folder


def load(port: int, folder: Path, says: str, seconds: int, connections: int) -> Load:
    """Post the bodies of a folder for some seconds; every answer must say `says`. Raises AssertionError."""
    number = len(list(folder.iterdir()))
    words = [
        "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(SCRIPT),
        f"http://127.0.0.1:{port}", "--", str(folder), str(number), says,
    ]  # fmt: skip
    ran = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 60, check=True)
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    assert found["wrong"] == found["broken"] == 0, found
    return Load(found["calls"] / found["seconds"], found["p50_ms"], found["p99_ms"])
