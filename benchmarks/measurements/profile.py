"""Where the time of a call goes: by stage, and by function."""

import cProfile
import io
import pstats
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from benchmarks.bodies import addressed
from benchmarks.calls import PATH
from benchmarks.effort import Effort
from benchmarks.report import Section, Table
from benchmarks.spread import number
from benchmarks.stages import Stages, timing
from cds_service import answers, coverage_check, create_app, judging, reading, views
from cds_service.settings import Settings
from examples.record import TODAY

OBSERVATIONS: Final = 100
TOP: Final = 15
HTTP: Final = "HTTP: routing, headers, log line, metrics"
PLACES: Final = (
    ("parse: the body and its parts", views, "parse_request"),
    ("orders and coverage", coverage_check, "lines_of"),
    ("orders and coverage", coverage_check, "read_for"),
    ("gather: the record from prefetch", reading, "gather"),
    ("findings: facts with their evidence", judging, "open_chart"),
    ("findings: facts with their evidence", judging, "read_findings"),
    ("policy: criteria tree and verdict", judging, "determine"),
    ("statement: coverage-information", views, "system_actions"),
    ("cards", views, "cards_of"),
    ("record of answers", answers.AnswerRecord, "keep_call"),
    ("encoding the answer", views, "json_response"),
)
TEXT: Final = f"""\
A determination at {OBSERVATIONS} Observations in one process, its WSGI application called without a server: what the
server itself takes is not in it. Stages are CPU time, each without the stages inside it; functions come from
cProfile, which makes small ones look dearer than they are: read their shares, and their order."""


def measure(effort: Effort, scratch: Path) -> Section:
    """Profile calls of many patients."""
    app = create_app(
        Settings(auth="off", today=TODAY, database_url=f"sqlite:///{scratch}/profile.db", log_level="error")
    )
    bodies = [addressed(OBSERVATIONS, patient) for patient in range(effort.patients)]
    _call_all(app, bodies)
    stages = Stages()
    with timing(stages, PLACES):
        _call_all(app, bodies, stages)
    profiler = cProfile.Profile()
    profiler.runcall(_call_all, app, bodies)
    app.extensions["record of answers"].engine.dispose()
    return Section(
        "profile", "Where the time goes", TEXT, tables=(_by_stage(stages, len(bodies)), _by_function(profiler))
    )


def _call_all(app: Callable[..., Iterable[bytes]], bodies: list[bytes], stages: Stages | None = None) -> None:
    for body in bodies:
        if stages is None:
            _call(app, body)
        else:
            with stages.stage(HTTP):
                _call(app, body)


def _call(app: Callable[..., Iterable[bytes]], body: bytes) -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": PATH, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False, "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)), "HTTP_HOST": "127.0.0.1",
    }  # fmt: skip
    said: list[str] = []
    answered = app(environ, lambda status, *_: said.append(status))
    assert said == ["200 OK"], said
    assert b'"outcome":"covered"' in b"".join(answered)
    getattr(answered, "close", lambda: None)()


def _by_stage(stages: Stages, calls: int) -> Table:
    total = sum(stages.seconds.values())
    ranked = sorted(stages.seconds.items(), key=lambda item: -item[1])
    rows = [(name, number(spent / calls * 1e6), f"{spent / total:.0%}") for name, spent in ranked]
    return Table("By stage", ("stage", "us a call", "share"), (*rows, ("all", number(total / calls * 1e6), "100%")))


def _by_function(profiler: cProfile.Profile) -> Table:
    counted: Any = pstats.Stats(profiler)
    total = counted.total_tt
    ranked = sorted(counted.stats.items(), key=lambda item: -item[1][2])[:TOP]
    rows = tuple((place(*where), f"{values[2] / total:.1%}") for where, values in ranked)
    return Table("By function, the dearest by own time", ("function", "share of all own time"), rows)


def place(file: str, line: int, name: str) -> str:
    """A function by module and name, as "fhir_mappings/record.py build_record"; one of C by its name alone."""
    if file == "~":
        return f"`{re.sub(' at 0x[0-9a-f]+', '', name.strip('<>'))}`"
    after = file.rpartition("site-packages/")[2] if "site-packages/" in file else "/".join(Path(file).parts[-2:])
    return f"`{after} {name}`"
