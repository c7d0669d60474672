"""What the database keeps of an import beside its run: files, the parts of archives, the manifest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from livingsearch.services.histories import histories_in
from livingsearch.services.import_parts import ImportPart
from livingsearch.services.runs import FileRow, add_files, add_remnants

NO_HITS = (
    "The platform shows no number of results, as was said at the import: the records were held only against the "
    "files' own counts."
)
"""Kept with a run in place of hits."""

_OVERLAP = """
WITH parts AS (SELECT unnest($firsts::BIGINT[]) AS first, unnest($numbers::INTEGER[]) AS part),
placed AS (
    SELECT r.identity, p.part
    FROM run_record x JOIN record r USING (record_id) ASOF JOIN parts p ON x.position >= p.first
    WHERE x.run_id = $run_id
),
named AS (SELECT identity, count(*) AS records, count(DISTINCT part) AS parts FROM placed GROUP BY identity)
SELECT coalesce(sum(records), 0), count(*), coalesce(sum(records - parts), 0), coalesce(sum(parts - 1), 0) FROM named
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of an export beside date, hits and reasons.

    Attributes:
        exported_by: who searched and exported.
        platform: where the search was made; held against the review's file.
        strategy: the search as it was run.
        hits_not_shown: the platform shows no number of results.
        columns: field by column, for tables that nobody knows.
        drop_key: names the manifest in the inbox that the import was made for.
    """

    exported_by: str | None = None
    platform: str | None = None
    strategy: str | None = None
    hits_not_shown: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    drop_key: str | None = None


def columns_text(said: Said) -> str | None:
    """The column map as the database keeps it."""
    return json.dumps(dict(said.columns), ensure_ascii=False, sort_keys=True) if said.columns else None


def strategy_in(parts: Sequence[ImportPart]) -> str | None:
    """The search as the platform itself wrote it into the files, once where several hold the same; None for none."""
    found = dict.fromkeys(
        history.text for part in parts for remnant in part.remnants for history in histories_in(remnant.text)
    )
    return "\n\n".join(found) or None


def add_manifest(con: duckdb.DuckDBPyConnection, run_id: int, said: Said, in_file: str | None) -> None:
    """Keeps what was said of a run's export; a strategy that a person declares goes before that of the file."""
    strategy = said.strategy or in_file
    origin = None if strategy is None else "declared" if said.strategy else "file"
    con.execute(
        "INSERT INTO run_manifest (run_id, exported_by, platform, strategy, strategy_from, columns, drop_key) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [run_id, said.exported_by, said.platform, strategy, origin, columns_text(said), said.drop_key],
    )
    if said.hits_not_shown:
        con.execute("INSERT INTO run_hits_not_shown (run_id) VALUES (?)", [run_id])


def add_parts(con: duckdb.DuckDBPyConnection, run_id: int, parts: Sequence[ImportPart]) -> None:
    """Names a run's files, one row a part; the sha256 is that of the file as it came."""
    add_files(con, run_id, [_file_row(ordinal, part) for ordinal, part in enumerate(parts, 1)])
    for ordinal, part in enumerate(parts, 1):
        add_remnants(con, run_id, ordinal, part.remnants)
    rows = [
        {"ordinal": ordinal, "archive": part.archive, "sha256": part.sha256, "bytes": part.size}
        for ordinal, part in enumerate(parts, 1)
        if part.archive is not None
    ]
    con.execute(
        "INSERT INTO run_file_part BY NAME "
        "SELECT ?::INTEGER AS run_id, unnest(?::STRUCT(ordinal INTEGER, archive VARCHAR, sha256 VARCHAR, "
        "bytes BIGINT)[], recursive := true)",
        [run_id, rows],
    )
    told = [
        {
            "ordinal": ordinal,
            "record_starts": part.summary.record_starts,
            "outside": part.summary.outside,
            "warnings": list(part.summary.warnings),
        }
        for ordinal, part in enumerate(parts, 1)
    ]
    con.execute(
        "INSERT INTO run_file_told BY NAME "
        "SELECT ?::INTEGER AS run_id, unnest(?::STRUCT(ordinal INTEGER, record_starts BIGINT, outside BIGINT, "
        "warnings VARCHAR[])[], recursive := true)",
        [run_id, told],
    )


def _file_row(ordinal: int, part: ImportPart) -> FileRow:
    return FileRow(
        ordinal=ordinal,
        role="records",
        sha256=part.arrived.sha256,
        name=part.name,
        size=part.arrived.size,
        format=part.summary.format,
        platform=part.summary.platform,
        encoding=part.summary.encoding,
        records=part.summary.records,
    )


def overlap(con: duckdb.DuckDBPyConnection, run_id: int, parts: Sequence[ImportPart]) -> list[str]:
    """A sentence on records that stand twice in an import of several parts; none where no record does.

    Two files that both hold a record overlap; a record that stands twice in one file does so on the platform.
    """
    if len(parts) < 2:
        return []
    # A part without records begins where the next one does and would take its place.
    holding = [(p.first_position, n) for n, p in enumerate(parts, 1) if p.summary.records]
    row = con.execute(
        _OVERLAP, {"firsts": [f for f, _ in holding], "numbers": [n for _, n in holding], "run_id": run_id}
    ).fetchone()
    records, names, within, between = (int(n) for n in row or (0, 0, 0, 0))
    if not within and not between:
        return []
    return [
        f"The {len(parts)} files hold {records:,} records under {names:,} names: {between:,} stand again in another of "
        f"the files, {within:,} again within one file. All count as received; the deduplication decides on them."
    ]
