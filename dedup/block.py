"""Which records are worth comparing: those that share a key."""

from collections.abc import Callable

import duckdb
import pyarrow as pa

from dedup.columns import CAPPED, KEYS, NORMALISED, conform
from dedup.ranked import longest
from dedup.scratch import Scratch, scratch

_KEYS = """
WITH spelt AS (
    SELECT *, replace(title, ' ', '') AS letters, replace(title_other, ' ', '') AS letters_other FROM dedup_records
), named AS (
    SELECT record_id, unnest([
        dedup_key('doi', nullif(doi, '')),
        dedup_key('pmid', nullif(pmid, '')),
        dedup_key('title', nullif(letters, '')),
        CASE WHEN letters_other <> coalesce(letters, '') THEN dedup_key('title', letters_other) END,
        CASE WHEN length(letters) >= 20 THEN dedup_key('title begins', left(letters, 20)) END,
        CASE WHEN length(letters_other) >= 20 AND left(letters_other, 20) IS DISTINCT FROM left(letters, 20)
             THEN dedup_key('title begins', left(letters_other, 20)) END,
        CASE WHEN length(letters) >= 24 THEN dedup_key('title ends', right(letters, 24)) END,
        CASE WHEN length(letters) >= 20 AND contains(longest, ' ') THEN dedup_key('longest words', longest) END,
        dedup_key('volume and page', volume || ' ' || first_page || ' ' || left(journal, 1)),
        dedup_key('author and page', first_author || ' ' || first_page),
        dedup_key('trial', trials[1]),
        CASE WHEN registry <> trials[1] THEN dedup_key('trial', registry) END,
        CASE WHEN length(abstract) >= 160
             THEN dedup_key('abstract', nullif(substr(replace(left(abstract, 250), ' ', ''), 61, 60), '')) END
    ]) AS key
    FROM spelt
)
SELECT record_id, key FROM named WHERE key IS NOT NULL
"""

_KEY = "CASE WHEN value IS NOT NULL THEN (hash(kind, value) >> 1)::BIGINT END"

_KEYED = """
SELECT k.key, m.unit, m.fresh, m.year
FROM (SELECT * FROM dedup_new_keys UNION ALL SELECT * FROM dedup_known_keys SEMI JOIN dedup_new_keys USING (key)) k
JOIN dedup_members m USING (record_id)
"""

# Counted over all holders of a key, known ones too: a cap that saw only a part would move with the partition.
_HOLDERS = """
SELECT key, unit, bool_or(fresh) AS fresh, count(*) AS records, min(year) AS year
FROM dedup_keyed GROUP BY key, unit
"""

# Most keys have one holder and make no pair.
_COMMON = """
SELECT key, count(*) AS holders, sum(records)::BIGINT AS records FROM dedup_holders GROUP BY key HAVING count(*) > 1
"""

# What too many share is tried again with the year beside it, and with the two pairs of years that a year belongs to, so
# that years that differ by one meet; only then it is given up.
_NARROWED = """
SELECT * REPLACE ((hash(key, within) >> 1)::BIGINT AS key)
FROM (
    SELECT *, unnest(CASE WHEN year IS NULL THEN ['0'] ELSE
        [year::VARCHAR, 'even ' || (year // 2), 'odd ' || ((year + 1) // 2)] END) AS within
    FROM dedup_holders WHERE key IN (SELECT key FROM dedup_common WHERE holders > $cap)
)
"""

_PAIRS = """
WITH usable AS (
    SELECT key, unit, fresh FROM dedup_holders WHERE key IN (SELECT key FROM dedup_common WHERE holders <= $cap)
    UNION ALL
    SELECT key, unit, fresh FROM dedup_narrowed
    WHERE key IN (SELECT key FROM dedup_narrowed GROUP BY key HAVING count(*) BETWEEN 2 AND $cap)
)
SELECT DISTINCT a.unit AS x_id, b.unit AS y_id
FROM usable a JOIN usable b USING (key) WHERE a.unit < b.unit AND (a.fresh OR b.fresh)
"""

_ALIKE = """
WITH same AS (
    SELECT identity AS value, unit, fresh FROM dedup_members WHERE identity IS NOT NULL
    UNION SELECT content, unit, fresh FROM dedup_members WHERE content IS NOT NULL
), nearest AS (
    SELECT value, min(unit) AS unit FROM same GROUP BY value HAVING count(DISTINCT unit) > 1
)
SELECT least(a.unit, b.unit) AS x_id, greatest(a.unit, b.unit) AS y_id
FROM same a JOIN same b USING (value) WHERE a.fresh AND NOT b.fresh
UNION
SELECT n.unit, s.unit FROM same s JOIN nearest n USING (value) WHERE s.fresh AND s.unit <> n.unit
"""


def keys(con: duckdb.DuckDBPyConnection, normalised: pa.Table) -> pa.Table:
    """Block keys of records: names and values, hashed as this version of DuckDB does.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        normalised: a table of `NORMALISED`.

    Returns:
        A table of `KEYS`, some ten rows a record.
    """
    with scratch(con) as space:
        space.macro("key", "kind, value", _KEY)
        records = conform("normalised", normalised, NORMALISED)
        space.lend("records", records.append_column("longest", longest(records.column("title"), 4)))
        return conform("keys", space.read(_KEYS), KEYS)


Share = Callable[[Scratch, int], tuple[pa.Table, pa.Table]]


def pairs(space: Scratch, cap: int, share: Share | None = None) -> pa.Table:
    """Fill `dedup_pairs` with the pairs of units to compare: new with new, new with known.

    Args:
        space: holds `dedup_members`, `dedup_new_keys`, `dedup_known_keys`.
        cap: a key shared by more units than this is narrowed by the year, or given up.
        share: another way to do what `sharing` does.

    Returns:
        A table of `CAPPED`.
    """
    space.table("keyed", _KEYED)
    found, capped = (share or sharing)(space, cap)
    space.drop("keyed")
    space.lend("sharing", found)
    space.table("pairs", f"SELECT DISTINCT * FROM (FROM dedup_sharing UNION ALL ({_ALIKE})) ORDER BY x_id, y_id")  # noqa: S608
    space.take_back("sharing")
    return capped


def sharing(space: Scratch, cap: int) -> tuple[pa.Table, pa.Table]:
    """Pairs of units that share a key, and the keys that too many share.

    Args:
        space: holds `dedup_keyed` (`key`, `unit`, `fresh`, `year`): one partition of the keys, with all that hold one
            of them.
        cap: how many units may share a key.

    Returns:
        A table `x_id`, `y_id`, and one of `CAPPED`.
    """
    space.table("holders", _HOLDERS)
    space.table("common", _COMMON)
    space.table("narrowed", _NARROWED, {"cap": cap})
    found = space.read(_PAIRS, {"cap": cap})
    capped = space.read("SELECT key, records FROM dedup_common WHERE holders > $cap ORDER BY key", {"cap": cap})
    for name in ("holders", "common", "narrowed"):
        space.drop(name)
    return found, conform("capped", capped, CAPPED)
