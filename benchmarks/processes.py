"""A server's processes, looked at from outside: processor time, memory, threads, open files and connections."""

import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Look:
    """A process and all below it at one moment. Memory in bytes: `pss` counts shared pages once among all who share."""

    rss: int
    pss: int
    threads: int
    files: int
    connections: int


def tree(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    top = psutil.Process(pid)
    return [top, *top.children(recursive=True)]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of all below it, to the nanosecond: /proc counts hundredths only."""
    return sum(time.clock_gettime(_cpu_clock(one.pid)) for one in tree(pid))


def _cpu_clock(pid: int) -> int:
    """The clock clock_getcpuclockid(3) names for a process; Python has no call for it."""
    return (~pid << 3) | 2


def look(pid: int) -> Look:
    """How a tree of processes stands now."""
    each = [_look(one) for one in tree(pid)]
    return Look(*(sum(values) for values in zip(*each, strict=True)))


def workers(pid: int) -> list[int]:
    """The processes directly below a server, without the one Python keeps for its own bookkeeping."""
    below = psutil.Process(pid).children()
    return [one.pid for one in below if "resource_tracker" not in " ".join(one.cmdline())]


def memory(pid: int) -> tuple[int, int]:
    """RSS and PSS of one process, in bytes."""
    found = psutil.Process(pid).memory_full_info()
    return found.rss, found.pss


def _look(process: psutil.Process) -> tuple[int, int, int, int, int]:
    found = process.memory_full_info()
    connections = [one for one in process.net_connections("tcp") if one.status == psutil.CONN_ESTABLISHED]
    return found.rss, found.pss, process.num_threads(), process.num_fds(), len(connections)
