"""What the two records of a pair agree on, where they contradict, and where one of them says nothing.

Every field comes out as 1 (agree), -1 (contradict) or 0 (one side is silent, or nothing can be told): missing is
neither equal nor different.
"""

import pyarrow as pa
from rapidfuzz import fuzz, process

from dedup.scratch import Scratch

PART = 200_000
"""Pairs compared at once: enough to be quick, few enough to keep the strings out of memory."""

_TITLES = """
SELECT p.x_id, p.y_id, a.title AS x, b.title AS y
FROM dedup_part p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id
WHERE a.title <> b.title
UNION ALL
SELECT p.x_id, p.y_id, a.title_other, b.title
FROM dedup_part p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id
WHERE a.title_other IS NOT NULL AND b.title IS NOT NULL
UNION ALL
SELECT p.x_id, p.y_id, a.title, b.title_other
FROM dedup_part p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id
WHERE b.title_other IS NOT NULL AND a.title IS NOT NULL
"""

_ALIKE = """
SELECT p.x_id, p.y_id,
    CASE WHEN a.title = b.title THEN 100 WHEN a.title IS NULL OR b.title IS NULL THEN -1
         ELSE coalesce(s.ratio, 0) END AS title,
    CASE WHEN a.title = b.title THEN 100 ELSE coalesce(s.words, 0) END AS title_words
FROM dedup_part p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id
LEFT JOIN (SELECT x_id, y_id, max(ratio) AS ratio, max(words) AS words FROM dedup_title_scores GROUP BY ALL) s
    ON s.x_id = p.x_id AND s.y_id = p.y_id
"""

# Sharing a key is cheap; what shares neither words nor a number nor a place is not looked at further.
_PROMISING = """
SELECT p.* FROM dedup_alike p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id
WHERE p.title >= 60 OR p.title < 0 OR a.doi = b.doi OR a.pmid = b.pmid OR a.identity = b.identity
    OR starts_with(a.title, b.title) OR starts_with(b.title, a.title)
    OR (a.first_page = b.first_page AND a.volume = b.volume)
"""

_STRINGS = """
SELECT p.x_id, p.y_id, {x} AS x, {y} AS y
FROM dedup_alike p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id
WHERE (p.title >= 60 OR p.title < 0) AND {x} IS NOT NULL AND {y} IS NOT NULL AND {x} <> {y} AND {x} <> '' AND {y} <> ''
"""

_JOURNAL_PAIRS = """
WITH named AS (
    SELECT unnest([a.journal, a.journal_other]) AS x, [b.journal, b.journal_other] AS ys
    FROM dedup_part p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id
), paired AS (SELECT x, unnest(ys) AS y FROM named)
SELECT DISTINCT least(x, y) AS x, greatest(x, y) AS y FROM paired WHERE x <> y
"""

# An abbreviated word is the beginning of the full one (`clin`), or its letters in their order (`natl`).
_JOURNAL_STATES = r"""
WITH split AS (
    SELECT x, y, ratio, words, regexp_split_to_array(x, ' ') AS xs, regexp_split_to_array(y, ' ') AS ys
    FROM dedup_journal_scores
), judged AS (
    SELECT x, y, ratio, words, len(xs) = len(ys) AND list_bool_and(list_transform(list_zip(xs, ys), lambda p:
            coalesce(starts_with(p[1], p[2]) OR starts_with(p[2], p[1]) OR (left(p[1], 1) = left(p[2], 1) AND
            CASE WHEN length(p[1]) > length(p[2]) THEN regexp_matches(p[1], regexp_replace(p[2], '(.)', '\1.*', 'g'))
                 ELSE regexp_matches(p[2], regexp_replace(p[1], '(.)', '\1.*', 'g')) END), false))) AS abbreviated,
        (len(xs) = 1 AND len(ys) > 1 AND x = array_to_string(list_transform(ys, lambda w: left(w, 1)), ''))
        OR (len(ys) = 1 AND len(xs) > 1 AND y = array_to_string(list_transform(xs, lambda w: left(w, 1)), ''))
            AS initials,
        least(len(xs), len(ys)) AS shorter
    FROM split
)
SELECT x, y, CASE WHEN abbreviated OR initials OR ratio >= 88 THEN 1
    WHEN words >= 95 OR ratio >= 60 THEN 0 ELSE -1 END AS state
FROM judged
"""

_JOURNAL = """
SELECT p.x_id, p.y_id, max(CASE WHEN n.x = n.y THEN 1 ELSE coalesce(s.state, 0) END) AS state,
    min(CASE WHEN n.x = n.y THEN 1 ELSE coalesce(s.state, 0) END) AS worst
FROM dedup_part p JOIN (
    SELECT x_id, y_id, x, unnest(ys) AS y FROM (
        SELECT p.x_id, p.y_id, unnest([a.journal, a.journal_other]) AS x, [b.journal, b.journal_other] AS ys
        FROM dedup_part p JOIN dedup_units a ON a.record_id = p.x_id JOIN dedup_units b ON b.record_id = p.y_id)
) n ON n.x_id = p.x_id AND n.y_id = p.y_id
LEFT JOIN dedup_journal_states s ON s.x = least(n.x, n.y) AND s.y = greatest(n.x, n.y)
WHERE n.x IS NOT NULL AND n.y IS NOT NULL
GROUP BY ALL
"""

# Two texts on one subject are alike to some 50 of 100 by their letters alone: below that they are two texts.
# Whole rows travel through the query below: without the texts that are compared already, they are light.
_SLIM = """
SELECT * EXCLUDE (abstract, title_other, pages, journal, journal_other), left(abstract, 150) AS abstract_begins,
    md5_number_lower(abstract) AS abstract_digest
FROM dedup_units
"""

_EVIDENCE = r"""
WITH flat AS (
    SELECT p.x_id, p.y_id, floor(p.title)::INT AS title, floor(p.title_words)::INT AS title_words, a, b,
        replace(coalesce(a.title, ''), ' ', '') AS ta, replace(coalesce(b.title, ''), ' ', '') AS tb,
        regexp_replace(coalesce(a.first_page, ''), '^[a-z]+', '') AS fa,
        regexp_replace(coalesce(b.first_page, ''), '^[a-z]+', '') AS fb,
        coalesce(u.ratio, CASE WHEN len(a.families) > 0 AND a.families = b.families THEN 100 ELSE -1 END)
            AS author_words,
        coalesce(t.ratio, CASE WHEN a.abstract_digest = b.abstract_digest THEN 100 ELSE -1 END) AS abstract_ratio,
        len(list_intersect(a.families, b.names)) / nullif(len(a.families), 0) AS inside_b,
        len(list_intersect(b.families, a.names)) / nullif(len(b.families), 0) AS inside_a,
        CASE WHEN len(list_intersect(a.issns, b.issns)) > 0 THEN 1 ELSE coalesce(j.state, 0) END AS journal,
        s.title IS NOT NULL OR z.title IS NOT NULL AS serial, d.doi IS NOT NULL AS shared,
        c.source IS NOT NULL OR k.source IS NOT NULL AS counter
    FROM dedup_alike p JOIN dedup_slim a ON a.record_id = p.x_id JOIN dedup_slim b ON b.record_id = p.y_id
    LEFT JOIN dedup_author_scores u ON u.x_id = p.x_id AND u.y_id = p.y_id
    LEFT JOIN dedup_abstract_scores t ON t.x_id = p.x_id AND t.y_id = p.y_id
    LEFT JOIN dedup_journals j ON j.x_id = p.x_id AND j.y_id = p.y_id
    LEFT JOIN dedup_serial s ON s.title = a.title
    LEFT JOIN dedup_serial z ON z.title = b.title
    LEFT JOIN dedup_shared d ON d.doi = a.doi
    LEFT JOIN dedup_counters c ON c.source = a.source
    LEFT JOIN dedup_counters k ON k.source = b.source
), told AS (
    SELECT *, length(ta) > 0 AND length(tb) > 0 AND (starts_with(ta, tb) OR starts_with(tb, ta)) AS begins,
        least(length(ta), length(tb)) AS shorter, greatest(length(ta), length(tb)) AS longer,
        a.page_kind IS NOT NULL AND b.page_kind IS NOT NULL AS paged,
        a.page_kind <> b.page_kind AS kinds_differ,
        a.page_kind = 'article' OR b.page_kind = 'article' AS numbered,
        a.first_author IS NOT NULL AND b.first_author IS NOT NULL AS authored,
        list_has_any(a.first_names, regexp_split_to_array(b.first_author, ' '))
            OR list_has_any(b.first_names, regexp_split_to_array(a.first_author, ' '))
            OR a.first_author = b.first_author
            OR jaro_winkler_similarity(a.first_author, b.first_author) >= 0.92 AS first_same
    FROM flat
), states AS (
    SELECT *,
        CASE WHEN a.doi IS NULL OR b.doi IS NULL THEN 0 WHEN a.doi <> b.doi THEN -1
             WHEN shared THEN 0 ELSE 1 END AS doi,
        CASE WHEN a.pmid IS NULL OR b.pmid IS NULL THEN 0 WHEN a.pmid = b.pmid THEN 1 ELSE -1 END AS pmid,
        CASE WHEN a.volume IS NULL OR b.volume IS NULL THEN 0 WHEN a.volume = b.volume THEN 1 ELSE -1 END AS volume,
        CASE WHEN a.issue IS NULL OR b.issue IS NULL OR counter THEN 0
             WHEN a.issue = b.issue THEN 1 ELSE -1 END AS issue,
        CASE WHEN NOT paged THEN 0 WHEN a.first_page = b.first_page THEN 1
             WHEN fa = fb AND (a.first_page = fa OR b.first_page = fb)
                  AND 'supplement' NOT IN (a.page_kind, b.page_kind) THEN 1
             WHEN kinds_differ AND (numbered OR fa = fb) THEN 0 ELSE -1 END AS first_page,
        CASE WHEN a.last_page IS NULL OR b.last_page IS NULL OR kinds_differ THEN 0
             WHEN a.last_page = b.last_page THEN 1 ELSE -1 END AS last_page,
        coalesce(abs(a.year - b.year), -1)::INT AS year_gap,
        CASE WHEN NOT authored THEN 0
             WHEN coalesce(first_same, false) OR greatest(inside_a, inside_b) >= 0.5 OR author_words >= 70 THEN 1
             WHEN greatest(coalesce(inside_a, 0), coalesce(inside_b, 0)) < 0.3 THEN -1 ELSE 0 END AS authors,
        CASE WHEN least(length(a.abstract_begins), length(b.abstract_begins)) < 150 OR abstract_ratio < 0 THEN 0
             WHEN abstract_ratio >= 80 OR a.abstract_begins = b.abstract_begins THEN 1
             WHEN abstract_ratio < 55 THEN -1 ELSE 0 END AS abstract
    FROM told
)
SELECT x_id, y_id, title, title_words, begins, shorter::INT AS shorter, longer::INT AS longer,
    title >= 94 OR (title >= 88 AND title_words >= 97) OR (begins AND shorter >= 25) AS title_same,
    a.generic OR b.generic OR serial AS generic, doi, pmid, journal::INT AS journal, volume, issue, first_page,
    last_page, year_gap, authors, coalesce(authored AND first_same, false) AS first_author, abstract,
    coalesce(paged AND kinds_differ AND NOT numbered AND fa <> fb, false) AS supplement,
    coalesce(a.identity = b.identity, false) AS same_identity, coalesce(a.content = b.content, false) AS same_content,
    a.mark <> b.mark AS marks_differ, '' IN (a.mark, b.mark) AS noticed,
    coalesce(a.registry <> b.registry, false) AS registry_differs,
    coalesce(a.part <> b.part, false) AS parts_differ,
    (a.part IS NULL) <> (b.part IS NULL) AS part_alone,
    len(list_filter(a.numbers, lambda n: NOT list_contains(b.numbers, n))) > 0
        AND len(list_filter(b.numbers, lambda n: NOT list_contains(a.numbers, n))) > 0 AS numbers_differ,
    a.numbers <> b.numbers AND (NOT begins OR longer - shorter <= 4) AS numbers_alone,
    coalesce(doi = -1 AND regexp_replace(a.doi, '\.(pub|v)\d+$', '')
        = regexp_replace(b.doi, '\.(pub|v)\d+$', ''), false)
        AS doi_version,
    a.doi = b.doi AND shared AS doi_shared
FROM states
"""


def compare(space: Scratch, source: str, target: str, workers: int, *, every: bool = False) -> None:
    """Fill a table with the evidence on every pair of another.

    Args:
        space: holds `dedup_units` and what `collection.learn` found.
        source: name of the table of pairs (`x_id` < `y_id`, both units).
        target: name of the table to make.
        workers: threads for the comparing of strings.
        every: look also at pairs that cannot match, for what contradicts in them.
    """
    ((count,),) = space.con.execute(f"SELECT count(*) FROM dedup_{source}").fetchall()  # noqa: S608
    parts = max(1, -(-count // PART))
    found: list[pa.Table] = []
    space.table("slim", _SLIM)
    for part in range(parts):
        space.table(
            "part",
            f"SELECT x_id, y_id FROM dedup_{source} WHERE (x_id + y_id) % $parts = $part",  # noqa: S608
            {"parts": parts, "part": part},
        )
        _score(space, "title_scores", _TITLES, workers, words=True)
        space.table("alike", _ALIKE)
        if not every:
            space.table("alike", _PROMISING)
            space.table("part", "SELECT x_id, y_id FROM dedup_alike")
        for name, column in (
            ("author_scores", "array_to_string({}.families, ' ')"),
            ("abstract_scores", "{}.abstract"),
        ):
            _score(space, name, _STRINGS.format(x=column.format("a"), y=column.format("b")), workers)
        _score(space, "journal_scores", _JOURNAL_PAIRS, workers, words=True)
        space.table("journal_states", _JOURNAL_STATES)
        space.table("journals", _JOURNAL)
        found.append(space.read(_EVIDENCE))
    space.lend("found", pa.concat_tables(found))
    space.table(target, "SELECT * FROM dedup_found")
    space.take_back("found")


def _score(space: Scratch, name: str, select: str, workers: int, *, words: bool = False) -> None:
    """Keep the pairs of strings of a query with their ratios, without the strings where a pair has ids."""
    strings = space.read(select)
    xs, ys = strings.column("x").to_pylist(), strings.column("y").to_pylist()
    scored = strings if strings.column_names == ["x", "y"] else strings.drop_columns(["x", "y"])
    ratio = process.cpdist(xs, ys, scorer=fuzz.ratio, workers=workers)
    scored = scored.append_column("ratio", pa.array(ratio, pa.float32()))
    if words:
        token_set = process.cpdist(xs, ys, scorer=fuzz.token_set_ratio, workers=workers)
        scored = scored.append_column("words", pa.array(token_set, pa.float32()))
    space.lend("scored", scored)
    space.table(name, "SELECT * FROM dedup_scored")
    space.take_back("scored")
