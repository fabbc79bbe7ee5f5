"""A FHIR Bulk Data export as it lies in a folder: its NDJSON files, the type each holds, and their lines."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Final

import msgspec

from fhir_mappings.json_text import UNREADABLE
from fhir_mappings.prefetch import CLINICAL, COVERAGE
from fhir_mappings.record import Glance

READ_TYPES: Final = frozenset({"Patient", *(search.resource_type for search in (COVERAGE, *CLINICAL))})
"""The types a batch looks at: those of the record, and Patient for who is in the population."""

DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading a file raises that breaks off in the middle, or is not compressed as its name says."""

MAX_LINE_BYTES: Final = 64 * 1024 * 1024
"""A longer line is cut, and then is no JSON."""

COMPRESSED_TO: Final = 8
"""How much larger than the file a compressed export is, roughly: resources repeat themselves."""

_ENDINGS: Final = (".ndjson", ".ndjson.gz")
_CHECKSUMS: Final = (".md5", ".sha1", ".sha256", ".sha512")
_WORD: Final = re.compile(r"[A-Z][A-Za-z]+")
_MARK: Final = b"\xef\xbb\xbf"
_glance = msgspec.json.Decoder(Glance)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file: its name below the folder, the type it holds (blank where nothing tells), its size, when it changed."""

    name: str
    resource_type: str
    size: int
    changed_ns: int

    @property
    def bytes_unpacked(self) -> int:
        """About how many bytes of NDJSON it holds."""
        return self.size * (COMPRESSED_TO if self.name.endswith(".gz") else 1)


def find_export(folder: Path) -> tuple[ExportFile, ...]:
    """The files a record may be made of, in the order of their names; those of other types are left out.

    Raises OSError for a file that cannot be opened.
    """
    paths = sorted(path for path in folder.rglob("*") if path.name.endswith(_ENDINGS) and path.is_file())
    return tuple(found for path in paths if (found := _look(path, path.relative_to(folder).as_posix())))


def find_unfinished(folder: Path) -> tuple[str, ...]:
    """Files of NDJSON by their names that cannot be read: compressed in another way, or not downloaded to the end."""
    paths = sorted(path for path in folder.rglob("*.ndjson.*") if path.is_file())
    return tuple(
        path.relative_to(folder).as_posix() for path in paths if not path.name.endswith((*_ENDINGS, *_CHECKSUMS))
    )


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Every line that has something on it, with its number from 1. Raises one of DAMAGED where the file breaks off."""
    with _opened(path) as file:
        for number, line in enumerate(_whole_lines(file), 1):
            text = (line.removeprefix(_MARK) if number == 1 else line).strip()
            if text:
                yield number, text


def _look(path: Path, name: str) -> ExportFile | None:
    """None for a file whose name and first line agree that it holds a type nobody asks for."""
    words = _WORD.findall(path.name)
    found = _first_type(path)
    if found in words and found not in READ_TYPES:
        return None
    named = next((word for word in words if word in READ_TYPES), "")
    about = path.stat()
    return ExportFile(name, found or named, about.st_size, about.st_mtime_ns)


def _first_type(path: Path) -> str:
    """The type of the first line; what is said of the export itself may stand in a file of any type."""
    try:
        _, text = next(lines_of(path), (0, b""))
        found = _glance.decode(text).resource_type
    except (*UNREADABLE, *DAMAGED):
        return ""
    return "" if found == "OperationOutcome" else found


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    if not path.name.endswith(".gz"):
        return path.open("rb")
    if not path.stat().st_size:
        raise EOFError  # what nothing was compressed to is about 20 bytes; gzip itself takes none for nothing
    return gzip.open(path)


def _whole_lines(file: gzip.GzipFile | BufferedReader) -> Iterator[bytes]:
    for line in iter(partial(file.readline, MAX_LINE_BYTES), b""):
        yield line
        rest = line
        while len(rest) == MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES)
