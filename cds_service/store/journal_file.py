"""A journal on disk: entries appended with one write each, kept when the process is killed, owned by one process."""

import fcntl
import os
import uuid
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Final, Self

_HEAD: Final = Struct(">II")  # length and checksum of the entry that follows
_SUFFIX: Final = ".journal"


class JournalFile:
    """A file of entries of `size` bytes, locked while its owner lives. Not for several threads at once."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._is_torn = False
        self.size = os.fstat(descriptor).st_size

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new journal in a folder, which is made if there is none; only its owner may read either. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{uuid.uuid4()}{_SUFFIX}"
        unnamed = path.with_suffix(".new")  # named when it is locked: until then nobody takes it for left behind
        opened = cls(path, os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o600))
        fcntl.flock(opened._descriptor, fcntl.LOCK_EX)
        unnamed.rename(path)
        return opened

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """A journal whose owner is gone; None when it has one, or somebody else has dealt with it."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():
                return cls(path, descriptor)
        except BlockingIOError:
            pass
        os.close(descriptor)
        return None

    def append(self, entry: bytes) -> None:
        """Add an entry, whole or not at all. Raises OSError, as for a full disk."""
        if self._is_torn:  # what follows half an entry would never be found
            raise OSError("half an entry is at the end")
        text = _HEAD.pack(len(entry), zlib.crc32(entry)) + entry
        written = os.write(self._descriptor, text)
        if written != len(text):
            self._is_torn = True
            os.ftruncate(self._descriptor, self.size)
            self._is_torn = False
            raise OSError(f"{written} of {len(text)} bytes were written")
        self.size += written

    def entries(self) -> Iterator[bytes]:
        """All entries; an unfinished one at the end was never confirmed and is left out."""
        text = memoryview(os.pread(self._descriptor, self.size, 0))
        while len(text) >= _HEAD.size:
            length, checksum = _HEAD.unpack_from(text)
            entry = bytes(text[_HEAD.size : _HEAD.size + length])
            if len(entry) < length or zlib.crc32(entry) != checksum:
                return
            yield entry
            text = text[_HEAD.size + length :]

    def clear(self) -> None:
        """Forget all entries. Where the disk does not let it they stay, and are found to be written already."""
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            self.size, self._is_torn = 0, False

    def sync(self) -> None:
        """Have the disk hold what is written, as well as it can: for entries that will stay here for a while."""
        with suppress(OSError):
            os.fdatasync(self._descriptor)

    def remove(self) -> None:
        """Delete the file and let go of it."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def left_behind(folder: Path) -> list[JournalFile]:
    """The journals of processes that are gone."""
    found = (JournalFile.take(path) for path in sorted(folder.glob(f"*{_SUFFIX}")))
    return [journal for journal in found if journal is not None]
