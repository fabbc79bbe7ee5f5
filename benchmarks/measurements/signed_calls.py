"""What it costs to know who is calling: no token, RS384, ES384."""

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.bodies import addressed
from benchmarks.calls import is_covered
from benchmarks.effort import Effort
from benchmarks.pairing import Contender, cpu_rounds, microseconds, ratio, tokens_needed
from benchmarks.report import Section, Table
from benchmarks.servers import service
from benchmarks.tokens import Ehr

OBSERVATIONS: Final = 10
TEXT: Final = f"""\
A determination at {OBSERVATIONS} Observations with a token of its own for each call, its signature checked and its
use recorded in the database so that it is not taken twice. Keys are parsed once."""


def measure(effort: Effort, scratch: Path) -> Section:
    """Three servers side by side; the signed ones share a registration."""
    bodies = [addressed(OBSERVATIONS, patient) for patient in range(effort.patients)]
    ehr = Ehr()
    signed = {"config": str(ehr.registration(scratch)), "auth": "jwt"}
    number = tokens_needed(effort.rounds, effort.calls)
    with ExitStack() as stack:
        contenders = {"no token": Contender(stack.enter_context(service(scratch)), bodies, is_covered)}
        for algorithm in ("RS384", "ES384"):
            server = stack.enter_context(service(scratch, signed))
            contenders[algorithm] = Contender(server, bodies, is_covered, ehr.authorizations(algorithm, number))
        found = cpu_rounds(contenders, effort.rounds, effort.calls)
    rows = tuple(
        (name, microseconds(found[name]).shown(), ratio(found[name], found["no token"]).shown()) for name in contenders
    )
    table = Table("", ("token", "CPU of a call, us", "times no token"), rows)
    return Section("signed-calls", "Signed calls", TEXT, tables=(table,))
