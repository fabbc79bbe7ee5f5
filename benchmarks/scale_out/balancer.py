"""nginx as a load balancer on loopback, with everything it writes in a folder of its own."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.servers import Server, free_port, running

ABSENT: Final = "nginx is not installed (Debian: apt-get install nginx)"
TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@contextmanager
def balancing(ports: Sequence[int], folder: Path) -> Iterator[Server]:
    """Run nginx before some servers on loopback."""
    folder.mkdir()
    port, nginx = free_port(), program()
    if nginx is None:
        raise RuntimeError(ABSENT)
    (folder / "nginx.conf").write_text(configuration(port, ports, folder), "utf-8")
    words = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
    with running(words, port, "/ready") as server:
        yield server


def configuration(port: int, instances: Sequence[int], folder: Path) -> str:
    """A balancer as docs/deploy.md describes it, without TLS."""
    servers = " ".join(f"server 127.0.0.1:{instance};" for instance in instances)
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
    return f"""\
worker_processes 1;
daemon off;
pid {folder}/pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    {temporary}
    client_max_body_size 32m;
    client_body_buffer_size 1m;
    upstream instances {{ {servers} keepalive 64; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://instances;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_read_timeout 15s;
        }}
    }}
}}
"""
