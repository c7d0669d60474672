"""What the deduplication of files writes: groups, pairs, the queue, the deduplicated records."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import csv

import dedup
from livingsearch.errors import RecordsRefused
from livingsearch.exports import FORMS
from livingsearch.exports.report import BatchReport, each_report
from livingsearch.store.received import PendingFile

_AT_ONCE = 20_000
_BY_SUFFIX = {form.suffix: form for form in FORMS.values()}
_OURS = b"recid:D0"
"""Stands near the beginning of every file of records written here, and in no batch of a review."""

_GROUPS = """
SELECT r.name AS record_id, f.name AS predicted_cluster
FROM groups g JOIN given r ON r.rowid = g.record_id - 1 JOIN given f ON f.rowid = g.group_id - 1 ORDER BY r.rowid
"""
_PAIRS = """
SELECT a.name AS record_id_a, b.name AS record_id_b, v.outcome, v.rule, v.score, v.evidence
FROM verdicts v JOIN given a ON a.rowid = v.x_id - 1 JOIN given b ON b.rowid = v.y_id - 1
ORDER BY v.outcome, v.x_id, v.y_id
"""
TO_LOOK_AT = f"(v.outcome = 'possible' OR contains(v.evidence, '{dedup.DOUBTED}'))"
"""Pairs for a person: possible duplicates, and what shows that a group may be several reports."""

_QUEUE = f"""
SELECT a.name AS record_id_a, b.name AS record_id_b, v.rule, v.score
FROM verdicts v JOIN given a ON a.rowid = v.x_id - 1 JOIN given b ON b.rowid = v.y_id - 1
WHERE {TO_LOOK_AT} ORDER BY v.score DESC, v.x_id, v.y_id
"""  # noqa: S608

_BOUNDS = """
SELECT min(group_id), max(group_id) FROM (
    SELECT group_id, (row_number() OVER (ORDER BY group_id) - 1) // $at_once AS part
    FROM (SELECT DISTINCT group_id FROM groups))
GROUP BY part ORDER BY part
"""
_MEMBERS = """
SELECT r.rowid + 1 AS record_id, g.group_id, r.* FROM groups g JOIN given r ON r.rowid = g.record_id - 1
WHERE g.group_id BETWEEN $first AND $last ORDER BY r.rowid
"""
_GATHERED = r"""
SELECT group_id,
    first(keywords ORDER BY record_id) FILTER (len(keywords) > 0) AS keywords,
    first(languages ORDER BY record_id) FILTER (len(languages) > 0) AS languages,
    first(url ORDER BY record_id) FILTER (url <> '') AS url,
    list_distinct(flatten(list(coalesce(notices, []) ORDER BY record_id))) AS notices,
    list(coalesce(source || ':' || accession, name) ORDER BY record_id) AS accessions,
    list(DISTINCT lower(coalesce(nullif(regexp_extract(doi, '10\.\d.*'), ''), doi))) AS dois,
    list(DISTINCT pmid) AS pmids,
    list_distinct(list(source ORDER BY record_id)) AS sources
FROM members GROUP BY group_id
"""
# The record that is written shows one DOI and one PMID; the others of its report are kept beside them.
_OTHER_NUMBERS = """
list_transform(list_sort(list_filter(g.dois, lambda n: NOT coalesce(ends_with(lower(m.doi), n), false))),
    lambda n: 'doi:' || n)
|| list_transform(list_sort(list_filter(g.pmids, lambda n: n IS DISTINCT FROM m.pmid)), lambda n: 'pmid:' || n)
"""
_WAITING = """
CREATE OR REPLACE TEMP TABLE waiting AS
SELECT one AS group_id, list(DISTINCT other ORDER BY other) AS others FROM (
    SELECT x.group_id AS a, y.group_id AS b FROM verdicts v
    JOIN groups x ON x.record_id = v.x_id JOIN groups y ON y.record_id = v.y_id
    WHERE v.outcome = 'possible' AND x.group_id <> y.group_id
) CROSS JOIN LATERAL (VALUES (a, b), (b, a)) AS either(one, other) GROUP BY one
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written.

    Attributes:
        path: of it.
        rows: records, pairs or reports in it.
        what: these words.
    """

    path: Path
    rows: int
    what: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files that are to be written; None for those that are not.

    Attributes:
        to: one record a report; the form goes by the suffix.
        groups: `record_id,predicted_cluster`, a row a record.
        queue: `record_id_a,record_id_b,rule,score`, a row a pair to look at.
        pairs: every pair with its outcome, rule, score and sentence.
    """

    to: Path | None = None
    groups: Path | None = None
    queue: Path | None = None
    pairs: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return tuple(path for path in (self.to, self.groups, self.queue, self.pairs) if path is not None)

    @property
    def by_record_id(self) -> bool:
        """Whether records must have ids of their own."""
        return self.groups is not None

    def require_possible(self, files: Sequence[Path]) -> None:
        """Refuse outputs that would be lost or would destroy something.

        Args:
            files: the inputs.

        Raises:
            RecordsRefused: an output is an input, stands twice, replaces what was not written here, or has a suffix
                that no form has.
        """
        if self.to is not None and self.to.suffix.lower() not in _BY_SUFFIX:
            raise RecordsRefused(f"--to {self.to} needs one of these endings: {', '.join(_BY_SUFFIX)}.")
        inputs = {file.resolve() for file in files}
        resolved = [path.resolve() for path in self.paths]
        for place, path in enumerate(self.paths):
            if resolved[place] in inputs:
                raise RecordsRefused(f"{path} is one of the files to be read; name another one to write.")
            if resolved[place] in resolved[:place]:
                raise RecordsRefused(f"{path} is named for two outputs.")
            if not path.absolute().parent.is_dir():
                raise RecordsRefused(f"{path} cannot be written: its folder does not exist.")
            self._require_replaceable(path)

    def _require_replaceable(self, path: Path) -> None:
        try:
            if not path.exists():
                return
            with path.open("rb") as file:
                head = file.read(1 << 20)
        except OSError as error:
            raise RecordsRefused(f"{path} cannot be written: {error.strerror or error}.") from error
        form = _BY_SUFFIX.get(path.suffix.lower())
        columns = {
            self.groups: b"record_id,predicted_cluster\n",
            self.queue: b"record_id_a,record_id_b,rule,score\n",
            self.pairs: b"record_id_a,record_id_b,outcome,rule,score,evidence\n",
        }.get(path)
        ours = head.startswith(columns) if columns else _OURS in head or (form and head == form.head + form.tail)
        if head and not ours:
            raise RecordsRefused(f"{path} exists and was not written by this command, so it was left alone.")


def write_outputs(con: duckdb.DuckDBPyConnection, outputs: Outputs) -> tuple[Written, ...]:
    """Write what was asked for, all files or none.

    Args:
        con: a scratch database with `given`, `verdicts` and `groups`.
        outputs: the files.

    Raises:
        StoreFull: no room.
    """
    wanted: list[tuple[Path | None, str, Callable[[], Iterator[tuple[bytes, int]]]]] = [
        (outputs.to, "reports", lambda: _reports(con, outputs.to or Path())),
        (outputs.groups, "records", lambda: _csv(con, _GROUPS)),
        (outputs.queue, "pairs to look at", lambda: _csv(con, _QUEUE)),
        (outputs.pairs, "pairs", lambda: _csv(con, _PAIRS)),
    ]
    pending: list[tuple[PendingFile, Path]] = []
    written = []
    try:
        for path, what, pieces in wanted:
            if path is None:
                continue
            file = PendingFile(path)
            pending.append((file, path))
            rows = 0
            for content, inside in pieces():
                file.write(content)
                rows += inside
            file.complete()
            written.append(Written(path, rows, what))
        for file, path in pending:
            file.publish(path)
    finally:
        for file, _ in pending:
            file.discard()
    return tuple(written)


def _csv(con: duckdb.DuckDBPyConnection, select: str) -> Iterator[tuple[bytes, int]]:
    reader = con.execute(select).to_arrow_reader(100_000)
    yield (",".join(reader.schema.names) + "\n").encode(), 0
    plain = csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in reader:
        out = io.BytesIO()
        csv.write_csv(batch, out, plain)
        yield out.getvalue(), batch.num_rows


def _reports(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[tuple[bytes, int]]:
    form = _BY_SUFFIX[path.suffix.lower()]
    con.execute(_WAITING)
    yield form.head, 0
    between = b""
    for first, last in con.execute(_BOUNDS, {"at_once": _AT_ONCE}).fetchall():
        for report in _representatives(con, first, last):
            yield between + form.record(report), 1
            between = form.between
    yield form.tail, 0


def _representatives(con: duckdb.DuckDBPyConnection, first: int, last: int) -> Iterator[BatchReport]:
    members = con.execute(_MEMBERS, {"first": first, "last": last}).to_arrow_table()
    merged = dedup.merge(con, members, members.select(["record_id", "group_id"])).reports
    con.register("members", members)
    con.register("merged", merged.drop_columns(["record_id"]))
    table = con.execute(
        "SELECT m.*, g.* EXCLUDE (group_id, url, dois, pmids), coalesce(g.url, '') AS url, w.others, "  # noqa: S608
        f"{_OTHER_NUMBERS} AS other_numbers FROM merged m "
        f"JOIN ({_GATHERED}) g USING (group_id) LEFT JOIN waiting w USING (group_id) ORDER BY group_id"
    ).to_arrow_table()
    con.unregister("members")
    con.unregister("merged")
    names = [_name(n) for n in table["group_id"].to_pylist()]
    others = [[_name(n) for n in ids or ()] for ids in table["others"].to_pylist()]
    yield from each_report(
        table.drop_columns(["group_id", "others"])
        .append_column("report_id", pa.array(names, pa.string()))
        .append_column("possible_duplicates", pa.array(others, pa.list_(pa.string())))
    )


def _name(group: int) -> str:
    return f"D{group:06d}"
