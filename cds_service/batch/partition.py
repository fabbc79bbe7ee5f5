"""The export split by patient: every line that can matter goes into the shard its patient's id falls into."""

import zlib
from collections import Counter
from pathlib import Path
from typing import IO, Final

import msgspec

from cds_service.batch.job import Job, Task
from cds_service.batch.workspace import finished_together
from fhir_mappings.bulk_export import DAMAGED, lines_of
from fhir_mappings.bulk_lines import Line, Standing, read_line

BUFFER_BYTES: Final = 32 * 1024 * 1024
"""How much one process keeps before it writes to the shards."""

BROKEN_OFF: Final = "the file breaks off here, or is not compressed as its name says"
NOTHING: Final = msgspec.Raw(b"null")
BAD_LINES: Final = "bad-lines.txt"
_REPORT: Final = "report.json"


class Entry(msgspec.Struct, array_like=True):
    """One line as it waits in a shard. Without text: a Patient, who is in the population, or a line that is lost."""

    patient_id: str
    resource_type: str
    file: int
    line: int
    text: msgspec.Raw = NOTHING


class Report(msgspec.Struct):
    """What one part of the export came to: lines by type, how many are bad, and the types of those that are anyone's.

    A blank type is one that could not be told.
    """

    lines: dict[str, int] = msgspec.field(default_factory=dict)
    bad: int = 0
    anyones: set[str] = msgspec.field(default_factory=set)

    def plus(self, other: "Report") -> "Report":
        """Both together."""
        lines = dict(Counter(self.lines) + Counter(other.lines))
        return Report(lines, self.bad + other.bad, self.anyones | other.anyones)


_encoder = msgspec.json.Encoder()
_report = msgspec.json.Decoder(Report)


def part_folder(job: Job, number: int) -> Path:
    """Where the pieces of one part lie, when it is finished."""
    return job.work / "parts" / f"{number:05}"


def piece(part: Path, shard: int) -> Path:
    """The piece of one shard that came from one part; there is none where nothing came."""
    return part / f"{shard:05}.ndjson"


def partition(task: Task) -> None:
    """Split one part of the export by patient, unless an earlier run did."""
    job = task.job()
    folder = part_folder(job, task.number)
    if folder.exists():
        return
    with finished_together(folder) as half, (half / BAD_LINES).open("w", encoding="utf-8") as bad_lines:
        split = _Split(job, half, bad_lines)
        for file in job.parts()[task.number]:
            split.take_file(file)
        split.flush()
        (half / _REPORT).write_bytes(_encoder.encode(split.report))


def report_of(job: Job, number: int) -> Report:
    """What a finished part came to."""
    return _report.decode((part_folder(job, number) / _REPORT).read_bytes())


class _Split:
    """The buffers of all shards and the report, while one part is read: local to one call of partition."""

    def __init__(self, job: Job, half: Path, bad_lines: IO[str]) -> None:
        self.job = job
        self.half = half
        self.bad_lines = bad_lines
        self.report = Report()
        self.buffers = [bytearray() for _ in range(job.shards)]
        self.buffered = 0

    def take_file(self, file: int) -> None:
        """Read one file to its end, or to where it breaks off."""
        number = 0
        try:
            for number, text in lines_of(Path(self.job.export) / self.job.files[file].name):
                self._take(read_line(text), file, number, text)
        except DAMAGED:
            self._lose(Line(Standing.TORN, problem=BROKEN_OFF), file, number + 1)

    def _take(self, line: Line, file: int, number: int, text: bytes) -> None:
        self.report.lines[line.resource_type] = self.report.lines.get(line.resource_type, 0) + 1
        if line.standing in (Standing.LOST, Standing.TORN):
            self._lose(line, file, number)
        elif line.standing is Standing.KEPT:
            kept = NOTHING if line.resource_type == "Patient" else msgspec.Raw(text)
            self._keep(Entry(line.patient_id, line.resource_type, file, number, kept))

    def _lose(self, line: Line, file: int, number: int) -> None:
        self.report.bad += 1
        self.bad_lines.write(f"{self.job.place(file, number)}: {line.problem}\n")
        kind = line.resource_type or self.job.files[file].resource_type
        if line.patient_id and kind:
            self._keep(Entry(line.patient_id, kind, file, number))
        if line.standing is Standing.TORN or not (line.patient_id and kind):
            self.report.anyones.add(kind)

    def _keep(self, entry: Entry) -> None:
        buffer = self.buffers[zlib.crc32(entry.patient_id.encode()) % self.job.shards]
        before = len(buffer)
        _encoder.encode_into(entry, buffer, -1)
        buffer += b"\n"
        self.buffered += len(buffer) - before
        if self.buffered > BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what waits to the pieces."""
        for shard, buffer in enumerate(self.buffers):
            if buffer:
                with piece(self.half, shard).open("ab") as file:
                    file.write(buffer)
                buffer.clear()
        self.buffered = 0
