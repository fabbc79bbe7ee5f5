"""A batch over an export, as a user gives the command: time, processor time, and the peak memory of every process."""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks.processes import tree
from examples.record import TODAY

SAMPLE_SECONDS = 0.2


def peak_bytes(pid: int) -> int:
    """The most memory a process has held so far; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def watch(command: list[str]) -> tuple[float, dict[int, int]]:
    """Run a command to its end: wall time, and the peak of each of its processes."""
    peaks: dict[int, int] = {}
    start = time.perf_counter()
    process = subprocess.Popen(command)
    while process.poll() is None:
        for pid in family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), peak_bytes(pid))
        time.sleep(SAMPLE_SECONDS)
    assert process.returncode == 0, process.returncode
    return time.perf_counter() - start, peaks


def family(pid: int) -> list[int]:
    try:
        return [one.pid for one in tree(pid)]
    except psutil.NoSuchProcess:
        return [pid]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("export", type=Path)
    words.add_argument("output", type=Path)
    words.add_argument("--workers", type=int, default=2)
    asked, more = words.parse_known_args()
    command = [
        sys.executable, "-m", "cds_service.cli", "batch", str(asked.export), "--output", str(asked.output), "--restart",
        "--workers", str(asked.workers), "--as-of", TODAY.isoformat(), "--order-code", "47382", *more,
    ]  # fmt: skip
    seconds, peaks = watch(command)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = sum(path.stat().st_size for path in asked.export.rglob("*.ndjson*"))
    print(f"{size / 1e9:.2f} GB; {seconds:.0f} s; {used.ru_utime + used.ru_stime:.0f} s of processor time")
    print("peak memory by process, MB:", ", ".join(f"{peak / 1e6:.0f}" for peak in sorted(peaks.values())))


if __name__ == "__main__":
    main()
