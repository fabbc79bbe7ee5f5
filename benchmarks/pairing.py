"""Contenders measured side by side: all are up, and each round asks one after the other, in turning order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from benchmarks.calls import PATH, Check, connect, post
from benchmarks.processes import cpu_seconds
from benchmarks.servers import Server
from benchmarks.spread import Spread


@dataclass(frozen=True, slots=True)
class Contender:
    """A server with what it is asked and how its answers are checked. `tokens` are used up, one a call."""

    server: Server
    bodies: Sequence[bytes]
    check: Check
    tokens: Sequence[str] = ()
    path: str = PATH


def cpu_rounds(contenders: Mapping[str, Contender], rounds: int, calls: int) -> dict[str, list[float]]:
    """CPU seconds a call for each contender and round. A round that is not counted goes before: it warms them."""
    tokens = {name: iter(one.tokens) for name, one in contenders.items()}
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(-1, rounds):
        turn = list(contenders) if number % 2 else list(reversed(list(contenders)))
        for name in turn:
            spent = _cpu_of(contenders[name], list(islice(tokens[name], calls)), calls)
            if number >= 0:
                found[name].append(spent)
    return found


def tokens_needed(rounds: int, calls: int) -> int:
    """How many tokens a contender uses up."""
    return (rounds + 1) * calls


def _cpu_of(contender: Contender, tokens: Sequence[str], calls: int) -> float:
    connection = connect(contender.server.port)
    before = cpu_seconds(contender.server.pid)
    for number, body in enumerate(islice(cycle(contender.bodies), calls)):
        contender.check(post(connection, body, tokens[number] if tokens else "", contender.path))
    spent = cpu_seconds(contender.server.pid) - before
    connection.close()
    return spent / calls


def ratio(of: Sequence[float], to: Sequence[float]) -> Spread:
    """The ratios of rounds that were run together."""
    return Spread.of([ours / theirs for ours, theirs in zip(of, to, strict=True)])


def microseconds(seconds: Sequence[float]) -> Spread:
    """Rounds in microseconds."""
    return Spread.of([value * 1e6 for value in seconds])
