"""A throw-away cluster of Debian's PostgreSQL: own folder, own port on loopback, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"


def programs() -> Path | None:
    """The folder of the newest installed server's programs."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def cluster(binaries: Path, *more: str) -> Iterator[str]:
    """Run a server; the URL of its maintenance database without the name, as postgresql://postgres@127.0.0.1:5999/.

    `more` are settings as "name=value", which win over those for tests.
    """
    home = Path(tempfile.mkdtemp(prefix="coverage-hooks-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(home, USER)
    data, port = home / "data", free_port()
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {home} -c fsync=off -c max_connections=60"
    options = " -c ".join([options, *more])
    try:
        _run(binaries / "initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        _run(binaries / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", options, "start")
        yield f"postgresql://{USER}@127.0.0.1:{port}/"
    finally:
        if (data / "postmaster.pid").exists():
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home)


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _run(*command: object) -> None:
    """PostgreSQL refuses to run as root: then as the user Debian made for it."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        user = pwd.getpwnam(USER)
        words = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *words]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")
