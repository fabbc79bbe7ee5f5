"""The machine a run was made on, in words: no names of hosts or folders."""

import os
import platform
from pathlib import Path

import psutil


def machine() -> str:
    """Cores, processor, memory, Python, and whether the machine was doing something else."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores of {processor(Path('/proc/cpuinfo').read_text('utf-8'))}, {memory:.0f} GiB of memory, "
        f"{platform.system()}, {platform.python_implementation()} {platform.python_version()}; "
        f"{company(os.getloadavg()[0], os.cpu_count() or 1)}"
    )


def processor(cpuinfo: str) -> str:
    """The model of the first processor."""
    models = [line.partition(":")[2].strip() for line in cpuinfo.splitlines() if line.startswith("model name")]
    return models[0] if models else "an unnamed processor"


def company(load: float, cores: int) -> str:
    """Whether other work ran beside. `load` is the load average of the minute before."""
    if load < 0.25 * cores:
        return "nothing else ran on it"
    return f"shared with other work (load average {load:.1f} as the run began): read ratios, not times"
