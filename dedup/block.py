"""Which records are worth comparing: those that share a key."""

import duckdb
import pyarrow as pa

from dedup.columns import CAPPED, KEYS, NORMALISED, conform
from dedup.scratch import Scratch, scratch

_KEYS = """
WITH spelt AS (
    SELECT *, replace(title, ' ', '') AS letters, replace(title_other, ' ', '') AS letters_other,
        array_to_string(list_sort(list_transform(list_sort(list_transform(
            list_distinct(regexp_split_to_array(title, ' ')),
            lambda w: {short: -length(w), word: w}))[1:4], lambda p: p.word)), ' ') AS longest
    FROM dedup_records
), named AS (
    SELECT record_id, unnest([
        {name: 'doi', value: doi},
        {name: 'pmid', value: pmid},
        {name: 'title', value: letters},
        {name: 'title', value: letters_other},
        {name: 'title begins', value: CASE WHEN length(letters) >= 20 THEN left(letters, 20) END},
        {name: 'title begins', value: CASE WHEN length(letters_other) >= 20 THEN left(letters_other, 20) END},
        {name: 'title ends', value: CASE WHEN length(letters) >= 24 THEN right(letters, 24) END},
        {name: 'longest words', value: CASE WHEN length(letters) >= 20 AND contains(longest, ' ') THEN longest END},
        {name: 'volume and page', value: volume || ' ' || first_page || ' ' || left(journal, 1)},
        {name: 'author and page', value: first_author || ' ' || first_page},
        {name: 'abstract', value: CASE WHEN length(abstract) >= 160 THEN substr(replace(abstract, ' ', ''), 61, 60) END}
    ], recursive := true)
    FROM spelt
)
SELECT DISTINCT record_id, (md5_number_lower(name || '|' || value) >> 1)::BIGINT AS key
FROM named WHERE value <> ''
"""

# Counted over all holders of a key, known ones too: a cap that saw only a part would move with the partition.
_HOLDERS = """
SELECT k.key, m.unit, bool_or(m.fresh) AS fresh, count(*) AS records, min(m.year) AS year
FROM (SELECT * FROM dedup_new_keys UNION ALL SELECT * FROM dedup_known_keys SEMI JOIN dedup_new_keys USING (key)) k
JOIN dedup_members m USING (record_id)
GROUP BY k.key, m.unit
"""

_FULL = """
SELECT key, sum(records)::BIGINT AS records FROM dedup_holders GROUP BY key HAVING count(*) > $cap
"""

# What too many share is tried again with the year beside it, and only then given up.
_NARROWED = """
SELECT * REPLACE ((md5_number_lower(key || '|' || coalesce(year, 0)) >> 1)::BIGINT AS key)
FROM dedup_holders SEMI JOIN dedup_full USING (key)
"""

_PAIRS = """
WITH usable AS (
    SELECT key, unit, fresh FROM dedup_holders ANTI JOIN dedup_full USING (key)
    UNION ALL
    SELECT key, unit, fresh FROM dedup_narrowed
    WHERE key IN (SELECT key FROM dedup_narrowed GROUP BY key HAVING count(*) <= $cap)
), same AS (
    SELECT identity AS value, unit, fresh FROM dedup_members WHERE identity IS NOT NULL
    UNION SELECT content, unit, fresh FROM dedup_members WHERE content IS NOT NULL
), nearest AS (
    SELECT value, min(unit) AS unit FROM same GROUP BY value HAVING count(DISTINCT unit) > 1
)
SELECT DISTINCT least(a.unit, b.unit) AS x_id, greatest(a.unit, b.unit) AS y_id
FROM usable a JOIN usable b USING (key) WHERE a.fresh AND a.unit <> b.unit
UNION
SELECT least(a.unit, b.unit), greatest(a.unit, b.unit)
FROM same a JOIN same b USING (value) WHERE a.fresh AND NOT b.fresh
UNION
SELECT n.unit, s.unit FROM same s JOIN nearest n USING (value) WHERE s.fresh AND s.unit <> n.unit
"""


def keys(con: duckdb.DuckDBPyConnection, normalised: pa.Table) -> pa.Table:
    """Block keys of records: names and values, hashed.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        normalised: a table of `NORMALISED`.

    Returns:
        A table of `KEYS`, some ten rows a record.
    """
    with scratch(con) as space:
        space.lend("records", conform("normalised", normalised, NORMALISED))
        return conform("keys", space.read(_KEYS), KEYS)


def pairs(space: Scratch, cap: int) -> pa.Table:
    """Fill `dedup_pairs` with the pairs of units to compare: new with new, new with known.

    Args:
        space: holds `dedup_members`, `dedup_units`, `dedup_new_keys`, `dedup_known_keys`.
        cap: a key shared by more units than this is narrowed by the year, or given up.

    Returns:
        A table of `CAPPED`.
    """
    space.table("holders", _HOLDERS)
    space.table("full", _FULL, {"cap": cap})
    space.table("narrowed", _NARROWED)
    space.table("pairs", _PAIRS, {"cap": cap})
    capped = space.read("SELECT key, records FROM dedup_full ORDER BY key")
    for name in ("holders", "full", "narrowed"):
        space.drop(name)
    return conform("capped", capped, CAPPED)
