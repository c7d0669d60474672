"""Which records are worth comparing: those that share a key."""

from collections.abc import Callable, Iterator

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dedup.columns import CAPPED, KEYS, NORMALISED, conform
from dedup.members import those
from dedup.ranked import Integers, glued, longest, spaced
from dedup.scratch import Scratch, scratch
from dedup.sharing import YEARS_APART, Met, Shared, collected, numbers_of, sharing

Share = Callable[[pa.Table, pa.Table, int], Shared]

_KEYS = (
    ("doi", "nullif(doi, '')"),
    ("pmid", "nullif(pmid, '')"),
    ("title", "nullif(letters, '')"),
    ("title", "CASE WHEN letters_other <> coalesce(letters, '') THEN letters_other END"),
    ("title begins", "CASE WHEN length(letters) >= 20 THEN begins END"),
    (
        "title begins",
        "CASE WHEN length(letters_other) >= 20 AND begins_other IS DISTINCT FROM begins THEN begins_other END",
    ),
    ("title ends", "CASE WHEN length(letters) >= 24 THEN ends END"),
    ("longest words", "CASE WHEN length(letters) >= 20 AND contains(longest, ' ') THEN longest END"),
    ("volume and page", "volume || ' ' || first_page || ' ' || left(journal, 1)"),
    ("author and page", "first_author || ' ' || first_page"),
    ("trial", "trials[1]"),
    ("trial", "CASE WHEN registry <> trials[1] THEN registry END"),
    ("abstract", "nullif(middle, '')"),
)
"""Kinds of keys, and their values; `letters` are those of a title, `middle` is a piece of a long abstract."""

# The lowest bit tells what speaks only for records of near years: many share a page by chance, and under another title
# an abstract tells of nothing after years.
_OF_NEAR_YEARS = "['volume and page', 'author and page', 'abstract']"

_KEY = f"""CASE WHEN value IS NOT NULL
    THEN (hash(kind, value) >> 2)::BIGINT * 2 + list_contains({_OF_NEAR_YEARS}, kind)::BIGINT END"""

_HELD = "SELECT record_id, unit, fresh, year FROM dedup_members ORDER BY record_id"

# What too many share is tried again with a second field beside it: those meet that agree in one. A year stands with the
# two pairs of years that it belongs to, so that years that differ by one meet; who names none meets who names none.
_NARROWED = """
SELECT (hash(c.key, u.within) >> 1)::BIGINT AS key, (c.key & 1)::BOOLEAN AS odd, c.unit, c.fresh, u.year
FROM dedup_crowded c JOIN (
    SELECT record_id AS unit, year, unnest(list_filter([
        'year ' || coalesce(year, 0), 'even ' || (year // 2), 'odd ' || ((year + 1) // 2), 'author ' || first_author,
        'page ' || first_page, 'volume ' || volume, 'issue ' || issue, 'doi ' || doi,
        'journal ' || array_to_string(list_transform(string_split(journal, ' '), lambda word: left(word, 1)), '')
    ], lambda field: field IS NOT NULL)) AS within
    FROM dedup_bearers
) u USING (unit) WHERE (c.key >> 1) % $parts = $part
"""

# Two orders of all of them: texts are sorted once, however many keys their records hold.
_BEARERS = """
SELECT *, row_number() OVER (
        ORDER BY first_author, title, first_page, volume, year, journal, issue, record_id) AS by_author,
    row_number() OVER (ORDER BY first_page, volume, title, first_author, year, journal, issue, record_id) AS by_page
FROM dedup_bearing
"""

_HOLDERS = "SELECT DISTINCT unit FROM dedup_crowded WHERE (key >> 1) % $parts = $part"

_CROWDS = "SELECT key, count(*) AS holders FROM dedup_narrowed GROUP BY key HAVING count(*) > 1"

# And what too many share with a second field too is put in two orders, in which each meets the next few.
_NEIGHBOURS = """
WITH crowded AS (
    SELECT n.*, u.by_author, u.by_page
    FROM dedup_narrowed n JOIN dedup_bearers u ON u.record_id = n.unit
    WHERE n.key IN (SELECT key FROM dedup_crowds WHERE holders > $cap)
), placed AS (
    SELECT * REPLACE (row_number() OVER (PARTITION BY key ORDER BY by_author) AS by_author,
        row_number() OVER (PARTITION BY key ORDER BY by_page) AS by_page)
    FROM crowded
), ahead AS (
    SELECT * REPLACE (by_author + step AS by_author, by_page + step AS by_page)
    FROM placed, range(1, {near} + 1) AS steps(step)
)
SELECT a.unit AS x_id, b.unit AS y_id
FROM ahead a JOIN placed b ON a.key = b.key AND a.by_author = b.by_author WHERE {wanted}
UNION ALL
SELECT a.unit, b.unit FROM ahead a JOIN placed b ON a.key = b.key AND a.by_page = b.by_page WHERE {wanted}
"""

_AGREEING = """
WITH usable AS (
    SELECT * FROM dedup_narrowed WHERE key IN (SELECT key FROM dedup_crowds WHERE holders <= $cap)
)
SELECT a.unit AS x_id, b.unit AS y_id FROM usable a JOIN usable b USING (key) WHERE a.unit < b.unit AND {wanted}
"""

_WANTED = f"(a.fresh OR b.fresh) AND NOT (a.odd AND coalesce(abs(a.year - b.year) >= {YEARS_APART}, false))"

_NARROWER = """
SELECT DISTINCT least(x_id, y_id) AS x_id, greatest(x_id, y_id) AS y_id
FROM (({agreeing}) UNION ALL ({neighbours}))
"""

_MET = """
SELECT a.key, count(*) AS pairs FROM dedup_some p
JOIN dedup_crowded a ON a.unit = p.x_id JOIN dedup_crowded b ON b.unit = p.y_id AND b.key = a.key GROUP BY a.key
"""

# What of a common key's pairs came together by no other key, and one of its records by which a person may know it.
_CAPPED = """
WITH asked AS (
    SELECT key, sum(records)::BIGINT AS records, min(unit) AS example, count(*) AS units,
        count(*) FILTER (NOT fresh) AS known
    FROM dedup_crowded GROUP BY key
), met AS (
    SELECT key, sum(pairs)::BIGINT AS pairs FROM dedup_met GROUP BY key
)
SELECT key, records, (units * (units - 1) // 2 - known * (known - 1) // 2 - coalesce(pairs, 0))::BIGINT AS dropped,
    example
FROM asked LEFT JOIN met USING (key) ORDER BY key
"""

_BEARING = ("record_id", "title", "first_author", "year", "journal", "volume", "issue", "first_page", "doi")

_CROWDED_AT_ONCE = 250_000
"""Holders of common keys that are narrowed at once: each is written down under up to nine second fields."""

NEAR = 5
"""Neighbours that a record meets in an order of those that share a key and a second field with too many."""

_ALIKE = """
WITH same AS (
    SELECT identity AS value, unit, fresh FROM dedup_members WHERE identity IN (FROM dedup_repeated)
    UNION SELECT content, unit, fresh FROM dedup_members WHERE content IN (FROM dedup_repeated)
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
    records = conform("normalised", normalised, NORMALISED)
    words = spaced(records.column("title"))
    letters, other = (_spelt(glued(some)) for some in (words, spaced(records.column("title_other"))))
    abstract = pc.utf8_slice_codeunits(records.column("abstract"), 0, 250)
    abstract = pc.if_else(pc.greater_equal(pc.utf8_length(abstract), 160), abstract, None)
    made = {
        "letters": letters,
        "letters_other": other,
        "begins": pc.utf8_slice_codeunits(letters, 0, 20),
        "begins_other": pc.utf8_slice_codeunits(other, 0, 20),
        "ends": pc.utf8_slice_codeunits(letters, -24),
        "longest": longest(words, 4),
        "middle": pc.utf8_slice_codeunits(pc.replace_substring(abstract, " ", ""), 60, 120),
    }
    read = records.select(_READ)
    values = ", ".join(f"{value} AS v{place}" for place, (_, value) in enumerate(_KEYS))
    hashes = ", ".join(f"dedup_key('{kind}', v{place}) AS k{place}" for place, (kind, _) in enumerate(_KEYS))
    with scratch(con) as space:
        space.macro("key", "kind, value", _KEY)
        space.lend("records", pa.table(dict(zip(_READ, read.columns, strict=True)) | made))
        found = space.read(f"SELECT record_id, {hashes} FROM (SELECT record_id, {values} FROM dedup_records)")  # noqa: S608
    record_id, *columns = found.columns
    stacked = [pa.table([record_id.filter(key.is_valid()), key.drop_null()], schema=KEYS) for key in columns]
    return pa.concat_tables(stacked)


def _spelt(letters: pa.ChunkedArray) -> pa.ChunkedArray:
    """Letters in one spelling, whether a word is written as in Britain or in America."""
    for british, american in (("ae", "e"), ("oe", "e"), ("our", "or"), ("z", "s")):
        letters = pc.replace_substring(letters, british, american)
    return letters


_READ = (
    "record_id", "doi", "pmid", "volume", "first_page", "journal", "first_author", "trials", "registry",
)  # fmt: skip


def pairs(space: Scratch, cap: int, share: Share = sharing) -> tuple[Met, pa.Table]:
    """The pairs of units to compare: new with new, new with known.

    Args:
        space: holds what `members.gather` made, `dedup_new_keys`, `dedup_met_keys`.
        cap: a key shared by more units than this is narrowed by a second field, and then by what stands next.
        share: another way to do what `sharing` does.

    Returns:
        The pairs, and a table of `CAPPED`.
    """
    held = pa.concat_tables([space.lent["new_keys"], space.read("SELECT record_id, key FROM dedup_met_keys")])
    members = space.read(_HELD)
    ids = members.column("record_id").to_numpy()
    found = share(held, members, cap)
    del held, members
    every, crowded = [found.pairs, _numbers(ids, space.read(_ALIKE))], found.crowded
    del found
    if crowded.num_rows:
        space.keep("crowded", crowded)
        every += [_numbers(ids, some) for some in _narrower(space, cap)]
    met = Met(ids, collected(every))
    if not crowded.num_rows:
        return met, CAPPED.empty_table()
    for some in met.among(crowded.column("unit").to_numpy()):
        space.lend("some", some)
        space.append("met", space.read(_MET))
        space.take_back("some")
    capped = conform("capped", space.read(_CAPPED), CAPPED)
    for name in ("met", "crowded"):
        space.drop(name)
    return met, capped


def _numbers(ids: Integers, found: pa.Table) -> Integers:
    return numbers_of(ids, *(found.column(name).to_numpy() for name in ("x_id", "y_id")))


def _narrower(space: Scratch, cap: int) -> Iterator[pa.Table]:
    """Pairs of those that share a key with too many, some of the keys at a time; they grow with their number."""
    ways = {"near": NEAR, "wanted": _WANTED}
    query = _NARROWER.format(agreeing=_AGREEING.format(**ways), neighbours=_NEIGHBOURS.format(**ways))
    parts = 1 + space.count("crowded") // _CROWDED_AT_ONCE
    for part in range(parts):
        chosen = {"parts": parts, "part": part}
        units = space.read(_HOLDERS, chosen).column("unit").to_numpy()
        space.lend("bearing", those(space, units, _BEARING).table)
        space.table("bearers", _BEARERS)
        space.take_back("bearing")
        space.table("narrowed", _NARROWED, chosen)
        space.table("crowds", _CROWDS)
        yield space.read(query, {"cap": cap})
    for name in ("narrowed", "crowds", "bearers"):
        space.drop(name)
