"""Files that are whole or not there: what a batch has finished has its name, and a kill leaves nothing by halves."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

HALF: Final = ".coverage-hooks-half-"
"""How the name of whatever is not finished begins."""


WORK: Final = ".coverage-hooks-batch"
"""The folder, in that of the answers, where everything lies that is not finished. It is ours alone, and is removed."""


class InUse(Exception):
    """Another run is at work in the same folder."""


@contextlib.contextmanager
def finished_together(folder: Path) -> Iterator[Path]:
    """A folder to write into, which gets its name when all is written; a twin that was quicker is kept."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=HALF, dir=folder.parent))
    try:
        yield half
        _named(half, folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _named(half: Path, folder: Path) -> None:
    try:
        half.rename(folder)
    except OSError:
        if not folder.exists():
            raise


@contextlib.contextmanager
def finished_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which gets its name when all is written."""
    descriptor, half = tempfile.mkstemp(prefix=HALF, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(half).rename(path)
    finally:
        Path(half).unlink(missing_ok=True)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Work in a folder alone; what an earlier run left by halves is removed. Raises InUse."""
    with (folder / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None
        for half in [*folder.glob(f"{HALF}*"), *(folder / WORK).rglob(f"{HALF}*")]:
            shutil.rmtree(half, ignore_errors=True)
            half.unlink(missing_ok=True)
        yield
