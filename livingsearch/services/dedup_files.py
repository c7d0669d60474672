"""Deduplicate files without a review: exports of databases, and tables of records."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

import dedup
from connectors.errors import ColumnsUnknown, FileRefused, FormatUnknown
from dedup.normalise import ABSTRACT_LENGTH
from livingsearch.errors import RecordsRefused
from livingsearch.services.dedup_written import TO_LOOK_AT, Outputs, Written, write_outputs
from livingsearch.services.record_tables import TableFile, prepare, require_names_once, table_in, take_table
from livingsearch.services.watch import Unwatched, Watch
from livingsearch.settings import Settings
from livingsearch.store.database import memory_database, scratch_database

_FEW = 5_000
"""Records that are normalised before another hand has begun."""

_PROCESSES = min(2, os.cpu_count() or 1)

_RECORDS = """
SELECT rowid + 1 AS record_id, * EXCLUDE (name, file) FROM given
WHERE rowid >= $first AND rowid < $last ORDER BY rowid
"""

# An accession number names a record within its database only; without one it may be any program's counter.
_EXPORTED = """
INSERT INTO given BY NAME
SELECT $file_name || ':' || position AS name, $file AS file,
    coalesce(database, $file_name) AS source,
    CASE WHEN database IS NOT NULL AND accession IS NOT NULL THEN identity END AS identity,
    a.* EXCLUDE (position, identity, content_hash, form, payload, date, pmcid)
FROM arrived a ORDER BY position
"""

_TO_LOOK_AT = f"SELECT count(*) FROM verdicts v WHERE {TO_LOOK_AT}"  # noqa: S608
_RULES = "SELECT outcome, rule, count(*) FROM verdicts GROUP BY ALL ORDER BY outcome, count(*) DESC, rule"


@dataclass(frozen=True, slots=True)
class FileRecords:
    """A file, or a part of an archive, that was read.

    Attributes:
        file: as the person named it, and the part.
        records: how many it holds.
        notes: what was noticed in reading it, such as a record that is cut off.
    """

    file: str
    records: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilesDeduplicated:
    """What the comparison of all records of some files came to.

    Attributes:
        files: each with its records.
        records: in all of them.
        reports: documents that they describe.
        duplicates: records beyond the first of each report.
        pairs: for each outcome (`duplicate`, `possible`, `distinct`) the pairs by rule, the commonest first.
        to_look_at: pairs for a person: the possible ones, and what shows that a group may be several reports.
        capped_keys: block keys that too many records shared to compare all of them.
        dropped_pairs: pairs of records that share one of those and were not compared.
        rule_set: version of the rules.
        written: files that were written.
    """

    files: tuple[FileRecords, ...]
    records: int
    reports: int
    duplicates: int
    pairs: dict[str, dict[str, int]]
    to_look_at: int
    capped_keys: int
    dropped_pairs: int
    rule_set: str
    written: tuple[Written, ...] = field(default=())


def deduplicate_files(
    files: Sequence[Path], settings: Settings, outputs: Outputs | None = None, watch: Watch | None = None
) -> FilesDeduplicated:
    """Find which records of some files report the same thing.

    Args:
        files: exports (packed ones too), or tables of records as CSV or Parquet.
        settings: of the machine.
        outputs: what is to be written.
        watch: told how far the work is.

    Returns:
        The counts. Every record that was read stands in one report.

    Raises:
        RecordsRefused: a file cannot be taken, or an output would replace what was not written here; nothing is
            written then.
        FileRefused: an export cannot be read to its end.
        StoreFull: no room for an output.
    """
    watch, outputs = watch or Unwatched(), outputs or Outputs()
    outputs.require_possible(files)
    if repeated := [str(f) for n, f in enumerate(files) if f.resolve() in [g.resolve() for g in files[:n]]]:
        raise RecordsRefused(f"{repeated[0]} is named twice; each of its records would be a duplicate of itself.")
    with _database(settings, outputs) as con:
        prepare(con)
        read = _read(con, files, outputs, watch)
        require_names_once(con, [Path(f.file) for f in read])
        outcome = _compare(con, settings, watch)
        con.register("verdicts", outcome.verdicts)
        con.register("groups", outcome.groups)
        counts = con.execute("SELECT count(*), count(DISTINCT group_id) FROM groups").fetchone() or (0, 0)
        records = sum(f.records for f in read)
        if counts[0] != records:
            raise RecordsRefused(f"{records:,} records were read but {counts[0]:,} came out, so nothing was written.")
        pairs: dict[str, dict[str, int]] = {name: {} for name in ("duplicate", "possible", "distinct")}
        for said, rule, number in con.execute(_RULES).fetchall():
            pairs.setdefault(said, {})[rule] = number
        (to_look_at,) = con.execute(_TO_LOOK_AT).fetchone() or (0,)
        written = write_outputs(con, outputs)
    return FilesDeduplicated(
        files=tuple(read),
        records=records,
        reports=counts[1],
        duplicates=records - counts[1],
        pairs=pairs,
        to_look_at=to_look_at,
        capped_keys=outcome.capped.num_rows,
        dropped_pairs=sum(outcome.capped.column("dropped").to_pylist()),
        rule_set=dedup.RULE_SET,
        written=written,
    )


@contextmanager
def _database(settings: Settings, outputs: Outputs) -> Iterator[duckdb.DuckDBPyConnection]:
    near = next((path.absolute().parent for path in outputs.paths), Path(tempfile.gettempdir()))
    with scratch_database(near, settings.threads) as con:
        yield con


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], outputs: Outputs, watch: Watch) -> list[FileRecords]:
    read: list[FileRecords] = []
    for number, path in enumerate(files, 1):
        watch.progress("reading files", number - 1, len(files))
        table = table_in(con, path)
        if table is not None and (outputs.by_record_id or table.delimiter is None or table.has("record_id", "title")):
            read.append(_take_table(con, table, len(read) + 1, outputs, named=True))
        elif outputs.by_record_id:
            raise RecordsRefused(f"{path} is no table of records with a column record_id, which --groups needs.")
        else:
            read.extend(_take_export(con, path, table, len(read), outputs))
    watch.progress("reading files", len(files), len(files))
    return read


def _take_table(
    con: duckdb.DuckDBPyConnection, table: TableFile, number: int, outputs: Outputs, *, named: bool
) -> FileRecords:
    # Whole abstracts are wanted only where the records are written again.
    length = None if outputs.to else ABSTRACT_LENGTH
    return FileRecords(str(table.path), take_table(con, table, number, abstract_length=length, named=named))


def _take_export(
    con: duckdb.DuckDBPyConnection, path: Path, table: TableFile | None, before: int, outputs: Outputs
) -> list[FileRecords]:
    """The parts of an export; a table of no known program is read by its column names."""
    # Imported here: tables of records are read without it.
    from connectors.exports import open_export, parts_of

    read: list[FileRecords] = []
    try:
        with path.open("rb") as file:
            for part in parts_of(file, str(path)):
                export = open_export(part.file, part.name)
                for chunk in export.chunks(processes=_PROCESSES):
                    if chunk.table is not None:
                        con.register("arrived", chunk.table)
                        con.execute(_EXPORTED, {"file_name": part.name, "file": before + len(read) + 1})
                        con.unregister("arrived")
                summary = export.summary()
                read.append(FileRecords(part.name, summary.records, summary.warnings))
    except (FormatUnknown, ColumnsUnknown):
        if read or table is None or not table.has("title"):
            raise
        return [_take_table(con, table, before + 1, outputs, named=table.has("record_id"))]
    except OSError as error:
        raise RecordsRefused(f"{path} cannot be read: {error.strerror or error}.") from error
    return read


def _compare(con: duckdb.DuckDBPyConnection, settings: Settings, watch: Watch) -> dedup.Outcome:
    (records,) = con.execute("SELECT count(*) FROM given").fetchone() or (0,)
    workers = settings.threads or os.cpu_count() or 1
    with dedup.in_threads(workers, memory_database) as crew:
        # Every hand gets some, where they are not many.
        at_once = min(dedup.AT_ONCE, max(_FEW, -(-records // workers)))
        outcome = dedup.deduplicate_parts(con, crew, _parts(con, records, at_once, watch))
    watch.progress("comparing records", records, records)
    return outcome


def _parts(con: duckdb.DuckDBPyConnection, records: int, at_once: int, watch: Watch) -> Iterator[pa.Table]:
    for first in range(0, records, at_once):
        watch.progress("normalising records", first, records)
        yield con.execute(_RECORDS, {"first": first, "last": first + at_once}).to_arrow_table()
    watch.progress("normalising records", records, records)
    watch.progress("comparing records", 0, records)


__all__ = ["FileRecords", "FileRefused", "FilesDeduplicated", "Outputs", "deduplicate_files"]
