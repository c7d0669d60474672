"""One record to show for a report, and from which record each of its fields comes."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from dedup.columns import GROUPS, RECORDS, conform
from dedup.scratch import scratch

_FIELDS = tuple(name for name in RECORDS.names if name not in ("record_id", "source", "identity"))

# Together or not at all: a volume from one record and a page from another make a place where nothing stands.
_PLACE = ("journal", "journal_abbreviation", "volume", "issue", "pages")

MERGED = pa.schema([("group_id", pa.int64()), ("record_id", pa.int64()), *(RECORDS.field(n) for n in _FIELDS)])
"""A report's representative: the group, the record that stands for it, the fields."""

ORIGINS = pa.schema([("group_id", pa.int64()), ("field", pa.string()), ("record_id", pa.int64())])
"""Which record a field of a representative was taken from; fields that no record has are absent."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Representatives of reports.

    Attributes:
        reports: a table of `MERGED`.
        origins: a table of `ORIGINS`.
    """

    reports: pa.Table
    origins: pa.Table


_RANKED = """
SELECT r.*, g.group_id, rank() OVER (PARTITION BY g.group_id ORDER BY
    coalesce(list_position($preferred, r.source), 1000000), {filled} DESC, r.record_id) AS place
FROM dedup_records r JOIN dedup_groups g USING (record_id)
"""


def merge(con: duckdb.DuckDBPyConnection, records: pa.Table, groups: pa.Table, preferred: Sequence[str] = ()) -> Merged:
    """Choose what to show for every group.

    The record of the most preferred source stands for the group, the fullest of several, the oldest of equals; what
    it lacks comes from the next one that has it. Journal, volume, issue and pages come from one record.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        records: a table of `RECORDS`.
        groups: a table of `GROUPS`; records that are absent from it are left out.
        preferred: sources, the most trusted first.
    """
    filled = " + ".join(f"({_has(name)})::INT" for name in _FIELDS)
    has_place = " OR ".join(_has(name) for name in _PLACE)
    chosen = ", ".join(f"arg_min_null({name}, place) FILTER ({_told(name, has_place)}) AS {name}" for name in _FIELDS)
    with scratch(con) as space:
        space.lend("records", conform("records", records, RECORDS))
        space.lend("groups", conform("groups", groups, GROUPS))
        space.table("ranked", _RANKED.format(filled=filled), {"preferred": list(preferred)})
        reports = space.read(
            f"SELECT group_id, arg_min(record_id, place) AS record_id, {chosen}"  # noqa: S608
            " FROM dedup_ranked GROUP BY group_id ORDER BY group_id"
        )
        one_a_field = " UNION ALL ".join(
            f"SELECT group_id, '{name}' AS field, arg_min({{id: record_id, has: {_has(name)}}}, place) AS found"  # noqa: S608
            f" FROM dedup_ranked WHERE {_told(name, has_place)} GROUP BY group_id"
            for name in _FIELDS
        )
        origins = space.read(
            f"SELECT group_id, field, found.id AS record_id FROM ({one_a_field}) WHERE found.has ORDER BY ALL"  # noqa: S608
        )
    return Merged(conform("reports", reports, MERGED), conform("origins", origins, ORIGINS))


def _has(name: str) -> str:
    if pa.types.is_list(RECORDS.field(name).type):
        return f"coalesce(len({name}), 0) > 0"
    return f"{name} IS NOT NULL" if name == "year" else f"coalesce({name}, '') <> ''"


def _told(name: str, has_place: str) -> str:
    return f"({has_place})" if name in _PLACE else _has(name)
